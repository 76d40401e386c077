#include "evenhand/table/columns.h"

#include <algorithm>
#include <unordered_map>

#include "evenhand/table/bytes.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/nearest.h"

namespace evenhand::table {

namespace {

Error no_such_column(const std::string& name, const std::vector<std::string>& names,
                     const std::string& input) {
  constexpr std::size_t kListed = 20;
  std::string says = input + " has no column " + shown(name);
  const std::string meant = nearest(name, names);
  if (!meant.empty()) return {Code::kNotFound, says + "; did you mean " + shown(meant) + "?"};
  says += "; it has ";
  for (std::size_t i = 0; i < std::min(kListed, names.size()); ++i) {
    says += (i > 0 ? ", " : "") + shown(names[i]);
  }
  if (names.size() > kListed) says += ", and " + std::to_string(names.size() - kListed) + " more";
  return {Code::kNotFound, says};
}

}  // namespace

Result<std::vector<Chosen>> choose(const std::vector<Wanted>& wanted,
                                   const std::vector<std::string>& names,
                                   const std::string& input) {
  std::vector<Chosen> chosen;
  for (const Wanted& w : wanted) {
    const auto found = std::find(names.begin(), names.end(), w.name);
    if (found == names.end()) return no_such_column(w.name, names, input);
    chosen.push_back({static_cast<std::size_t>(found - names.begin()), w.as});
  }
  return chosen;
}

Result<void> check_names(const std::vector<std::string>& names, const std::string& input) {
  std::unordered_map<std::string_view, std::size_t> first_with;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto [first, is_new] = first_with.emplace(names[i], i);
    if (!is_new) {
      return Error{Code::kBadInput, input + ": two columns are called " + shown(names[i]) +
                                        ", the " + std::to_string(first->second + 1) +
                                        ". and the " + std::to_string(i + 1) + ".; rename one"};
    }
  }
  return {};
}

std::string not_a_number(std::string_view cell, char decimal) {
  const std::string_view digits = cell.substr(std::min(cell.find_first_not_of("+-"), cell.size()));
  std::string lower;
  for (const char c : digits.substr(0, 9)) lower += static_cast<char>(c | 0x20);
  if (lower == "nan" || lower == "inf" || lower == "infinity") {
    return shown(cell) +
           " is not a finite number; declare it as a missing mark if it stands for no value";
  }
  return shown(cell) + " is not a number; expected one such as 0" + decimal +
         "5, or a missing mark";
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
