#include "evenhand/adjust/shown.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace evenhand::adjust {

namespace {

constexpr double kNoise = 1e-6;  // of sums of chances and of counts worked out from rates

double sum_of(const std::vector<double>& cells) {
  double out = 0;
  for (const double x : cells) out += x;
  return out;
}

bool any_few(const std::vector<double>& cells) {
  return few(sum_of(cells)) || std::any_of(cells.begin(), cells.end(), few);
}

/// Could what is hidden be told from everybody less what is shown?
bool is_safe(const std::vector<std::vector<double>>& cells, const std::vector<bool>& hidden) {
  std::vector<double> together;
  std::size_t many = 0;
  for (std::size_t g = 0; g < cells.size(); ++g) {
    if (!hidden[g]) continue;
    together.resize(std::max(together.size(), cells[g].size()));
    for (std::size_t c = 0; c < cells[g].size(); ++c) together[c] += cells[g][c];
    ++many;
  }
  return many == 0 || (many > 1 && !any_few(together));
}

}  // namespace

bool few(double rows) { return rows > kNoise && rows < static_cast<double>(kShownMin) - kNoise; }

Hidden hidden(const std::vector<std::vector<double>>& cells, const std::vector<bool>& already) {
  Hidden out{std::vector<bool>(cells.size()), false};
  for (std::size_t g = 0; g < cells.size(); ++g) {
    const bool has_rows = sum_of(cells[g]) > 0;
    out.groups[g] = has_rows && (any_few(cells[g]) || (!already.empty() && already[g]));
  }
  while (!is_safe(cells, out.groups)) {
    std::optional<std::size_t> next;
    for (std::size_t g = 0; g < cells.size(); ++g) {
      if (out.groups[g] || !(sum_of(cells[g]) > 0)) continue;
      if (!next || sum_of(cells[g]) < sum_of(cells[*next])) next = g;
    }
    if (!next) {  // no other is left to stand beside it
      out.total = true;
      return out;
    }
    out.groups[*next] = true;
  }
  return out;
}

HiddenRates hidden_rates(const std::vector<Outcome>& groups) {
  std::vector<std::vector<double>> rows, selected, outcomes;
  for (const Outcome& o : groups) {
    rows.push_back({o.n0 + o.n1});
    selected.push_back({o.fp + o.tp, o.n0 + o.n1 - o.fp - o.tp});
    outcomes.push_back({o.tp, o.fp, o.n1 - o.tp, o.n0 - o.fp});
  }
  HiddenRates out;
  out.rows = hidden(rows);
  out.selected = hidden(selected, out.rows.groups);
  out.outcomes = hidden(outcomes, out.selected.groups);
  return out;
}

Outcome outcome_of(const model::Expected& expected) {
  Outcome out;
  const auto rows = static_cast<double>(expected.rows);
  const double selected = expected.selection_rate.value_or(0) * rows;
  out.tp = expected.precision.value_or(0) * selected;
  out.fp = selected - out.tp;
  const double tpr = expected.true_positive_rate.value_or(0);
  const double fpr = expected.false_positive_rate.value_or(0);
  if (!expected.true_positive_rate || !expected.false_positive_rate) {
    out.n1 = expected.true_positive_rate ? rows : 0;
  } else if (tpr > 0) {
    out.n1 = out.tp / tpr;
  } else {
    out.n1 = fpr > 0 ? rows - out.fp / fpr : 0;
  }
  out.n0 = rows - out.n1;
  return out;
}

}  // namespace evenhand::adjust
