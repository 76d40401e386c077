// The pass over the rows.
//
// Each worker counts its own batches into its own tallies; groups get their codes from one list
// that all workers share, under a lock that is taken once for each new group. Counts are whole
// numbers or exact sums, so that the merged tallies do not know who counted what.
#include "evenhand/evaluate/count.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "evenhand/base/parallel.h"
#include "evenhand/evaluate/join.h"
#include "evenhand/evaluate/roles.h"
#include "evenhand/table/cell.h"

namespace evenhand::evaluate {
namespace {

using table::As;
using table::Batch;
using table::Column;

constexpr std::uint32_t kNone = ~std::uint32_t{0};
constexpr std::size_t kTableMax = 1U << 16;  // crossings looked up in an array rather than hashed

/// Which columns are read, and where each role stands among them.
struct Layout {
  std::vector<table::Wanted> wanted;
  std::size_t label = kAbsent, decision = kAbsent, score = kAbsent, weight = kAbsent;
  std::size_t cluster = kAbsent, on = kAbsent;
  std::vector<std::string> attributes;        // of groups and strata, each once
  std::vector<std::size_t> attribute_column;  // where it is read; kAbsent: from the joined table
  std::vector<std::size_t> attribute_joined;
  static constexpr std::size_t kAbsent = ~std::size_t{0};

  std::size_t want(const std::string& name, As as) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].name == name && wanted[i].as == as) return i;
    }
    wanted.push_back({name, as});
    return wanted.size() - 1;
  }
};

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

As kind_of(const Options& o, const std::string& attribute) {
  const auto at = o.groupings.find(attribute);
  return at != o.groupings.end() && !at->second.edges.empty() ? As::kNumber : As::kText;
}

Result<Layout> lay_out(const Options& o, const std::vector<By>& questions,
                       const std::vector<std::string>& own_columns, bool own_known,
                       std::vector<std::string>& from_joined) {
  Layout l;
  if (o.label) l.label = l.want(o.label->column, As::kText);
  if (o.decision) l.decision = l.want(o.decision->column, As::kText);
  if (o.score) l.score = l.want(*o.score, As::kNumber);
  if (o.weight) l.weight = l.want(*o.weight, As::kNumber);
  if (o.cluster) l.cluster = l.want(*o.cluster, As::kText);
  if (o.on) l.on = l.want(*o.on, As::kText);
  const auto add = [&](const std::string& name) {
    if (has(l.attributes, name)) return;
    l.attributes.push_back(name);
    const bool own = !o.join || (own_known && has(own_columns, name));
    l.attribute_column.push_back(own ? l.want(name, kind_of(o, name)) : Layout::kAbsent);
    l.attribute_joined.push_back(own ? Layout::kAbsent : from_joined.size());
    if (!own) from_joined.push_back(name);
  };
  for (const By& by : questions) {
    for (const std::string& name : by) add(name);
  }
  for (const std::string& name : o.strata) add(name);
  return l;
}

/// One question while rows are read.
struct Asking {
  By by;
  std::vector<std::size_t> attributes;  // positions in Layout::attributes: by, then strata
  std::mutex lock;                      // guards the two below
  tally::GrowingGroups groups;
  std::optional<tally::ClusterProducts> clusters;
  tally::Regrouping kept;  // once all is read: those groups that have rows

  Asking(By asked, std::vector<std::size_t> at, const Options& o, tally::Weighting weighting)
      : by(asked),
        attributes(std::move(at)),
        groups(tally::Groups{std::move(asked), o.strata, {}}) {
    if (o.cluster) {
      clusters.emplace(tally::Groups{by, o.strata, {}}, tally::binary_classes(), weighting);
    }
  }
};

/// What one batch leaves of its scored rows.
struct ScoredPiece {
  std::uint64_t ordinal = 0;
  Scored rows;
  std::vector<std::vector<std::uint32_t>> group;  // [question][row]
};

/// One worker's tallies, of every question.
struct Worker {
  std::vector<tally::Confusion> confusion;
  std::vector<tally::ScoreGrid> score_grid;
  std::vector<tally::Moments> score_moments;
  std::vector<ScoredPiece> scored;
  ValuesSeen label, decision;
  std::uint64_t missing_score = 0, unmatched = 0, weightless = 0;
};

/// A batch as codes.
struct Coded {
  std::vector<std::uint8_t> label, decision;
  std::span<const double> score, weight;
  std::vector<std::uint32_t> cluster;
  std::vector<Column> attributes;  // text
};

class Pass {
 public:
  Pass(const Options& options, Layout layout, std::optional<Joined> joined,
       const std::vector<By>& questions, unsigned threads)
      : o_(options), layout_(std::move(layout)), joined_(std::move(joined)), workers_(threads) {
    weighting_ =
        o_.weight_kind == "sampling" ? tally::Weighting::kSampling : tally::Weighting::kFrequency;
    for (const By& by : questions) {
      std::vector<std::size_t> at;
      for (const std::string& name : by) at.push_back(position(name));
      for (const std::string& name : o_.strata) at.push_back(position(name));
      asking_.push_back(std::make_unique<Asking>(by, std::move(at), o_, weighting_));
      for (Worker& w : workers_) {
        const tally::Groups none{by, o_.strata, {}};
        w.confusion.emplace_back(none, tally::binary_classes(), weighting_);
        if (o_.score) {
          w.score_grid.emplace_back(none, weighting_);
          w.score_moments.emplace_back(none, weighting_);
        }
      }
    }
  }

  Result<void> observe(unsigned worker, std::uint64_t ordinal, Batch&& batch) {
    Worker& w = workers_[worker];
    EVENHAND_ASSIGN(Coded coded, code(batch, w));
    std::vector<std::vector<std::uint32_t>> groups;
    for (std::size_t q = 0; q < asking_.size(); ++q) {
      groups.push_back(group_codes(q, batch.rows, coded, w));
      EVENHAND_TRY(tally_batch(q, batch, coded, groups.back(), w));
    }
    if (o_.score) keep_scores(ordinal, coded, std::move(groups), w);
    return {};
  }

  Result<Counted> finish(std::vector<table::InputFacts> facts);

 private:
  std::size_t position(const std::string& name) const {
    const auto& all = layout_.attributes;
    return static_cast<std::size_t>(std::find(all.begin(), all.end(), name) - all.begin());
  }

  Result<void> check_scores(const Batch& batch, std::span<const double> score, Worker& w) const {
    for (std::size_t r = 0; r < score.size(); ++r) {
      if (std::isnan(score[r])) {
        ++w.missing_score;
      } else if (!(score[r] >= 0 && score[r] <= 1)) {
        return Error{Code::kBadInput,
                     place(batch, r) + ": column \"" + *o_.score + "\" holds " +
                         table::spelled(score[r]) +
                         "; a score is a probability from 0 to 1: divide it by its "
                         "largest value, or cut it into a decision beforehand"};
      }
    }
    return {};
  }

  Result<void> check_weights(const Batch& batch, std::span<const double> weight) const {
    const bool whole = weighting_ == tally::Weighting::kFrequency;
    if (tally::check_weights(weight, weighting_)) return {};
    for (std::size_t r = 0; r < weight.size(); ++r) {
      if (tally::check_weights(weight.subspan(r, 1), weighting_)) continue;
      const std::string value = std::isnan(weight[r]) ? "no number" : table::spelled(weight[r]);
      return Error{Code::kBadInput, place(batch, r) + ": column \"" + *o_.weight + "\" holds " +
                                        value + "; a " + o_.weight_kind + " weight is " +
                                        (whole ? "a whole number from 0 to 2^53"
                                               : "0, or a number from 2^-300 to 2^40")};
    }
    return {};
  }

  Result<Coded> code(Batch& batch, Worker& w) {
    Coded c;
    const auto& columns = batch.columns;
    if (layout_.label != Layout::kAbsent) {
      EVENHAND_ASSIGN(c.label,
                      class_codes(*o_.label, "label", batch, columns[layout_.label], w.label));
    }
    if (layout_.score != Layout::kAbsent) {
      c.score = columns[layout_.score].numbers;
      EVENHAND_TRY(check_scores(batch, c.score, w));
    }
    if (layout_.decision != Layout::kAbsent) {
      EVENHAND_ASSIGN(c.decision, class_codes(*o_.decision, "decision", batch,
                                              columns[layout_.decision], w.decision));
    } else if (layout_.score != Layout::kAbsent) {
      const double cut = o_.threshold.value_or(0.5);
      for (double s : c.score) {
        c.decision.push_back(std::isnan(s) ? kMissingClass
                             : s >= cut    ? std::uint8_t{1}
                                           : std::uint8_t{0});
        w.decision.missing += std::isnan(s) ? 1 : 0;
      }
    }
    if (layout_.weight != Layout::kAbsent) {
      c.weight = columns[layout_.weight].numbers;
      EVENHAND_TRY(check_weights(batch, c.weight));
      if (weighting_ == tally::Weighting::kFrequency) {
        w.weightless += static_cast<std::uint64_t>(std::count(c.weight.begin(), c.weight.end(), 0));
      }
    }
    if (layout_.cluster != Layout::kAbsent) {
      EVENHAND_TRY(code_clusters(batch, columns[layout_.cluster], c.cluster));
    }
    EVENHAND_TRY(code_attributes(batch, c, w));
    return c;
  }

  Result<void> code_clusters(const Batch& batch, const Column& column,
                             std::vector<std::uint32_t>& out) {
    std::vector<std::uint32_t> to(column.values.size() + 1, 0);
    {
      const std::scoped_lock hold(cluster_lock_);
      for (std::size_t v = 0; v < column.values.size(); ++v) {
        const auto next = static_cast<std::uint32_t>(cluster_of_.size());
        to[v + 1] = cluster_of_.try_emplace(column.values[v], next).first->second;
      }
    }
    out.reserve(column.codes.size());
    for (std::size_t r = 0; r < column.codes.size(); ++r) {
      if (column.codes[r] == 0) {
        return Error{Code::kBadInput, place(batch, r) + ": column \"" + *o_.cluster +
                                          "\" is empty; each row needs the cluster it belongs to"};
      }
      out.push_back(to[column.codes[r]]);
    }
    return {};
  }

  Result<void> code_attributes(const Batch& batch, Coded& c, Worker& w) const {
    for (std::size_t a = 0; a < layout_.attributes.size(); ++a) {
      Column column;
      if (layout_.attribute_column[a] == Layout::kAbsent) {
        std::uint64_t unmatched = 0;
        column =
            look_up(*joined_, layout_.attribute_joined[a], batch.columns[layout_.on], unmatched);
        if (layout_.attribute_joined[a] == 0) w.unmatched += unmatched;
      } else {
        EVENHAND_ASSIGN(column,
                        table::grouped(batch, layout_.attribute_column[a], layout_.attributes[a],
                                       o_.groupings, o_.read.decimal));
      }
      c.attributes.push_back(std::move(column));
    }
    return {};
  }

  /// The key that a crossing of local codes stands for.
  static tally::Key key_of(const Coded& c, const std::vector<std::size_t>& at,
                           std::uint64_t crossing) {
    tally::Key key(at.size());
    for (std::size_t i = at.size(); i-- > 0;) {
      const Column& column = c.attributes[at[i]];
      const std::uint64_t side = column.values.size() + 1;
      const std::uint64_t code = crossing % side;
      crossing /= side;
      if (code > 0) key[i] = column.values[code - 1];
    }
    return key;
  }

  /// Group of each row. The worker's own tallies learn new groups in the shared order.
  std::vector<std::uint32_t> group_codes(std::size_t q, std::size_t rows, const Coded& c,
                                         Worker& w) {
    Asking& ask = *asking_[q];
    std::vector<std::uint64_t> crossing(rows, 0);
    std::uint64_t sides = 1;
    bool small = true;
    for (std::size_t a : ask.attributes) {
      const Column& column = c.attributes[a];
      const std::uint64_t side = column.values.size() + 1;
      for (std::size_t r = 0; r < rows; ++r) crossing[r] = crossing[r] * side + column.codes[r];
      small = small && sides * side <= kTableMax;
      sides = small ? sides * side : kTableMax;
    }
    const auto find = [&](std::uint64_t x) {
      const std::scoped_lock hold(ask.lock);
      const std::uint32_t group = ask.groups.find_or_add(key_of(c, ask.attributes, x));
      if (ask.clusters) ask.clusters->group(key_of(c, ask.attributes, x));
      return group;
    };
    std::vector<std::uint32_t> out(rows);
    if (small) {
      std::vector<std::uint32_t> code_of(sides, kNone);
      for (std::size_t r = 0; r < rows; ++r) {
        std::uint32_t& code = code_of[crossing[r]];
        if (code == kNone) code = find(crossing[r]);
        out[r] = code;
      }
    } else {
      std::unordered_map<std::uint64_t, std::uint32_t> code_of;
      for (std::size_t r = 0; r < rows; ++r) {
        const auto [at, is_new] = code_of.try_emplace(crossing[r], kNone);
        if (is_new) at->second = find(crossing[r]);
        out[r] = at->second;
      }
    }
    learn_groups(ask, q, w);
    return out;
  }

  void learn_groups(Asking& ask, std::size_t q, Worker& w) const {
    const std::scoped_lock hold(ask.lock);
    const auto& keys = ask.groups.groups().keys;
    for (std::size_t g = w.confusion[q].groups().size(); g < keys.size(); ++g) {
      w.confusion[q].group(keys[g]);
      if (o_.score) {
        w.score_grid[q].group(keys[g]);
        w.score_moments[q].group(keys[g]);
      }
    }
  }

  Result<void> tally_batch(std::size_t q, const Batch& batch, const Coded& c,
                           const std::vector<std::uint32_t>& group, Worker& w) {
    Rows rows;
    rows.size = batch.rows;
    rows.group = group;
    rows.label = c.label;
    rows.decision = c.decision;
    rows.score = c.score;
    rows.weight = c.weight;
    rows.cluster = c.cluster;
    EVENHAND_TRY(w.confusion[q].observe(rows));
    if (o_.score) {
      EVENHAND_TRY(w.score_grid[q].observe(rows));
      EVENHAND_TRY(w.score_moments[q].observe(rows));
    }
    if (o_.cluster) {
      const std::scoped_lock hold(asking_[q]->lock);
      EVENHAND_TRY(asking_[q]->clusters->observe(rows));
    }
    return {};
  }

  void keep_scores(std::uint64_t ordinal, Coded& c, std::vector<std::vector<std::uint32_t>> groups,
                   Worker& w) {
    ScoredPiece piece;
    piece.ordinal = ordinal;
    piece.group.resize(groups.size());
    for (std::size_t r = 0; r < c.score.size(); ++r) {
      if (std::isnan(c.score[r])) continue;
      piece.rows.score.push_back(c.score[r]);
      piece.rows.label.push_back(c.label.empty() ? kMissingClass : c.label[r]);
      if (!c.weight.empty()) piece.rows.weight.push_back(c.weight[r]);
      if (!c.cluster.empty()) piece.rows.cluster.push_back(c.cluster[r]);
      for (std::size_t q = 0; q < groups.size(); ++q) piece.group[q].push_back(groups[q][r]);
    }
    const std::scoped_lock hold(score_lock_);
    scores_ += piece.rows.score.size();
    if (scores_ > kScoresKept) {
      w.scored.clear();  // the grid stands in; what others still hold is dropped at the end
    } else {
      w.scored.push_back(std::move(piece));
    }
  }

  Result<Question> finish_question(std::size_t q);
  void order_scores(Counted& out);

  const Options& o_;
  Layout layout_;
  std::optional<Joined> joined_;
  std::vector<Worker> workers_;
  std::vector<std::unique_ptr<Asking>> asking_;
  tally::Weighting weighting_ = tally::Weighting::kFrequency;
  std::mutex cluster_lock_, score_lock_;
  std::unordered_map<std::string, std::uint32_t> cluster_of_;
  std::uint64_t scores_ = 0;
};

/// All workers' parts of one tally, regrouped.
template <class T, class Get>
Result<T> merged(std::vector<Worker>& workers, const tally::Groups& groups,
                 const tally::Regrouping& how, Get get) {
  std::optional<T> sum;
  for (Worker& w : workers) {
    T& part = get(w);
    for (std::size_t g = part.groups().size(); g < groups.size(); ++g) part.group(groups.keys[g]);
    EVENHAND_ASSIGN(T ordered, part.regrouped(how));
    if (sum) {
      EVENHAND_TRY(sum->merge(ordered));
    } else {
      sum.emplace(std::move(ordered));
    }
  }
  return std::move(*sum);
}

/// Groups in canonical order, without those of no row: a row with a frequency weight of 0 is none,
/// and a group of such rows is as if it had not been in the file.
tally::Regrouping with_rows(const tally::Groups& groups, std::vector<Worker>& workers,
                            std::size_t q) {
  std::vector<bool> counted(groups.size(), false);
  for (const Worker& w : workers) {  // workers learn groups in the shared order
    for (const auto& cell : w.confusion[q].cells()) counted[cell.group] = true;
  }
  tally::Regrouping how = tally::canonical(groups);
  std::vector<tally::Key> keys(groups.size());
  how.groups.keys.swap(keys);
  std::vector<std::uint32_t> from(groups.size());
  for (std::uint32_t g = 0; g < from.size(); ++g) from[how.to[g]] = g;
  how.groups.keys.clear();
  for (std::uint32_t rank = 0; rank < from.size(); ++rank) {
    const bool kept = counted[from[rank]];
    how.to[from[rank]] =
        kept ? static_cast<std::uint32_t>(how.groups.size()) : tally::Regrouping::kLeftOut;
    if (kept) how.groups.keys.push_back(std::move(keys[rank]));
  }
  return how;
}

/// First `a`, then `b` on what came out.
tally::Regrouping then(const tally::Regrouping& a, const tally::Regrouping& b) {
  tally::Regrouping out{b.groups, a.to};
  for (std::uint32_t& to : out.to) {
    if (to != tally::Regrouping::kLeftOut) to = b.to[to];
  }
  return out;
}

Result<Question> Pass::finish_question(std::size_t q) {
  Asking& ask = *asking_[q];
  ask.kept = with_rows(ask.groups.groups(), workers_, q);
  const tally::Groups& groups = ask.groups.groups();
  EVENHAND_ASSIGN(auto confusion, merged<tally::Confusion>(
                                      workers_, groups, ask.kept, [q](Worker & w) -> auto& {
                                        return w.confusion[q];
                                      }));
  Question out{ask.by, std::move(confusion), {}, {}, {}, {}, {}};
  if (o_.score) {
    EVENHAND_ASSIGN(out.score_grid, merged<tally::ScoreGrid>(
                                        workers_, groups, ask.kept, [q](Worker & w) -> auto& {
                                          return w.score_grid[q];
                                        }));
    EVENHAND_ASSIGN(out.score_moments, merged<tally::Moments>(
                                           workers_, groups, ask.kept, [q](Worker & w) -> auto& {
                                             return w.score_moments[q];
                                           }));
  }
  if (ask.clusters) {
    // Closed products cannot be regrouped, so each view of them is made while they are open.
    EVENHAND_ASSIGN(const auto over_strata, tally::collapse(ask.kept.groups, ask.by));
    EVENHAND_ASSIGN(auto all, ask.clusters->regrouped(then(ask.kept, over_strata)));
    EVENHAND_TRY(all.close());
    out.clusters.emplace(std::move(all));
    if (!o_.strata.empty()) {
      for (const tally::Key& stratum : tally::strata_keys(ask.kept.groups)) {
        const tally::Regrouping inside = tally::within(ask.kept.groups, stratum);
        EVENHAND_ASSIGN(auto part, ask.clusters->regrouped(then(ask.kept, inside)));
        EVENHAND_TRY(part.close());
        out.clusters_of_stratum.emplace(stratum, std::move(part));
      }
    }
    ask.clusters.reset();
  }
  return out;
}

template <class T>
void permute(std::vector<T>& values, const std::vector<std::uint32_t>& order) {
  if (values.empty()) return;
  std::vector<T> out;
  out.reserve(values.size());
  for (std::uint32_t i : order) out.push_back(values[i]);
  values = std::move(out);
}

/// Positions by value, equal ones in their order. Scores lie in [0,1], where the bits of a double
/// rise with its value, so a radix sort of 64 bits (four passes of 16) does it; passes in which all
/// values agree are left out. Bound: each pass moves 12 bytes a row; ~1e8 rows/s a pass in cache.
std::vector<std::uint32_t> ascending(const std::vector<double>& scores) {
  constexpr std::size_t kDigits = std::size_t{1} << 16;
  std::vector<std::uint32_t> order(scores.size()), next(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto digit = [&](std::uint32_t i, int shift) {
    // -0.0 equals 0.0 and is made it, so that they are one score.
    return (std::bit_cast<std::uint64_t>(scores[i] + 0.0) >> shift) & (kDigits - 1);
  };
  std::vector<std::uint32_t> start(kDigits + 1);
  for (int shift = 0; shift < 64; shift += 16) {
    std::fill(start.begin(), start.end(), 0U);
    for (std::uint32_t i : order) ++start[digit(i, shift) + 1];
    if (std::find(start.begin(), start.end(), static_cast<std::uint32_t>(order.size())) !=
        start.end())
      continue;
    std::partial_sum(start.begin(), start.end(), start.begin());
    for (std::uint32_t i : order) next[start[digit(i, shift)]++] = i;
    order.swap(next);
  }
  return order;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Equal scores in an order that the file does not choose: sums of weights round the same, and
/// draws meet the same clusters, however the rows are shuffled.
void settle_ties(const Scored& all, std::vector<std::uint32_t>& order) {
  if (all.weight.empty() && all.cluster.empty()) return;  // whole numbers: any order will do
  const auto of = [&](std::uint32_t i) {
    return std::tuple(all.label[i], all.cluster.empty() ? 0U : all.cluster[i],
                      all.weight.empty() ? 0.0 : all.weight[i]);
  };
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && all.score[order[to]] == all.score[order[from]]) ++to;
    std::sort(order.begin() + static_cast<std::ptrdiff_t>(from),
              order.begin() + static_cast<std::ptrdiff_t>(to),
              [&](std::uint32_t a, std::uint32_t b) { return of(a) < of(b); });
    from = to;
  }
}

/// Clusters numbered by their names, not by which came first.
std::vector<std::uint32_t> ranks_of(const std::unordered_map<std::string, std::uint32_t>& code_of) {
  std::vector<std::pair<std::string_view, std::uint32_t>> sorted(code_of.begin(), code_of.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::uint32_t> rank(sorted.size());
  for (std::uint32_t i = 0; i < sorted.size(); ++i) rank[sorted[i].second] = i;
  return rank;
}

/// Pieces in file order, then rows by score.
void Pass::order_scores(Counted& out) {
  std::vector<ScoredPiece> pieces;
  for (Worker& w : workers_) {
    std::move(w.scored.begin(), w.scored.end(), std::back_inserter(pieces));
    w.scored.clear();
  }
  if (scores_ > kScoresKept) return;
  std::sort(pieces.begin(), pieces.end(),
            [](const auto& a, const auto& b) { return a.ordinal < b.ordinal; });
  Scored all;
  std::vector<std::vector<std::uint32_t>> group(asking_.size());
  for (ScoredPiece& piece : pieces) {
    append(all.score, piece.rows.score);
    append(all.label, piece.rows.label);
    append(all.weight, piece.rows.weight);
    append(all.cluster, piece.rows.cluster);
    for (std::size_t q = 0; q < group.size(); ++q) append(group[q], piece.group[q]);
    piece = {};
  }
  if (!all.cluster.empty()) {
    const std::vector<std::uint32_t> rank = ranks_of(cluster_of_);
    for (std::uint32_t& c : all.cluster) c = rank[c];
  }
  std::vector<std::uint32_t> order = ascending(all.score);
  settle_ties(all, order);
  permute(all.score, order);
  permute(all.label, order);
  permute(all.weight, order);
  permute(all.cluster, order);
  for (std::size_t q = 0; q < group.size(); ++q) {
    permute(group[q], order);
    for (std::uint32_t& g : group[q]) g = asking_[q]->kept.to[g];
    out.questions[q].score_group = std::move(group[q]);
  }
  out.scored.emplace(std::move(all));
}

Result<Counted> Pass::finish(std::vector<table::InputFacts> facts) {
  Counted out;
  for (Worker& w : workers_) {
    merge(out.label, w.label);
    merge(out.decision, w.decision);
    out.missing_score += w.missing_score;
    out.unmatched += w.unmatched;
    out.weightless += w.weightless;
  }
  if (o_.label) EVENHAND_TRY(check_favourable(*o_.label, "label", out.label));
  if (o_.decision) EVENHAND_TRY(check_favourable(*o_.decision, "decision", out.decision));
  for (std::size_t q = 0; q < asking_.size(); ++q) {
    EVENHAND_ASSIGN(Question question, finish_question(q));
    out.questions.push_back(std::move(question));
  }
  if (o_.score) order_scores(out);
  if (joined_) facts.push_back(joined_->facts);
  for (const table::InputFacts& f : facts) {
    out.inputs.push_back({f.path, f.rows, f.rows_skipped, f.bytes, f.sha256});
    if (out.first_skipped.empty()) out.first_skipped = f.first_skipped;
  }
  return out;
}

}  // namespace

Result<Counted> count(const Options& options, const std::vector<By>& asked,
                      const KeepGoing& keep_going) {
  std::vector<By> questions{By{}};
  for (const By& by : asked) {
    if (!by.empty()) questions.push_back(by);
  }
  std::vector<std::string> own_columns, from_joined;
  if (options.join) {
    EVENHAND_ASSIGN(const auto reader, table::open(options.files.front(), options.read));
    own_columns = reader->columns();
  }
  EVENHAND_ASSIGN(Layout layout,
                  lay_out(options, questions, own_columns, options.join.has_value(), from_joined));
  std::optional<Joined> joined;
  if (options.join) {
    EVENHAND_ASSIGN(joined, read_joined(*options.join, *options.on, from_joined, options.groupings,
                                        options.read));
  }
  const unsigned threads = threads_wanted(options.threads);
  const std::vector<table::Wanted> wanted = layout.wanted;
  Pass pass(options, std::move(layout), std::move(joined), questions, threads);
  EVENHAND_ASSIGN(auto facts, table::scan(
                                  options.files, options.read, wanted, threads,
                                  [&pass](unsigned worker, std::uint64_t ordinal, Batch&& batch) {
                                    return pass.observe(worker, ordinal, std::move(batch));
                                  },
                                  keep_going));
  return pass.finish(std::move(facts));
}

metric::ScoreRows score_rows(const Scored& scored, const Question& question,
                             const tally::Regrouping& how, bool sampling_weights) {
  metric::ScoreRows out;
  out.weighted = sampling_weights;
  const bool clusters = !scored.cluster.empty();
  out.runs.resize(how.groups.size());
  if (clusters) out.rows.resize(how.groups.size());
  // Counted beforehand: a million runs that grow by doubling would take twice their memory.
  std::vector<std::size_t> distinct(how.groups.size(), 0);
  std::vector<double> last(how.groups.size(), -1);
  for (std::size_t i = 0; i < scored.score.size(); ++i) {
    const bool no_copies = !sampling_weights && !scored.weight.empty() && scored.weight[i] == 0;
    if (no_copies) continue;  // its group may be none
    const std::size_t g = how.to[question.score_group[i]];
    if (g == tally::Regrouping::kLeftOut || last[g] == scored.score[i]) continue;
    last[g] = scored.score[i];
    ++distinct[g];
  }
  for (std::size_t g = 0; g < distinct.size(); ++g) out.runs[g].reserve(distinct[g]);
  for (std::size_t i = 0; i < scored.score.size(); ++i) {
    const double weight = scored.weight.empty() ? 1 : scored.weight[i];
    // Frequency weights are that many rows.
    const auto n = sampling_weights ? std::int64_t{1} : static_cast<std::int64_t>(weight);
    if (n == 0) continue;  // its group may be none
    const std::size_t g = how.to[question.score_group[i]];
    if (g == tally::Regrouping::kLeftOut) continue;
    auto& runs = out.runs[g];
    if (runs.empty() || runs.back().score != scored.score[i]) {
      runs.emplace_back();
      runs.back().score = scored.score[i];
    }
    metric::ScoreRun& run = runs.back();
    const double w = sampling_weights ? weight : static_cast<double>(n);
    const double ww = sampling_weights ? weight * weight : static_cast<double>(n);
    if (scored.label[i] == 0) {
      run.n0 += n, run.w0 += w, run.ww0 += ww;
    } else if (scored.label[i] == 1) {
      run.n1 += n, run.w1 += w, run.ww1 += ww;
    } else {
      run.n_missing += n, run.w_missing += w, run.ww_missing += ww;
    }
    if (clusters)
      out.rows[g].push_back({scored.score[i], weight, scored.cluster[i], scored.label[i]});
  }
  return out;
}

metric::ScoreRows score_rows_of_grid(const tally::ScoreGrid& grid, const tally::Regrouping& how) {
  metric::ScoreRows out;
  out.weighted = grid.weighted();
  out.grid_error = 0.5 / grid.bins();
  out.runs.resize(how.groups.size());
  std::vector<std::map<std::uint32_t, metric::ScoreRun>> bins(how.groups.size());
  for (const auto& cell : grid.cells()) {
    const std::uint32_t g = how.to[cell.group];
    if (g == tally::Regrouping::kLeftOut || cell.bin == grid.bins()) continue;
    metric::ScoreRun& run = bins[g][cell.bin];
    run.score = (cell.bin + 0.5) / grid.bins();
    if (cell.label == 0) {
      run.n0 += cell.n, run.w0 += cell.w, run.ww0 += cell.w2;
    } else if (cell.label == 1) {
      run.n1 += cell.n, run.w1 += cell.w, run.ww1 += cell.w2;
    } else {
      run.n_missing += cell.n, run.w_missing += cell.w, run.ww_missing += cell.w2;
    }
  }
  for (std::size_t g = 0; g < bins.size(); ++g) {
    for (auto& [bin, run] : bins[g]) out.runs[g].push_back(run);
  }
  return out;
}

}  // namespace evenhand::evaluate
