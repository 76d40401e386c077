// Exact sums against whole-number arithmetic on 2,240 bits, done limb by limb.
#include "evenhand/base/exact_sum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/int128.h"
#include "evenhand/base/random.h"

namespace evenhand {
namespace {

/// The slow twin: a number in units of 2^-1074 as two's complement over 70 limbs.
struct Whole {
  std::array<std::uint32_t, 70> limbs{};

  Whole& operator+=(const Whole& other) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < limbs.size(); ++i) {
      carry += std::uint64_t{limbs[i]} + other.limbs[i];
      limbs[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    return *this;
  }
  Whole operator-() const {
    Whole out, one;
    for (std::size_t i = 0; i < limbs.size(); ++i) out.limbs[i] = ~limbs[i];
    one.limbs[0] = 1;
    return out += one;
  }
  bool negative() const { return limbs.back() >> 31 != 0; }
  Whole absolute() const { return negative() ? -*this : *this; }
  bool operator==(const Whole&) const = default;
};

bool less(const Whole& a, const Whole& b) {  // a < b
  Whole difference = a;
  difference += -b;
  return difference.negative();
}

Whole whole(double x) {
  int exponent = 0;
  const double fraction = std::frexp(std::abs(x), &exponent);  // x = fraction 2^exponent
  auto m = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  int place = exponent - 53 + 1074;
  for (; place < 0; ++place) m >>= 1;  // subnormal: these bits are 0
  Whole out;
  for (int bit = 0; bit < 53; ++bit) {
    const auto at = static_cast<std::size_t>(place + bit);
    out.limbs[at / 32] |= static_cast<std::uint32_t>((m >> bit) & 1U) << (at % 32);
  }
  return std::signbit(x) ? -out : out;
}

/// Whether `rounded` is the double nearest to `exact`, and the even one of two as near.
void expect_nearest(double rounded, const Whole& exact) {
  const auto distance = [&exact](double x) {
    Whole d = whole(x);
    d += -exact;
    return d.absolute();
  };
  for (const double way : {-INFINITY, INFINITY}) {
    const double neighbour = std::nextafter(rounded, way);
    if (std::isinf(neighbour)) continue;
    EXPECT_FALSE(less(distance(neighbour), distance(rounded))) << rounded;
    if (distance(neighbour) == distance(rounded)) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(rounded) & 1U, 0U) << rounded;
    }
  }
}

ExactSum sum_of(const std::vector<double>& values) {
  ExactSum sum;
  for (const double x : values) sum.add(x);
  return sum;
}

Bytes packed(const ExactSum& sum) {
  Writer writer;
  sum.pack(writer);
  return std::move(writer).take();
}

/// Doubles of every size: all patterns of bits but the infinite ones.
double hostile(Random& random) {
  for (;;) {
    const double x = std::bit_cast<double>(random());
    if (std::isfinite(x)) return x;
  }
}

TEST(ExactSum, PublishedExamplesOfPythonsFsum) {  // Python 3 documentation, math.fsum
  EXPECT_EQ(sum_of({.1, .1, .1, .1, .1, .1, .1, .1, .1, .1}).round(), 1.0);
  EXPECT_EQ(sum_of({1, 1e100, 1, -1e100}).round(), 2.0);  // and its recipe's note on cancellation
}

TEST(ExactSum, EqualsWholeNumberArithmeticOnHostileValues) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    ExactSum sum;
    Whole twin;
    for (int i = 0; i < 1 + round % 40; ++i) {
      const double x = std::ldexp(hostile(random), -10);  // so that no sum is beyond all doubles
      sum.add(x);
      twin += whole(x);
    }
    expect_nearest(sum.round(), twin);
  }
}

TEST(ExactSum, RoundsTiesToEvenAndSeesBitsFarBelow) {
  const double one = 1, half_ulp = 0x1p-53, tiny = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(sum_of({one, half_ulp}).round(), one);                  // tie: 1 is even
  EXPECT_EQ(sum_of({one, half_ulp, tiny}).round(), 1 + 0x1p-52);    // just above
  EXPECT_EQ(sum_of({one, half_ulp, -tiny}).round(), one);           // just below
  EXPECT_EQ(sum_of({1 + 0x1p-52, half_ulp}).round(), 1 + 0x1p-51);  // tie: up to the even one
  EXPECT_EQ(sum_of({-one, -half_ulp, -tiny}).round(), -1 - 0x1p-52);
  EXPECT_EQ(sum_of({tiny, tiny, tiny}).round(), 3 * tiny);  // below the normal numbers
}

TEST(ExactSum, SumsBeyondTheLargestDoubleComeBack) {
  const double most = std::numeric_limits<double>::max();
  EXPECT_TRUE(std::isinf(sum_of({most, most}).round()));
  EXPECT_EQ(sum_of({most, most, -most}).round(), most);
  EXPECT_TRUE(sum_of({most, most, -most, -most}).is_zero());
  EXPECT_FALSE(std::signbit(sum_of({-0.0, -1, 1}).round()));
}

TEST(ExactSum, AnyOrderAndAnyPartsGiveTheSameBytes) {
  Random random(2);
  std::vector<double> values;
  for (int i = 0; i < 1'000; ++i) values.push_back(std::ldexp(hostile(random), -20));
  const Bytes whole_bytes = packed(sum_of(values));
  for (int round = 0; round < 20; ++round) {
    for (std::size_t i = values.size() - 1; i > 0; --i)
      std::swap(values[i], values[random() % (i + 1)]);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(random() % values.size());
    ExactSum parts = sum_of({values.begin(), middle});
    parts.add(sum_of({middle, values.end()}));
    EXPECT_EQ(packed(parts), whole_bytes);
  }
}

TEST(ExactSum, ProductsLoseNothing) {
  Random random(3);
  for (int round = 0; round < 1'000; ++round) {
    // Whole numbers below 2^53: their products are exact in 128 bits.
    const auto a = static_cast<double>(random() >> 11), b = static_cast<double>(random() >> 11);
    ExactSum sum;
    sum.add_product(a, b);
    const auto product = static_cast<UInt128>(a) * static_cast<UInt128>(b);
    sum.add(-static_cast<double>(static_cast<std::uint64_t>(product >> 64)) * 0x1p64);
    ExactSum low;  // 64 bits as two doubles
    low.add(static_cast<double>(static_cast<std::uint64_t>(product) >> 32) * 0x1p32);
    low.add(static_cast<double>(static_cast<std::uint64_t>(product) & 0xffffffffU));
    EXPECT_TRUE(sum == low);
  }
}

TEST(ExactSum, CarriesBeforeALimbOverflows) {
  // 2^100 additions of limbs that are all ones, of either sign, by doubling.
  for (const double x : {0x1.fffffffffffffp40, -0x1.fffffffffffffp40}) {
    ExactSum sum;
    sum.add(x);
    for (int i = 0; i < 100; ++i) {
      const ExactSum half = sum;
      sum.add(half);
    }
    EXPECT_EQ(sum.round(), std::ldexp(x, 100));
    sum.add(x);
    sum.add(-std::ldexp(x, 100));
    EXPECT_EQ(sum.round(), x);
  }
}

TEST(ExactSum, CarriesBetweenPartsThatHaveNotCarried) {
  ExactSum part;  // 2^27 additions
  part.add(0x1.fffffffffffffp40);
  for (int i = 0; i < 27; ++i) {
    const ExactSum half = part;
    part.add(half);
  }
  ExactSum sum;
  for (int i = 0; i < 64; ++i) sum.add(part);
  EXPECT_EQ(sum.round(), std::ldexp(0x1.fffffffffffffp40, 33));
}

TEST(ExactSum, AMillionAdditionsKeepEveryBit) {
  ExactSum sum;
  for (int i = 0; i < 1'000'000; ++i) sum.add(0.1);
  ExactSum twice = sum;
  twice.add(twice);
  // 0.1 is 0x1.999999999999ap-4 = 3602879701896397 2^-55.
  EXPECT_EQ(sum.round(), std::ldexp(3602879701896397e6, -55));
  EXPECT_EQ(twice.round(), std::ldexp(7205759403792794e6, -55));
}

TEST(ExactSum, UnpacksWhatItPacked) {
  Random random(4);
  for (int round = 0; round < 200; ++round) {
    ExactSum sum;
    for (int i = 0; i < round % 7; ++i) sum.add(std::ldexp(hostile(random), -10));
    const Bytes bytes = packed(sum);
    ByteReader reader(bytes);
    auto back = ExactSum::unpack(reader);
    ASSERT_TRUE(back.has_value());
    EXPECT_TRUE(*back == sum);
    EXPECT_EQ(packed(*back), bytes);
    back->add(1);  // and goes on
    sum.add(1);
    EXPECT_TRUE(*back == sum);
  }
}

TEST(ExactSum, RefusesASecondFormOfTheSameNumber) {
  for (const std::vector<std::uint8_t>& bytes : std::vector<std::vector<std::uint8_t>>{
           {1},                              // -0
           {2, 40, 0, 0, 0, 0},              // a zero limb
           {4, 40, 1, 0, 0, 0, 0, 0, 0, 0},  // a zero limb on top
           {2, 68, 1, 0, 0, 0},              // a place that no sum reaches
           {2, 40, 1, 0},                    // cut short
           {200, 1}}) {                      // more limbs than there are
    const auto raw = std::as_bytes(std::span(bytes));
    ByteReader reader(raw);
    EXPECT_FALSE(ExactSum::unpack(reader).has_value());
  }
}

}  // namespace
}  // namespace evenhand
