#include "evenhand/table/reweigh.h"

#include <algorithm>
#include <string>

#include "evenhand/base/check.h"
#include "evenhand/base/rows.h"
#include "evenhand/table/cell.h"

namespace evenhand::table {

namespace {

constexpr std::size_t kCellsShown = 8;

// Whose factor is not 1: rows with a label, a known group and a weight.
bool takes_part(const Labels& labels, const Crossing& groups, double weight, std::size_t row) {
  return labels.values[row] != kMissingClass && weight > 0 && !groups.unknown(groups.codes[row]);
}

std::vector<ReweighedGroup> count(const Labels& labels, const Crossing& groups,
                                  std::span<const double> weights, Reweighing& out) {
  std::vector<ReweighedGroup> all(groups.groups.size());
  for (std::size_t i = 0; i < labels.values.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    const std::uint8_t label = labels.values[i];
    out.rows_without_label += label == kMissingClass ? 1 : 0;
    if (takes_part(labels, groups, weight, i)) {
      ReweighedGroup& group = all[groups.codes[i]];
      ++group.rows[label];
      group.weight[label] += weight;
    } else if (label != kMissingClass && groups.unknown(groups.codes[i])) {
      ++out.rows_of_unknown_group;
    }
  }
  return all;
}

std::string called(const Crossing& groups, std::uint32_t group) {
  return crossed(groups.by) + " = " + spoken(groups.groups[group]);
}

// All empty cells at once, so that nobody has to ask again for each.
Error cannot_balance(const Labels& labels, const Crossing& groups,
                     const std::vector<ReweighedGroup>& all) {
  std::string which;
  std::size_t cells = 0;
  for (const ReweighedGroup& each : all) {
    for (const std::size_t label : {0U, 1U}) {
      if (each.rows[label] > 0) continue;
      if (++cells > kCellsShown) continue;
      which += which.empty() ? "" : ", ";
      which += called(groups, each.group) +
               (label == 1 ? " with the label " : " with another label than ") +
               shown(labels.favourable);
    }
  }
  if (cells > kCellsShown) which += " and " + std::to_string(cells - kCellsShown) + " more cells";
  return {Code::kBadInput, "no row has " + which +
                               ": weights cannot make up for rows that are not there; collect such "
                               "rows, merge the group with another, or take it out of the table"};
}

// Nobody takes part: which of the three it is that all rows lack.
Error nobody(const Labels& labels, const Crossing& groups, std::span<const double> weights) {
  bool label = false, known = false, weight = false;
  for (std::size_t i = 0; i < labels.values.size(); ++i) {
    label = label || labels.values[i] != kMissingClass;
    known = known || !groups.unknown(groups.codes[i]);
    weight = weight || weights.empty() || weights[i] > 0;
  }
  const char* says = !label    ? "no row has a label"
                     : !known  ? "the group of every row is unknown"
                     : !weight ? "every row has the weight 0"
                               : "no row has a label, a known group and a weight above 0";
  return {Code::kBadInput, std::string(says) + ": there is nothing to balance"};
}

Result<void> check(const Labels& labels, const Crossing& groups, std::span<const double> weights,
                   const std::vector<ReweighedGroup>& all) {
  std::array<double, 2> of_label{};
  for (const ReweighedGroup& each : all) {
    for (const std::size_t label : {0U, 1U}) of_label[label] += each.weight[label];
  }
  if (all.empty()) return nobody(labels, groups, weights);
  if (!(of_label[0] > 0) || !(of_label[1] > 0)) {
    return Error{Code::kBadInput,
                 std::string(of_label[1] > 0 ? "every" : "no") + " label is the favourable one" +
                     (labels.favourable.empty() ? "" : ", " + shown(labels.favourable)) +
                     ": there is nothing to balance"};
  }
  if (all.size() == 1) {
    return Error{Code::kBadInput, "there is one known group only, " + called(groups, all[0].group) +
                                      ": nothing to balance between groups"};
  }
  for (const ReweighedGroup& each : all) {
    if (each.rows[0] == 0 || each.rows[1] == 0) return cannot_balance(labels, groups, all);
  }
  return {};
}

void set_factors(std::vector<ReweighedGroup>& all) {
  double n = 0;
  std::array<double, 2> of_label{};
  for (const ReweighedGroup& each : all) {
    for (const std::size_t label : {0U, 1U}) of_label[label] += each.weight[label];
  }
  n = of_label[0] + of_label[1];
  for (ReweighedGroup& each : all) {
    const double of_group = each.weight[0] + each.weight[1];
    for (const std::size_t label : {0U, 1U}) {
      each.factor[label] = of_group / n * (of_label[label] / each.weight[label]);
    }
  }
}

}  // namespace

Result<Reweighing> reweigh(const Labels& labels, const Crossing& groups,
                           std::span<const double> weights) {
  const std::size_t rows = labels.values.size();
  EVENHAND_CHECK(groups.codes.size() == rows && (weights.empty() || weights.size() == rows));
  Reweighing out;
  std::vector<ReweighedGroup> all = count(labels, groups, weights, out);
  std::vector<std::size_t> place(all.size());
  for (std::uint32_t g = 0; g < all.size(); ++g) {
    if (all[g].rows[0] + all[g].rows[1] == 0) continue;
    place[g] = out.groups.size();
    out.groups.push_back(all[g]);
    out.groups.back().group = g;
  }
  EVENHAND_TRY(check(labels, groups, weights, out.groups));
  set_factors(out.groups);
  out.weights.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    const bool balanced = takes_part(labels, groups, weight, i);
    out.weights.push_back(
        balanced ? weight * out.groups[place[groups.codes[i]]].factor[labels.values[i]] : weight);
  }
  return out;
}

}  // namespace evenhand::table
