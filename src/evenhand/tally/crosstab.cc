// Counts of combinations.
#include "evenhand/tally/crosstab.h"

#include <algorithm>
#include <array>
#include <utility>

#include "evenhand/tally/classes.h"
#include "evenhand/tally/sealed.h"

namespace evenhand::tally {
namespace {

constexpr std::uint64_t kDenseMax = ~std::uint64_t{0};  // combinations are listed, so seen

std::vector<std::optional<std::string>> values_of(const Groups& groups, std::size_t axis) {
  std::vector<std::optional<std::string>> values;
  for (const Key& key : groups.keys) values.push_back(key[axis]);
  std::sort(values.begin(), values.end(),
            [](const auto& a, const auto& b) { return before({a}, {b}); });
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace

Crosstab::Crosstab(Groups groups, Weighting weighting)
    : groups_(std::move(groups)), weighting_(weighting), cells_(kDenseMax) {
  cells_.resize(this->groups().size());
}

std::int64_t Crosstab::n(std::size_t group) const {
  EVENHAND_CHECK(group < groups().size());
  return cells_.n(group);
}
double Crosstab::w(std::size_t group) const {
  return weighted() ? cells_.w(group) : static_cast<double>(n(group));
}
double Crosstab::w2(std::size_t group) const {
  return weighted() ? cells_.w2(group) : static_cast<double>(n(group));
}

std::uint32_t Crosstab::group(const Key& key) {
  const std::uint32_t at = groups_.find_or_add(key);
  cells_.resize(groups().size());
  return at;
}

Result<void> Crosstab::observe(const Rows& rows) {
  Rows combinations;  // labels and decisions, whatever their classes, are not read
  combinations.size = rows.size;
  combinations.group = rows.group;
  combinations.weight = rows.weight;
  check_codes(combinations, groups().size(), 2);
  EVENHAND_TRY(check_weights(rows.weight, weighting_));
  const auto frequencies = weighted() ? std::span<const double>() : rows.weight;
  EVENHAND_ASSIGN(const std::int64_t total, rows_of(rows.size, frequencies));
  EVENHAND_TRY(cells_.announce(total));
  for (std::size_t row = 0; row < rows.size; ++row) {
    const std::uint32_t at = rows.group.empty() ? 0 : rows.group[row];
    const double w = rows.weight.empty() ? 1 : rows.weight[row];
    cells_.count(at) += weighted() ? 1 : static_cast<std::int64_t>(w);
    if (!weighted()) continue;
    WeightSums& sums = cells_.sums(at);
    sums.w.add(w);
    sums.w2.add_product(w, w);
  }
  return {};
}

Result<void> Crosstab::merge(const Crosstab& other) {
  EVENHAND_ASSIGN(const Regrouping how,
                  align_axes({other.groups(), {}, other.weighting_}, {groups(), {}, weighting_}));
  return cells_.add(other.cells_, [&](std::uint64_t cell) {
    return std::uint64_t{how.to[static_cast<std::size_t>(cell)]};
  });
}

Result<Crosstab> Crosstab::regrouped(const Regrouping& how) const {
  EVENHAND_CHECK(how.to.size() == groups().size());
  Crosstab out(how.groups, weighting_);
  EVENHAND_TRY(out.cells_.add(cells_, [&](std::uint64_t cell) {
    const std::uint32_t to = how.to[static_cast<std::size_t>(cell)];
    return to == Regrouping::kLeftOut ? Cells::kNowhere : std::uint64_t{to};
  }));
  return out;
}

Bytes Crosstab::pack() const {
  const auto sorted = regrouped(tally::canonical(groups()));
  EVENHAND_CHECK(sorted.has_value());
  Writer writer = open_seal(kName);
  writer.u8(static_cast<std::uint8_t>(weighting_));
  tally::pack(sorted->groups(), writer);
  sorted->cells_.pack(writer, weighted());
  return close_seal(std::move(writer));
}

Result<Crosstab> Crosstab::unpack(std::span<const std::byte> bytes) {
  EVENHAND_ASSIGN(ByteReader reader, break_seal(bytes, kName));
  EVENHAND_ASSIGN(const std::uint64_t weighting, reader.varint(1));
  EVENHAND_ASSIGN(Groups groups, unpack_groups(reader));
  Crosstab out(std::move(groups), static_cast<Weighting>(weighting));
  EVENHAND_TRY(out.cells_.unpack(reader, out.groups().size(), out.weighted()));
  EVENHAND_TRY(reader.end());
  return out;
}

std::vector<Crosstab::Cell> Crosstab::cells() const {
  std::vector<Cell> out;
  for (const std::uint64_t cell : cells_.filled()) {
    const auto at = static_cast<std::uint32_t>(cell);
    out.push_back({at, n(at), w(at), w2(at)});
  }
  return out;
}

Result<void> Crosstab::add_cell(const Cell& cell) {
  if (cell.group >= groups().size()) {
    return Error{Code::kBadInput, "a cell names a combination that the tally has not"};
  }
  EVENHAND_TRY(check_cell(cell.n, cell.w, cell.w2, weighting_));
  EVENHAND_TRY(cells_.announce(cell.n));
  cells_.count(cell.group) += cell.n;
  if (!weighted()) return {};
  cells_.sums(cell.group).w.add(cell.w);
  cells_.sums(cell.group).w2.add(cell.w2);
  return {};
}

Result<Table> table(const Crosstab& counts, const std::string& row, const std::string& column) {
  const std::array<std::string, 2> axes{row, column};
  EVENHAND_ASSIGN(const Crosstab flat, collapse(counts, axes));
  Table out{values_of(flat.groups(), 0), values_of(flat.groups(), 1), {}, {}, {}};
  const std::size_t size = out.rows.size() * out.columns.size();
  out.n.resize(size);
  out.w.resize(size);
  out.w2.resize(size);
  const auto place = [](const auto& values, const auto& value) {
    return static_cast<std::size_t>(std::find(values.begin(), values.end(), value) -
                                    values.begin());
  };
  for (const Crosstab::Cell& cell : flat.cells()) {
    const Key& key = flat.groups().keys[cell.group];
    const std::size_t at =
        place(out.rows, key[0]) * out.columns.size() + place(out.columns, key[1]);
    out.n[at] = cell.n;
    out.w[at] = cell.w;
    out.w2[at] = cell.w2;
  }
  return out;
}

}  // namespace evenhand::tally
