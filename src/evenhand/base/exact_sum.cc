// A superaccumulator over the limbs that are in use.
#include "evenhand/base/exact_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

#include "evenhand/base/int128.h"

namespace evenhand {
namespace {

constexpr std::int64_t kLimb = std::int64_t{1} << 32;
constexpr std::int64_t kMask = kLimb - 1;
constexpr int kLowestBit = -1074;  // of the smallest double
// The largest double has its bits in limbs 63 to 65; 2^64 of them add two limbs.
constexpr std::uint64_t kLimbsMax = 68;
// Each addition moves a limb by less than 2^32, and a carried limb is below 2^32: 2^62 in all.
constexpr std::uint32_t kPendingMax = (1U << 30) - 2;

}  // namespace

/// The sum as sign and digits, lowest first, without zeros at either end.
struct ExactSum::Magnitude {
  bool negative = false;
  int first = 0;
  std::vector<std::uint32_t> digits;
  bool operator==(const Magnitude&) const = default;
};

void ExactSum::reach(int low, int high) {
  if (limbs_.empty()) first_ = low;
  if (low < first_) {
    limbs_.insert(limbs_.begin(), static_cast<std::size_t>(first_ - low), 0);
    first_ = low;
  }
  const auto size = static_cast<std::size_t>(high - first_) + 1;
  if (limbs_.size() < size) limbs_.resize(size, 0);
}

void ExactSum::carry() {
  pending_ = 0;
  if (limbs_.empty()) return;
  for (std::size_t i = 0; i + 1 < limbs_.size(); ++i) {
    limbs_[i + 1] += limbs_[i] >> 32;
    limbs_[i] &= kMask;
  }
  // The highest limb bears the sign; it is split only when it is full.
  if (limbs_.back() >= kLimb || limbs_.back() < -kLimb) {
    const std::int64_t high = limbs_.back() >> 32;
    limbs_.back() &= kMask;
    limbs_.push_back(high);
  }
}

void ExactSum::add(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto exponent = static_cast<unsigned>(bits >> 52) & 0x7ffU;
  EVENHAND_CHECK(exponent != 0x7ff);  // finite
  std::uint64_t m = bits & ((std::uint64_t{1} << 52) - 1);
  if (exponent > 0) m |= std::uint64_t{1} << 52;
  if (m == 0) return;
  if (pending_ >= kPendingMax) carry();

  const unsigned place = exponent > 0 ? exponent - 1 : 0;  // of m's lowest bit above 2^-1074
  const int k = static_cast<int>(place >> 5);
  if (limbs_.empty() || k < first_ || k + 2 >= first_ + static_cast<int>(limbs_.size())) {
    reach(k, k + 2);
  }
  const UInt128 shifted = static_cast<UInt128>(m) << (place & 31U);
  const std::int64_t sign = -static_cast<std::int64_t>(bits >> 63);  // 0 or -1
  const auto put = [sign](std::int64_t piece) { return (piece ^ sign) - sign; };
  std::int64_t* limb = limbs_.data() + (k - first_);
  limb[0] += put(static_cast<std::int64_t>(shifted) & kMask);
  limb[1] += put(static_cast<std::int64_t>(shifted >> 32) & kMask);
  limb[2] += put(static_cast<std::int64_t>(shifted >> 64));
  ++pending_;
}

void ExactSum::add_product(double x, double y) {
  const double high = x * y;
  add(high);
  add(std::fma(x, y, -high));  // what rounding took away: a double, unless it underflows
}

void ExactSum::add(const ExactSum& other) {
  if (other.limbs_.empty()) return;
  if (&other == this || other.pending_ >= kPendingMax / 2) {
    ExactSum copy = other;
    copy.carry();
    add(copy);
    return;
  }
  if (pending_ >= kPendingMax - other.pending_ - 1) carry();
  reach(other.first_, other.first_ + static_cast<int>(other.limbs_.size()) - 1);
  const auto shift = static_cast<std::size_t>(other.first_ - first_);
  for (std::size_t i = 0; i < other.limbs_.size(); ++i) limbs_[shift + i] += other.limbs_[i];
  pending_ += other.pending_ + 1;
}

ExactSum::Magnitude ExactSum::magnitude() const {
  ExactSum sum = *this;
  const auto carry_and_trim = [&sum] {
    sum.carry();
    while (!sum.limbs_.empty() && sum.limbs_.back() == 0) sum.limbs_.pop_back();
  };
  Magnitude out;
  carry_and_trim();
  if (!sum.limbs_.empty() && sum.limbs_.back() < 0) {
    out.negative = true;
    for (std::int64_t& limb : sum.limbs_) limb = -limb;
    carry_and_trim();
  }
  const auto low =
      std::find_if(sum.limbs_.begin(), sum.limbs_.end(), [](auto l) { return l != 0; });
  if (low == sum.limbs_.end()) return out;
  out.first = sum.first_ + static_cast<int>(low - sum.limbs_.begin());
  for (auto limb = low; limb != sum.limbs_.end(); ++limb) {
    out.digits.push_back(static_cast<std::uint32_t>(*limb));
  }
  return out;
}

double ExactSum::round() const {
  const Magnitude sum = magnitude();
  if (sum.digits.empty()) return 0;
  const auto bit = [&sum](int at) {
    return at < 0 ? 0U : (sum.digits[static_cast<std::size_t>(at / 32)] >> (at % 32)) & 1U;
  };
  const int bits = 32 * static_cast<int>(sum.digits.size()) - std::countl_zero(sum.digits.back());
  // Keep 53 bits, or fewer where the smallest doubles have fewer (then nothing lies below them).
  const int cut = std::max(bits - 53, std::min(0, -32 * sum.first));
  std::uint64_t m = 0;
  for (int at = bits - 1; at >= cut; --at) m = 2 * m + bit(at);
  bool below = false;
  for (int at = 0; at < cut - 1 && !below; ++at) below = bit(at) != 0;
  if (bit(cut - 1) != 0 && (below || (m & 1U) != 0)) ++m;
  const double size = std::ldexp(static_cast<double>(m), cut + 32 * sum.first + kLowestBit);
  return sum.negative ? -size : size;
}

bool ExactSum::is_zero() const { return magnitude().digits.empty(); }

void ExactSum::pack(Writer& writer) const {
  const Magnitude sum = magnitude();
  writer.varint(2 * sum.digits.size() + (sum.negative ? 1 : 0));
  if (sum.digits.empty()) return;
  writer.varint(static_cast<std::uint64_t>(sum.first));
  for (const std::uint32_t digit : sum.digits) writer.u32(digit);
}

Result<ExactSum> ExactSum::unpack(ByteReader& reader) {
  EVENHAND_ASSIGN(const std::uint64_t head, reader.varint(2 * kLimbsMax + 1));
  const std::uint64_t count = head / 2;
  ExactSum sum;
  if (count == 0) {
    if (head != 0) return Error{Code::kBadInput, "the bytes are damaged: a sum of -0"};
    return sum;
  }
  EVENHAND_ASSIGN(const std::uint64_t first, reader.varint(kLimbsMax - count));
  sum.first_ = static_cast<std::int32_t>(first);
  for (std::uint64_t i = 0; i < count; ++i) {
    EVENHAND_ASSIGN(const std::int64_t digit, reader.u32());
    if (digit == 0 && (i == 0 || i + 1 == count)) {
      return Error{Code::kBadInput, "the bytes are damaged: a sum with zeros at its ends"};
    }
    sum.limbs_.push_back(head % 2 == 0 ? digit : -digit);
  }
  sum.pending_ = 1;
  return sum;
}

bool operator==(const ExactSum& a, const ExactSum& b) { return a.magnitude() == b.magnitude(); }

}  // namespace evenhand
