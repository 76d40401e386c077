#include "evenhand/data/reweigh.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "evenhand/table/bytes.h"
#include "evenhand/table/crossing.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/label.h"
#include "evenhand/table/reweigh.h"
#include "evenhand/table/rewrite.h"
#include "evenhand/table/write.h"

namespace evenhand::data {

namespace {

using Names = std::vector<std::string>;

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

bool is_in(const std::string& name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<void> check(const ReweighOptions& options, const Names& files) {
  if (options.by.empty()) return wrong("reweigh needs a group: the columns that make people alike");
  if (options.out.empty()) return wrong("reweigh needs a file to write to");
  if (options.name.empty()) return wrong("the new column needs a name");
  if (is_in(options.label, options.by)) {
    return wrong("the label \"" + options.label + "\" cannot tell the groups as well");
  }
  if (options.weight && (options.weight == options.label || is_in(*options.weight, options.by))) {
    return wrong("the weight \"" + *options.weight + "\" cannot be the label or a group as well");
  }
  EVENHAND_TRY(table::check_groupings(options.groupings, options.by));
  if (is_in("-", files)) {
    return wrong(
        "standard input can be read only once, and its columns must be known first; give a file");
  }
  return table::spare_what_is_read(options.out, files);
}

// Every column of the table, text as it stands; columns that are asked for and not there come last,
// so that the reader says what it says of such names.
Result<std::vector<table::Wanted>> columns_of(const ReweighOptions& options, const Names& files) {
  EVENHAND_ASSIGN(const auto reader, table::open(files.front(), options.read));
  std::vector<table::Wanted> out;
  const auto add = [&](const std::string& name) {
    out.push_back({name, options.weight == name ? table::As::kNumber : table::As::kText});
  };
  for (const std::string& name : reader->columns()) add(name);
  if (is_in(options.name, reader->columns())) {
    return wrong("the table has a column \"" + options.name +
                 "\" already; give the weight another name");
  }
  Names asked = options.by;
  asked.push_back(options.label);
  if (options.weight) asked.push_back(*options.weight);
  for (const std::string& name : asked) {
    if (!is_in(name, reader->columns())) add(name);
  }
  return out;
}

std::size_t place_of(const std::string& name, const std::vector<table::Wanted>& columns) {
  std::size_t at = 0;
  while (columns[at].name != name) ++at;
  return at;
}

Result<std::span<const double>> weights_of(const ReweighOptions& options,
                                           const std::vector<table::Wanted>& columns,
                                           const table::Batch& all) {
  if (!options.weight) return std::span<const double>();
  const std::span<const double> out = all.columns[place_of(*options.weight, columns)].numbers;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] >= 0) continue;
    return Error{Code::kBadInput, "the weight \"" + *options.weight + "\" of row " +
                                      table::with_thousands(i + 1) + " is " +
                                      (std::isnan(out[i]) ? "missing" : "below 0") +
                                      "; every row needs one of 0 or more"};
  }
  return out;
}

Reweighed summary(const ReweighOptions& options, const table::Gathered& gathered,
                  const table::Labels& labels, const table::Crossing& crossing,
                  const table::Reweighing& balanced) {
  Reweighed out;
  out.out = options.out;
  out.favourable = labels.favourable;
  std::array<double, 2> weight{};
  for (const table::ReweighedGroup& each : balanced.groups) {
    out.groups.push_back({table::spoken(crossing.groups[each.group]), each.rows, each.factor});
    for (const std::size_t y : {0U, 1U}) weight[y] += each.weight[y];
  }
  out.share = weight[1] / (weight[0] + weight[1]);
  out.rows = gathered.all.rows;
  out.rows_without_label = balanced.rows_without_label;
  out.rows_of_unknown_group = balanced.rows_of_unknown_group;
  for (const table::InputFacts& file : gathered.facts) out.rows_skipped += file.rows_skipped;
  return out;
}

}  // namespace

Result<Reweighed> reweigh(const ReweighOptions& options, const OnProgress& progress) {
  EVENHAND_ASSIGN(const Names files, table::expand_all(options.files));
  EVENHAND_TRY(check(options, files));
  EVENHAND_ASSIGN(std::vector<table::Wanted> columns, columns_of(options, files));
  EVENHAND_ASSIGN(table::Gathered gathered,
                  table::gather(files, options.read, columns, options.threads, progress));
  table::Batch& all = gathered.all;
  EVENHAND_ASSIGN(const table::Labels labels,
                  table::labels_of(all.columns[place_of(options.label, columns)], options.label,
                                   options.favourable));
  std::vector<std::size_t> places;
  for (const std::string& name : options.by) places.push_back(place_of(name, columns));
  EVENHAND_ASSIGN(const table::Crossing crossing,
                  table::cross(all, options.by, places, options.groupings, options.read.decimal));
  EVENHAND_ASSIGN(const std::span<const double> weights, weights_of(options, columns, all));
  EVENHAND_ASSIGN(table::Reweighing balanced, table::reweigh(labels, crossing, weights));
  Reweighed out = summary(options, gathered, labels, crossing, balanced);

  columns.push_back({options.name, table::As::kNumber});
  all.columns.push_back({table::As::kNumber, {}, {}, std::move(balanced.weights)});
  EVENHAND_ASSIGN(const auto writer, table::create(options.out, columns));
  EVENHAND_TRY(writer->write(all));
  EVENHAND_TRY(writer->finish());
  return out;
}

}  // namespace evenhand::data
