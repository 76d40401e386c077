#include "evenhand/table/columns.h"

#include <algorithm>
#include <unordered_map>

#include "evenhand/base/nearest.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {

namespace {

// Two columns, at least, have this name.
Error shared_name(const std::string& name, const Names& all, const std::string& input) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < all.stored.size(); ++i) {
    if (all.stored[i] == name) places.push_back(i);
  }
  return {Code::kBadInput, input + ": two columns are called " + shown(name) + ", the " +
                               std::to_string(places[0] + 1) + ". and the " +
                               std::to_string(places[1] + 1) + ".; rename one, or ask for " +
                               shown(all.unique[places[0]]) + " or " +
                               shown(all.unique[places[1]])};
}

Error no_such_column(const std::string& name, const Names& all, const std::string& input) {
  constexpr std::size_t kListed = 20;
  const std::vector<std::string>& names = all.unique;
  const bool is_shared =
      !name.empty() && std::count(all.stored.begin(), all.stored.end(), name) > 1;
  if (is_shared) return shared_name(name, all, input);
  std::string says = input + " has no column " + shown(name);
  const std::string meant = nearest(name, names);
  if (!meant.empty()) return {Code::kNotFound, says + "; did you mean " + shown(meant) + "?"};
  // Without a header the first row stands where names should, and a row is nobody's business.
  const bool row = std::any_of(all.stored.begin(), all.stored.end(), [](const std::string& each) {
    return parse_number(each, '.').has_value();
  });
  if (row) {
    return {Code::kNotFound, says +
                                 "; its first line holds numbers, as a row does: is it the header? "
                                 "(--no-header calls the columns column_1, column_2, ...)"};
  }
  says += "; it has ";
  for (std::size_t i = 0; i < std::min(kListed, names.size()); ++i) {
    says += (i > 0 ? ", " : "") + shown(names[i]);
  }
  if (names.size() > kListed) says += ", and " + std::to_string(names.size() - kListed) + " more";
  return {Code::kNotFound, says};
}

}  // namespace

Names settle_names(std::vector<std::string> stored) {
  std::unordered_map<std::string_view, std::size_t> times;
  for (const std::string& name : stored) ++times[name];
  Names names;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    std::string name = stored[i];
    if (name.empty() || times[name] > 1) {
      name = "column_" + std::to_string(i + 1);
      while (times.count(name) != 0) name += '_';
    }
    names.unique.push_back(std::move(name));
  }
  names.stored = std::move(stored);
  return names;
}

Result<std::vector<Chosen>> choose(const std::vector<Wanted>& wanted, const Names& names,
                                   const std::string& input) {
  std::vector<Chosen> chosen;
  for (const Wanted& w : wanted) {
    const auto found = std::find(names.unique.begin(), names.unique.end(), w.name);
    if (found == names.unique.end()) return no_such_column(w.name, names, input);
    chosen.push_back({static_cast<std::size_t>(found - names.unique.begin()), w.as});
  }
  return chosen;
}

std::vector<Doubled> doubled(const Reader& reader) {
  const std::vector<std::string>& stored = reader.stored_names();
  std::vector<Doubled> out;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (stored[i].empty() || std::count(stored.begin(), stored.end(), stored[i]) < 2) continue;
    const auto at = std::find_if(out.begin(), out.end(),
                                 [&](const Doubled& each) { return each.name == stored[i]; });
    (at == out.end() ? out.emplace_back(Doubled{stored[i], {}}) : *at)
        .columns.push_back(reader.columns()[i]);
  }
  return out;
}

std::string not_a_number(std::string_view cell, char decimal) {
  const std::string_view digits = cell.substr(std::min(cell.find_first_not_of("+-"), cell.size()));
  std::string lower;
  for (const char c : digits.substr(0, 9)) lower += static_cast<char>(c | 0x20);
  if (lower == "nan" || lower == "inf" || lower == "infinity") {
    return shown(cell) +
           " is not a finite number; declare it as a missing mark if it stands for no value";
  }
  const char other = decimal == '.' ? ',' : '.';
  const std::string hint = parse_number(cell, other)
                               ? std::string("; if its mark is ") +
                                     (other == ',' ? "a comma" : "a point") + ": --decimal " + other
                               : "";
  return shown(cell) + " is not a number; expected one such as 0" + decimal +
         "5, or a missing mark" + hint;
}

void note_line(Batch& batch, std::uint64_t line) {
  if (batch.rows == 0) batch.first_line = line;
  const std::uint64_t offset = line - batch.first_line;
  if (batch.lines.empty() && offset != batch.rows) {
    batch.lines.resize(batch.rows);
    for (std::size_t i = 0; i < batch.rows; ++i) batch.lines[i] = static_cast<std::uint32_t>(i);
    batch.lines.push_back(static_cast<std::uint32_t>(offset));
  } else if (!batch.lines.empty()) {
    batch.lines.push_back(static_cast<std::uint32_t>(offset));
  }
  ++batch.rows;
}

std::string place(const Batch& batch, std::size_t row) {
  const std::uint64_t offset = batch.lines.empty() ? row : batch.lines.at(row);
  return batch.source + ", " + batch.unit + " " + with_thousands(batch.first_line + offset);
}

}  // namespace evenhand::table
