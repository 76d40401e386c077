#include "evenhand/adjust/findings.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "evenhand/metric/calibration_error.h"
#include "evenhand/metric/intervals.h"

namespace evenhand::adjust {

namespace {

constexpr double kLevel = 0.95;

// x of n rows.
struct Part {
  double x = 0, n = 0;
  std::uint32_t group = 0;
};

Part part_of(const Outcome& o, Which which) {
  switch (which) {
    case Which::kSelectionRate:
      return {o.fp + o.tp, o.n0 + o.n1, 0};
    case Which::kTruePositive:
      return {o.tp, o.n1, 0};
    case Which::kFalsePositive:
      return {o.fp, o.n0, 0};
    case Which::kPrecision:
      return {o.tp, o.fp + o.tp, 0};
  }
  return {};
}

metric::Interval interval_of(const Part& part, double level) {
  return metric::wilson(std::clamp(part.x, 0.0, part.n), part.n, level);
}

const char* metric_of(Which which) {
  constexpr const char* kNames[] = {"selection_rate", "true_positive_rate", "false_positive_rate",
                                    "precision"};
  return kNames[static_cast<std::size_t>(which)];
}

constexpr Which kAll[] = {Which::kSelectionRate, Which::kTruePositive, Which::kFalsePositive,
                          Which::kPrecision};

std::vector<Which> rates_that_shall_be_alike(Equalise equalise) {
  switch (equalise) {
    case Equalise::kSelectionRate:
      return {Which::kSelectionRate};
    case Equalise::kTruePositiveRate:
      return {Which::kTruePositive};
    case Equalise::kFalsePositiveRate:
      return {Which::kFalsePositive};
    case Equalise::kOdds:
      return {Which::kTruePositive, Which::kFalsePositive};
    case Equalise::kPrecision:
      return {Which::kPrecision};
  }
  return {};
}

std::optional<Gap> gap_of_rate(const std::vector<Part>& parts) {
  if (parts.size() < 2) return std::nullopt;
  const auto pairs = static_cast<double>(parts.size()) * static_cast<double>(parts.size() - 1) / 2;
  const double level = 1 - (1 - kLevel) / pairs;
  std::vector<metric::Sided> sides;
  Gap out;
  for (const Part& part : parts) {
    const metric::Interval i = interval_of(part, level);
    sides.push_back({part.x / part.n, i.low, i.high});
  }
  for (std::size_t a = 0; a < sides.size(); ++a) {
    for (std::size_t b = 0; b < sides.size(); ++b) {
      if (a == b) continue;
      const metric::Interval i = metric::mover_difference(sides[a], sides[b]);
      const double difference = sides[a].value - sides[b].value;
      if (difference > out.value || out.rows == 0) {
        out.value = std::max(difference, 0.0);
        out.highest = parts[a].group;
        out.lowest = parts[b].group;
        out.rows = parts[a].n + parts[b].n;
      }
      out.low = std::max(out.low, i.low);
      out.high = std::max(out.high, i.high);
    }
  }
  return out;
}

record::Group named(const table::Crossing& crossing, std::uint32_t group) {
  record::Group out;
  for (std::size_t a = 0; a < crossing.by.size(); ++a) {
    out[crossing.by[a]] = crossing.groups[group][a];
  }
  return out;
}

record::Finding finding(const std::string& metric, const Seen& seen,
                        const std::vector<std::string>& by) {
  record::Finding out;
  out.metric = metric;
  out.by = by;
  out.at = {{"rule", seen.rule}, {"rows", seen.rows}};
  out.from = "rows";
  return out;
}

record::Finding rate_finding(const Seen& seen, const Outcome& outcome, Which which,
                             const std::vector<std::string>& by) {
  record::Finding out = finding(metric_of(which), seen, by);
  const Rate rate = rate_of(outcome, which);
  out.unit = "share in [0,1]";
  out.rows = std::llround(rate.rows);
  if (!rate.value) {
    out.why = "no_rows";
    return out;
  }
  out.value = rate.value;
  out.low = rate.low;
  out.high = rate.high;
  return out;
}

// Calibration is judged run by run of equal scores.
metric::ScoreRows score_rows_of(const std::vector<Row>& rows, std::uint32_t groups) {
  metric::ScoreRows out;
  out.runs.resize(groups);
  const Crowd crowd = crowd_of(rows, groups);
  for (auto cell = crowd.cells.rbegin(); cell != crowd.cells.rend(); ++cell) {
    metric::ScoreRun run;
    run.score = cell->score;
    run.n0 = std::llround(cell->n0);
    run.n1 = std::llround(cell->n1);
    run.w0 = run.ww0 = cell->n0;
    run.w1 = run.ww1 = cell->n1;
    out.runs[cell->group].push_back(run);
  }
  return out;
}

record::Finding calibration_finding(const metric::ScoreRows& rows, std::uint32_t group,
                                    const Calibration& calibration, const char* scores) {
  const metric::Measured measured = metric::calibration_error_of(
      rows, group, metric::CalibrationError::kBinned, true, {calibration.seed, group}, 1);
  record::Finding out;
  out.metric = "calibration_error";
  out.at = {{"scores", scores}, {"rows", "held_out"}};
  out.from = "rows";
  out.unit = "share in [0,1]";
  out.rows = measured.rows;
  if (!measured.defined()) {
    out.why = std::string(metric::code(measured.why));
    return out;
  }
  const metric::Interval i = metric::limits(measured, kLevel, metric::Method::kWilson);
  out.value = measured.value;
  out.low = i.low;
  out.high = i.high;
  return out;
}

}  // namespace

void see(Outcome& outcome, const Row& row, double chance) {
  (row.label == 1 ? outcome.n1 : outcome.n0) += 1;
  (row.label == 1 ? outcome.tp : outcome.fp) += chance;
}

Outcome sum(const std::vector<Outcome>& groups) {
  Outcome out;
  for (const Outcome& each : groups) {
    out.n0 += each.n0;
    out.n1 += each.n1;
    out.fp += each.fp;
    out.tp += each.tp;
  }
  return out;
}

Rate rate_of(const Outcome& outcome, Which which) {
  const Part part = part_of(outcome, which);
  Rate out;
  out.rows = part.n;
  if (!(part.n > 0)) return out;
  const metric::Interval i = interval_of(part, kLevel);
  out.value = std::clamp(part.x / part.n, 0.0, 1.0);
  out.low = std::min(i.low, *out.value);
  out.high = std::max(i.high, *out.value);
  return out;
}

std::optional<Gap> gap_of(const Seen& seen, Equalise equalise, const std::vector<bool>& compared) {
  std::optional<Gap> out;
  for (const Which which : rates_that_shall_be_alike(equalise)) {
    std::vector<Part> parts;
    for (std::uint32_t g = 0; g < seen.groups.size(); ++g) {
      Part part = part_of(seen.groups[g], which);
      part.group = g;
      if (compared[g] && part.n > 0) parts.push_back(part);
    }
    std::optional<Gap> gap = gap_of_rate(parts);
    if (!gap) continue;
    if (out) {  // the wider of the two, and limits that hold for it
      gap->low = std::max(gap->low, out->low);
      gap->high = std::max(gap->high, out->high);
    }
    if (!out || gap->value > out->value) {
      out = gap;
    } else {
      out->low = gap->low;
      out->high = gap->high;
    }
  }
  return out;
}

double cost_per_row(const Seen& seen, const Question& question) {
  const Outcome all = sum(seen.groups);
  const double rows = all.n0 + all.n1;
  return rows > 0 ? (question.cost_fp * all.fp + question.cost_fn * (all.n1 - all.tp)) / rows : 0;
}

std::vector<record::Finding> findings_of(const std::vector<Seen>& seen, const Plan& plan,
                                         const table::Crossing& crossing,
                                         const std::vector<bool>& compared) {
  std::vector<record::Finding> out;
  for (const Seen& each : seen) {
    const Outcome all = sum(each.groups);
    for (const Which which : kAll) {
      out.push_back(rate_finding(each, all, which, {}));
      out.back().group = record::Group{};
      for (std::uint32_t g = 0; g < each.groups.size(); ++g) {
        if (each.groups[g].n0 + each.groups[g].n1 == 0 || crossing.by.empty()) continue;
        out.push_back(rate_finding(each, each.groups[g], which, crossing.by));
        out.back().group = named(crossing, g);
      }
    }
    record::Finding cost = finding("cost", each, {});
    cost.group = record::Group{};
    cost.value = cost_per_row(each, plan.question);
    cost.rows = std::llround(all.n0 + all.n1);
    cost.unit = "cost of a row";
    out.push_back(std::move(cost));
    const Equalise equalise = *plan.equalise;
    const std::optional<Gap> gap = gap_of(each, equalise, compared);
    if (!gap) continue;
    const std::string metric =
        equalise == Equalise::kOdds
            ? "equalized_odds_difference"
            : metric_of(rates_that_shall_be_alike(equalise).front()) + std::string("_difference");
    record::Finding wide = finding(metric, each, crossing.by);
    wide.value = gap->value;
    wide.low = std::min(gap->low, gap->value);
    wide.high = std::max(gap->high, gap->value);
    wide.rows = std::llround(gap->rows);
    wide.unit = "difference of shares, >= 0; 0 is parity";
    wide.between = {named(crossing, gap->lowest), named(crossing, gap->highest)};
    out.push_back(std::move(wide));
  }
  return out;
}

std::vector<record::Finding> calibration_findings(const Calibration& calibration,
                                                  const table::Crossing& crossing) {
  std::vector<record::Finding> out;
  const auto groups = static_cast<std::uint32_t>(crossing.groups.size());
  const bool shares = std::all_of(calibration.before.begin(), calibration.before.end(),
                                  [](const Row& row) { return row.score >= 0 && row.score <= 1; });
  const auto add = [&](const std::vector<Row>& rows, const char* scores) {
    const metric::ScoreRows of = score_rows_of(rows, groups);
    for (std::uint32_t g = 0; g < groups; ++g) {
      if (of.runs[g].empty()) continue;
      out.push_back(calibration_finding(of, g, calibration, scores));
      out.back().by = crossing.by;
      out.back().group = named(crossing, g);
    }
  };
  if (shares) add(calibration.before, "given");
  add(calibration.after, "calibrated");
  return out;
}

}  // namespace evenhand::adjust
