// Sums of doubles without any rounding: whatever the order, the threads and the parts, the sum is
// the same number and the same bytes. It is rounded once, when it is read.
//
// A double is m * 2^e with |m| < 2^53. The sum is kept in limbs of 32 bits,
// sum_k limb(k) * 2^(32 k - 1074), each in 64 bits, so that carries are rare; only the limbs
// between the smallest and the largest bit seen are kept (weights near 1 take four).
// @source  Kulisch & Miranker, SIAM Rev. 28 (1986) 1; Neal 2015, arXiv:1505.05571.
#pragma once

#include <cstdint>
#include <vector>

#include "evenhand/base/bytes.h"
#include "evenhand/base/result.h"

namespace evenhand {

class ExactSum {
 public:
  /// Add a finite number. Cost: some 3 ns.
  void add(double x);
  /// Add x * y without rounding it, as long as its last bit is above 2^-1074 (the product of
  /// numbers above 2^-480 is) and it is finite.
  void add_product(double x, double y);
  void add(const ExactSum& other);

  /// The sum, rounded once to the nearest double (ties to even); never -0. Infinite only if the sum
  /// is beyond the largest double.
  double round() const;
  bool is_zero() const;

  /// The one form of this value: sign, place of the lowest limb, limbs without zeros at the ends.
  void pack(Writer& writer) const;
  /// @error kBadInput for bytes that pack() cannot have written.
  static Result<ExactSum> unpack(ByteReader& reader);

  /// Equal as numbers.
  friend bool operator==(const ExactSum& a, const ExactSum& b);

 private:
  struct Magnitude;
  Magnitude magnitude() const;
  void reach(int low, int high);
  void carry();

  std::vector<std::int64_t> limbs_;
  std::int32_t first_ = 0;     // limbs_[0] is limb(first_)
  std::uint32_t pending_ = 0;  // additions since the last carry
};

}  // namespace evenhand
