#include "evenhand/train/reductions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/base/field.h"
#include "evenhand/model/mixture.h"
#include "evenhand/numeric/linear_program.h"

namespace evenhand::train {

namespace {

using Vector = std::vector<double>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPrecision = 1e-8;   // values nearer than this are alike
constexpr double kShareMin = 1e-9;    // of a member; less is rounding of the linear program
constexpr double kReachedMax = 1e-7;  // over eps: rows of the linear program hold to 1e-9 each

// The schedule of the published experiments: the step shrinks where regret does not.
constexpr double kStepFirst = 2, kStepShrinks = 0.8, kRegretShrinks = 0.8;
constexpr double kChecksGrow = 1.6, kFirstCheck = 5;
constexpr std::int64_t kIterationsMin = 5;
constexpr double kMultiples[] = {1, 2, 5, 10};  // of the multipliers, to find a better answer

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// What the learner answered, as far as the game sees it.
struct Answer {
  Shares shares;
  double error = 0;
  Vector moments;
  std::shared_ptr<const model::Model> model;
};

// A mixture over the answers found so far (answers beyond its end have share 0), the multipliers
// that it was played against, and between which values of the game it stands.
struct Play {
  Vector mixture, multipliers;
  double value = 0, low = 0, high = 0;
  double gap() const { return std::max(value - low, high - value); }
};

class Game {
 public:
  Game(const ParityProblem& problem, const ReductionsSample& sample, const Oracle& oracle,
       unsigned threads)
      : problem_(problem), sample_(sample), oracle_(oracle), threads_(threads) {}

  double multipliers_max() const { return 1 / problem_.options.eps; }  // B
  const std::vector<Answer>& found() const { return found_; }
  std::int64_t calls() const { return calls_; }
  std::int64_t fits() const { return static_cast<std::int64_t>(known_.size()); }

  // The place in `found` of the best answer to the multipliers.
  Result<std::size_t> best_response(const Vector& multipliers) {
    ++calls_;
    EVENHAND_ASSIGN(const Answer* const answer, ask(row_weights(multipliers)));
    const auto value = [&](const Answer& each) {
      return each.error + dot(each.moments, multipliers);
    };
    std::size_t best = 0;
    for (std::size_t h = 1; h < found_.size(); ++h) {
      if (value(found_[h]) < value(found_[best])) best = h;
    }
    if (!found_.empty() && !(value(*answer) < value(found_[best]) - kPrecision)) return best;
    found_.push_back(*answer);
    return found_.size() - 1;
  }

  double error(const Vector& mixture) const {
    double sum = 0;
    for (std::size_t h = 0; h < mixture.size(); ++h) sum += mixture[h] * found_[h].error;
    return sum;
  }

  Vector moments(const Vector& mixture) const {
    Vector out(problem_.moments.size());
    for (std::size_t h = 0; h < mixture.size(); ++h) {
      for (std::size_t k = 0; k < out.size(); ++k) out[k] += mixture[h] * found_[h].moments[k];
    }
    return out;
  }

  double violation(const Vector& mixture) const {
    const Vector all = moments(mixture);
    return *std::max_element(all.begin(), all.end());
  }

  // err(Q) + B max(0, violation - eps): the most that multipliers can make of a mixture.
  double high(const Vector& mixture) const {
    const double beyond = violation(mixture) - problem_.options.eps;
    return error(mixture) + multipliers_max() * std::max(0.0, beyond);
  }

  // L(Q, l), the part of l that pulls both ways taken off: it only costs.
  double value(const Vector& mixture, const Vector& multipliers) const {
    const Vector l = netted(multipliers), m = moments(mixture);
    double sum = error(mixture);
    for (std::size_t k = 0; k < l.size(); ++k) sum += l[k] * (m[k] - problem_.options.eps);
    return sum;
  }

  // How far both players are from being unable to improve. Ends early once it is beyond `enough`.
  Result<Play> judged(Vector mixture, Vector multipliers, double enough) {
    Play out{std::move(mixture), std::move(multipliers), 0, 0, 0};
    out.value = out.low = value(out.mixture, out.multipliers);
    out.high = high(out.mixture);
    for (const double multiple : kMultiples) {
      Vector scaled = out.multipliers;
      for (double& each : scaled) each *= multiple;
      EVENHAND_ASSIGN(const std::size_t best, best_response(scaled));
      Vector alone(best + 1);
      alone[best] = 1;
      out.low = std::min(out.low, value(alone, out.multipliers));
      if (out.gap() > enough + kPrecision) break;
    }
    return out;
  }

  // The best mixture of the answers found so far: least error + cost x slack, where rates may lie
  // eps + slack apart and slack is at most `slack_max`.
  Result<Vector> best_mixture(double error_cost, double slack_cost, double slack_max) const {
    numeric::LinearProgram program;
    const std::size_t answers = found_.size(), moments = problem_.moments.size();
    for (const Answer& each : found_) program.cost.push_back(error_cost * each.error);
    program.cost.push_back(slack_cost);
    program.column_low.assign(answers + 1, 0);
    program.column_high.assign(answers + 1, kInfinity);
    program.column_high.back() = slack_max;
    for (std::size_t k = 0; k < moments; ++k) {
      for (std::size_t h = 0; h < answers; ++h) {
        program.entries.push_back({k, h, found_[h].moments[k]});
      }
      program.entries.push_back({k, answers, -1});
    }
    for (std::size_t h = 0; h < answers; ++h) program.entries.push_back({moments, h, 1});
    program.row_low.assign(moments, -kInfinity);
    program.row_high.assign(moments, problem_.options.eps);
    program.row_low.push_back(1);
    program.row_high.push_back(1);
    EVENHAND_ASSIGN(numeric::Solution solved, numeric::solve(program));
    solved.x.pop_back();
    return std::move(solved.x);
  }

  // The multipliers against which no mixture of the answers found so far is better than the best:
  // the dual of the program above at the costs 1 and B, as a program of its own. Where the primal
  // corner has several prices, those that Clp hands out with it can lead a learner that is not
  // exact astray: on O8 with equalized odds they end at an error of .414 where .379 can be had.
  Result<Vector> prices() const {
    const std::size_t answers = found_.size(), moments = problem_.moments.size();
    numeric::LinearProgram program;
    program.cost.assign(moments, 0);
    program.cost.push_back(-1);
    program.column_low.assign(moments, 0);
    program.column_low.push_back(-kInfinity);
    program.column_high.assign(moments + 1, kInfinity);
    for (std::size_t h = 0; h < answers; ++h) {
      for (std::size_t k = 0; k < moments; ++k) {
        program.entries.push_back({h, k, problem_.options.eps - found_[h].moments[k]});
      }
      program.entries.push_back({h, moments, 1});
      program.row_high.push_back(found_[h].error);
    }
    for (std::size_t k = 0; k < moments; ++k) program.entries.push_back({answers, k, 1});
    program.row_high.push_back(multipliers_max());
    program.row_low.assign(answers + 1, -kInfinity);
    EVENHAND_ASSIGN(numeric::Solution solved, numeric::solve(program));
    solved.x.pop_back();
    return std::move(solved.x);
  }

 private:
  // n times what deciding a row favourably saves, by cell:  -(n / W(c)) dL/ds(c).
  Vector row_weights(const Vector& multipliers) const {
    Vector out(problem_.weight.size());
    for (std::size_t c = 0; c < out.size(); ++c) {
      if (!(problem_.weight[c] > 0)) continue;
      double slope = problem_.error_of_share[c];
      for (std::size_t k = 0; k < multipliers.size(); ++k) {
        slope += multipliers[k] * problem_.moments[k].of_share[c];
      }
      out[c] = -slope * problem_.all / problem_.weight[c];
    }
    return out;
  }

  Result<const Answer*> ask(const Vector& row_weight) {
    const auto known = known_.find(row_weight);
    if (known != known_.end()) return &known->second;
    double sum = 0;
    for (std::size_t c = 0; c < row_weight.size(); ++c) {
      sum += std::abs(row_weight[c]) * problem_.weight[c];
    }
    const std::size_t rows = sample_.labels.size();
    labels_.resize(rows);
    weights_.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      const double own = sample_.weights.empty() ? 1 : sample_.weights[i];
      const double signed_weight = row_weight[cell_of(sample_, i)];
      labels_[i] = signed_weight > 0 ? 1 : 0;
      weights_[i] = sum > 0 ? own * std::abs(signed_weight) * (problem_.all / sum) : own;
    }
    auto said = oracle_(labels_, weights_);
    if (!said) {
      return std::move(said).error().within("fitting call " + std::to_string(known_.size() + 1) +
                                            " of the reductions");
    }
    Answer answer{shares_of(problem_, sample_, said->decisions, threads_), 0, {}, said->model};
    answer.error = error_of(problem_, answer.shares);
    answer.moments = moments_of(problem_, answer.shares);
    return &known_.emplace(row_weight, std::move(answer)).first->second;
  }

  // Where differences are bounded, `over` and `under` of one rate are opposites.
  Vector netted(const Vector& multipliers) const {
    if (problem_.options.ratio != 1) return multipliers;
    Vector out = multipliers;
    for (std::size_t k = 0; k + 1 < out.size(); k += 2) {
      const double both = multipliers[k] - multipliers[k + 1];
      out[k] = std::max(0.0, both);
      out[k + 1] = std::max(0.0, -both);
    }
    return out;
  }

  const ParityProblem& problem_;
  const ReductionsSample& sample_;
  const Oracle& oracle_;
  unsigned threads_;
  std::vector<Answer> found_;       // each was better than all before to some multipliers
  std::map<Vector, Answer> known_;  // by the weights of the cells
  std::int64_t calls_ = 0;
  std::vector<std::uint8_t> labels_;  // of the question that is asked
  Vector weights_;
};

// --- The players ------------------------------------------------------------------------------

// The multipliers by exponentiated gradient: theta grows where a bound is broken.
class Multipliers {
 public:
  Multipliers(std::size_t moments, double most)
      : theta_(moments), sum_(moments), most_(most), step_(kStepFirst / most) {}

  // B exp(theta) / (1 + sum exp(theta)), without overflow.
  const Vector& next() {
    const double highest = std::max(0.0, *std::max_element(theta_.begin(), theta_.end()));
    double sum = std::exp(-highest);
    Vector powers;
    for (const double each : theta_) {
      powers.push_back(std::exp(each - highest));
      sum += powers.back();
    }
    now_ = std::move(powers);
    for (std::size_t k = 0; k < now_.size(); ++k) {
      now_[k] *= most_ / sum;
      sum_[k] += now_[k];
    }
    ++rounds_;
    return now_;
  }

  Vector mean() const {
    Vector out = sum_;
    for (double& each : out) each /= static_cast<double>(rounds_);
    return out;
  }

  void rise(const Vector& moments, double eps) {
    for (std::size_t k = 0; k < theta_.size(); ++k) theta_[k] += step_ * (moments[k] - eps);
  }

  // Every 1.6-fold number of rounds: if the least gap has not shrunk to .8, shorter steps.
  void check_regret(std::int64_t round, double gap) {
    gap_min_ = std::min(gap_min_, gap);
    if (static_cast<double>(round) < last_check_ * kChecksGrow) return;
    if (gap_min_ > gap_then_ * kRegretShrinks) step_ *= kStepShrinks;
    last_check_ = static_cast<double>(round);
    gap_then_ = gap_min_;
  }

 private:
  Vector theta_, sum_, now_;
  double most_, step_;
  std::int64_t rounds_ = 0;
  double last_check_ = kFirstCheck, gap_min_ = kInfinity, gap_then_ = kInfinity;
};

// Half a standard error of the error rate of the first classifier: less is noise.
double enough(const ParityProblem& problem, const Answer& first) {
  double wrong = 0;
  for (std::size_t c = 0; c < first.shares.size(); ++c) {
    wrong += problem.weight[c] * (c % 2 == 1 ? 1 - first.shares[c] : first.shares[c]);
  }
  const double p = wrong / problem.all, n = problem.rows_effective;
  return std::max(kPrecision, 0.5 * std::sqrt(p * (1 - p) / (n - 1)));
}

// All rounds; the play of the last round among those of the least gap is kept.
struct Played {
  Play best;
  double gap_wanted = 0;
  std::int64_t rounds = 0;
};

Result<Played> play(Game& game, const ParityProblem& problem, const ReductionsOptions& options,
                    const OnProgress& progress) {
  Multipliers multipliers(problem.moments.size(), game.multipliers_max());
  Vector counts;  // how often each answer was the best response
  Play by_program;
  std::size_t answers_then = 0;
  Played out;
  double least = kInfinity;
  for (std::int64_t t = 0; t < options.iterations_max; ++t) {
    if (progress &&
        !progress({"constrained training", Counts::kSteps, static_cast<std::uint64_t>(t),
                   static_cast<std::uint64_t>(options.iterations_max)})) {
      return Error{Code::kInterrupted, "constrained training was interrupted"};
    }
    EVENHAND_ASSIGN(const std::size_t answer, game.best_response(multipliers.next()));
    if (t == 0) out.gap_wanted = options.gap_max.value_or(enough(problem, game.found()[0]));
    counts.resize(std::max(counts.size(), answer + 1));
    counts[answer] += 1;
    Vector mixture = counts;
    for (double& each : mixture) each /= static_cast<double>(t + 1);
    EVENHAND_ASSIGN(Play now, game.judged(std::move(mixture), multipliers.mean(), out.gap_wanted));
    multipliers.check_regret(t, now.gap());
    if (t > 0 && answers_then != game.found().size()) {
      answers_then = game.found().size();
      EVENHAND_ASSIGN(Vector best, game.best_mixture(1, game.multipliers_max(), kInfinity));
      EVENHAND_ASSIGN(Vector prices, game.prices());
      EVENHAND_ASSIGN(by_program, game.judged(std::move(best), std::move(prices), out.gap_wanted));
    }
    if (t > 0 && !(now.gap() < by_program.gap())) now = by_program;
    const double gap = now.gap();
    if (gap <= least + kPrecision) out.best = std::move(now);
    least = std::min(least, gap);
    out.rounds = t + 1;
    if (gap <= out.gap_wanted && t >= kIterationsMin) break;
    multipliers.rise(game.found()[answer].moments, options.eps);
  }
  return out;
}

// A mixture that lies beyond eps gives way to one of those found that lies nearest, and errs least
// among these.
Result<void> come_nearer(const Game& game, double eps, Play& best) {
  if (game.violation(best.mixture) <= eps + kReachedMax) return {};
  EVENHAND_ASSIGN(const Vector nearest, game.best_mixture(0, 1, kInfinity));
  const double slack = std::max(0.0, game.violation(nearest) - eps);
  EVENHAND_ASSIGN(best.mixture, game.best_mixture(1, 0, slack + kPrecision / 10));
  best.value = game.value(best.mixture, best.multipliers);
  best.high = game.high(best.mixture);
  return {};
}

// --- What is told -----------------------------------------------------------------------------

std::string digits(double x) {
  const double scale = std::pow(10, 4 - std::ceil(std::log10(std::max(std::abs(x), 1e-12))));
  return shortest(std::round(x * scale) / scale);
}

std::string widest(const ReductionsFit& fit, const ReductionsSample& sample) {
  const auto apart = [](const RateOfGroup& each) { return std::abs(each.of_group - each.of_all); };
  const RateOfGroup& worst =
      *std::max_element(fit.rates.begin(), fit.rates.end(),
                        [&](const auto& a, const auto& b) { return apart(a) < apart(b); });
  return "the " + worst.rate + " of " + sample.names[worst.group] + " is " +
         digits(worst.of_group) + ", that of all " + digits(worst.of_all);
}

std::string told(const ReductionsFit& fit, const ReductionsSample& sample,
                 const ReductionsOptions& options) {
  std::string out = fit.reached ? "on these rows every bounded rate lies within eps " +
                                      shortest(options.eps) + " of everybody's"
                                : "eps " + shortest(options.eps) +
                                      " was not reached; the nearest that was found lies " +
                                      digits(fit.violation) + " apart: " + widest(fit, sample);
  if (!fit.converged) {
    out += "; after " + std::to_string(fit.iterations) + " iterations the gap is " +
           digits(fit.gap) + ", and " + digits(fit.gap_wanted) +
           " was wanted: more iterations may lower the error";
  }
  if (fit.error_least > 0) {
    out += "; no mixture within eps errs less than " + digits(fit.error_least) + " (this one " +
           digits(fit.error) + "), as far as each answer of the learner was the best there is";
  }
  return out;
}

Result<void> check(const ReductionsOptions& options) {
  if (options.iterations_max < 1) {
    return Error{Code::kInvalidArgument, "reductions need at least one iteration"};
  }
  if (options.gap_max && !(*options.gap_max >= 0)) {
    return Error{Code::kInvalidArgument, "the gap that is enough must be 0 or more"};
  }
  return {};
}

void add_members(const Game& game, const Vector& mixture, ReductionsFit& out) {
  double sum = 0;
  for (const double share : mixture) sum += share > kShareMin ? share : 0;
  for (std::size_t h = 0; h < mixture.size(); ++h) {
    if (!(mixture[h] > kShareMin)) continue;
    out.members.push_back({mixture[h] / sum, h, game.found()[h].model});
  }
}

}  // namespace

Result<ReductionsFit> fit_reductions(const ReductionsSample& sample,
                                     const ReductionsOptions& options, const Oracle& oracle,
                                     const OnProgress& progress) {
  EVENHAND_TRY(check(options));
  EVENHAND_ASSIGN(const ParityProblem problem, parity_problem(sample, options));
  Game game(problem, sample, oracle, options.threads);
  EVENHAND_ASSIGN(Played played, play(game, problem, options, progress));
  EVENHAND_TRY(come_nearer(game, options.eps, played.best));

  ReductionsFit out;
  add_members(game, played.best.mixture, out);
  Shares shares(problem.weight.size());
  for (const MixtureMember& member : out.members) {
    for (std::size_t c = 0; c < shares.size(); ++c) {
      shares[c] += member.share * game.found()[member.found].shares[c];
    }
  }
  const Vector moments = moments_of(problem, shares);
  out.error = error_of(problem, shares);
  out.violation = *std::max_element(moments.begin(), moments.end());
  out.reached = out.violation <= options.eps + kReachedMax;
  out.gap = played.best.gap();
  out.gap_wanted = played.gap_wanted;
  out.converged = out.gap <= out.gap_wanted;
  out.iterations = played.rounds;
  out.oracle_calls = game.calls();
  out.fits = game.fits();
  out.classifiers = game.found().size();
  out.rates = rates_of(problem, shares);
  out.left_out = problem.left_out;
  out.error_least = std::max(0.0, played.best.low);
  out.says = told(out, sample, options);
  return out;
}

Result<std::unique_ptr<model::Model>> as_model(const ReductionsFit& fit) {
  std::vector<model::Member> members;
  for (const MixtureMember& each : fit.members) members.push_back({each.share, each.model});
  return model::mix(std::move(members));
}

}  // namespace evenhand::train
