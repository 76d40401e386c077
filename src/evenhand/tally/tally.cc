// Weights and numbers of rows, checked at the door of every tally.
#include "evenhand/tally/tally.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "evenhand/base/field.h"
#include "evenhand/base/int128.h"

namespace evenhand::tally {
namespace {

constexpr double kFrequencyMax = 0x1p53;   // beyond it doubles skip whole numbers
constexpr double kSamplingMax = 0x1p40;    // so that sums in fixed point stay exact
constexpr double kSamplingMin = 0x1p-300;  // so that its square does not vanish
constexpr double kSumMax = 0x1p150;        // more than 2^63 squared weights add up to

Error bad_weight(double weight, Weighting weighting) {
  return {
      Code::kBadInput,
      "a weight of " + shortest(weight) + " was found; " +
          (weighting == Weighting::kFrequency
               ? "frequency weights are whole numbers from 0 to 2^53 (are these sampling "
                 "weights?)"
               : "sampling weights are 0, or from 2^-300 to 2^40 (multiply or divide them all by "
                 "one number)")};
}

Error too_many_rows() {
  return {Code::kBadInput, "there are more than 2^63 - 1 rows; check the frequency weights"};
}

}  // namespace

Result<Regrouping> align_axes(const Axes& part, const Axes& whole) {
  const auto differ = [](std::string sentence) {
    return Error{Code::kAxesDiffer, std::move(sentence)};
  };
  if (!std::equal(part.classes.begin(), part.classes.end(), whole.classes.begin(),
                  whole.classes.end())) {
    return differ("the tallies have different classes (" + std::to_string(part.classes.size()) +
                  " and " + std::to_string(whole.classes.size()) +
                  "); name the same ones in the same order");
  }
  if (part.weighting != whole.weighting) {
    return differ("one tally has sampling weights and the other has not; count both alike");
  }
  if (part.groups.size() != whole.groups.size()) {
    return differ("one tally has " + std::to_string(part.groups.size()) + " groups and the other " +
                  std::to_string(whole.groups.size()) + "; align them before merging");
  }
  return align(part.groups, whole.groups);
}

Result<void> check_weights(std::span<const double> weights, Weighting weighting) {
  const bool whole = weighting == Weighting::kFrequency;
  const double most = whole ? kFrequencyMax : kSamplingMax;
  for (const double w : weights) {
    const bool vanishes = w > 0 && w < kSamplingMin;
    if (!(w >= 0 && w <= most) || vanishes || (whole && w != std::trunc(w))) {
      return bad_weight(w, weighting);
    }
  }
  return {};
}

Result<void> check_cell(std::int64_t n, double w, double w2, Weighting weighting) {
  if (n < 1) {
    return Error{Code::kBadInput,
                 "a cell has " + std::to_string(n) + " rows; cells of a tally have at least one"};
  }
  const auto possible = [](double sum) { return sum >= 0 && sum < kSumMax; };
  if (weighting == Weighting::kSampling && !(possible(w) && possible(w2))) {
    return Error{Code::kBadInput,
                 "a cell has a sum of weights that is negative, not finite or too "
                 "large"};
  }
  return {};
}

Result<void> add_rows(std::int64_t& total, std::int64_t more) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(total, more, &sum)) return too_many_rows();
  total = sum;
  return {};
}

Result<std::int64_t> rows_of(std::size_t size, std::span<const double> frequencies) {
  if (frequencies.empty()) return static_cast<std::int64_t>(size);
  Int128 sum = 0;  // at most 2^53 each: no overflow
  for (const double w : frequencies) sum += static_cast<std::int64_t>(w);
  if (sum > INT64_MAX) return too_many_rows();
  return static_cast<std::int64_t>(sum);
}

}  // namespace evenhand::tally
