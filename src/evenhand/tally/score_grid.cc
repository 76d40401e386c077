// Scores into bins.
#include "evenhand/tally/score_grid.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

#include "evenhand/tally/classes.h"
#include "evenhand/tally/sealed.h"

namespace evenhand::tally {
namespace {

constexpr std::size_t kLabels = 2;
constexpr std::size_t kPlaces = kLabels + 1;
constexpr std::uint64_t kDenseMax = std::uint64_t{1} << 15;  // 1 MB: ten groups of 1,024 bins
constexpr double kUnit = 0x1p32;
constexpr double kSumMax = 0x1p150;

Error damaged(const char* what) {
  return {Code::kBadInput, std::string("the bytes are damaged: ") + what};
}

Result<void> check_scores(std::span<const double> scores) {
  for (const double s : scores) {
    if (s < 0 || s > 1) {  // NaN is a missing score
      return Error{Code::kBadInput, "a score of " + std::to_string(s) +
                                        " was found; scores are probabilities in [0,1]"};
    }
  }
  return {};
}

UInt128 in_units(double score) { return static_cast<UInt128>(std::llrint(score * kUnit)); }

}  // namespace

ScoreGrid::ScoreGrid(Groups groups, Weighting weighting, std::uint32_t bins)
    : groups_(std::move(groups)), weighting_(weighting), bins_(bins), counts_(kDenseMax), sums_(0) {
  EVENHAND_CHECK(std::has_single_bit(bins) && bins >= 2 && bins <= kBinsMax);
  counts_.resize(size());
  sums_.resize(1);
}

std::uint64_t ScoreGrid::size() const { return groups().size() * kPlaces * (bins_ + 1); }

std::uint32_t ScoreGrid::group(const Key& key) {
  const std::uint32_t at = groups_.find_or_add(key);
  counts_.resize(size());
  return at;
}

Result<void> ScoreGrid::observe(const Rows& rows) {
  check_codes(rows, groups().size(), kLabels);
  EVENHAND_TRY(check_weights(rows.weight, weighting_));
  EVENHAND_TRY(check_scores(rows.score));
  const auto frequencies = weighted() ? std::span<const double>() : rows.weight;
  EVENHAND_ASSIGN(const std::int64_t total, rows_of(rows.size, frequencies));
  EVENHAND_TRY(add_rows(rows_, total));
  Rows labels = rows;
  labels.decision = {};
  const auto bins = static_cast<double>(bins_);
  for_each_row(labels, kLabels, [&](std::size_t row, std::uint64_t cell) {
    const double w = rows.weight.empty() ? 1 : rows.weight[row];
    const std::int64_t n = weighted() ? 1 : static_cast<std::int64_t>(w);
    if (n == 0) return;
    const double s = rows.score.empty() ? NAN : rows.score[row];
    const bool has_score = !std::isnan(s);
    const std::uint32_t bin =
        has_score ? std::min(static_cast<std::uint32_t>(s * bins), bins_ - 1) : bins_;
    const std::uint64_t at = cell / kPlaces * (bins_ + 1) + bin;
    Count& count = counts_.at(at);
    count.n += n;
    if (has_score) count.s += static_cast<UInt128>(n) * in_units(s);
    if (!weighted()) return;
    Sums& sums = sums_.at(at);
    sums.w.add(w);
    sums.w2.add_product(w, w);
    if (has_score) sums.ws.add_product(w, s);
  });
  return {};
}

ScoreGrid::Cell ScoreGrid::read(std::uint64_t at, const Count& count) const {
  Cell cell;
  const std::uint64_t place = at / (bins_ + 1);
  cell.group = static_cast<std::uint32_t>(place / kPlaces);
  cell.label = class_code(static_cast<std::size_t>(place % kPlaces), kLabels);
  cell.bin = static_cast<std::uint32_t>(at % (bins_ + 1));
  cell.n = count.n;
  cell.s = static_cast<double>(count.s) / kUnit;
  cell.w = cell.w2 = static_cast<double>(count.n);
  cell.ws = cell.s;
  if (!weighted()) return cell;
  const Sums* found = sums_.find(at);
  cell.w = found == nullptr ? 0 : found->w.round();
  cell.w2 = found == nullptr ? 0 : found->w2.round();
  cell.ws = found == nullptr ? 0 : found->ws.round();
  return cell;
}

ScoreGrid::Cell ScoreGrid::cell(std::size_t group, std::uint8_t label, std::uint32_t bin) const {
  EVENHAND_CHECK(group < groups().size() && bin <= bins_);
  const std::uint64_t at = (group * kPlaces + class_place(label, kLabels)) * (bins_ + 1) + bin;
  const Count* found = counts_.find(at);
  return read(at, found == nullptr ? Count{} : *found);
}

std::int64_t ScoreGrid::n_missing(std::size_t group, std::uint8_t label) const {
  return cell(group, label, bins_).n;
}

std::vector<ScoreGrid::Cell> ScoreGrid::cells() const {
  std::vector<Cell> out;
  counts_.for_each([&](std::uint64_t at, const Count& count) {
    if (count.n > 0) out.push_back(read(at, count));
  });
  return out;
}

Result<void> ScoreGrid::add_cell(const Cell& cell) {
  const bool exists = cell.group < groups().size() && cell.bin <= bins_ &&
                      (cell.label < kLabels || cell.label == kMissingClass);
  if (!exists || !(cell.s >= 0 && cell.s <= static_cast<double>(cell.n)) ||
      (weighted() && !(cell.ws >= 0 && cell.ws <= kSumMax)) ||
      (cell.bin == bins_ && (cell.s > 0 || (weighted() && cell.ws > 0)))) {
    return Error{Code::kBadInput,
                 "a cell of the score grid names a group, label or bin that the "
                 "tally has not, or has a sum of scores that cannot be"};
  }
  EVENHAND_TRY(check_cell(cell.n, cell.w, cell.w2, weighting_));
  EVENHAND_TRY(add_rows(rows_, cell.n));
  const std::uint64_t at =
      (cell.group * kPlaces + class_place(cell.label, kLabels)) * (bins_ + 1) + cell.bin;
  Count& count = counts_.at(at);
  count.n += cell.n;
  count.s += static_cast<UInt128>(std::nearbyint(cell.s * kUnit));
  if (!weighted()) return {};
  Sums& sums = sums_.at(at);
  sums.w.add(cell.w);
  sums.w2.add(cell.w2);
  sums.ws.add(cell.ws);
  return {};
}

Result<void> ScoreGrid::add(const ScoreGrid& other, const Regrouping& how) {
  const std::uint64_t area = kPlaces * (bins_ + 1);
  const auto target = [&](std::uint64_t at) { return how.to[static_cast<std::size_t>(at / area)]; };
  std::int64_t rows = 0;
  other.counts_.for_each([&](std::uint64_t at, const Count& from) {
    if (from.n > 0 && target(at) != Regrouping::kLeftOut) rows += from.n;
  });
  EVENHAND_TRY(add_rows(rows_, rows));
  other.counts_.for_each([&](std::uint64_t at, const Count& from) {
    if (from.n == 0 || target(at) == Regrouping::kLeftOut) return;
    const Count add = from;
    Count& to = counts_.at(target(at) * area + at % area);
    to.n += add.n;
    to.s += add.s;
  });
  other.sums_.for_each([&](std::uint64_t at, const Sums& from) {
    if (target(at) == Regrouping::kLeftOut) return;
    Sums& to = sums_.at(target(at) * area + at % area);
    for (const auto sum : {&Sums::w, &Sums::w2, &Sums::ws}) (to.*sum).add(from.*sum);
  });
  return {};
}

Result<void> ScoreGrid::merge(const ScoreGrid& other) {
  if (bins_ != other.bins_) {
    return Error{Code::kAxesDiffer, "one score grid has " + std::to_string(bins_) +
                                        " bins and the other " + std::to_string(other.bins_) +
                                        "; count both on the same grid"};
  }
  EVENHAND_ASSIGN(const Regrouping how,
                  align_axes({other.groups(), {}, other.weighting_}, {groups(), {}, weighting_}));
  return add(other, how);
}

Result<ScoreGrid> ScoreGrid::regrouped(const Regrouping& how) const {
  EVENHAND_CHECK(how.to.size() == groups().size());
  ScoreGrid out(how.groups, weighting_, bins_);
  EVENHAND_TRY(out.add(*this, how));
  return out;
}

Bytes ScoreGrid::pack() const {
  const auto sorted = regrouped(tally::canonical(groups()));
  EVENHAND_CHECK(sorted.has_value());
  Writer writer = open_seal(kName);
  writer.u8(static_cast<std::uint8_t>(weighting_));
  writer.varint(bins_);
  tally::pack(sorted->groups(), writer);
  std::size_t filled = 0;
  sorted->counts_.for_each([&](std::uint64_t, const Count& count) { filled += count.n > 0; });
  writer.varint(filled);
  std::uint64_t next = 0;
  sorted->counts_.for_each([&](std::uint64_t at, const Count& count) {
    if (count.n == 0) return;
    writer.varint(at - next);
    next = at + 1;
    writer.varint(static_cast<std::uint64_t>(count.n));
    writer.varint(static_cast<std::uint64_t>(count.s));
    writer.varint(static_cast<std::uint64_t>(count.s >> 64));
    if (!weighted()) return;
    const Sums* found = sorted->sums_.find(at);
    const Sums sums = found == nullptr ? Sums{} : *found;
    for (const auto sum : {&Sums::w, &Sums::w2, &Sums::ws}) (sums.*sum).pack(writer);
  });
  return close_seal(std::move(writer));
}

Result<ScoreGrid> ScoreGrid::unpack(std::span<const std::byte> bytes) {
  EVENHAND_ASSIGN(ByteReader reader, break_seal(bytes, kName));
  EVENHAND_ASSIGN(const std::uint64_t weighting, reader.varint(1));
  EVENHAND_ASSIGN(const std::uint64_t bins, reader.varint(kBinsMax));
  if (bins < 2 || !std::has_single_bit(bins)) return damaged("an impossible number of bins");
  EVENHAND_ASSIGN(Groups groups, unpack_groups(reader));
  ScoreGrid out(std::move(groups), static_cast<Weighting>(weighting),
                static_cast<std::uint32_t>(bins));
  EVENHAND_ASSIGN(const std::size_t filled, reader.count(out.weighted() ? 7 : 4));
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < filled; ++i) {
    if (next >= out.size()) return damaged("too many bins");
    EVENHAND_ASSIGN(const std::uint64_t gap, reader.varint(out.size() - next - 1));
    const std::uint64_t at = next + gap;
    next = at + 1;
    EVENHAND_ASSIGN(const std::uint64_t n, reader.varint(INT64_MAX));
    EVENHAND_ASSIGN(const std::uint64_t low, reader.varint());
    EVENHAND_ASSIGN(const std::uint64_t high, reader.varint());
    const UInt128 s = (static_cast<UInt128>(high) << 64) | low;
    const bool scored = at % (bins + 1) < bins;
    if (n == 0 || s > (scored ? static_cast<UInt128>(n) << 32 : UInt128{0})) {
      return damaged("an impossible bin");
    }
    EVENHAND_TRY(add_rows(out.rows_, static_cast<std::int64_t>(n)));
    out.counts_.at(at) = {static_cast<std::int64_t>(n), s};
    if (!out.weighted()) continue;
    Sums sums;
    for (const auto sum : {&Sums::w, &Sums::w2, &Sums::ws}) {
      EVENHAND_ASSIGN(sums.*sum, ExactSum::unpack(reader));
      const double value = (sums.*sum).round();
      if (!(value >= 0 && value < kSumMax)) return damaged("an impossible sum of weights");
    }
    out.sums_.at(at) = std::move(sums);
  }
  EVENHAND_TRY(reader.end());
  return out;
}

}  // namespace evenhand::tally
