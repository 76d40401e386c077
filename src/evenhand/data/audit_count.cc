// The pass over the rows.
//
// Each worker counts into its own tallies, whose groups it numbers as it meets them; they are
// aligned by their names when they merge. Counts are whole numbers or exact sums, so the merged
// tallies do not know who counted what.
#include "evenhand/data/audit_count.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

#include "evenhand/base/parallel.h"
#include "evenhand/base/random.h"
#include "evenhand/base/rows.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/cell.h"
#include "evenhand/table/crossing.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/label.h"

namespace evenhand::data {
namespace {

using table::As;
using table::Batch;
using table::Column;
using tally::Crosstab;
using tally::Weighting;

constexpr std::uint32_t kNone = ~std::uint32_t{0};
constexpr std::uint64_t kTableMax = 1U << 16;  // crossings looked up in an array rather than hashed
constexpr std::size_t kGroupsMax = 100'000;

std::size_t place_of(const std::vector<table::Wanted>& wanted, const std::string& name, As as) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].name == name && wanted[i].as == as) return i;
  }
  return wanted.size();
}

std::size_t want(std::vector<table::Wanted>& wanted, const std::string& name, As as) {
  const std::size_t at = place_of(wanted, name, as);
  if (at == wanted.size()) wanted.push_back({name, as});
  return at;
}

/// Crossings of one batch, numbered from 0.
struct Crossings {
  std::vector<std::uint32_t> code;    // of each row
  std::vector<std::uint64_t> values;  // of each number: the values' codes, mixed radix
};

/// Mixed radix over the columns' dictionaries, then renumbered as they are met.
Crossings cross(const std::vector<const Column*>& columns, std::size_t rows) {
  Crossings out;
  out.code.resize(rows, 0);
  if (columns.empty()) {
    out.values = {0};
    return out;
  }
  std::vector<std::uint64_t> mixed(rows, 0);
  std::uint64_t sides = 1;
  bool small = true;
  for (const Column* column : columns) {
    const std::uint64_t side = column->values.size() + 1;
    for (std::size_t r = 0; r < rows; ++r) mixed[r] = mixed[r] * side + column->codes[r];
    small = small && sides * side <= kTableMax;
    sides = small ? sides * side : kTableMax;
  }
  const auto next = [&](std::uint64_t value) {
    out.values.push_back(value);
    return static_cast<std::uint32_t>(out.values.size() - 1);
  };
  if (small) {
    std::vector<std::uint32_t> number(sides, kNone);
    for (std::size_t r = 0; r < rows; ++r) {
      std::uint32_t& at = number[mixed[r]];
      if (at == kNone) at = next(mixed[r]);
      out.code[r] = at;
    }
    return out;
  }
  std::unordered_map<std::uint64_t, std::uint32_t> number;
  for (std::size_t r = 0; r < rows; ++r) {
    const auto [at, is_new] = number.try_emplace(mixed[r], kNone);
    if (is_new) at->second = next(mixed[r]);
    out.code[r] = at->second;
  }
  return out;
}

tally::Key key_of(const std::vector<const Column*>& columns, std::uint64_t value) {
  tally::Key key(columns.size());
  for (std::size_t i = columns.size(); i-- > 0;) {
    const std::uint64_t side = columns[i]->values.size() + 1;
    const std::uint64_t code = value % side;
    value /= side;
    if (code > 0) key[i] = columns[i]->values[code - 1];
  }
  return key;
}

/// Whole rows with the smallest hashes of their place.
class Sampler {
 public:
  Sampler(std::size_t columns, std::uint64_t seed) : seed_(seed), columns_(columns) {}

  void observe(const Batch& batch, std::uint64_t ordinal, const std::vector<std::size_t>& places) {
    if (columns_.empty()) return;
    std::vector<std::vector<std::uint32_t>> known(columns_.size());
    for (std::size_t r = 0; r < batch.rows; ++r) {
      const std::uint64_t hash = Random(seed_, (ordinal << 32) + r)();
      if (hash >= limit_) continue;
      hash_.push_back(hash);
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        const Column& column = batch.columns[places[c]];
        if (known[c].empty()) known[c].resize(column.values.size() + 1, kNone);
        codes_.push_back(code(c, column, column.codes[r], known[c]));
      }
      if (hash_.size() >= 2 * kProxyRows) shrink();
    }
  }

  /// Rows of all samplers with the smallest hashes, in the order of these.
  static Batch merged(const std::vector<Sampler*>& samplers, std::size_t columns);

 private:
  struct Dictionary {
    std::unordered_map<std::string, std::uint32_t> code_of;
    std::vector<std::string> values;
  };

  std::uint32_t code(std::size_t c, const Column& column, std::uint32_t there,
                     std::vector<std::uint32_t>& known) {
    if (there == 0) return 0;
    std::uint32_t& here = known[there];
    if (here != kNone) return here;
    Dictionary& all = columns_[c];
    const std::string& value = column.values[there - 1];
    const auto next = static_cast<std::uint32_t>(all.values.size() + 1);
    const auto [at, is_new] = all.code_of.try_emplace(value, next);
    if (is_new) all.values.push_back(value);
    return here = at->second;
  }

  /// Forget all but the rows with the smallest hashes, and whatever lies above them from now on.
  void shrink() {
    std::vector<std::uint64_t> sorted = hash_;
    std::nth_element(sorted.begin(), sorted.begin() + kProxyRows, sorted.end());
    limit_ = sorted[kProxyRows];
    const std::size_t width = columns_.size();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < hash_.size(); ++i) {
      if (hash_[i] >= limit_) continue;
      hash_[kept] = hash_[i];
      std::copy_n(codes_.begin() + static_cast<std::ptrdiff_t>(i * width), width,
                  codes_.begin() + static_cast<std::ptrdiff_t>(kept * width));
      ++kept;
    }
    hash_.resize(kept);
    codes_.resize(kept * width);
  }

  std::uint64_t seed_;
  std::vector<Dictionary> columns_;
  std::vector<std::uint64_t> hash_;
  std::vector<std::uint32_t> codes_;  // [row][column], of this sampler's dictionaries
  std::uint64_t limit_ = ~std::uint64_t{0};
};

Batch Sampler::merged(const std::vector<Sampler*>& samplers, std::size_t columns) {
  struct Place {
    std::uint64_t hash;
    const Sampler* sampler;
    std::size_t row;
  };
  std::vector<Place> all;
  for (const Sampler* s : samplers) {
    for (std::size_t i = 0; i < s->hash_.size(); ++i) all.push_back({s->hash_[i], s, i});
  }
  std::sort(all.begin(), all.end(), [](const Place& a, const Place& b) { return a.hash < b.hash; });
  if (all.size() > kProxyRows) all.resize(kProxyRows);
  Batch out;
  out.rows = all.size();
  out.columns.resize(columns);
  for (std::size_t c = 0; c < columns; ++c) {
    std::unordered_map<std::string, std::uint32_t> code_of;
    Column& column = out.columns[c];
    for (const Place& place : all) {
      const std::uint32_t code = place.sampler->codes_[place.row * columns + c];
      if (code == 0) {
        column.codes.push_back(0);
        continue;
      }
      const std::string& value = place.sampler->columns_[c].values[code - 1];
      const auto next = static_cast<std::uint32_t>(column.values.size() + 1);
      const auto [at, is_new] = code_of.try_emplace(value, next);
      if (is_new) column.values.push_back(value);
      column.codes.push_back(at->second);
    }
  }
  return out;
}

/// One question while rows are read: its groups with the label as one more axis.
struct Asking {
  Crosstab rows;
  std::map<std::string, Crosstab> missing;
};

struct Worker {
  std::vector<Asking> asking;
  Sampler sampler;
  std::uint64_t weightless = 0;
};

class Pass {
 public:
  Pass(const AuditOptions& options, const AuditColumns& columns, unsigned threads)
      : o_(options), columns_(columns) {
    weighting_ = o_.weight_kind == "sampling" ? Weighting::kSampling : Weighting::kFrequency;
    for (const std::string& name : columns_.all) want(wanted_, name, As::kText);
    for (const std::string& name : columns_.attributes) {
      attribute_place_.push_back(want(wanted_, name, As::kText));
    }
    if (o_.label) label_place_ = want(wanted_, *o_.label, As::kText);
    for (const std::string& name : columns_.all) {
      missing_place_.push_back(place_of(wanted_, name, As::kText));
    }
    for (const std::string& name : columns_.sampled) {
      sample_place_.push_back(want(wanted_, name, As::kText));
    }
    if (o_.weight) weight_place_ = want(wanted_, *o_.weight, As::kNumber);
    for (unsigned i = 0; i < threads; ++i) {
      Worker w{{}, Sampler(sample_place_.size(), o_.seed), 0};
      for (const By& by : columns_.questions)
        w.asking.push_back({Crosstab(axes(by), weighting_), {}});
      workers_.push_back(std::move(w));
    }
  }

  const std::vector<table::Wanted>& wanted() const { return wanted_; }

  Result<void> observe(unsigned worker, std::uint64_t ordinal, Batch&& batch) {
    Worker& w = workers_[worker];
    std::span<const double> weight;
    if (o_.weight) {
      weight = batch.columns[weight_place_].numbers;
      EVENHAND_TRY(check_weights(batch, weight));
      if (weighting_ == Weighting::kFrequency) {
        w.weightless += static_cast<std::uint64_t>(std::count(weight.begin(), weight.end(), 0));
      }
    }
    w.sampler.observe(batch, ordinal, sample_place_);
    std::vector<Column> attributes;
    EVENHAND_TRY(code_attributes(batch, attributes));
    const std::vector<std::size_t> lacking = lacking_columns(batch);
    for (std::size_t q = 0; q < columns_.questions.size(); ++q) {
      EVENHAND_TRY(observe_question(q, batch, attributes, weight, lacking, w.asking[q]));
    }
    return {};
  }

  Result<AuditCounts> finish(std::vector<table::InputFacts> facts);

 private:
  tally::Groups axes(const By& by) const {
    tally::Groups out{by, {}, {}};
    if (o_.label) out.by.push_back(*o_.label);
    return out;
  }

  std::size_t attribute(const std::string& name) const {
    const auto& all = columns_.attributes;
    return static_cast<std::size_t>(std::find(all.begin(), all.end(), name) - all.begin());
  }

  Result<void> check_weights(const Batch& batch, std::span<const double> weight) const {
    if (tally::check_weights(weight, weighting_)) return {};
    for (std::size_t r = 0; r < weight.size(); ++r) {
      if (tally::check_weights(weight.subspan(r, 1), weighting_)) continue;
      const std::string value = std::isnan(weight[r]) ? "no number" : table::spelled(weight[r]);
      const bool whole = weighting_ == Weighting::kFrequency;
      return Error{
          Code::kBadInput,
          table::place(batch, r) + ": column \"" + *o_.weight + "\" holds " + value + "; a " +
              o_.weight_kind + " weight is " +
              (whole ? "a whole number from 0 to 2^53" : "0, or a number from 2^-300 to 2^40")};
    }
    return {};
  }

  Result<void> code_attributes(const Batch& batch, std::vector<Column>& out) const {
    for (std::size_t a = 0; a < columns_.attributes.size(); ++a) {
      EVENHAND_ASSIGN(Column column,
                      table::grouped(batch, attribute_place_[a], columns_.attributes[a],
                                     o_.groupings, o_.read.decimal));
      out.push_back(std::move(column));
    }
    return {};
  }

  /// Of the columns whose missing values are counted, those with one in this batch.
  std::vector<std::size_t> lacking_columns(const Batch& batch) const {
    std::vector<std::size_t> out;
    for (std::size_t c = 0; c < missing_place_.size(); ++c) {
      const auto& codes = batch.columns[missing_place_[c]].codes;
      if (std::find(codes.begin(), codes.end(), 0U) != codes.end()) out.push_back(c);
    }
    return out;
  }

  /// Count rows, by the number of their crossing, into a tally.
  Result<void> add(Crosstab& to, const std::vector<std::uint32_t>& group_of,
                   std::span<const std::uint32_t> code, std::span<const double> weight) const {
    if (weight.empty() && weighting_ == Weighting::kFrequency) {
      std::vector<std::int64_t> n(group_of.size(), 0);
      for (const std::uint32_t c : code) ++n[c];
      for (std::size_t c = 0; c < n.size(); ++c) {
        if (n[c] > 0) EVENHAND_TRY(to.add_cell({group_of[c], n[c], 0, 0}));
      }
      return {};
    }
    std::vector<std::uint32_t> groups;
    groups.reserve(code.size());
    for (const std::uint32_t c : code) groups.push_back(group_of[c]);
    Rows rows;
    rows.size = groups.size();
    rows.group = groups;
    rows.weight = weight;
    return to.observe(rows);
  }

  Result<void> observe_question(std::size_t q, const Batch& batch,
                                const std::vector<Column>& attributes,
                                std::span<const double> weight,
                                const std::vector<std::size_t>& lacking, Asking& ask) const {
    const By& by = columns_.questions[q];
    std::vector<const Column*> columns;
    for (const std::string& name : by) columns.push_back(&attributes[attribute(name)]);
    const std::size_t grouped = columns.size();
    if (o_.label) columns.push_back(&batch.columns[label_place_]);
    const Crossings crossings = cross(columns, batch.rows);
    std::vector<std::uint32_t> group_of;
    for (const std::uint64_t value : crossings.values) {
      group_of.push_back(ask.rows.group(key_of(columns, value)));
    }
    if (ask.rows.groups().size() > kGroupsMax) return too_many(by);
    EVENHAND_TRY(add(ask.rows, group_of, crossings.code, weight));
    for (const std::size_t c : lacking) {
      const std::string& name = columns_.all[c];
      if (std::find(by.begin(), by.end(), name) != by.end()) continue;
      EVENHAND_TRY(add_missing(
          ask.missing.try_emplace(name, tally::Groups{by, {}, {}}, weighting_).first->second,
          batch.columns[missing_place_[c]], crossings, columns, grouped, weight));
    }
    return {};
  }

  Result<void> add_missing(Crosstab& to, const Column& column, const Crossings& crossings,
                           const std::vector<const Column*>& columns, std::size_t grouped,
                           std::span<const double> weight) const {
    std::vector<std::uint32_t> group_of;
    for (const std::uint64_t value : crossings.values) {
      tally::Key key = key_of(columns, value);
      key.resize(grouped);
      group_of.push_back(to.group(key));
    }
    std::vector<std::uint32_t> code;
    std::vector<double> weights;
    for (std::size_t r = 0; r < column.codes.size(); ++r) {
      if (column.codes[r] != 0) continue;
      code.push_back(crossings.code[r]);
      if (!weight.empty()) weights.push_back(weight[r]);
    }
    return add(to, group_of, code, weights);
  }

  Error too_many(const By& by) const {
    const std::string name = table::crossed(by);
    return {Code::kBadInput,
            "there are more than 100,000 groups of " + (name.empty() ? "the label" : name) +
                ": such attributes tell persons, not groups; cross fewer of them, or merge values"};
  }

  const AuditOptions& o_;
  const AuditColumns& columns_;
  Weighting weighting_ = Weighting::kFrequency;
  std::vector<table::Wanted> wanted_;
  std::vector<std::size_t> attribute_place_, missing_place_, sample_place_;
  std::size_t label_place_ = 0, weight_place_ = 0;
  std::vector<Worker> workers_;
};

/// Canonical, and without groups of no row.
Result<Crosstab> tidied(const Crosstab& counts) {
  tally::Groups seen{counts.groups().by, {}, {}};
  Crosstab out(seen, counts.weighting());
  const tally::Regrouping order = tally::canonical(counts.groups());
  EVENHAND_ASSIGN(const Crosstab sorted, counts.regrouped(order));
  for (Crosstab::Cell cell : sorted.cells()) {
    cell.group = out.group(sorted.groups().keys[cell.group]);
    EVENHAND_TRY(out.add_cell(cell));
  }
  return out;
}

/// What a label's texts stand for.
struct LabelTexts {
  std::map<std::string, std::uint8_t> class_of;
  std::string favourable;
  std::vector<std::string> unfavourable;
};

Result<LabelTexts> label_texts(const AuditOptions& o, const Crosstab& by_label) {
  Column column;
  for (const tally::Key& key : by_label.groups().keys) {
    if (!key.back()) continue;
    column.values.push_back(*key.back());
    column.codes.push_back(static_cast<std::uint32_t>(column.values.size()));
  }
  EVENHAND_ASSIGN(const table::Labels labels, table::labels_of(column, *o.label, o.favourable));
  LabelTexts out{{}, labels.favourable, {}};
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    out.class_of[column.values[i]] = labels.values[i];
    if (labels.values[i] == 0) out.unfavourable.push_back(column.values[i]);
  }
  return out;
}

Result<tally::Confusion> confusion_of(const Crosstab& counts, const By& by,
                                      const LabelTexts& texts) {
  tally::Confusion out(tally::Groups{by, {}, {}}, tally::binary_classes(), counts.weighting());
  for (const Crosstab::Cell& cell : counts.cells()) {
    tally::Key key = counts.groups().keys[cell.group];
    const auto label = key.back();
    key.pop_back();
    EVENHAND_TRY(out.add_cell({out.group(key), label ? texts.class_of.at(*label) : kMissingClass,
                               kMissingClass, cell.n, cell.w, cell.w2}));
  }
  return out.canonical();
}

Result<AuditCounts> Pass::finish(std::vector<table::InputFacts> facts) {
  AuditCounts out;
  LabelTexts texts;
  for (std::size_t q = 0; q < columns_.questions.size(); ++q) {
    const By& by = columns_.questions[q];
    Asking all = std::move(workers_[0].asking[q]);
    for (std::size_t i = 1; i < workers_.size(); ++i) {
      Asking& part = workers_[i].asking[q];
      EVENHAND_ASSIGN(all.rows, tally::merge_aligned(all.rows, part.rows));
      for (auto& [name, missing] : part.missing) {
        const auto [at, is_new] = all.missing.try_emplace(name, missing);
        if (is_new) continue;
        EVENHAND_ASSIGN(at->second, tally::merge_aligned(at->second, missing));
      }
    }
    EVENHAND_ASSIGN(all.rows, tidied(all.rows));
    std::optional<tally::Confusion> labels;
    if (o_.label) {
      if (by.empty()) {
        EVENHAND_ASSIGN(texts, label_texts(o_, all.rows));
      }
      EVENHAND_ASSIGN(labels, confusion_of(all.rows, by, texts));
    }
    EVENHAND_ASSIGN(Crosstab rows, tally::collapse(all.rows, by));
    AuditQuestion question{by, std::move(rows), std::move(labels), {}};
    for (auto& [name, missing] : all.missing) {
      EVENHAND_ASSIGN(Crosstab sorted, tidied(missing));
      if (sorted.rows() > 0) question.missing.emplace(name, std::move(sorted));
    }
    out.questions.push_back(std::move(question));
  }
  out.favourable = texts.favourable;
  out.unfavourable = texts.unfavourable;
  std::vector<Sampler*> samplers;
  std::uint64_t rows = 0;
  for (Worker& w : workers_) {
    samplers.push_back(&w.sampler);
    out.weightless += w.weightless;
  }
  for (const table::InputFacts& f : facts) {
    out.inputs.push_back({f.path, f.rows, f.rows_skipped, f.bytes, f.sha256});
    rows += f.rows;
    if (out.first_skipped.empty()) out.first_skipped = f.first_skipped;
  }
  if (!columns_.sampled.empty()) {
    out.sample.rows = Sampler::merged(samplers, columns_.sampled.size());
    out.sample.is_all = out.sample.rows.rows == rows;
    for (const std::string& name : columns_.sampled) out.sample.wanted.push_back({name, As::kText});
  }
  return out;
}

}  // namespace

Result<AuditCounts> count(const AuditOptions& options, const AuditColumns& columns,
                          const OnProgress& progress) {
  const unsigned threads = threads_wanted(options.threads);
  Pass pass(options, columns, threads);
  EVENHAND_ASSIGN(
      auto facts,
      table::scan(
          options.files, options.read, pass.wanted(), threads,
          [&pass](unsigned worker, std::uint64_t ordinal, Batch&& batch) {
            return pass.observe(worker, ordinal, std::move(batch));
          },
          table::as_keep_going(progress, "reading " + table::spoken(options.files.front()))));
  return pass.finish(std::move(facts));
}

}  // namespace evenhand::data
