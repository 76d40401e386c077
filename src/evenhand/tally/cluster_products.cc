// Rows of one cluster meet, are multiplied, and are forgotten.
#include "evenhand/tally/cluster_products.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "evenhand/tally/sealed.h"

namespace evenhand::tally {
namespace {

Error damaged(const char* what) {
  return {Code::kBadInput, std::string("the bytes are damaged: ") + what};
}

UInt128 square(std::int64_t rows) {
  return static_cast<UInt128>(rows) * static_cast<UInt128>(rows);
}

double to_double(UInt128 whole) {  // the compiler rounds to nearest, ties to even
  return static_cast<double>(whole);
}

}  // namespace

ClusterProducts::ClusterProducts(Groups groups, std::vector<std::string> classes,
                                 Weighting weighting)
    : groups_(std::move(groups)),
      classes_(std::move(classes)),
      weighting_(weighting),
      whole_(0),
      weighted_(0) {
  EVENHAND_CHECK(classes_.size() >= 2 && classes_.size() <= kClassesMax);
  whole_.resize(1);
  weighted_.resize(1);
}

std::uint32_t ClusterProducts::area() const {
  return static_cast<std::uint32_t>((classes_.size() + 1) * (classes_.size() + 1));
}

std::uint32_t ClusterProducts::group(const Key& key) {
  const std::uint32_t at = groups_.find_or_add(key);
  EVENHAND_CHECK(at < UINT32_MAX / area());
  return at;
}

Result<void> ClusterProducts::observe(const Rows& rows) {
  check_codes(rows, groups().size(), classes_.size());
  EVENHAND_CHECK(rows.cluster.size() == rows.size);
  EVENHAND_TRY(check_weights(rows.weight, weighting_));
  const bool sampling = weighting_ == Weighting::kSampling;
  const auto frequencies = sampling ? std::span<const double>() : rows.weight;
  EVENHAND_ASSIGN(const std::int64_t total, rows_of(rows.size, frequencies));
  EVENHAND_TRY(add_rows(rows_, total));
  for_each_row(rows, classes_.size(), [&](std::size_t row, std::uint64_t cell) {
    const double w = rows.weight.empty() ? 1 : rows.weight[row];
    const std::int64_t n = sampling ? 1 : static_cast<std::int64_t>(w);
    if (n > 0) waiting_.push_back({rows.cluster[row], static_cast<std::uint32_t>(cell), n, w});
  });
  if (!sampling && waiting_.size() >= press_at_) press_together();
  return {};
}

void ClusterProducts::sort_waiting() {
  const auto less = [](const Waiting& a, const Waiting& b) {
    return std::tie(a.cluster, a.cell) < std::tie(b.cluster, b.cell);
  };
  if (!std::is_sorted(waiting_.begin(), waiting_.end(), less)) {
    std::sort(waiting_.begin(), waiting_.end(), less);
  }
}

// Counts of one cluster and cell become one: memory follows clusters, not rows. Sampling weights
// stay apart, since their sum must not depend on the order of rows.
void ClusterProducts::press_together() {
  sort_waiting();
  std::size_t kept = 0;
  for (const Waiting& next : waiting_) {
    Waiting* last = kept > 0 ? &waiting_[kept - 1] : nullptr;
    if (last != nullptr && last->cluster == next.cluster && last->cell == next.cell) {
      last->n += next.n;
    } else {
      waiting_[kept++] = next;
    }
  }
  waiting_.resize(kept);
  press_at_ = std::max(press_at_, 2 * kept);
}

Result<void> ClusterProducts::close() {
  sort_waiting();
  std::vector<Total> cells;
  for (std::size_t i = 0; i < waiting_.size();) {
    const std::uint32_t cluster = waiting_[i].cluster;
    cells.clear();
    while (i < waiting_.size() && waiting_[i].cluster == cluster) {
      Total total{waiting_[i].cell, waiting_[i].n, waiting_[i].w};
      const std::size_t first = i++;
      while (i < waiting_.size() && waiting_[i].cluster == cluster &&
             waiting_[i].cell == total.cell) {
        total.n += waiting_[i++].n;
      }
      // Several weights: rounded once, so that the order of rows does not matter.
      if (i - first > 1 && weighting_ == Weighting::kSampling) {
        ExactSum w;
        for (std::size_t row = first; row < i; ++row) w.add(waiting_[row].w);
        total.w = w.round();
      }
      cells.push_back(total);
    }
    EVENHAND_TRY(add_cluster(cells));
  }
  waiting_ = {};
  return {};
}

// v_c v_c^T; sum of v_i v_j over clusters is at most (rows)^2 < 2^126, so it fits.
Result<void> ClusterProducts::add_cluster(std::span<const Total> cells) {
  ++clusters_;
  for (std::size_t first = 0; first < cells.size();) {
    const std::uint32_t group = cells[first].cell / area();
    std::uint64_t places = 0;
    for (; first < cells.size() && cells[first].cell / area() == group; ++first) {
      places |= std::uint64_t{1} << (cells[first].cell % area());
    }
    ++patterns_[{group, places}];
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (std::size_t j = i; j < cells.size(); ++j) {
      const Total &a = cells[i], &b = cells[j];
      if (weighting_ == Weighting::kFrequency) {
        const UInt128 product = static_cast<UInt128>(a.n) * static_cast<UInt128>(b.n);
        EVENHAND_TRY(add_sum(a.cell, b.cell, product, {}));
      } else if (a.w > 0 && b.w > 0) {
        const std::uint64_t pair = pair_of(a.cell, b.cell);  // cells ascend
        EVENHAND_TRY(make_room(weighted_.find(pair) == nullptr));
        weighted_.at(pair).add_product(a.w, b.w);
      }
    }
  }
  return {};
}

Result<void> ClusterProducts::make_room(bool fresh) {
  if (fresh && ++products_ > kProductsMax) {
    return Error{Code::kBadInput,
                 "clusters have rows in so many groups that their products do not fit (more than " +
                     std::to_string(kProductsMax) + "); ask for fewer groups at a time"};
  }
  return {};
}

Result<void> ClusterProducts::add_sum(std::uint64_t i, std::uint64_t j, UInt128 whole,
                                      const ExactSum& weighted) {
  const std::uint64_t pair = pair_of(std::min(i, j), std::max(i, j));
  const bool sampling = weighting_ == Weighting::kSampling;
  const bool fresh = sampling ? weighted_.find(pair) == nullptr : whole_.find(pair) == nullptr;
  EVENHAND_TRY(make_room(fresh));
  if (sampling) {
    weighted_.at(pair).add(weighted);
  } else {
    whole_.at(pair) += whole;
  }
  return {};
}

Result<void> ClusterProducts::add_pattern(const Pattern& pattern) {
  return add_rows(patterns_[{pattern.group, pattern.places}], pattern.clusters);
}

// `how` sends no two groups to one place, and every group with rows somewhere.
Result<void> ClusterProducts::add_closed(const ClusterProducts& other, std::int64_t rows,
                                         const Regrouping& how) {
  const auto cell = [&](std::uint64_t at) {
    return std::uint64_t{how.to[static_cast<std::size_t>(at / area())]} * area() + at % area();
  };
  EVENHAND_TRY(add_rows(rows_, rows));
  EVENHAND_TRY(add_rows(clusters_, other.clusters_));
  for (const auto& [at, clusters] : other.patterns_) {
    EVENHAND_TRY(add_pattern({how.to[at.first], at.second, clusters}));
  }
  Result<void> added;
  const auto add = [&](std::uint64_t pair, UInt128 whole, const ExactSum& sum) {
    if (added) added = add_sum(cell(pair >> 32), cell(pair & UINT32_MAX), whole, sum);
  };
  other.whole_.for_each([&](std::uint64_t pair, UInt128 whole) { add(pair, whole, {}); });
  other.weighted_.for_each([&](std::uint64_t pair, const ExactSum& sum) { add(pair, 0, sum); });
  return added;
}

Result<void> ClusterProducts::merge(const ClusterProducts& other) {
  EVENHAND_ASSIGN(const Regrouping how,
                  align_axes({other.groups(), other.classes_, other.weighting_},
                             {groups(), classes_, weighting_}));
  EVENHAND_TRY(close());
  if (other.closed()) return add_closed(other, other.rows_, how);
  ClusterProducts copy = other;
  EVENHAND_TRY(copy.close());
  return add_closed(copy, copy.rows_, how);
}

Result<ClusterProducts> ClusterProducts::regrouped(const Regrouping& how) const {
  EVENHAND_CHECK(how.to.size() == groups().size());
  ClusterProducts out(how.groups, classes_, weighting_);
  std::int64_t closed_rows = rows_;
  std::map<std::uint32_t, std::uint32_t> from;  // new group <- the one old group with closed rows
  for (const auto& [at, clusters] : patterns_) {
    const std::uint32_t to = how.to[at.first];
    if (to == Regrouping::kLeftOut || from.try_emplace(to, at.first).first->second != at.first) {
      return Error{
          Code::kInvalidArgument,
          "clusters that are added up cannot be collapsed or cut; collapse before close()"};
    }
  }
  for (const Waiting& row : waiting_) {
    closed_rows -= row.n;
    const std::uint32_t to = how.to[row.cell / area()];
    if (to == Regrouping::kLeftOut) continue;
    Waiting moved = row;
    moved.cell = to * area() + row.cell % area();
    out.waiting_.push_back(moved);
    out.rows_ += row.n;
  }
  EVENHAND_TRY(out.add_closed(*this, closed_rows, how));
  return out;
}

std::vector<ClusterProducts::Pattern> ClusterProducts::patterns() const {
  EVENHAND_CHECK(closed());
  std::vector<Pattern> out;
  for (const auto& [at, clusters] : patterns_) out.push_back({at.first, at.second, clusters});
  return out;
}

std::vector<ClusterProducts::Product> ClusterProducts::products() const {
  EVENHAND_CHECK(closed());
  std::vector<Product> out;
  out.reserve(products_);
  const auto put = [&out](std::uint64_t pair, double sum) {
    out.push_back({static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair), sum});
  };
  whole_.for_each([&](std::uint64_t pair, UInt128 sum) { put(pair, to_double(sum)); });
  weighted_.for_each([&](std::uint64_t pair, const ExactSum& sum) { put(pair, sum.round()); });
  return out;
}

std::vector<ClusterProducts::Product> ClusterProducts::products_within(std::size_t group) const {
  EVENHAND_CHECK(closed() && group < groups().size());
  std::vector<Product> out;
  const auto low = static_cast<std::uint32_t>(group * area());
  for (std::uint32_t i = 0; i < area(); ++i) {
    for (std::uint32_t j = i; j < area(); ++j) {
      const std::uint64_t pair = pair_of(low + i, low + j);
      if (const UInt128* sum = whole_.find(pair)) out.push_back({i, j, to_double(*sum)});
      if (const ExactSum* sum = weighted_.find(pair)) out.push_back({i, j, sum->round()});
    }
  }
  return out;
}

std::int64_t ClusterProducts::clusters() const {
  EVENHAND_CHECK(closed());
  return clusters_;
}

std::int64_t ClusterProducts::clusters(std::size_t group, std::uint64_t places) const {
  EVENHAND_CHECK(closed() && group < groups().size());
  std::int64_t sum = 0;
  const auto first = static_cast<std::uint32_t>(group);
  for (auto at = patterns_.lower_bound({first, 0}); at != patterns_.end(); ++at) {
    if (at->first.first != first) break;
    if ((at->first.second & places) != 0) sum += at->second;
  }
  return sum;
}

Bytes ClusterProducts::pack() const {
  auto sorted = regrouped(tally::canonical(groups()));
  EVENHAND_CHECK(sorted.has_value() && sorted->close().has_value());
  Writer writer = open_seal(kName);
  pack_classes(classes_, writer);
  writer.u8(static_cast<std::uint8_t>(weighting_));
  tally::pack(sorted->groups(), writer);
  writer.varint(static_cast<std::uint64_t>(rows_));
  writer.varint(static_cast<std::uint64_t>(sorted->clusters_));
  writer.varint(sorted->patterns_.size());
  for (const auto& [at, clusters] : sorted->patterns_) {
    writer.varint(at.first);
    writer.varint(at.second);
    writer.varint(static_cast<std::uint64_t>(clusters));
  }
  writer.varint(sorted->products_);
  const auto pair_to = [&writer](std::uint64_t pair) {
    writer.varint(pair >> 32);
    writer.varint(pair & UINT32_MAX);
  };
  sorted->whole_.for_each([&](std::uint64_t pair, UInt128 sum) {
    pair_to(pair);
    writer.varint(static_cast<std::uint64_t>(sum));
    writer.varint(static_cast<std::uint64_t>(sum >> 64));
  });
  sorted->weighted_.for_each([&](std::uint64_t pair, const ExactSum& sum) {
    pair_to(pair);
    sum.pack(writer);
  });
  return close_seal(std::move(writer));
}

Result<ClusterProducts> ClusterProducts::unpack(std::span<const std::byte> bytes) {
  EVENHAND_ASSIGN(ByteReader reader, break_seal(bytes, kName));
  EVENHAND_ASSIGN(auto classes, unpack_classes(reader, kClassesMax));
  EVENHAND_ASSIGN(const std::uint64_t weighting, reader.varint(1));
  EVENHAND_ASSIGN(Groups groups, unpack_groups(reader));
  ClusterProducts out(std::move(groups), std::move(classes), static_cast<Weighting>(weighting));
  EVENHAND_ASSIGN(const std::uint64_t rows, reader.varint(INT64_MAX));
  EVENHAND_ASSIGN(const std::uint64_t clusters, reader.varint(rows));
  out.rows_ = static_cast<std::int64_t>(rows);
  out.clusters_ = static_cast<std::int64_t>(clusters);
  const std::uint64_t cells = out.groups().size() * out.area();

  EVENHAND_ASSIGN(const std::size_t patterns, reader.count(3));
  std::pair<std::uint32_t, std::uint64_t> last{0, 0};
  for (std::size_t i = 0; i < patterns; ++i) {
    EVENHAND_ASSIGN(const std::uint64_t group, reader.varint());
    EVENHAND_ASSIGN(const std::uint64_t places, reader.varint());
    EVENHAND_ASSIGN(const std::uint64_t n, reader.varint(clusters));
    const std::pair at{static_cast<std::uint32_t>(group), places};
    const bool possible = group < out.groups().size() && places != 0 && n != 0 &&
                          (out.area() == 64 || places >> out.area() == 0);
    if (!possible || !(at > last)) return damaged("an impossible pattern of clusters");
    out.patterns_[at] = static_cast<std::int64_t>(n);
    last = at;
  }

  EVENHAND_ASSIGN(const std::size_t products, reader.count(4));
  std::uint64_t next = 0;  // pairs ascend
  for (std::size_t k = 0; k < products; ++k) {
    EVENHAND_ASSIGN(const std::uint64_t i, reader.varint());
    EVENHAND_ASSIGN(const std::uint64_t j, reader.varint());
    if (i > j || j >= cells || pair_of(i, j) < next) return damaged("products are not in order");
    next = pair_of(i, j) + 1;
    if (out.weighting_ == Weighting::kSampling) {
      EVENHAND_ASSIGN(const ExactSum sum, ExactSum::unpack(reader));
      if (!(sum.round() > 0 && sum.round() < 0x1p210)) return damaged("an impossible product");
      EVENHAND_TRY(out.add_sum(i, j, 0, sum));
    } else {
      EVENHAND_ASSIGN(const std::uint64_t low, reader.varint());
      EVENHAND_ASSIGN(const std::uint64_t high, reader.varint());
      const UInt128 sum = (static_cast<UInt128>(high) << 64) | low;
      if (sum == 0 || sum > square(out.rows_)) return damaged("an impossible product");
      EVENHAND_TRY(out.add_sum(i, j, sum, {}));
    }
  }
  EVENHAND_TRY(reader.end());
  return out;
}

Result<ClusterProducts> ClusterProducts::rebuild(ClusterProducts empty, std::int64_t rows,
                                                 std::int64_t clusters,
                                                 std::span<const Pattern> patterns,
                                                 std::span<const Product> products) {
  EVENHAND_CHECK(empty.closed() && empty.rows_ == 0);
  const auto bad = [](const char* what) { return Error{Code::kBadInput, what}; };
  if (rows < 0 || clusters < 0 || clusters > rows) return bad("an impossible number of clusters");
  empty.rows_ = rows;
  empty.clusters_ = clusters;
  const std::uint32_t area = empty.area();
  for (const Pattern& pattern : patterns) {
    const bool possible = pattern.group < empty.groups().size() && pattern.places != 0 &&
                          pattern.clusters > 0 && pattern.clusters <= clusters &&
                          (area == 64 || pattern.places >> area == 0);
    if (!possible) return bad("an impossible pattern of clusters");
    EVENHAND_TRY(empty.add_pattern(pattern));
  }
  const std::uint64_t cells = empty.groups().size() * area;
  const bool sampling = empty.weighting_ == Weighting::kSampling;
  for (const Product& product : products) {
    const bool possible = product.i < cells && product.j < cells && product.sum > 0 &&
                          product.sum <= (sampling ? 0x1p210 : to_double(square(rows)));
    if (!possible) return bad("an impossible product of clusters");
    ExactSum sum;
    if (sampling) sum.add(product.sum);
    const auto whole = sampling ? UInt128{0} : static_cast<UInt128>(std::round(product.sum));
    EVENHAND_TRY(empty.add_sum(product.i, product.j, whole, sum));
  }
  return empty;
}

}  // namespace evenhand::tally
