// Made-up rows, trained with and without lambda, judged on others.
#include "trap.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <utility>

#include "evenhand/base/random.h"
#include "evenhand/model/design.h"
#include "evenhand/train/gap.h"

namespace trap {

namespace {

using namespace evenhand;

struct People {
  model::Design design;
  std::vector<std::uint8_t> labels;
  std::vector<std::uint32_t> groups;  // 0: A, 1: B
};

double normal(Random& random) {
  const double u = 1 - random.uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * random.uniform());
}

// With a gap: three in four rows are A, whose labels follow the first three features; those of B
// follow the next three, and of these there is less to learn from.
People people(std::size_t rows, bool with_gap, std::uint64_t seed) {
  People out;
  out.design.rows = rows;
  out.design.numbers = 20;
  out.design.columns.assign(20, "x");
  Random random(seed);
  for (std::size_t i = 0; i < rows; ++i) {
    for (int c = 0; c < 20; ++c) out.design.values.push_back(normal(random));
    const double* x = &out.design.values[i * 20];
    const bool b = random.uniform() < (with_gap ? 0.25 : 0.5);
    const double eta = b ? x[3] + x[4] + x[5] : x[0] + x[1] + x[2];
    const double likely = with_gap ? 1 / (1 + std::exp(-3 * eta)) : 0.5;
    out.groups.push_back(b ? 1 : 0);
    out.labels.push_back(random.uniform() < likely ? 1 : 0);
  }
  return out;
}

Fares judge(const model::Model& model, const People& test) {
  std::vector<double> scores(test.design.rows);
  model.score(test.design, scores);
  double wrong[2] = {0, 0}, all[2] = {0, 0};
  for (std::size_t i = 0; i < scores.size(); ++i) {
    all[test.groups[i]] += 1;
    wrong[test.groups[i]] += (scores[i] >= 0.5) != (test.labels[i] == 1) ? 1 : 0;
  }
  return {std::abs(wrong[0] / all[0] - wrong[1] / all[1]),
          1 - (wrong[0] + wrong[1]) / (all[0] + all[1])};
}

bool same(const model::Model& a, const model::Model& b) {
  const auto one = a.tensors(), other = b.tensors();
  for (std::size_t k = 0; k < one.size(); ++k) {
    if (one[k].values != other[k].values) return false;
  }
  return one.size() == other.size();
}

Result<Line> compare(std::string what, bool with_gap, train::Surrogate surrogate, double lambda,
                     std::uint64_t seed) {
  const People rows = people(1000, with_gap, seed), test = people(20'000, with_gap, seed + 1000);
  const train::GapSample sample{rows.design, rows.labels, {}, rows.groups, {"A", "B"}, {}};
  train::GapOptions options;
  options.widths = {50};
  options.outputs = 2;
  options.learning_rate = 0.001;
  options.epochs = 20;
  options.batch = 32;
  options.terms.surrogate = surrogate;
  options.held_out = 0;  // all 1,000 rows are learnt from; those of `test` are judged
  options.seed = seed;
  EVENHAND_ASSIGN(const train::GapFit plain, train::fit_gap(sample, options));
  options.lambda = lambda;
  EVENHAND_ASSIGN(const train::GapFit fair, train::fit_gap(sample, options));
  return Line{std::move(what), judge(*plain.model, test), judge(*fair.model, test),
              same(*plain.model, *fair.model)};
}

}  // namespace

Result<std::vector<Line>> run(double lambda, unsigned long seed) {
  std::vector<Line> out;
  EVENHAND_ASSIGN(Line argmax, compare("counted errors, random rows", false,
                                       train::Surrogate::kArgmax, lambda, seed));
  EVENHAND_ASSIGN(Line soft, compare("surrogate, random rows", false,
                                     train::Surrogate::kCrossEntropy, lambda, seed));
  EVENHAND_ASSIGN(Line gap, compare("surrogate, rows with a gap", true,
                                    train::Surrogate::kCrossEntropy, lambda, seed));
  return std::vector<Line>{std::move(argmax), std::move(soft), std::move(gap)};
}

}  // namespace trap
