// Exact sums of scores.
#include "evenhand/tally/moments.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "evenhand/tally/classes.h"
#include "evenhand/tally/sealed.h"

namespace evenhand::tally {
namespace {

constexpr std::size_t kLabels = 2;
constexpr std::size_t kPlaces = kLabels + 1;
constexpr double kSumMax = 0x1p310;  // of 2^63 weighted squares: 2^(63 + 40 + 200)

Error damaged(const char* what) {
  return {Code::kBadInput, std::string("the bytes are damaged: ") + what};
}

Result<void> check_values(std::span<const double> values) {
  for (const double x : values) {
    if (std::abs(x) > Moments::kMax) {  // NaN is a missing value
      return Error{Code::kBadInput, "a value beyond 2^100 was found; scores lie in [0,1]"};
    }
  }
  return {};
}

// w x^2 without rounding: w x = p + q exactly, and each of them times x.
void add_weighted_square(ExactSum& sum, double w, double x) {
  const double p = w * x;
  const double q = std::fma(w, x, -p);
  sum.add_product(p, x);
  sum.add_product(q, x);
}

}  // namespace

Moments::Moments(Groups groups, Weighting weighting)
    : groups_(std::move(groups)), weighting_(weighting), cells_(0) {
  cells_.resize(1);
}

std::uint32_t Moments::group(const Key& key) { return groups_.find_or_add(key); }

Result<void> Moments::observe(const Rows& rows) {
  check_codes(rows, groups().size(), kLabels);
  EVENHAND_TRY(check_weights(rows.weight, weighting_));
  EVENHAND_TRY(check_values(rows.score));
  const auto frequencies = weighted() ? std::span<const double>() : rows.weight;
  EVENHAND_ASSIGN(const std::int64_t total, rows_of(rows.size, frequencies));
  EVENHAND_TRY(add_rows(rows_, total));
  Rows labels = rows;
  labels.decision = {};
  for_each_row(labels, kLabels, [&](std::size_t row, std::uint64_t cell) {
    const double w = rows.weight.empty() ? 1 : rows.weight[row];
    const std::int64_t n = weighted() ? 1 : static_cast<std::int64_t>(w);
    if (n == 0) return;
    Sums& sums = cells_.at(cell / kPlaces);
    const double x = rows.score.empty() ? NAN : rows.score[row];
    if (std::isnan(x)) {
      sums.n_missing += n;
      return;
    }
    sums.n += n;
    if (weighted()) {
      sums.x.add(x);
      sums.xx.add_product(x, x);
      sums.w.add(w);
      sums.w2.add_product(w, w);
      sums.wx.add_product(w, x);
      add_weighted_square(sums.wxx, w, x);
    } else if (n == 1) {
      sums.x.add(x);
      sums.xx.add_product(x, x);
    } else {  // n copies of the row
      sums.x.add_product(w, x);
      add_weighted_square(sums.xx, w, x);
    }
  });
  return {};
}

Moments::Cell Moments::read(std::uint64_t at, const Sums& sums) const {
  Cell cell;
  cell.group = static_cast<std::uint32_t>(at / kPlaces);
  cell.label = class_code(static_cast<std::size_t>(at % kPlaces), kLabels);
  cell.n = sums.n;
  cell.n_missing = sums.n_missing;
  cell.x = sums.x.round();
  cell.xx = sums.xx.round();
  const auto n = static_cast<double>(sums.n);
  cell.w = weighted() ? sums.w.round() : n;
  cell.w2 = weighted() ? sums.w2.round() : n;
  cell.wx = weighted() ? sums.wx.round() : cell.x;
  cell.wxx = weighted() ? sums.wxx.round() : cell.xx;
  return cell;
}

Moments::Cell Moments::cell(std::size_t group, std::uint8_t label) const {
  EVENHAND_CHECK(group < groups().size());
  const std::uint64_t at = group * kPlaces + class_place(label, kLabels);
  const Sums* found = cells_.find(at);
  return read(at, found == nullptr ? Sums{} : *found);
}

std::vector<Moments::Cell> Moments::cells() const {
  std::vector<Cell> out;
  cells_.for_each([&](std::uint64_t at, const Sums& sums) { out.push_back(read(at, sums)); });
  return out;
}

Result<void> Moments::add_cell(const Cell& cell) {
  const bool exists =
      cell.group < groups().size() && (cell.label < kLabels || cell.label == kMissingClass);
  const auto within = [](double sum) { return std::abs(sum) <= kSumMax; };
  const bool possible = cell.n >= 0 && cell.n_missing >= 0 &&
                        cell.n <= INT64_MAX - cell.n_missing && cell.n + cell.n_missing > 0 &&
                        within(cell.x) && within(cell.xx) && cell.xx >= 0;
  const bool weights_possible = within(cell.w) && within(cell.w2) && within(cell.wx) &&
                                within(cell.wxx) && cell.w >= 0 && cell.w2 >= 0 && cell.wxx >= 0;
  if (!exists || !possible || (weighted() && !weights_possible)) {
    return Error{Code::kBadInput,
                 "a cell of moments names a group or label that the tally has "
                 "not, or has sums that cannot be"};
  }
  EVENHAND_TRY(add_rows(rows_, cell.n + cell.n_missing));
  Sums& sums = cells_.at(cell.group * kPlaces + class_place(cell.label, kLabels));
  sums.n += cell.n;
  sums.n_missing += cell.n_missing;
  sums.x.add(cell.x);
  sums.xx.add(cell.xx);
  if (weighted()) {
    sums.w.add(cell.w);
    sums.w2.add(cell.w2);
    sums.wx.add(cell.wx);
    sums.wxx.add(cell.wxx);
  }
  return {};
}

Result<void> Moments::add(const Moments& other, const Regrouping& how) {
  std::int64_t rows = 0;
  other.cells_.for_each([&](std::uint64_t at, const Sums& from) {
    const bool kept = how.to[static_cast<std::size_t>(at / kPlaces)] != Regrouping::kLeftOut;
    if (kept) rows += from.n + from.n_missing;
  });
  EVENHAND_TRY(add_rows(rows_, rows));
  other.cells_.for_each([&](std::uint64_t at, const Sums& from) {
    const std::uint32_t group = how.to[static_cast<std::size_t>(at / kPlaces)];
    if (group == Regrouping::kLeftOut) return;
    Sums& to = cells_.at(group * kPlaces + at % kPlaces);
    to.n += from.n;
    to.n_missing += from.n_missing;
    for (const auto sum : {&Sums::x, &Sums::xx, &Sums::w, &Sums::w2, &Sums::wx, &Sums::wxx}) {
      (to.*sum).add(from.*sum);
    }
  });
  return {};
}

Result<void> Moments::merge(const Moments& other) {
  EVENHAND_ASSIGN(const Regrouping how,
                  align_axes({other.groups(), {}, other.weighting_}, {groups(), {}, weighting_}));
  if (&other != this) return add(other, how);
  const Moments copy = other;
  return add(copy, how);
}

Result<Moments> Moments::regrouped(const Regrouping& how) const {
  EVENHAND_CHECK(how.to.size() == groups().size());
  Moments out(how.groups, weighting_);
  EVENHAND_TRY(out.add(*this, how));
  return out;
}

Bytes Moments::pack() const {
  const auto sorted = regrouped(tally::canonical(groups()));
  EVENHAND_CHECK(sorted.has_value());
  Writer writer = open_seal(kName);
  writer.u8(static_cast<std::uint8_t>(weighting_));
  tally::pack(sorted->groups(), writer);
  std::size_t count = 0;
  sorted->cells_.for_each([&count](std::uint64_t, const Sums&) { ++count; });
  writer.varint(count);
  std::uint64_t next = 0;
  sorted->cells_.for_each([&](std::uint64_t at, const Sums& sums) {
    writer.varint(at - next);
    next = at + 1;
    writer.varint(static_cast<std::uint64_t>(sums.n));
    writer.varint(static_cast<std::uint64_t>(sums.n_missing));
    sums.x.pack(writer);
    sums.xx.pack(writer);
    if (!weighted()) return;
    for (const auto sum : {&Sums::w, &Sums::w2, &Sums::wx, &Sums::wxx}) (sums.*sum).pack(writer);
  });
  return close_seal(std::move(writer));
}

Result<Moments> Moments::unpack(std::span<const std::byte> bytes) {
  EVENHAND_ASSIGN(ByteReader reader, break_seal(bytes, kName));
  EVENHAND_ASSIGN(const std::uint64_t weighting, reader.varint(1));
  EVENHAND_ASSIGN(Groups groups, unpack_groups(reader));
  Moments out(std::move(groups), static_cast<Weighting>(weighting));
  const std::uint64_t size = out.groups().size() * kPlaces;
  std::vector<ExactSum Sums::*> packed{&Sums::x, &Sums::xx};
  if (out.weighted()) packed.insert(packed.end(), {&Sums::w, &Sums::w2, &Sums::wx, &Sums::wxx});
  EVENHAND_ASSIGN(const std::size_t count, reader.count(3 + packed.size()));
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (next >= size) return damaged("too many cells");
    EVENHAND_ASSIGN(const std::uint64_t gap, reader.varint(size - next - 1));
    next += gap + 1;
    EVENHAND_ASSIGN(const std::uint64_t n, reader.varint(INT64_MAX));
    EVENHAND_ASSIGN(const std::uint64_t n_missing, reader.varint(INT64_MAX - n));
    if (n + n_missing == 0) return damaged("an empty cell");
    EVENHAND_TRY(add_rows(out.rows_, static_cast<std::int64_t>(n + n_missing)));
    Sums& sums = out.cells_.at(next - 1);
    sums.n = static_cast<std::int64_t>(n);
    sums.n_missing = static_cast<std::int64_t>(n_missing);
    for (const auto sum : packed) {
      EVENHAND_ASSIGN(sums.*sum, ExactSum::unpack(reader));
      const bool signed_sum = sum == &Sums::x || sum == &Sums::wx;
      const double value = (sums.*sum).round();
      if (!(std::abs(value) <= kSumMax) || (value < 0 && !signed_sum)) {
        return damaged("an impossible sum");
      }
    }
  }
  EVENHAND_TRY(reader.end());
  return out;
}

}  // namespace evenhand::tally
