// `evenhand data reweigh`.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/adjust/shown.h"
#include "evenhand/api/adjust_text.h"
#include "evenhand/api/grammar.h"
#include "evenhand/api/group_options.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/phrase.h"
#include "evenhand/api/table_options.h"
#include "evenhand/data/reweigh.h"
#include "evenhand/table/bytes.h"

namespace evenhand::api {

namespace {

constexpr std::size_t kGroupsShown = 20;

struct DataReweigh : TableOptions, GroupOptions {
  Phrase label, group;
  std::optional<std::string> weight;
  std::string name = "reweigh_weight";
  unsigned threads = 0;
  std::string out = "evenhand-out/reweighed.parquet";
};

std::vector<FieldOf<DataReweigh>> fields() {
  using T = DataReweigh;
  std::vector<FieldOf<T>> out = lone_table_fields<T>();
  out.push_back(field<T>("label", &T::label,
                         {.help = "the column of what came true, and the value that a person wants",
                          .value = "COLUMN[=FAVOURABLE]",
                          .example = "'income=>50K'",
                          .required = true}));
  out.push_back(field<T>("group", &T::group,
                         {.help = "the column whose groups are balanced, or a crossing of columns",
                          .value = "\"A x B\"",
                          .example = "\"sex x race\"",
                          .required = true}));
  add_grouping_fields(out);
  out.push_back(field<T>("weight", &T::weight,
                         {.help = "the column of weights that rows have already; multiplied in",
                          .value = "COLUMN",
                          .example = "w"}));
  out.push_back(
      field<T>("name", &T::name,
               {.help = "name of the new column", .value = "COLUMN", .example = "balance"}));
  out.push_back(
      threads_field<T>(&T::threads, "how many threads work; 0: as many as the machine has"));
  out.push_back(table_out_field<T>(&T::out, "reweighed.csv"));
  return out;
}

Json as_json(const data::Reweighed& done, const DataReweigh& asked) {
  Json out;
  out["out"] = done.out;
  out["name"] = asked.name;
  out["rows"] = done.rows;
  out["rows_without_label"] = done.rows_without_label;
  out["rows_of_unknown_group"] = done.rows_of_unknown_group;
  out["rows_skipped"] = done.rows_skipped;
  out["favourable"] = done.favourable;
  out["share"] = done.share;
  out["groups"] = Json::array();
  for (const data::BalancedGroup& each : done.groups) {
    out["groups"].push_back({{"group", each.name},
                             {"rows_favourable", each.rows[1]},
                             {"rows_other", each.rows[0]},
                             {"factor_favourable", each.factor[1]},
                             {"factor_other", each.factor[0]}});
  }
  return out;
}

std::string three_digits(double x) { return shortest(std::round(x * 1000) / 1000); }

std::string as_text(const data::Reweighed& done, const DataReweigh& asked) {
  using table::with_thousands;
  std::string out = "weighed " + with_thousands(done.rows) + " rows in " +
                    with_thousands(done.groups.size()) +
                    " groups: the weighted share of the favourable label is now " +
                    three_digits(done.share * 100) + " % in each\n";
  std::vector<std::vector<double>> cells;
  for (const data::BalancedGroup& each : done.groups) {
    cells.push_back({static_cast<double>(each.rows[0]), static_cast<double>(each.rows[1])});
  }
  const adjust::Hidden hidden = adjust::hidden(cells);
  bool any_hidden = false;
  for (std::size_t g = 0; g < std::min(done.groups.size(), kGroupsShown); ++g) {
    const data::BalancedGroup& each = done.groups[g];
    if (hidden.groups[g]) {
      out += "  " + each.name + ": not shown\n";
      any_hidden = true;
      continue;
    }
    out += "  " + each.name + ": favourable x " + three_digits(each.factor[1]) + " (" +
           with_thousands(each.rows[1]) + " rows), other x " + three_digits(each.factor[0]) + " (" +
           with_thousands(each.rows[0]) + " rows)\n";
  }
  if (done.groups.size() > kGroupsShown) {
    out += "  and " + std::to_string(done.groups.size() - kGroupsShown) + " more groups\n";
  }
  if (any_hidden) out += not_shown_note() + std::string("\n");
  const std::uint64_t apart = done.rows_without_label + done.rows_of_unknown_group;
  if (apart > 0) {
    out += with_thousands(apart) + " rows without a label or of an unknown group keep the weight " +
           (asked.weight ? "that they had" : "1") + '\n';
  }
  return out + "table: " + done.out + ", with the column " + asked.name + '\n';
}

Result<Outcome> run(const DataReweigh& asked, const Call& call) {
  Columns columns;
  if (!asked.label.exact || !asked.group.exact || needs_columns(asked)) {
    EVENHAND_ASSIGN(columns, column_names(asked));
  }
  EVENHAND_ASSIGN(const evaluate::Role label, role(asked.label, columns, "--label"));
  data::ReweighOptions options;
  EVENHAND_ASSIGN(options.by, crossing(asked.group, columns));
  EVENHAND_ASSIGN(options.groupings, groupings(asked, columns));
  EVENHAND_ASSIGN(options.files, expand_all(asked.files));
  EVENHAND_ASSIGN(options.read, read_options(asked));
  options.label = label.column;
  options.favourable = label.favourable;
  options.weight = asked.weight;
  options.name = asked.name;
  options.threads = asked.threads;
  options.out = asked.out;
  EVENHAND_ASSIGN(const data::Reweighed done, data::reweigh(options, call.progress));
  return Outcome{kMet, as_text(done, asked), as_json(done, asked)};
}

}  // namespace

Operation data_reweigh() {
  return operation<DataReweigh>(
      {.name = "data reweigh",
       .says = "Add a column of weights under which every group has the same share of favourable "
               "labels",
       .section = {},
       .examples = {"evenhand data reweigh people.csv --label 'income=>50K' --group sex "
                    "--out reweighed.csv",
                    "evenhand data reweigh people.csv --label hired=yes --group \"sex x race\""},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
