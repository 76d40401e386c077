#include "evenhand/train/kinds.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "evenhand/base/field.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/gather.h"

namespace evenhand::train {

namespace {

using Names = std::vector<std::string>;
using table::with_thousands;

constexpr std::size_t kLevelsMax = 1000;  // of a text feature; more of them are names or dates
constexpr std::size_t kLevelsFew = 20;    // so many may well be a scale: 0, 1, 2, "3 or more"

bool is_in(const std::string& name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string listed(const Names& names, const char* before_each, const char* between) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : between) + (before_each + name);
  return out;
}

// All of them at once, with what to write: one refusal a column would be a run a column.
Error too_many_levels(const Names& names, const std::vector<std::size_t>& levels,
                      const Said& said) {
  std::string which;
  for (std::size_t i = 0; i < names.size(); ++i) {
    which += (i == 0 ? "\"" : ", \"") + names[i] + "\" (" + with_thousands(levels[i]) + ')';
  }
  std::string says = "of text features at most " + with_thousands(kLevelsMax) +
                     " different texts are taken, and there are more in " + which +
                     ": names and dates teach nothing; ";
  if (!said.features.empty()) {
    return {Code::kBadInput,
            says + "leave " + (names.size() == 1 ? "it" : "them") + " out of the features"};
  }
  Names all = said.exclude;
  all.insert(all.end(), names.begin(), names.end());
  return {Code::kBadInput, says + "exclude " + (names.size() == 1 ? "it" : "them") +
                               ": exclude = " + Json(all).dump() + " in a project file, " +
                               listed(names, "--exclude ", " ") + " in a shell"};
}

// A cell may be somebody's; which row it stands in is enough to find it.
std::string where(const std::string& name, const table::Strays& strays) {
  return '"' + name + "\" (" + with_thousands(strays.rows) + " of " +
         with_thousands(strays.values) + " values, the first in row " +
         with_thousands(strays.first + 1) + ')';
}

Error stray_cells(const Names& names, const std::string& which) {
  const bool one = names.size() == 1;
  return {Code::kBadInput,
          std::string("some cells are no numbers in ") + (one ? "a column" : "columns") +
              " of numbers: " + which +
              "; mend them, or declare what stands there as a mark of a missing value (--missing "
              "MARK), or, if " +
              (one ? "the column is" : "the columns are") +
              " text, say so: " + listed(names, "--categories ", " ")};
}

}  // namespace

Result<void> settle_kinds(const Said& said, const std::vector<std::string>& features,
                          std::vector<table::Wanted>& wanted, table::Batch& all,
                          std::vector<std::string>& notes) {
  for (const std::string& name : said.categories) {
    if (is_in(name, features)) continue;
    return Error{Code::kInvalidArgument, "categories: \"" + name + "\" is no feature"};
  }
  Names refused, with_strays;
  std::vector<std::size_t> levels;
  std::string strays_at;
  for (std::size_t f = 0; f < features.size(); ++f) {
    const std::string& name = features[f];
    table::Column& column = all.columns[f];
    if (column.as == table::As::kNumber) continue;  // read as such
    const bool declared = is_in(name, said.categories);
    if (!declared && table::become_numbers(column, said.decimal)) {
      wanted[f].as = table::As::kNumber;
      continue;
    }
    const table::Strays strays = table::strays_of(column, said.decimal);
    const bool of_numbers = !declared && strays.among_numbers();
    if (of_numbers && column.values.size() <= kLevelsFew) {
      notes.push_back(where(name, strays) +
                      " is taken as text, because these are no numbers; --categories " + name +
                      " says that it is, --missing MARK that those cells hold no value");
    } else if (of_numbers) {
      strays_at += (with_strays.empty() ? "" : ", ") + where(name, strays);
      with_strays.push_back(name);
    } else if (column.values.size() > kLevelsMax) {
      refused.push_back(name);
      levels.push_back(column.values.size());
    }
  }
  if (!with_strays.empty()) return stray_cells(with_strays, strays_at);
  if (!refused.empty()) return too_many_levels(refused, levels, said);
  return {};
}

}  // namespace evenhand::train
