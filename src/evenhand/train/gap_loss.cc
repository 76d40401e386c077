#include "evenhand/train/gap_loss.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "evenhand/base/check.h"

namespace evenhand::train {

namespace {

constexpr double kKeep = 0.9;  // of a moving average, per batch: about ten batches are looked at

template <class E, std::size_t N>
Result<E> named(const std::string_view (&names)[N], std::string_view name, const char* what) {
  std::string all;
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<E>(i);
    all += (i == 0 ? "" : i + 1 == N ? " or " : ", ") + std::string(names[i]);
  }
  return Error{Code::kInvalidArgument,
               std::string(what) + " \"" + std::string(name) + "\" is not known; ask for " + all};
}

// s(-m), and log(1 + exp(-m)), without overflow.
struct Margin {
  double wrong, cross_entropy;
};
Margin at_margin(double m) {
  const double e = std::exp(-std::abs(m));
  return {(m >= 0 ? e : 1) / (1 + e), std::log1p(e) + std::max(-m, 0.0)};
}

struct ErrorAt {
  double value, slope;  // slope: -de/dm, >= 0
};
ErrorAt error_at(const GapTerms& terms, double m, bool counted, Margin at) {
  switch (terms.surrogate) {
    case Surrogate::kCrossEntropy:
      return {at.cross_entropy, at.wrong};
    case Surrogate::kSoftError:
      return {at.wrong, at.wrong * (1 - at.wrong)};
    case Surrogate::kSigmoidMargin: {
      const double s = at_margin(m / terms.tau).wrong;
      return {s, s * (1 - s) / terms.tau};
    }
    case Surrogate::kArgmax:
      return {counted ? 1.0 : 0.0, 0};
  }
  return {};
}

// Sums of a piece's rows: coefficients, errors, and how hard task and gap take hold of margins.
struct Sums {
  double all = 0, error = 0, pull = 0, push = 0;
};

struct Rows {
  std::span<const double> logits, coefficients;
};

// Fills scratch and sums, one piece after the other; gives the task loss.
double look(const GapTerms& terms, std::span<const Piece> pieces, const Rows& rows,
            GapScratch& scratch, std::vector<Sums>& sums) {
  const bool decision = terms.over == Over::kDecision;
  double task = 0;
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    const Piece& piece = pieces[p];
    const bool favourable = piece.label == 1;
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      const double z = rows.logits[i], c = rows.coefficients[i];
      const double m = favourable ? z : -z;
      const Margin at = at_margin(m);
      ErrorAt error{};
      if (!decision) {
        error = error_at(terms, m, (z >= 0) != favourable, at);
      } else {
        error = error_at(terms, -z, z >= 0, favourable ? at_margin(-z) : at);
      }
      task += c * at.cross_entropy;
      scratch.wrong[i] = at.wrong;
      scratch.slope[i] = error.slope;
      sums[p].all += c;
      sums[p].error += c * error.value;
      sums[p].pull += c * at.wrong;
      sums[p].push += c * error.slope;
    }
  }
  return task;
}

// Takes this batch into the moving averages.
void follow(std::span<const Cell> cells, std::span<const Piece> pieces,
            const std::vector<Sums>& sums, GapMeans& means) {
  const std::size_t groups = cells[0].share.size();
  if (means.sums.empty()) means.sums.assign(cells.size() * groups, 0);
  const double before = means.weight;
  means.weight = kKeep * before + (1 - kKeep);
  std::vector<double> error(groups), all(groups);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    std::fill(error.begin(), error.end(), 0);
    std::fill(all.begin(), all.end(), 0);
    for (std::size_t p = 0; p < pieces.size(); ++p) {
      if (pieces[p].group == kNoGroup || !cells[k].looks_at[pieces[p].label]) continue;
      error[pieces[p].group] += sums[p].error;
      all[pieces[p].group] += sums[p].all;
    }
    for (const std::uint32_t g : cells[k].groups) {
      double& sum = means.sums[k * groups + g];
      // A group that this batch has no rows of keeps its mean.
      const double now = all[g] > 0 ? error[g] / all[g] : before > 0 ? sum / before : 0;
      sum = kKeep * sum + (1 - kKeep) * now;
    }
  }
}

// The widest gap of means: between whom, in which cell.
struct Widest {
  std::size_t cell = 0;
  std::uint32_t highest = 0, lowest = 0;
  double gap = -1;
};

Widest widest(std::span<const Cell> cells, const std::vector<double>& means) {
  Widest out;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const double* of = means.data() + k * cells[k].share.size();
    std::uint32_t high = cells[k].groups[0], low = high;
    for (const std::uint32_t g : cells[k].groups) {
      if (of[g] > of[high]) high = g;
      if (of[g] < of[low]) low = g;
    }
    if (of[high] - of[low] > out.gap) out = {k, high, low, of[high] - of[low]};
  }
  return out;
}

// The push on a group's rows, lambda s_g / share_g, cut by the guard.
double push_on(const GapTerms& terms, const Cell& cell, std::uint32_t group, double strength,
               std::span<const Piece> pieces, const std::vector<Sums>& sums, StepFacts& facts) {
  const double push = strength / cell.share[group];
  if (terms.over == Over::kDecision) {  // no function of losses: its derivative by them is 0
    facts.derivative = std::min(facts.derivative, cell.share[group]);
    return push;
  }
  double left = 1, keep = 1;
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    if (pieces[p].group != group || !cell.looks_at[pieces[p].label]) continue;
    if (push > 0) continue;  // it makes these rows better
    const double against = std::abs(push) * sums[p].push;
    if (!(against > 0)) continue;
    const double ratio = sums[p].pull / against;  // 0 where the task does not pull at all
    keep = std::min(keep, ratio);
    left = std::min(left, ratio > 0 ? 1 - 1 / ratio : -against);
  }
  facts.derivative = std::min(facts.derivative, cell.share[group] * left);
  if (!terms.guard || keep >= 1) return push;
  facts.capped = true;
  return push * keep;
}

}  // namespace

Result<Over> over_named(std::string_view name) {
  return named<Over>(kOverNames, name, "the gap over");
}
Result<Surrogate> surrogate_named(std::string_view name) {
  return named<Surrogate>(kSurrogateNames, name, "the surrogate");
}
std::string_view name_of(Over over) { return kOverNames[static_cast<std::size_t>(over)]; }
std::string_view name_of(Surrogate surrogate) {
  return kSurrogateNames[static_cast<std::size_t>(surrogate)];
}

StepFacts gap_gradient(const GapTerms& terms, std::span<const Cell> cells,
                       std::span<const Piece> pieces, std::span<const double> logits,
                       std::span<const double> coefficients, double lambda, GapMeans& means,
                       GapScratch& scratch, std::span<double> by_logit) {
  const std::size_t rows = logits.size();
  EVENHAND_CHECK(coefficients.size() == rows && by_logit.size() == rows);
  for (auto* of : {&scratch.wrong, &scratch.slope}) {
    if (of->size() < rows) of->resize(rows);
  }
  std::vector<Sums> sums(pieces.size());
  StepFacts facts;
  facts.task = look(terms, pieces, {logits, coefficients}, scratch, sums);
  std::vector<double> push(pieces.size(), 0);
  if (!cells.empty()) {
    follow(cells, pieces, sums, means);
    std::vector<double> now = means.sums;
    for (double& mean : now) mean /= means.weight;
    const Widest at = widest(cells, now);
    facts.gap = at.gap;
    const double d = terms.smooth;
    const double steep = at.gap > 0 ? at.gap / std::sqrt(at.gap * at.gap + d * d) : 0;
    const Cell& cell = cells[at.cell];
    const double up = push_on(terms, cell, at.highest, lambda * steep, pieces, sums, facts);
    const double down = push_on(terms, cell, at.lowest, -lambda * steep, pieces, sums, facts);
    for (std::size_t p = 0; p < pieces.size(); ++p) {
      if (!cell.looks_at[pieces[p].label] || at.highest == at.lowest) continue;
      if (pieces[p].group == at.highest) push[p] = up;
      if (pieces[p].group == at.lowest) push[p] = down;
    }
  }
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    const double side = pieces[p].label == 1 ? 1 : -1;
    const double lean = terms.over == Over::kDecision ? -1 : side;  // dm/dz of the error's margin
    for (std::size_t i = pieces[p].begin; i < pieces[p].end; ++i) {
      by_logit[i] =
          -coefficients[i] * (side * scratch.wrong[i] + push[p] * lean * scratch.slope[i]);
    }
  }
  return facts;
}

void count(Over over, std::span<const Cell> cells, std::span<const Piece> pieces,
           std::span<const double> logits, std::span<const double> weights, Counted& counted) {
  if (cells.empty()) return;
  const std::size_t groups = cells[0].share.size();
  counted.wrong.resize(cells.size() * groups);
  counted.all.resize(cells.size() * groups);
  for (const Piece& piece : pieces) {
    if (piece.group == kNoGroup) continue;
    double wrong = 0, all = 0;
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      const bool decided = logits[i] >= 0;
      const bool counts = over == Over::kDecision ? decided : decided != (piece.label == 1);
      all += weights[i];
      wrong += counts ? weights[i] : 0;
    }
    for (std::size_t k = 0; k < cells.size(); ++k) {
      if (!cells[k].looks_at[piece.label]) continue;
      counted.wrong[k * groups + piece.group] += wrong;
      counted.all[k * groups + piece.group] += all;
    }
  }
}

double widest_gap(std::span<const Cell> cells, const Counted& counted) {
  double out = std::nan("");
  for (std::size_t k = 0; k < cells.size(); ++k) {
    std::vector<double> rates;
    for (const std::uint32_t g : cells[k].groups) {
      const std::size_t at = k * cells[k].share.size() + g;
      if (counted.all[at] > 0) rates.push_back(counted.wrong[at] / counted.all[at]);
    }
    if (rates.size() < 2) continue;
    const auto [low, high] = std::minmax_element(rates.begin(), rates.end());
    if (!(out >= *high - *low)) out = *high - *low;
  }
  return out;
}

double cross_entropy(double logit, std::uint8_t label) {
  return at_margin(label == 1 ? logit : -logit).cross_entropy;
}

}  // namespace evenhand::train
