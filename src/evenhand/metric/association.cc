// Do two attributes go together? Groups down, the values of one more column across.
//
// p(i,j) = n(i,j)/n, r rows and c columns with people in them, unknown values left out.
//   X^2 = n sum_ij (p_ij - p_i. p_.j)^2 / (p_i. p_.j),   phi^2 = X^2/n
// Sampling weights: n is Kish's effective number of rows.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "evenhand/metric/all.h"
#include "evenhand/metric/bootstrap.h"
#include "evenhand/metric/chi_square_effect.h"
#include "evenhand/metric/population.h"
#include "evenhand/numeric/chi_square.h"
#include "evenhand/tally/crosstab.h"

namespace evenhand::metric {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Pairs {
  std::size_t columns = 0;
  std::vector<double> p;            // [r][c], row by row
  std::vector<double> row, column;  // margins, all above 0
  std::int64_t rows = 0;            // n, as counted
  double effective = 0;
  bool weighted = false;

  double degrees() const {
    return (static_cast<double>(row.size()) - 1) * (static_cast<double>(column.size()) - 1);
  }
  double smaller_side() const { return static_cast<double>(std::min(row.size(), column.size())); }
};

bool is_known(const tally::Key& key) {
  return std::all_of(key.begin(), key.end(), [](const auto& value) { return value.has_value(); });
}

/// Known keys and values, numbered in the order of the keys.
Pairs pairs_of(const tally::Crosstab& counts) {
  std::vector<tally::Key> groups, values;
  const auto place = [](std::vector<tally::Key>& all, const tally::Key& key) {
    const auto at = std::lower_bound(all.begin(), all.end(), key, tally::before);
    return static_cast<std::size_t>(at - all.begin());
  };
  std::vector<tally::Crosstab::Cell> cells;
  for (const tally::Crosstab::Cell& cell : counts.cells()) {
    const tally::Key& key = counts.groups().keys[cell.group];
    if (!is_known(key)) continue;
    cells.push_back(cell);
    groups.emplace_back(key.begin(), key.end() - 1);
    values.push_back({key.back()});
  }
  for (auto* all : {&groups, &values}) {
    std::sort(all->begin(), all->end(), tally::before);
    all->erase(std::unique(all->begin(), all->end()), all->end());
  }
  Pairs out;
  out.columns = values.size();
  out.weighted = counts.weighted();
  out.p.resize(groups.size() * values.size());
  out.row.resize(groups.size());
  out.column.resize(values.size());
  double w = 0, w2 = 0;
  for (const auto& cell : cells) w += counts.weighted() ? cell.w : static_cast<double>(cell.n);
  for (const auto& cell : cells) {
    const tally::Key& key = counts.groups().keys[cell.group];
    const std::size_t i = place(groups, {key.begin(), key.end() - 1});
    const std::size_t j = place(values, {key.back()});
    const double share = (out.weighted ? cell.w : static_cast<double>(cell.n)) / w;
    out.p[i * values.size() + j] = share;
    out.row[i] += share;
    out.column[j] += share;
    out.rows += cell.n;
    w2 += out.weighted ? cell.w2 : static_cast<double>(cell.n);
  }
  out.effective = w2 > 0 ? w * w / w2 : 0;
  return out;
}

/// phi^2 of shares with their margins.
double phi_squared(const Pairs& t) {
  double sum = 0;
  for (std::size_t i = 0; i < t.row.size(); ++i) {
    for (std::size_t j = 0; j < t.columns; ++j) {
      const double e = t.row[i] * t.column[j];
      if (!(e > 0)) continue;
      const double off = t.p[i * t.columns + j] - e;
      sum += off * off / e;
    }
  }
  return sum;
}

/// The multinomial variance of phi^2 over the noncentral one, 4 phi^2 / n: by its derivative
///   d phi^2 / d p_ij = 2 p_ij/(p_i. p_.j) - sum_k p_ik^2/(p_i.^2 p_.k) - sum_k p_kj^2/(p_k.
///   p_.j^2).
double inflation(const Pairs& t) {
  const std::size_t r = t.row.size(), c = t.columns;
  std::vector<double> by_row(r), by_column(c);
  for (std::size_t i = 0; i < r; ++i) {
    for (std::size_t j = 0; j < c; ++j) {
      const double square = t.p[i * c + j] * t.p[i * c + j];
      by_row[i] += square / (t.row[i] * t.row[i] * t.column[j]);
      by_column[j] += square / (t.row[i] * t.column[j] * t.column[j]);
    }
  }
  double first = 0, second = 0;
  for (std::size_t i = 0; i < r; ++i) {
    for (std::size_t j = 0; j < c; ++j) {
      const double p = t.p[i * c + j];
      const double slope = 2 * p / (t.row[i] * t.column[j]) - by_row[i] - by_column[j];
      first += p * slope;
      second += p * slope * slope;
    }
  }
  const double phi2 = phi_squared(t);
  return phi2 > 0 ? std::max(1.0, (second - first * first) / (4 * phi2)) : 1;
}

/// The same where nothing is known of the association but phi: of the rarest row and the rarest
/// column, which go together more often than expected. There chance is largest.
double largest_inflation(const Pairs& t, double phi) {
  const double a = *std::min_element(t.row.begin(), t.row.end());
  const double b = *std::min_element(t.column.begin(), t.column.end());
  const double both = std::min({a, b, a * b + phi * std::sqrt(a * (1 - a) * b * (1 - b))});
  Pairs rare;
  rare.columns = 2;
  rare.p = {both, a - both, b - both, 1 - a - b + both};
  rare.row = {a, 1 - a};
  rare.column = {b, 1 - b};
  return inflation(rare);
}

Undefined why_not(const Pairs& t) {
  if (t.rows == 0) return Undefined::kNoRows;
  return t.row.size() < 2 || t.columns < 2 ? Undefined::kOneGroup : Undefined::kDefined;
}

/// Rows expected in the cell of the rarest row and the rarest column.
double least_expected(const Pairs& t) {
  return t.effective * *std::min_element(t.row.begin(), t.row.end()) *
         *std::min_element(t.column.begin(), t.column.end());
}

/// Tables of as many rows with the same margins on average, and no association.
double log10_p(const Pairs& t, double statistic, const ReadOptions& o) {
  constexpr std::size_t kCellsMax = 10'000;
  constexpr std::int64_t kDrawnMax = std::int64_t{1} << 53;
  const bool too_many = t.p.size() > kCellsMax || t.rows > kDrawnMax;
  if (t.weighted || least_expected(t) >= kExpectedMin || too_many) {
    return numeric::chi_square_log10_tail(statistic, t.degrees());
  }
  constexpr double kFine = 0x1p50;
  std::vector<std::int64_t> weights;
  for (const double row : t.row) {
    for (const double column : t.column) weights.push_back(std::llround(row * column * kFine));
  }
  Pairs again = t;
  std::vector<std::int64_t> counts(weights.size());
  const auto n = static_cast<double>(t.rows);
  return simulated_log10_p(statistic, t.p.size(), o.seed, [&](Random& random) {
    draw_multinomial(weights, t.rows, random, counts);
    std::fill(again.row.begin(), again.row.end(), 0.0);
    std::fill(again.column.begin(), again.column.end(), 0.0);
    for (std::size_t k = 0; k < counts.size(); ++k) {
      again.p[k] = static_cast<double>(counts[k]) / n;
      again.row[k / t.columns] += again.p[k];
      again.column[k % t.columns] += again.p[k];
    }
    return n * phi_squared(again);
  });
}

Reading about(const Pairs& t) {
  Reading out;
  out.group = tally::Key{};
  out.estimate.rows = t.rows;
  return out;
}

/// What all metrics of a pair begin with: its table, or why there is no number.
struct Begun {
  Pairs table;
  Reading reading;
  ChiSquare test;
};

Begun begin(const Tallies& t, const ReadOptions& o) {
  EVENHAND_CHECK(t.pairs != nullptr);
  Begun out{pairs_of(*t.pairs), {}, {}};
  out.table.effective *= o.scale;
  out.reading = about(out.table);
  out.reading.estimate.why = why_not(out.table);
  if (!out.reading.estimate.defined()) return out;
  out.test = {out.table.effective * phi_squared(out.table), out.table.degrees(),
              inflation(out.table)};
  return out;
}

Result<std::vector<Reading>> read_chi_square(const Tallies& t, const ReadOptions& o) {
  Begun b = begin(t, o);
  if (!b.reading.estimate.defined()) return std::vector{std::move(b.reading)};
  const auto around = [&](double level) {
    const Interval lambda = noncentrality_limits(b.test, level);
    return Interval{b.test.degrees + lambda.low, b.test.degrees + lambda.high};
  };
  Limits found{around(o.level), {}};
  if (o.family_level > 0) found.family = around(o.family_level);
  set(b.reading, b.test.statistic, found, o);
  b.reading.log10_p = log10_p(b.table, b.test.statistic, o);
  return std::vector{std::move(b.reading)};
}

/// phi~^2 = max(0, phi^2 - (r-1)(c-1)/(n-1)), r~ = r - (r-1)^2/(n-1), c~ likewise.
double corrected_v(const Pairs& t) {
  const double n1 = t.effective - 1;
  if (!(n1 > 0)) return 0;
  const auto r = static_cast<double>(t.row.size()), c = static_cast<double>(t.columns);
  const double phi2 = std::max(0.0, phi_squared(t) - (r - 1) * (c - 1) / n1);
  const double side = std::min(r - (r - 1) * (r - 1) / n1, c - (c - 1) * (c - 1) / n1) - 1;
  return side > 0 ? std::min(1.0, std::sqrt(phi2 / side)) : 0;
}

/// What a tolerance is held against errs on each side with alpha = 1 - family_level: above, that is
/// the one-sided test of equivalence. Its chance is that of the association at the limit, not of
/// the one found, which may look even by luck: so the limit solves for itself. Cells with fewer
/// than five rows expected bear no such claim: there is no limit above.
Interval deciding(const Begun& b, double family_level) {
  constexpr double kLevelMin = 0.01;
  const double both_sides = std::max(kLevelMin, 1 - 2 * (1 - family_level));
  ChiSquare test = b.test;
  Interval lambda = noncentrality_limits(test, both_sides);
  if (least_expected(b.table) < kExpectedMin) return {lambda.low, kInfinity};
  constexpr int kRounds = 50;
  for (int i = 0; i < kRounds; ++i) {
    const double before = lambda.high;
    test.inflation = std::max(b.test.inflation,
                              largest_inflation(b.table, std::sqrt(before / b.table.effective)));
    lambda.high = std::max(before, noncentrality_limits(test, both_sides).high);
    if (lambda.high - before < 1e-9 * before) break;
  }
  return lambda;
}

Result<std::vector<Reading>> read_v(const Tallies& t, const ReadOptions& o) {
  Begun b = begin(t, o);
  if (!b.reading.estimate.defined()) return std::vector{std::move(b.reading)};
  const double scale = b.table.effective * (b.table.smaller_side() - 1);
  const auto as_v = [&](const Interval& lambda) {
    return Interval{std::min(1.0, std::sqrt(lambda.low / scale)),
                    std::min(1.0, std::sqrt(lambda.high / scale))};
  };
  Limits found{as_v(noncentrality_limits(b.test, o.level)), {}};
  if (o.family_level > 0) found.family = as_v(deciding(b, o.family_level));
  set(b.reading, corrected_v(b.table), found, o);
  return std::vector{std::move(b.reading)};
}

Result<std::vector<Reading>> read_detectable_v(const Tallies& t, const ReadOptions& o) {
  Begun b = begin(t, o);
  if (!b.reading.estimate.defined()) return std::vector{std::move(b.reading)};
  const double lambda = noncentrality_found(b.test.degrees, 1 - o.level);
  const double v = std::sqrt(lambda / (b.table.effective * (b.table.smaller_side() - 1)));
  if (v > 1) {
    return std::vector{undefined(std::move(b.reading), Undefined::kInsufficient)};
  }
  set_exact(b.reading, v, o);
  return std::vector{std::move(b.reading)};
}

// Twice the rows are twice the evidence, and half the bias.
constexpr Laws kOfRows = Laws{}.without(Law::kDoubledRows);

}  // namespace

const Metric chi_square_independence{
    .name = "chi_square_independence",
    .says = "Do the groups and another column go together by more than chance?",
    .formula = "X^2 = n sum_ij (p_ij - p_i. p_.j)^2 / (p_i. p_.j), (r-1)(c-1) degrees of freedom",
    .unit = "chi-square >= 0",
    .possible = {0, kInfinity},
    .misleads =
        "A high p-value is no evidence of independence: few rows give one as well. Read Cramer's V "
        "with its interval, and the smallest V that these rows would have found.",
    .source =
        "Pearson, Phil. Mag. 50 (1900) 157; sampling weights: Rao & Scott, JASA 76 (1981) "
        "221, first order; fewer than five rows expected: Hope, J. R. Stat. Soc. B 30 (1968) "
        "582",
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_chi_square,
};

const Metric cramers_v{
    .name = "cramers_v",
    .says = "How closely do the groups and another column go together?",
    .formula =
        "V = sqrt(phi~^2 / min(r~ - 1, c~ - 1)), phi~^2 = max(0, phi^2 - (r-1)(c-1)/(n-1)), "
        "r~ = r - (r-1)^2/(n-1), c~ likewise",
    .unit = "association in [0,1]; 0 is independence",
    .better = Better::kLower,
    .ideal = 0,
    .possible = {0, 1},
    .misleads =
        "It has no direction and says nothing of cause. Many values on one side let it look small.",
    .source =
        "Bergsma, J. Korean Stat. Soc. 42 (2013) 323, doi:10.1016/j.jkss.2012.10.002; limits "
        "by the noncentral chi-square: Smithson, Confidence Intervals, 2003; held against a "
        "tolerance (upper limit at 1 - 2 alpha below it): Shishkina, Farmus & Cribbie, Quant. "
        "Methods Psychol. 14 (2018) 167, doi:10.20982/tqmp.14.3.p167",
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_v,
};

const Metric detectable_v{
    .name = "detectable_v",
    .says = "Which association (Cramer's V) would these rows have found, four times in five?",
    .formula = "sqrt(lambda / (n min(r-1, c-1))), lambda of the noncentral chi-square at power 0.8",
    .unit = "association in [0,1]",
    .better = Better::kLower,
    .possible = {0, 1},
    .misleads = "A weaker association may well be there, unseen.",
    .source = "Cohen, Statistical Power Analysis, 2nd ed. 1988, ch. 7",
    .about = About::kData,
    .laws = kOfRows,
    .read_self = read_detectable_v,
};

}  // namespace evenhand::metric
