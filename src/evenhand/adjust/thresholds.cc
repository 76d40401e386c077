#include "evenhand/adjust/thresholds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/numeric/linear_program.h"

namespace evenhand::adjust {

namespace {

using numeric::LinearProgram;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Rows of the program are added with the entries that fill them.
class Program {
 public:
  std::size_t column(double cost, double low, double high) {
    program_.cost.push_back(cost);
    program_.column_low.push_back(low);
    program_.column_high.push_back(high);
    return program_.cost.size() - 1;
  }
  std::size_t row(double low, double high) {
    program_.row_low.push_back(low);
    program_.row_high.push_back(high);
    return program_.row_low.size() - 1;
  }
  void entry(std::size_t row, std::size_t column, double value) {
    program_.entries.push_back({row, column, value});
  }
  Result<numeric::Solution> solve() const { return numeric::solve(program_); }

 private:
  LinearProgram program_;
};

// The rows that hold one rate of one group: rate - low >= 0, rate - low <= tolerance.
struct Held {
  std::size_t least, most;
};

Held hold(Program& program, std::size_t low, double tolerance) {
  const Held out{program.row(0, kInfinity), program.row(-kInfinity, tolerance)};
  program.entry(out.least, low, -1);
  program.entry(out.most, low, -1);
  return out;
}

std::vector<std::size_t> lows_of(Program& program, Equalise equalise) {
  std::vector<std::size_t> out{program.column(0, 0, 1)};
  if (equalise == Equalise::kOdds) out.push_back(program.column(0, 0, 1));
  return out;
}

// --- One rule a group -------------------------------------------------------------------------

// One group's corners in the program; the column of its first one is returned.
std::size_t add_group(Program& program, const Curve& curve, const std::vector<Corner>& hull,
                      const Question& question, double weight,
                      const std::vector<std::size_t>& lows) {
  const std::vector<Linear> rates = rates_of(question.equalise, curve);
  const std::size_t whole = program.row(1, 1);
  const std::size_t selected = program.row(question.rate_min, kInfinity);
  std::vector<Held> held;
  for (const std::size_t low : lows) held.push_back(hold(program, low, question.tolerance));
  std::size_t first = 0;
  for (std::size_t k = 0; k < hull.size(); ++k) {
    const Corner& corner = hull[k];
    const double cost = cost_of(curve, {corner.fp, corner.tp}, question, weight);
    const std::size_t column = program.column(cost, 0, 1);
    if (k == 0) first = column;
    program.entry(whole, column, 1);
    program.entry(selected, column, (corner.fp + corner.tp) / curve.rows());
    for (std::size_t r = 0; r < rates.size(); ++r) {
      const double rate = rates[r].a0 * corner.fp + rates[r].a1 * corner.tp;
      program.entry(held[r].least, column, rate);
      program.entry(held[r].most, column, rate);
    }
  }
  return first;
}

// --- One rule for everybody -------------------------------------------------------------------

// A threshold, with whom it lets in of each group.
struct Threshold {
  std::size_t taken = 0;  // levels of the pooled scores, from above
  double cost = 0;
  std::vector<Let> lets;  // shape [groups]
};

// The program of the few thresholds that are in it, and what it says of all others.
class Master {
 public:
  Master(const Crowd& crowd, const Question& question, const std::vector<bool>& compared)
      : crowd_(crowd),
        question_(question),
        compared_(compared),
        curves_(curves_of(crowd)),
        pooled_(pooled(crowd)),
        weights_(cost_weights(curves_, question.groups_alike)) {
    for (std::size_t g = 0; g < curves_.size(); ++g) {
      rates_.push_back(compared_[g] ? rates_of(question.equalise, curves_[g])
                                    : std::vector<Linear>{});
    }
  }

  Result<Answer> solve() {
    add({0, pooled_.levels.size()});
    constexpr int kRoundsMax = 500;
    for (int round = 0; round < kRoundsMax; ++round) {
      EVENHAND_ASSIGN(const numeric::Solution solution, program().solve());
      weights_of_ = solution.x;
      if (!add_what_prices_ask_for(solution.dual)) break;
    }
    return answer();
  }

 private:
  // Rows: whole, then for each compared group its selection and two rows a rate. Columns: lows,
  // then the thresholds.
  Program program() const {
    Program out;
    const std::vector<std::size_t> lows = lows_of(out, question_.equalise);
    const std::size_t whole = out.row(1, 1);
    std::vector<std::size_t> columns;
    for (const Threshold& each : thresholds_) {
      columns.push_back(out.column(each.cost, 0, 1));
      out.entry(whole, columns.back(), 1);
    }
    for (std::size_t g = 0; g < curves_.size(); ++g) {
      if (!compared_[g]) continue;
      const std::size_t selected = out.row(question_.rate_min, kInfinity);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const Let& let = thresholds_[k].lets[g];
        out.entry(selected, columns[k], (let.fp + let.tp) / curves_[g].rows());
      }
      for (std::size_t r = 0; r < rates_[g].size(); ++r) {
        const Held held = hold(out, lows[r], question_.tolerance);
        for (std::size_t k = 0; k < columns.size(); ++k) {
          const Let& let = thresholds_[k].lets[g];
          const double rate = rates_[g][r].a0 * let.fp + rates_[g][r].a1 * let.tp;
          out.entry(held.least, columns[k], rate);
          out.entry(held.most, columns[k], rate);
        }
      }
    }
    return out;
  }

  // What letting in one row of a group changes in a threshold's reduced cost, by label.
  std::vector<Linear> row_prices(const std::vector<double>& dual) const {
    std::vector<Linear> out(curves_.size());
    std::size_t row = 1;  // after `whole`
    for (std::size_t g = 0; g < curves_.size(); ++g) {
      out[g] = {weights_[g] * question_.cost_fp, -weights_[g] * question_.cost_fn};
      if (!compared_[g]) continue;
      const double selected = dual[row++] / curves_[g].rows();
      out[g].a0 -= selected;
      out[g].a1 -= selected;
      for (const Linear& rate : rates_[g]) {
        const double price = dual[row] + dual[row + 1];
        row += 2;
        out[g].a0 -= price * rate.a0;
        out[g].a1 -= price * rate.a1;
      }
    }
    return out;
  }

  // One pass over the rows, highest score first. Of each of a few stretches the threshold with the
  // lowest reduced cost comes in; false if none is below 0.
  bool add_what_prices_ask_for(const std::vector<double>& dual) {
    constexpr std::size_t kStretches = 16;
    const std::vector<Linear> prices = row_prices(dual);
    double base = -dual[0];
    for (std::size_t g = 0; g < curves_.size(); ++g) {
      base += weights_[g] * question_.cost_fn * curves_[g].n1;
    }
    std::vector<std::pair<double, std::size_t>> best(kStretches, {0.0, 0});
    const std::size_t levels = pooled_.levels.size();
    double reduced = base;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < crowd_.cells.size(); ++i) {
      const Cell& cell = crowd_.cells[i];
      reduced += prices[cell.group].a0 * cell.n0 + prices[cell.group].a1 * cell.n1;
      if (i + 1 < crowd_.cells.size() && crowd_.cells[i + 1].score == cell.score) continue;
      ++taken;
      auto& of_stretch = best[(taken - 1) * kStretches / levels];
      if (reduced < of_stretch.first) of_stretch = {reduced, taken};
    }
    std::vector<std::size_t> wanted;
    for (const auto& [value, at] : best) {
      if (value < -kRounding && !is_in(at)) wanted.push_back(at);
    }
    add(wanted);
    return !wanted.empty();
  }

  bool is_in(std::size_t taken) const {
    return std::any_of(thresholds_.begin(), thresholds_.end(),
                       [&](const Threshold& each) { return each.taken == taken; });
  }

  // Thresholds come in: so many levels taken each, rising.
  void add(const std::vector<std::size_t>& taken) {
    std::size_t next = 0, levels = 0;
    std::vector<Let> lets(curves_.size());
    const auto see = [&] {
      for (; next < taken.size() && taken[next] == levels; ++next) {
        Threshold out{levels, 0, lets};
        for (std::size_t g = 0; g < curves_.size(); ++g) {
          out.cost += cost_of(curves_[g], lets[g], question_, weights_[g]);
        }
        thresholds_.push_back(std::move(out));
      }
    };
    see();
    for (std::size_t i = 0; i < crowd_.cells.size() && next < taken.size(); ++i) {
      const Cell& cell = crowd_.cells[i];
      lets[cell.group].fp += cell.n0;
      lets[cell.group].tp += cell.n1;
      if (i + 1 < crowd_.cells.size() && crowd_.cells[i + 1].score == cell.score) continue;
      ++levels;
      see();
    }
  }

  Answer answer() const {
    const std::size_t first = question_.equalise == Equalise::kOdds ? 2 : 1;  // after the lows
    std::vector<Share> mix;
    std::vector<Let> lets(curves_.size());
    // A threshold that came in after the last solution has no weight there.
    for (std::size_t k = 0; first + k < weights_of_.size(); ++k) {
      const double w = weights_of_[first + k];
      mix.push_back({{threshold_after(pooled_.levels, thresholds_[k].taken), true, 0, 0}, w});
    }
    Answer out{{rule_of(mix)}, 0, true};
    for (std::size_t g = 0; g < curves_.size(); ++g) {
      lets[g] = let_in(curves_[g], out.rules[0]);
    }
    out.gap = gap_between(question_.equalise, curves_, lets, compared_);
    out.reached = out.gap <= question_.tolerance + 1e-7;
    return out;
  }

  const Crowd& crowd_;
  const Question& question_;
  const std::vector<bool>& compared_;
  const std::vector<Curve> curves_;
  const Curve pooled_;
  const std::vector<double> weights_;
  std::vector<std::vector<Linear>> rates_;
  std::vector<Threshold> thresholds_;
  std::vector<double> weights_of_;  // the last solution
};

}  // namespace

Result<Answer> lots_by_group(const std::vector<Curve>& curves, const Question& question) {
  EVENHAND_CHECK(question.equalise != Equalise::kPrecision);
  const std::vector<double> weights = cost_weights(curves, question.groups_alike);
  Program program;
  const std::vector<std::size_t> lows = lows_of(program, question.equalise);
  std::vector<std::vector<Corner>> hulls;
  std::vector<std::size_t> firsts;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    hulls.push_back(upper_hull(curves[g], question.flip));
    firsts.push_back(add_group(program, curves[g], hulls[g], question, weights[g], lows));
  }
  EVENHAND_ASSIGN(const numeric::Solution solution, program.solve());
  Answer out;
  std::vector<Let> lets;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    std::vector<Share> mix;
    for (std::size_t k = 0; k < hulls[g].size(); ++k) {
      mix.push_back({hulls[g][k], solution.x[firsts[g] + k]});
    }
    out.rules.push_back(rule_of(mix));
    lets.push_back(let_in(curves[g], out.rules.back()));
  }
  out.gap = gap_between(question.equalise, curves, lets, std::vector<bool>(curves.size(), true));
  out.reached = out.gap <= question.tolerance + 1e-7;
  return out;
}

Result<Answer> lots_for_everybody(const Crowd& crowd, const Question& question,
                                  const std::vector<bool>& compared) {
  EVENHAND_CHECK(question.equalise != Equalise::kPrecision && compared.size() == crowd.groups);
  return Master(crowd, question, compared).solve();
}

double cheapest_threshold(const Crowd& crowd, const Question& question) {
  const std::vector<Curve> curves = curves_of(crowd);
  const std::vector<double> weights = cost_weights(curves, question.groups_alike);
  const Curve all = pooled(crowd);
  double cost = 0, least = 0;  // less than that of letting nobody in
  std::size_t taken = 0, best = 0;
  for (std::size_t i = 0; i < crowd.cells.size(); ++i) {
    const Cell& cell = crowd.cells[i];
    const double weight = weights[cell.group];
    cost += weight * (question.cost_fp * cell.n0 - question.cost_fn * cell.n1);
    if (i + 1 < crowd.cells.size() && crowd.cells[i + 1].score == cell.score) continue;
    ++taken;
    if (cost <= least + 1e-15) {
      least = std::min(cost, least);
      best = taken;
    }
  }
  return threshold_after(all.levels, best);
}

}  // namespace evenhand::adjust
