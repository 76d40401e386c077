#include "evenhand/train/parity.h"

#include <algorithm>
#include <cmath>

#include "evenhand/base/check.h"
#include "evenhand/base/field.h"
#include "evenhand/model/blocks.h"

namespace evenhand::train {

namespace {

constexpr std::uint8_t kAllRows = 2;       // the event
constexpr std::size_t kGroupsMax = 1'000;  // two rows of a linear program each

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

Result<void> check(const ParityOptions& options) {
  if (!(options.eps > 0 && options.eps <= 1)) {
    return wrong("eps is a difference of shares: it must lie above 0 and not above 1, not " +
                 shortest(options.eps));
  }
  if (!(options.ratio > 0 && options.ratio <= 1)) {
    return wrong("ratio must lie above 0 and not above 1, not " + shortest(options.ratio));
  }
  const double over = options.cost_false_favourable, under = options.cost_false_unfavourable;
  if (!(over >= 0 && under >= 0 && over + under > 0) || !std::isfinite(over + under)) {
    return wrong("costs of wrong decisions must be 0 or more, and one of them above 0");
  }
  return {};
}

// Sums over rows, block by block, so that no thread moves a bit.
std::vector<double> cell_sums(const ReductionsSample& sample, std::size_t cells,
                              std::span<const std::uint8_t> only, unsigned threads) {
  const model::Blocks blocks = model::blocks_of(sample.labels.size());
  std::vector<std::vector<double>> parts(blocks.count);
  model::for_each_block(blocks, threads, [&](std::size_t k) {
    std::vector<double> sums(cells);
    for (std::size_t i = blocks.begin(k); i < blocks.end(k); ++i) {
      const double weight = sample.weights.empty() ? 1 : sample.weights[i];
      sums[cell_of(sample, i)] += only.empty() || only[i] == 1 ? weight : 0;
    }
    parts[k] = std::move(sums);
  });
  std::vector<double> out(cells);
  for (const auto& part : parts) {
    for (std::size_t c = 0; c < cells; ++c) out[c] += part[c];
  }
  return out;
}

double rows_effective(const ReductionsSample& sample, double all) {
  if (sample.weights.empty()) return all;
  double squares = 0;
  for (const double w : sample.weights) squares += w * w;
  return all * all / squares;
}

// E[u | e], or E[u | e,g] of one group, as a linear function of shares.
struct Mean {
  std::vector<double> of_share;
  double constant = 0, weight = 0;
};

Mean mean_of(const ParityProblem& problem, std::uint8_t event, std::size_t first,
             std::size_t last) {
  Mean out{std::vector<double>(problem.weight.size()), 0, 0};
  const bool of_error = problem.options.parity == Parity::kErrorRate;
  for (std::size_t c = 2 * first; c < 2 * last; ++c) {
    const std::size_t label = c % 2;
    if (event != kAllRows && label != event) continue;
    const bool counts_rejected = of_error && label == 1;  // u = 1 - h, else u = h
    out.weight += problem.weight[c];
    out.of_share[c] = counts_rejected ? -problem.weight[c] : problem.weight[c];
    out.constant += counts_rejected ? problem.weight[c] : 0;
  }
  if (!(out.weight > 0)) return out;
  for (double& each : out.of_share) each /= out.weight;
  out.constant /= out.weight;
  return out;
}

double value(const std::vector<double>& of_share, double constant, const Shares& shares) {
  double sum = constant;
  for (std::size_t c = 0; c < shares.size(); ++c) sum += of_share[c] * shares[c];
  return sum;
}

std::string rate_called(Parity parity, std::uint8_t event) {
  if (parity == Parity::kErrorRate) return "error rate";
  if (event == kAllRows) return "selection rate";
  return event == 1 ? "true positive rate" : "false positive rate";
}

std::vector<std::uint8_t> events_of(Parity parity) {
  switch (parity) {
    case Parity::kTruePositive:
      return {1};
    case Parity::kFalsePositive:
      return {0};
    case Parity::kEqualizedOdds:
      return {0, 1};
    case Parity::kDemographic:
    case Parity::kErrorRate:
      break;
  }
  return {kAllRows};
}

std::string has_none(const std::string& group, std::uint8_t event) {
  if (event == kAllRows) return group + " has no row";
  return group + " has no row with the " + (event == 1 ? "favourable" : "unfavourable") + " label";
}

void add_moments(ParityProblem& problem, const std::vector<std::string>& names,
                 std::uint8_t event) {
  const std::string rate = rate_called(problem.options.parity, event);
  std::vector<std::uint32_t> there;
  for (std::uint32_t g = 0; g < names.size(); ++g) {
    if (mean_of(problem, event, g, g + 1).weight > 0) {
      there.push_back(g);
    } else {
      problem.left_out.push_back(has_none(names[g], event) + ", so its " + rate +
                                 " is not bounded");
    }
  }
  if (there.size() < 2) {
    problem.left_out.push_back("fewer than two groups have a " + rate + ", so none is bounded");
    return;
  }
  const Mean everybody = mean_of(problem, event, 0, names.size());
  for (const std::uint32_t g : there) {
    const Mean own = mean_of(problem, event, g, g + 1);
    for (const bool over : {true, false}) {
      // over: r own - everybody;  under: r everybody - own.
      const Mean& plus = over ? own : everybody;
      const Mean& minus = over ? everybody : own;
      Moment moment{over, event, g, {}, problem.options.ratio * plus.constant - minus.constant};
      for (std::size_t c = 0; c < own.of_share.size(); ++c) {
        moment.of_share.push_back(problem.options.ratio * plus.of_share[c] - minus.of_share[c]);
      }
      problem.moments.push_back(std::move(moment));
    }
  }
}

void add_error(ParityProblem& problem) {
  for (std::size_t c = 0; c < problem.weight.size(); ++c) {
    const double share = problem.weight[c] / problem.all;
    const bool favourable = c % 2 == 1;
    problem.error_of_share.push_back(favourable ? -problem.options.cost_false_unfavourable * share
                                                : problem.options.cost_false_favourable * share);
    problem.error_constant += favourable ? problem.options.cost_false_unfavourable * share : 0;
  }
}

Result<void> check_rows(const ParityProblem& problem, const std::vector<std::string>& names) {
  double favourable = 0;
  std::vector<std::size_t> known;
  for (std::size_t c = 0; c < problem.weight.size(); ++c) {
    favourable += c % 2 == 1 ? problem.weight[c] : 0;
  }
  for (std::size_t g = 0; g < names.size(); ++g) {
    if (problem.weight[2 * g] + problem.weight[2 * g + 1] > 0) known.push_back(g);
  }
  if (!(problem.all > 0)) return Error{Code::kBadInput, "no row has a label and a weight above 0"};
  if (!(favourable > 0) || !(favourable < problem.all)) {
    return Error{Code::kBadInput, std::string(favourable > 0 ? "every" : "no") +
                                      " label is the favourable one: there is nothing to learn"};
  }
  if (known.empty()) {
    return Error{Code::kBadInput, "the group of every row is unknown: no rate can be held equal"};
  }
  if (known.size() == 1) {
    return Error{Code::kBadInput, "there is one known group only, " + names[known[0]] +
                                      ": nothing to hold equal between groups"};
  }
  return {};
}

}  // namespace

std::size_t cell_of(const ReductionsSample& sample, std::size_t row) {
  const std::size_t group = std::min<std::size_t>(sample.groups[row], sample.names.size());
  return 2 * group + sample.labels[row];
}

Result<ParityProblem> parity_problem(const ReductionsSample& sample, const ParityOptions& options) {
  EVENHAND_CHECK(sample.groups.size() == sample.labels.size());
  EVENHAND_CHECK(sample.weights.empty() || sample.weights.size() == sample.labels.size());
  EVENHAND_TRY(check(options));
  if (sample.names.size() > kGroupsMax) {
    return Error{Code::kBadInput, "rates of at most " + std::to_string(kGroupsMax) +
                                      " groups can be held equal, and there are " +
                                      std::to_string(sample.names.size()) +
                                      "; cross fewer attributes, or merge values"};
  }
  ParityProblem out;
  out.options = options;
  out.weight = cell_sums(sample, 2 * sample.names.size() + 2, {}, 1);
  for (const double w : out.weight) out.all += w;
  out.rows_effective = rows_effective(sample, out.all);
  EVENHAND_TRY(check_rows(out, sample.names));
  add_error(out);
  for (const std::uint8_t event : events_of(options.parity)) add_moments(out, sample.names, event);
  if (out.moments.empty()) {
    return Error{Code::kBadInput, "nothing can be held equal: " + out.left_out.back()};
  }
  return out;
}

Shares shares_of(const ParityProblem& problem, const ReductionsSample& sample,
                 std::span<const std::uint8_t> decisions, unsigned threads) {
  EVENHAND_CHECK(decisions.size() == sample.labels.size());
  Shares out = cell_sums(sample, problem.weight.size(), decisions, threads);
  for (std::size_t c = 0; c < out.size(); ++c) {
    out[c] = problem.weight[c] > 0 ? out[c] / problem.weight[c] : 0;
  }
  return out;
}

double error_of(const ParityProblem& problem, const Shares& shares) {
  return value(problem.error_of_share, problem.error_constant, shares);
}

std::vector<double> moments_of(const ParityProblem& problem, const Shares& shares) {
  std::vector<double> out;
  for (const Moment& each : problem.moments) {
    out.push_back(value(each.of_share, each.constant, shares));
  }
  return out;
}

std::vector<RateOfGroup> rates_of(const ParityProblem& problem, const Shares& shares) {
  const std::size_t groups = problem.weight.size() / 2 - 1;
  std::vector<RateOfGroup> out;
  for (const Moment& each : problem.moments) {
    if (!each.over) continue;
    const Mean own = mean_of(problem, each.event, each.group, each.group + 1);
    const Mean everybody = mean_of(problem, each.event, 0, groups);
    out.push_back({rate_called(problem.options.parity, each.event), each.group,
                   value(own.of_share, own.constant, shares),
                   value(everybody.of_share, everybody.constant, shares)});
  }
  return out;
}

}  // namespace evenhand::train
