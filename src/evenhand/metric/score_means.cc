#include "evenhand/metric/score_means.h"

#include <algorithm>
#include <cmath>

#include "evenhand/base/check.h"
#include "evenhand/base/rows.h"

namespace evenhand::metric {
namespace {

bool within(const ScoreMean& what, double score) {
  return score >= what.score_from && score < what.score_below;
}

/// Rows of one run with one label: how many, their weight, its squares, their number e.
struct Part {
  std::int64_t n;
  double w, ww, e;
};

/// The parts of a run that take part: at most three.
template <class Use>
void for_each_part(const ScoreMean& what, const ScoreRun& run, Use use) {
  if (!within(what, run.score)) return;
  if (what.unfavourable && run.n0 > 0) use(Part{run.n0, run.w0, run.ww0, what.of(run.score, 0)});
  if (what.favourable && run.n1 > 0) use(Part{run.n1, run.w1, run.ww1, what.of(run.score, 1)});
  if (what.missing && run.n_missing > 0) {
    // Squared weights of equal scores without labels are at least what equal weights would give.
    const double least = run.w_missing * run.w_missing / static_cast<double>(run.n_missing);
    use(Part{run.n_missing, run.w_missing, std::max(least, run.ww_missing), what.of(run.score, 0)});
  }
}

struct Sums {
  std::int64_t rows = 0;
  double w = 0, we = 0;
};

Sums sums_of(const std::vector<ScoreRun>& runs, const ScoreMean& what) {
  Sums sums;
  for (const ScoreRun& run : runs) {
    for_each_part(what, run, [&](const Part& part) {
      sums.rows += part.n;
      sums.w += part.w;
      sums.we += part.w * part.e;
    });
  }
  return sums;
}

/// sum_c (sum_{i in c} w_i (e_i - centre))^2, and over how many clusters.
struct Squares {
  double sum = 0;
  double clusters = 0;
};

Squares squares_of_runs(const std::vector<ScoreRun>& runs, const ScoreMean& what, double centre) {
  Squares squares;
  for (const ScoreRun& run : runs) {
    for_each_part(what, run, [&](const Part& part) {
      squares.sum += part.ww * (part.e - centre) * (part.e - centre);
      squares.clusters += static_cast<double>(part.n);
    });
  }
  return squares;
}

ByCluster contributions(const std::vector<ScoreRow>& rows, const ScoreMean& what, double centre) {
  ByCluster out;
  for (const ScoreRow& row : rows) {
    const bool counts = row.label == 0   ? what.unfavourable
                        : row.label == 1 ? what.favourable
                                         : what.missing;
    if (!counts || !within(what, row.score)) continue;
    const double label = row.label == 1 ? 1 : 0;
    out.emplace_back(row.cluster, row.weight * (what.of(row.score, label) - centre));
  }
  return add_up(std::move(out));
}

Squares squares_of_clusters(const std::vector<ScoreRow>& rows, const ScoreMean& what,
                            double centre) {
  Squares squares;
  for (const auto& [cluster, sum] : contributions(rows, what, centre)) {
    squares.sum += sum * sum;
    squares.clusters += 1;
  }
  return squares;
}

/// The mean and its variance with one more row (or cluster of the usual weight) at each end.
struct Regularised {
  double mean = 0, variance = 0, clusters = 0;
};

Regularised regularised(const ScoreRows& rows, std::size_t group, const ScoreMean& what,
                        const Sums& sums) {
  const auto of_centre = [&](double centre) {
    return clustered(rows, group) ? squares_of_clusters(rows.rows[group], what, centre)
                                  : squares_of_runs(rows.runs[group], what, centre);
  };
  const double clusters = of_centre(0).clusters;
  const double unit = sums.w / clusters;
  const double mean = (sums.we + unit * (what.lowest + what.highest)) / (sums.w + 2 * unit);
  const double below = unit * (what.lowest - mean), above = unit * (what.highest - mean);
  const double squares = of_centre(mean).sum + below * below + above * above;
  // clusters / (clusters + 2): for numbers that are 0 or 1 this is mean (1 - mean) / rows.
  return {mean, squares / (sums.w * sums.w) * clusters / (clusters + 2), clusters};
}

/// Each missing label could have been the one that makes its row's number least, or largest.
void set_open(Measured& m, const std::vector<ScoreRun>& runs, const ScoreMean& what,
              const Sums& sums) {
  if (what.missing || !what.favourable || !what.unfavourable) return;
  double w = sums.w, least = sums.we, most = sums.we;
  for (const ScoreRun& run : runs) {
    if (run.n_missing == 0 || !within(what, run.score)) continue;
    const auto [low, high] = std::minmax({what.of(run.score, 0), what.of(run.score, 1)});
    m.rows_missing += run.n_missing;
    w += run.w_missing;
    least += run.w_missing * low;
    most += run.w_missing * high;
  }
  m.open_lowest = std::clamp(least / w, what.lowest, what.highest);
  m.open_highest = std::clamp(most / w, what.lowest, what.highest);
}

/// What a grid leaves unknown: how far each number may be off, and rows of another window.
double grid_slack(const ScoreRows& rows, std::size_t group, const ScoreMean& what, double w) {
  if (!(rows.grid_error > 0)) return 0;
  double cut = 0;
  for (const ScoreRun& run : rows.runs[group]) {
    const bool low = what.score_from > 0 && std::abs(run.score - what.score_from) < rows.grid_error;
    const bool high = std::abs(run.score - what.score_below) < rows.grid_error;
    if (low || high) cut += run.w0 + run.w1 + run.w_missing;
  }
  return what.slope * rows.grid_error + std::min(1.0, cut / w);
}

}  // namespace

Measured mean_over(const ScoreRows& rows, std::size_t group, const ScoreMean& what) {
  const std::vector<ScoreRun>& runs = rows.runs[group];
  const Sums sums = sums_of(runs, what);
  Measured m;
  m.rows = sums.rows;
  if (sums.rows == 0 || !(sums.w > 0)) {
    m.why = Undefined::kNoRows;
    return m;
  }
  m.value = std::clamp(sums.we / sums.w, what.lowest, what.highest);
  m.range = {what.lowest, what.highest};
  const Regularised r = regularised(rows, group, what, sums);
  if (what.lowest == 0 && what.highest == 1) {
    m.spread = Spread::kShare;
    m.n_effective = r.mean * (1 - r.mean) / r.variance;
    m.degrees = clustered(rows, group) ? std::max(r.clusters - 1, 1.0) : 0;
  } else {
    m.spread = Spread::kNormal;
    m.standard_error = std::sqrt(r.variance);
    m.degrees = std::max(r.clusters - 1, 1.0);
  }
  m.slack_low = m.slack_high = grid_slack(rows, group, what, sums.w);
  set_open(m, runs, what, sums);
  return m;
}

Result<std::vector<Measured>> means_by_group(const Tallies& tallies, const ScoreMean& what) {
  EVENHAND_ASSIGN(const ScoreRows* rows, score_rows_of(tallies));
  std::vector<Measured> out;
  out.reserve(rows->runs.size());
  for (std::size_t g = 0; g < rows->runs.size(); ++g) out.push_back(mean_over(*rows, g, what));
  return out;
}

Result<const ScoreRows*> score_rows_of(const Tallies& tallies) {
  if (tallies.score_rows == nullptr) {
    return Error{Code::kInvalidArgument,
                 "this metric reads scores, and no score was given; name the column with --score"};
  }
  EVENHAND_CHECK(tallies.groups != nullptr &&
                 tallies.score_rows->runs.size() == tallies.groups->size());
  return tallies.score_rows;
}

bool clustered(const ScoreRows& rows, std::size_t group) {
  return group < rows.rows.size() && !rows.rows[group].empty();
}

ByCluster add_up(ByCluster contributions) {
  std::stable_sort(contributions.begin(), contributions.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < contributions.size(); ++i) {
    if (kept > 0 && contributions[kept - 1].first == contributions[i].first) {
      contributions[kept - 1].second += contributions[i].second;
    } else {
      contributions[kept++] = contributions[i];
    }
  }
  contributions.resize(kept);
  return contributions;
}

}  // namespace evenhand::metric
