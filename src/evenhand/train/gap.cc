#include "evenhand/train/gap.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "evenhand/base/bytes.h"
#include "evenhand/base/check.h"
#include "evenhand/base/digest.h"
#include "evenhand/base/field.h"
#include "evenhand/model/linear.h"
#include "evenhand/model/mlp.h"
#include "evenhand/model/network.h"
#include "evenhand/numeric/normal.h"
#include "evenhand/train/gap_checkpoint.h"
#include "evenhand/train/strata.h"

namespace evenhand::train {

namespace {

using model::Network;

constexpr std::size_t kWidthMax = 65'536;
constexpr std::uint64_t kStepsPerWord = 64;  // steps between two calls of the face

// --- At the door ------------------------------------------------------------------------------

Error argument(const std::string& says) { return {Code::kInvalidArgument, says}; }
Error bad(const std::string& says) { return {Code::kBadInput, says}; }

Result<void> check(const GapOptions& o) {
  const auto from0 = [](double x) { return x >= 0 && std::isfinite(x); };
  const auto above0 = [](double x) { return x > 0 && std::isfinite(x); };
  for (const std::size_t width : o.widths) {
    if (width < 1 || width > kWidthMax) return argument("a layer has from 1 to 65,536 units");
  }
  if (o.outputs != 1 && o.outputs != 2) return argument("a network has 1 or 2 output units");
  if (!from0(o.lambda)) return argument("lambda is a number of 0 or more");
  if (o.eps && !(*o.eps >= 0 && *o.eps <= 1)) return argument("eps lies in [0,1]");
  if (!above0(o.dual_rate)) return argument("dual_rate is a number above 0");
  if (!above0(o.terms.tau)) return argument("tau is a number above 0");
  if (!from0(o.terms.smooth)) return argument("smooth is a number of 0 or more");
  if (o.epochs < 1) return argument("training takes one epoch or more");
  if (o.batch < 1) return argument("a batch has one row or more");
  if (!above0(o.learning_rate)) return argument("the learning rate is a number above 0");
  if (!(o.rate_left >= 0 && o.rate_left <= 1)) return argument("rate_left lies in [0,1]");
  if (!from0(o.l2)) return argument("l2 is a number of 0 or more");
  if (!(o.held_out >= 0 && o.held_out <= 0.9)) return argument("held_out lies in [0, 0.9]");
  return {};
}

Result<void> check(const GapSample& sample) {
  const std::size_t rows = sample.design.rows;
  EVENHAND_CHECK(sample.labels.size() == rows);
  EVENHAND_CHECK(sample.weights.empty() || sample.weights.size() == rows);
  EVENHAND_CHECK(sample.groups.empty() || sample.groups.size() == rows);
  EVENHAND_CHECK(sample.unknown.empty() || sample.unknown.size() == sample.names.size());
  if (sample.design.columns.empty()) return bad("no feature is left to learn from");
  if (const std::string* column = model::beyond_float(sample.design)) {
    return bad("the column \"" + *column +
               "\" holds numbers beyond 1e30; scale it before training");
  }
  bool seen[2] = {false, false};
  for (std::size_t i = 0; i < rows; ++i) {
    if (sample.weights.empty() || sample.weights[i] > 0) seen[sample.labels[i] == 1 ? 1 : 0] = true;
  }
  if (!seen[0] && !seen[1]) return bad("no row with a label and a weight is there to learn from");
  if (!seen[0] || !seen[1]) {
    return bad(fmt::format("every row has the label {}; a model is learnt from rows of both labels",
                           seen[1] ? "favourable (1)" : "unfavourable (0)"));
  }
  return {};
}

// --- What is trained on -----------------------------------------------------------------------

struct Rows {
  model::Dense<float> x;
  std::vector<double> weights;
};

struct Problem {
  const GapSample& sample;
  const GapOptions& options;
  Strata strata;
  Rows train, watch;
  std::vector<Cell> cells;  // empty: nothing to compare
  std::vector<std::string> notes;
  std::vector<std::size_t> widths;  // of the network
  std::string digest;               // empty without a checkpoint
  bool fair = false;                // a gap is asked for
  bool watched = false;             // and a plain model stands beside it
};

Rows rows_of(const GapSample& sample, std::span<const std::uint32_t> rows) {
  Rows out{model::densify(sample.design, rows), {}};
  for (const std::uint32_t i : rows) {
    out.weights.push_back(sample.weights.empty() ? 1 : sample.weights[i]);
  }
  return out;
}

const char* looked_at(const Cell& cell) {
  return cell.looks_at[0] && cell.looks_at[1] ? ""
         : cell.looks_at[1]                   ? " with label 1"
                                              : " with label 0";
}

// Fills in who takes part; a sentence for each known group that cannot.
void fill(const GapSample& sample, const Strata& strata, Cell& cell,
          std::vector<std::string>& notes) {
  cell.share.assign(sample.names.size(), 0);
  for (const Piece& piece : strata.train) {
    if (piece.group == kNoGroup || !cell.looks_at[piece.label]) continue;
    cell.share[piece.group] += piece.share;
  }
  for (std::uint32_t g = 0; g < sample.names.size(); ++g) {
    if (cell.share[g] > 0) {
      cell.groups.push_back(g);
    } else if (sample.unknown.empty() || !sample.unknown[g]) {
      notes.push_back("group \"" + sample.names[g] + "\" has no training rows" + looked_at(cell) +
                      " and is left out of the gap");
    }
  }
}

std::vector<Cell> cells_over(Over over) {
  Cell cell;
  if (over == Over::kLabel1) cell.looks_at[0] = false;
  if (over == Over::kLabel0) cell.looks_at[1] = false;
  if (over != Over::kBoth) return {cell};
  Cell other = cell;
  cell.looks_at[0] = false;
  other.looks_at[1] = false;
  return {cell, other};
}

// The gaps that can be looked at. One that was asked for and cannot is an error.
Result<void> compare(Problem& problem) {
  const GapSample& sample = problem.sample;
  if (sample.groups.empty()) {
    if (!problem.fair) return {};
    return argument("a gap is between groups, and no groups were given");
  }
  for (Cell& cell : cells_over(problem.options.terms.over)) {
    fill(sample, problem.strata, cell, problem.notes);
    if (cell.groups.size() >= 2) {
      problem.cells.push_back(std::move(cell));
    } else if (problem.fair && problem.options.terms.over != Over::kBoth) {
      return bad(cell.groups.empty()
                     ? fmt::format("a gap needs two groups, and no group has training rows{}",
                                   looked_at(cell))
                     : fmt::format("a gap needs two groups, and only \"{}\" has training rows{}",
                                   sample.names[cell.groups[0]], looked_at(cell)));
    } else {
      problem.notes.push_back(fmt::format("the gap over rows{} is left out: it has {} group",
                                          looked_at(cell), cell.groups.size()));
    }
  }
  if (problem.fair && problem.cells.empty()) {
    return bad("a gap needs two groups, and neither label has rows of two");
  }
  return {};
}

// Whether two runs may share a checkpoint: everything that moves a number.
std::string digest_of(const GapSample& sample, const GapOptions& o) {
  Writer head;
  head.varint(o.widths.size());
  for (const std::size_t width : o.widths) head.u64(width);
  for (const std::uint64_t x :
       {static_cast<std::uint64_t>(o.outputs), o.seed, static_cast<std::uint64_t>(o.epochs),
        static_cast<std::uint64_t>(o.batch)}) {
    head.u64(x);
  }
  for (const double x : {o.lambda, o.eps.value_or(-1), o.dual_rate, o.terms.tau, o.terms.smooth,
                         o.learning_rate, o.rate_left, o.l2, o.held_out}) {
    head.f64(x);
  }
  head.u8(static_cast<std::uint8_t>(o.terms.over));
  head.u8(static_cast<std::uint8_t>(o.terms.surrogate));
  head.u8(o.terms.guard ? 1 : 0);
  for (const std::string& name : sample.names) head.text(name);
  for (const bool unknown : sample.unknown) head.u8(unknown ? 1 : 0);
  for (const std::string& column : sample.design.columns) head.text(column);
  Sha256 sha;
  const auto add = [&](const auto& values) {
    const auto bytes = std::as_bytes(std::span(values));
    sha.update({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  add(head.bytes());
  add(sample.design.values);
  add(sample.design.levels);
  add(sample.labels);
  add(sample.weights);
  add(sample.groups);
  return sha.hex();
}

Result<void> prepare(Problem& problem) {
  const GapSample& sample = problem.sample;
  const GapOptions& o = problem.options;
  EVENHAND_TRY(check(o));
  EVENHAND_TRY(check(sample));
  problem.fair = o.lambda > 0 || o.eps;
  std::vector<std::uint32_t> groups(sample.groups.begin(), sample.groups.end());
  std::size_t unknown = 0;
  for (std::uint32_t& g : groups) {
    EVENHAND_CHECK(g < sample.names.size());
    if (sample.unknown.empty() || !sample.unknown[g]) continue;
    g = kNoGroup;
    ++unknown;
  }
  if (unknown > 0) {
    problem.notes.push_back(
        fmt::format("{} rows of unknown group take part in the loss and not in the gap", unknown));
  }
  const bool watches = o.terms.guard && !groups.empty();
  problem.strata =
      stratify(groups, sample.labels, sample.weights, {watches ? o.held_out : 0, o.batch, o.seed});
  EVENHAND_TRY(compare(problem));
  problem.watched = watches && !problem.strata.watch.empty();
  problem.train = rows_of(sample, problem.strata.train_rows);
  problem.watch = rows_of(sample, problem.strata.watch_rows);
  problem.widths = {sample.design.columns.size()};
  problem.widths.insert(problem.widths.end(), o.widths.begin(), o.widths.end());
  problem.widths.push_back(o.outputs);
  if (!o.checkpoint.empty()) problem.digest = digest_of(sample, o);
  return {};
}

// --- Looking at a whole model -----------------------------------------------------------------

std::vector<double> logits_of(const Problem& problem, const std::vector<float>& parameters,
                              const Rows& rows) {
  std::vector<double> out(rows.x.rows);
  model::logits_of({problem.widths, parameters}, rows.x.values, out);
  return out;
}

std::vector<double> losses(const std::vector<Piece>& pieces, const std::vector<double>& logits) {
  std::vector<double> out(logits.size());
  for (const Piece& piece : pieces) {
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      out[i] = cross_entropy(logits[i], piece.label);
    }
  }
  return out;
}

double mean(const std::vector<double>& values, const std::vector<double>& weights) {
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += weights[i] * values[i];
    all += weights[i];
  }
  return sum / all;
}

// --- Training ---------------------------------------------------------------------------------

// Whom a training tells how far it is: the steps of a plain one that ran before come first.
struct Teller {
  const OnProgress& progress;
  const char* what;  // "" or "plain model beside it, "
  std::uint64_t before = 0, all = 0;
};

Error interrupted(const Problem& problem, std::size_t epochs) {
  std::string says =
      fmt::format("training was interrupted after {} of {} epochs", epochs, problem.options.epochs);
  if (!problem.options.checkpoint.empty() && epochs > 0) {
    says += "; " + problem.options.checkpoint + " holds them to resume from";
  }
  return {Code::kInterrupted, says};
}

Result<void> tell(const Problem& problem, const Teller& teller, const Training& training,
                  std::uint64_t step) {
  if (!teller.progress) return {};
  const std::size_t done = training.history.size();
  std::string stage =
      fmt::format("{}epoch {} of {}", teller.what,
                  std::min<std::size_t>(done + 1, static_cast<std::size_t>(problem.options.epochs)),
                  problem.options.epochs);
  if (done > 0) {
    stage += fmt::format(", loss {:.3f}", training.history.back().loss);
    const double gap = training.history.back().gap;
    if (!std::isnan(gap)) stage += fmt::format(", gap {:.3f}", gap);
  }
  const std::uint64_t at = teller.before + done * problem.strata.steps + step;
  if (teller.progress({stage, Counts::kSteps, at, teller.all})) return {};
  return interrupted(problem, done);
}

Error not_a_number(const Problem& problem, std::size_t epoch, std::size_t step, double lambda) {
  const GapOptions& o = problem.options;
  double widest = 0;
  std::size_t column = 0;
  for (std::size_t i = 0; i < problem.train.x.values.size(); ++i) {
    const double x = std::abs(static_cast<double>(problem.train.x.values[i]));
    if (x <= widest) continue;
    widest = x;
    column = i % problem.train.x.columns;
  }
  std::string cause = fmt::format("the learning rate {:.3g} is probably too high; try {:.3g}",
                                  o.learning_rate, o.learning_rate / 10);
  if (widest > 1e4) {
    cause = fmt::format("the column \"{}\" reaches {:.3g}; scale it",
                        problem.sample.design.columns[column], widest);
  } else if (lambda > 1000) {
    cause = fmt::format("lambda is {:.3g}; try a smaller one", lambda);
  }
  return bad(fmt::format("the loss of batch {} of {} in epoch {} is not a finite number: {}",
                         step + 1, problem.strata.steps, epoch + 1, cause));
}

// What the steps of an epoch share, so that nothing is allocated in them.
struct Workplace {
  Batch batch;
  std::vector<float> x, by_logit32, gradient;
  std::vector<double> logits, by_logit;
  model::Pass<float> pass;
  GapScratch scratch;
};

void gather(const Problem& problem, Workplace& w) {
  const std::size_t n = problem.train.x.columns;
  w.x.resize(w.batch.rows.size() * n);
  for (std::size_t r = 0; r < w.batch.rows.size(); ++r) {
    std::copy_n(problem.train.x.values.data() + w.batch.rows[r] * n, n, w.x.data() + r * n);
  }
}

// One step; gives what the loss was before it.
StepFacts train_step(const Problem& problem, std::span<const Cell> cells, double rate,
                     Network<float>& net, Training& training, Workplace& w) {
  gather(problem, w);
  const std::size_t rows = w.batch.rows.size();
  forward<float>(net, w.x, rows, w.pass);
  w.logits.assign(w.pass.logits.begin(), w.pass.logits.end());
  w.by_logit.resize(rows);
  const StepFacts facts =
      gap_gradient(problem.options.terms, cells, w.batch.pieces, w.logits, w.batch.coefficients,
                   training.lambda, training.means, w.scratch, w.by_logit);
  w.by_logit32.assign(w.by_logit.begin(), w.by_logit.end());
  w.gradient.resize(net.parameters.size());
  backward<float>(net, w.x, rows, w.by_logit32, w.pass, w.gradient);
  const double decay = problem.options.l2 / problem.strata.weight;
  if (decay > 0) add_decay<float>(net, static_cast<float>(decay), w.gradient);
  adam_step<float>(w.gradient, rate, training.adam, net.parameters);
  return facts;
}

// Whether this epoch's model is to be kept rather than that of an earlier one.
bool better(const GapOptions& o, const GapEpoch& now, const GapEpoch& kept) {
  if (!o.eps) return true;
  const bool met = now.gap <= *o.eps, was_met = kept.gap <= *o.eps;
  if (met != was_met) return met;
  return met ? now.loss < kept.loss : now.gap < kept.gap;
}

double gap_of(const Problem& problem, const std::vector<Piece>& pieces, const Rows& rows,
              const std::vector<double>& logits) {
  Counted counted;
  count(problem.options.terms.over, problem.cells, pieces, logits, rows.weights, counted);
  return widest_gap(problem.cells, counted);
}

// Takes `now`, what the epoch's batches met, into the history; where it decides something, as the
// model is after the epoch.
Result<void> end_epoch(const Problem& problem, GapEpoch now, Training& training) {
  const GapOptions& o = problem.options;
  const std::size_t epoch = training.history.size();
  if (o.eps || epoch + 1 == static_cast<std::size_t>(o.epochs)) {
    const auto logits = logits_of(problem, training.parameters, problem.train);
    now.loss = mean(losses(problem.strata.train, logits), problem.train.weights);
    now.gap = gap_of(problem, problem.strata.train, problem.train, logits);
  }
  if (!std::isfinite(now.loss)) {
    return not_a_number(problem, epoch, problem.strata.steps - 1, training.lambda);
  }
  if (training.best_epoch == 0 || better(o, now, training.history[training.best_epoch - 1])) {
    training.best = training.parameters;
    training.best_epoch = epoch + 1;
  }
  training.history.push_back(now);
  return {};
}

Result<void> train_epoch(const Problem& problem, std::span<const Cell> cells, const Teller& teller,
                         Training& training, Workplace& w) {
  const GapOptions& o = problem.options;
  const std::size_t epoch = training.history.size();
  const auto drawn = draw(problem.strata, o.seed, epoch);
  const double all = static_cast<double>(o.epochs) * static_cast<double>(problem.strata.steps);
  Network<float> net{problem.widths, std::move(training.parameters)};
  GapEpoch now;
  now.lambda = training.lambda;
  Counted counted;
  for (std::size_t step = 0; step < problem.strata.steps; ++step) {
    if (step % kStepsPerWord == 0) EVENHAND_TRY(tell(problem, teller, training, step));
    take(problem.strata, drawn, problem.train.weights, step, w.batch);
    const double part = static_cast<double>(training.adam.steps) / all;
    const double rate = o.learning_rate * (1 - (1 - o.rate_left) * part);
    const StepFacts facts = train_step(problem, cells, rate, net, training, w);
    if (!std::isfinite(facts.task) || !std::isfinite(facts.gap)) {
      return not_a_number(problem, epoch, step, training.lambda);
    }
    now.loss += facts.task / static_cast<double>(problem.strata.steps);
    now.surrogate = facts.gap;
    count(o.terms.over, problem.cells, w.batch.pieces, w.logits, w.batch.coefficients, counted);
    training.least_derivative = std::min(training.least_derivative, facts.derivative);
    training.steps_capped += facts.capped ? 1 : 0;
  }
  training.parameters = std::move(net.parameters);
  now.gap = widest_gap(problem.cells, counted);
  return end_epoch(problem, now, training);
}

Training start(const Problem& problem, double lambda) {
  Training out;
  out.parameters = model::initial_network<float>(problem.widths, problem.options.seed).parameters;
  out.lambda = lambda;
  return out;
}

// The epochs that are left of trainings.back().
Result<void> train(const Problem& problem, bool fair, const Teller& teller,
                   std::vector<Training>& trainings) {
  const GapOptions& o = problem.options;
  Workplace w;
  Training& training = trainings.back();
  const std::span<const Cell> cells =
      fair ? std::span<const Cell>(problem.cells) : std::span<const Cell>();
  while (training.history.size() < static_cast<std::size_t>(o.epochs)) {
    EVENHAND_TRY(train_epoch(problem, cells, teller, training, w));
    if (fair && o.eps) {
      training.lambda =
          std::max(0.0, training.lambda + o.dual_rate * (training.history.back().gap - *o.eps));
    }
    if (o.checkpoint.empty()) continue;
    EVENHAND_TRY(write_checkpoint(o.checkpoint, problem.digest, trainings));
  }
  return {};
}

// Whether what a checkpoint holds is of this problem; its digest says so, unless somebody made it.
bool fits(const Problem& problem, const std::vector<Training>& trainings, bool two) {
  if (trainings.empty() || trainings.size() > (two ? 2U : 1U)) return false;
  const std::size_t n = model::parameters_of(problem.widths);
  const std::size_t means = problem.cells.size() * problem.sample.names.size();
  const auto epochs = static_cast<std::size_t>(problem.options.epochs);
  return std::all_of(trainings.begin(), trainings.end(), [&](const Training& t) {
    return t.parameters.size() == n && t.best.size() == n && t.adam.first.size() == n &&
           t.adam.second.size() == n && (t.means.sums.empty() || t.means.sums.size() == means) &&
           !t.history.empty() && t.history.size() <= epochs && t.best_epoch >= 1 &&
           t.best_epoch <= t.history.size();
  });
}

// The plain model where one stands beside, then the one that was asked for.
Result<std::vector<Training>> train_all(const Problem& problem, const OnProgress& progress) {
  const GapOptions& o = problem.options;
  std::vector<Training> trainings;
  const bool two = problem.fair && problem.watched;
  if (o.resume && !o.checkpoint.empty()) {
    EVENHAND_ASSIGN(auto kept, read_checkpoint(o.checkpoint, problem.digest));
    if (kept && !fits(problem, *kept, two)) {
      return bad("the checkpoint " + o.checkpoint +
                 " is damaged; delete it to train from the start");
    }
    if (kept) trainings = std::move(*kept);
  }
  const std::uint64_t one = static_cast<std::uint64_t>(o.epochs) * problem.strata.steps;
  if (two) {
    if (trainings.empty()) trainings.push_back(start(problem, 0));
    if (trainings.size() == 1) {
      EVENHAND_TRY(
          train(problem, false, {progress, "plain model beside it, ", 0, 2 * one}, trainings));
    }
  }
  if (trainings.size() == (two ? 1U : 0U)) trainings.push_back(start(problem, o.lambda));
  const Teller teller{progress, "", two ? one : 0, two ? 2 * one : one};
  EVENHAND_TRY(train(problem, problem.fair, teller, trainings));
  EVENHAND_TRY(tell(problem, teller, trainings.back(), 0));
  return trainings;
}

// --- What is handed back ----------------------------------------------------------------------

std::unique_ptr<model::Model> hold(const Problem& problem, const std::vector<float>& parameters,
                                   std::int64_t steps, double deviance) {
  Network<float> net = model::one_logit({problem.widths, parameters});
  if (problem.options.widths.empty()) {
    model::LogisticFit fit;
    fit.coefficients.assign(net.parameters.begin(), net.parameters.end());
    fit.deviance = deviance;
    fit.iterations = steps;
    fit.method = "adam";
    return model::hold_linear(std::move(fit));
  }
  return model::hold_mlp({std::move(net), "adam", steps, deviance});
}

GroupWatch watch_group(const Problem& problem, std::uint32_t group,
                       const std::vector<double>& plain, const std::vector<double>& fair,
                       double noise) {
  GroupWatch out;
  out.name = problem.sample.names[group];
  double all = 0, squares = 0;
  const auto each = [&](const auto& visit) {
    for (const Piece& piece : problem.strata.watch) {
      if (piece.group != group) continue;
      for (std::size_t i = piece.begin; i < piece.end; ++i) visit(i, problem.watch.weights[i]);
    }
  };
  each([&](std::size_t i, double w) {
    ++out.rows;
    all += w;
    out.plain_loss += w * plain[i];
    out.fair_loss += w * fair[i];
    out.worse += w * (fair[i] - plain[i]);
  });
  if (out.rows == 0) return out;
  for (double* x : {&out.plain_loss, &out.fair_loss, &out.worse}) *x /= all;
  each([&](std::size_t i, double w) {
    const double off = w * (fair[i] - plain[i] - out.worse);
    squares += off * off;
  });
  if (out.rows < 2) return out;
  const auto n = static_cast<double>(out.rows);
  out.standard_error = std::sqrt(squares * n / (n - 1)) / all;
  constexpr std::uint64_t kRowsMin = 30;  // of fewer the standard error says nothing
  out.levelled_down = out.rows >= kRowsMin && out.worse > noise * out.standard_error;
  return out;
}

void watch(const Problem& problem, const std::vector<float>& plain, const std::vector<float>& fair,
           GapFit& out) {
  const auto plain_logits = logits_of(problem, plain, problem.watch);
  const auto fair_logits = logits_of(problem, fair, problem.watch);
  const auto gap = [&](const std::vector<double>& logits) -> std::optional<double> {
    const double x = gap_of(problem, problem.strata.watch, problem.watch, logits);
    return std::isnan(x) ? std::optional<double>() : x;
  };
  out.plain_gap = gap(plain_logits);
  out.fair_gap = gap(fair_logits);
  const auto plain_loss = losses(problem.strata.watch, plain_logits);
  const auto fair_loss = losses(problem.strata.watch, fair_logits);
  std::vector<std::uint32_t> groups;
  for (const Piece& piece : problem.strata.watch) {
    if (piece.group != kNoGroup && (groups.empty() || groups.back() != piece.group)) {
      groups.push_back(piece.group);
    }
  }
  const double noise = numeric::normal_quantile(
      1 - 0.05 / static_cast<double>(std::max<std::size_t>(1, groups.size())));
  // Deciding alike costs accuracy in any case; a group is levelled down where that buys it nothing.
  const bool decision = problem.options.terms.over == Over::kDecision;
  const char* const words = decision ? "predicted worse" : "levelled down";
  for (const std::uint32_t g : groups) {
    out.groups.push_back(watch_group(problem, g, plain_loss, fair_loss, noise));
    const GroupWatch& found = out.groups.back();
    if (!found.levelled_down) continue;
    out.notes.push_back(
        fmt::format("group \"{}\" is {}: on {} held-out rows its loss is {:.4f} with the plain "
                    "model and {:.4f} with this one, {:.4f} worse with a standard error of {:.4f}",
                    found.name, words, found.rows, found.plain_loss, found.fair_loss, found.worse,
                    found.standard_error));
  }
}

GapFit hand_back(Problem& problem, std::vector<Training>& trainings) {
  const GapOptions& o = problem.options;
  Training& last = trainings.back();
  GapFit out;
  out.notes = std::move(problem.notes);
  out.epoch = static_cast<std::int64_t>(last.best_epoch);
  out.loss = last.history[last.best_epoch - 1].loss;
  out.gap = last.history[last.best_epoch - 1].gap;
  out.reached = !o.eps || out.gap <= *o.eps;
  out.least_derivative = last.least_derivative;
  out.steps = last.adam.steps;
  out.steps_capped = last.steps_capped;
  out.rows_trained = problem.strata.train_rows.size();
  out.rows_watched = problem.strata.watch_rows.size();
  out.model = hold(problem, last.best, static_cast<std::int64_t>(last.adam.steps),
                   2 * out.loss * problem.strata.weight);
  if (!out.reached) {
    out.notes.push_back(
        fmt::format("eps {} was not reached: the nearest gap in {} epochs is {:.4f}",
                    shortest(*o.eps), o.epochs, out.gap));
  }
  if (problem.fair && o.terms.surrogate == Surrogate::kArgmax) {
    out.notes.push_back(
        "counted errors have no gradient: lambda moved nothing; ask for another surrogate");
  }
  if (problem.watched) watch(problem, trainings.front().best, last.best, out);
  out.history = std::move(last.history);
  return out;
}

}  // namespace

Result<GapFit> fit_gap(const GapSample& sample, const GapOptions& options,
                       const OnProgress& progress) {
  Problem problem{sample, options, {}, {}, {}, {}, {}, {}, {}, false, false};
  EVENHAND_TRY(prepare(problem));
  EVENHAND_ASSIGN(std::vector<Training> trainings, train_all(problem, progress));
  return hand_back(problem, trainings);
}

}  // namespace evenhand::train
