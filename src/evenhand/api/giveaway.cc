#include "evenhand/api/giveaway.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "evenhand/base/field.h"
#include "evenhand/table/cell.h"

namespace evenhand::api {

namespace {

constexpr std::uint64_t kRowsBeside =
    50'000;  // of the table; more would not change a share of 99 %
constexpr double kRight = 0.99;
// A label that nearly all rows have is guessed right without any column: at 97 % a rule that is
// right in 99 % has removed two errors of three.
constexpr double kMajorityMost = 0.97;
// Twenty rows of each label part at a threshold by chance once in 1e11 columns.
constexpr std::uint64_t kRowsOfALabel = 20;
// A value with fewer rows is taken to follow the majority: of single rows any table could be made.
constexpr std::uint64_t kRowsOfAValue = 20;
// One value that goes with one label: 50 rows bound its errors to 6 % (rule of three), and where
// 80 % have that label anyway many an honest value does so.
constexpr std::uint64_t kRowsOfAPureValue = 50;
constexpr double kShareOfAPureValue = 0.05, kPureBaseMost = 0.8;
constexpr std::size_t kValuesFew = 10;

std::uint64_t sum(const LabelCounts& n) { return n[0] + n[1]; }
double share(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}
void add(const LabelCounts& more, LabelCounts& to) {
  to[0] += more[0];
  to[1] += more[1];
}

LabelCounts filled(const Beside& counts) {
  LabelCounts out{};
  for (const auto& [value, n] : counts.values) add(n, out);
  return out;
}

/// Rows told right by the more frequent label of each value.
std::uint64_t right_by_values(const Beside& counts, std::size_t majority) {
  const auto right = [&](const LabelCounts& n) {
    return sum(n) >= kRowsOfAValue ? std::max(n[0], n[1]) : n[majority];
  };
  std::uint64_t out = right(counts.missing);
  for (const auto& [value, n] : counts.values) out += right(n);
  return out;
}

/// Rows told right by the best threshold; nothing if a value is no number.
std::optional<std::uint64_t> right_by_threshold(const Beside& counts, char decimal) {
  std::vector<std::pair<double, LabelCounts>> sorted;
  for (const auto& [value, n] : counts.values) {
    const auto number = table::parse_number(value, decimal);
    if (!number) return std::nullopt;
    sorted.emplace_back(*number, n);
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  const LabelCounts all = filled(counts);
  LabelCounts below{};
  std::uint64_t best = std::max(all[0], all[1]);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    add(sorted[i].second, below);
    // "1" and "1.0" are one number: no threshold lies between them.
    if (i + 1 < sorted.size() && sorted[i + 1].first == sorted[i].first) continue;
    best = std::max({best, below[0] + all[1] - below[1], below[1] + all[0] - below[0]});
  }
  return best + std::max(counts.missing[0], counts.missing[1]);
}

/// In per cent with one digit, rounded down: 99.96 % is not "100 %".
std::string percent(double part) { return shortest(std::floor(part * 1000) / 10) + " %"; }

/// Nearly all rows of this value have one label, which not nearly all rows have.
bool is_pure(const LabelCounts& n, const LabelCounts& all) {
  const std::size_t label = n[1] > n[0] ? 1 : 0;
  const auto rows_min =
      std::max<double>(kRowsOfAPureValue, kShareOfAPureValue * static_cast<double>(sum(all)));
  return static_cast<double>(sum(n)) >= rows_min && share(n[label], sum(n)) >= kRight &&
         share(all[label], sum(all)) <= kPureBaseMost;
}

std::string pure_sentence(const std::string& where, const LabelCounts& n,
                          const std::string& label) {
  return "where it " + where + ", " + label + " is the same in " +
         percent(share(std::max(n[0], n[1]), sum(n))) + " of the rows";
}

std::optional<std::string> pure_value(const Beside& counts, const LabelCounts& all,
                                      const std::string& label) {
  if (is_pure(counts.missing, all)) return pure_sentence("has no value", counts.missing, label);
  const LabelCounts there = filled(counts);
  if (is_pure(there, all)) return pure_sentence("has a value", there, label);
  if (counts.values.size() > kValuesFew) return std::nullopt;
  for (const auto& [value, n] : counts.values) {
    if (is_pure(n, all)) return pure_sentence("is " + table::shown(value), n, label);
  }
  return std::nullopt;
}

/// The labels by code of one batch: 0, 1; -1: missing.
std::vector<int> labels_by_code(const table::Column& column, const std::string& favourable) {
  std::vector<int> out{-1};
  for (const std::string& value : column.values) out.push_back(value == favourable ? 1 : 0);
  return out;
}

/// One column beside the label, batch after batch.
class BesideSoFar {
 public:
  void observe(const table::Column& column, const table::Column& label,
               const std::vector<int>& of) {
    std::vector<LabelCounts> seen(column.values.size() + 1);
    for (std::size_t i = 0; i < column.codes.size(); ++i) {
      const int y = of[label.codes[i]];
      if (y >= 0) ++seen[column.codes[i]][static_cast<std::size_t>(y)];
    }
    add(seen[0], missing_);
    for (std::size_t v = 1; v < seen.size(); ++v) add(seen[v], values_[column.values[v - 1]]);
  }
  Beside counts() const { return {missing_, {values_.begin(), values_.end()}}; }

 private:
  LabelCounts missing_{};
  std::unordered_map<std::string, LabelCounts> values_;
};

Result<std::vector<Beside>> look_beside(const std::string& path, const table::ReadOptions& read,
                                        const std::vector<std::string>& columns,
                                        const RoleGuess& label, const OnProgress& progress) {
  EVENHAND_ASSIGN(const auto reader, table::open(path, read));
  std::vector<table::Wanted> wanted;
  for (const std::string& name : columns) wanted.push_back({name, table::As::kText});
  wanted.push_back({label.column, table::As::kText});
  EVENHAND_TRY(reader->want(wanted));
  std::vector<BesideSoFar> so_far(columns.size());
  const std::string stage = "looking at " + path + " beside " + label.column;
  for (std::uint64_t rows = 0; rows < kRowsBeside;) {
    EVENHAND_ASSIGN(const auto piece, reader->take());
    if (piece == nullptr) break;
    EVENHAND_ASSIGN(const table::Batch batch, reader->decode(*piece));
    const table::Column& y = batch.columns.back();
    const std::vector<int> of = labels_by_code(y, label.favourable.value_or(""));
    for (std::size_t c = 0; c < so_far.size(); ++c) so_far[c].observe(batch.columns[c], y, of);
    rows += batch.rows;
    const auto [done, all] = reader->progress();
    if (progress && !progress({stage, Counts::kBytes, done, all})) {
      return Error{Code::kInterrupted, "interrupted while " + stage};
    }
  }
  std::vector<Beside> out;
  for (const BesideSoFar& each : so_far) out.push_back(each.counts());
  return out;
}

/// The label, and those of its rivals that share its word: "is_recid" beside "two_year_recid".
std::vector<RoleGuess> forms_of_the_label(const std::vector<Shape>& shapes,
                                          const RoleGuess& label) {
  std::vector<RoleGuess> out{label};
  for (const Shape& shape : shapes) {
    const auto& rivals = label.rivals;
    const bool rival = std::find(rivals.begin(), rivals.end(), shape.name) != rivals.end();
    if (!rival || word_in(kLabelWords, shape.name) != word_in(kLabelWords, label.column)) continue;
    out.push_back({shape.name, shape.values[0].first, {}, false, {}});
  }
  return out;
}

std::vector<std::string> features(const std::vector<Shape>& shapes, const Guesses& guesses) {
  std::vector<std::string> out;
  for (const Shape& shape : shapes) {
    const bool left_out =
        std::any_of(guesses.no_features.begin(), guesses.no_features.end(),
                    [&](const LeftOut& each) { return each.column == shape.name; });
    if (!left_out && shape.name != guesses.label->column) out.push_back(shape.name);
  }
  return out;
}

}  // namespace

std::optional<std::string> gives_away(const Beside& counts, const std::string& label,
                                      char decimal) {
  LabelCounts all = filled(counts);
  add(counts.missing, all);
  if (std::min(all[0], all[1]) < kRowsOfALabel) return std::nullopt;
  const std::size_t majority = all[1] > all[0] ? 1 : 0;
  if (share(all[majority], sum(all)) >= kMajorityMost) return std::nullopt;
  const std::uint64_t right =
      std::max(right_by_values(counts, majority), right_by_threshold(counts, decimal).value_or(0));
  if (share(right, sum(all)) >= kRight) {
    return "alone it tells " + label + " in " + percent(share(right, sum(all))) + " of the rows";
  }
  return pure_value(counts, all, label);
}

Result<void> leave_out_giveaways(const std::string& path, const table::ReadOptions& read,
                                 const std::vector<Shape>& shapes, Guesses& guesses,
                                 const OnProgress& progress) {
  for (const RoleGuess& label : forms_of_the_label(shapes, *guesses.label)) {
    const std::vector<std::string> columns = features(shapes, guesses);
    EVENHAND_ASSIGN(const std::vector<Beside> beside,
                    look_beside(path, read, columns, label, progress));
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto why = gives_away(beside[c], label.column, read.decimal);
      if (!why) continue;
      guesses.no_features.push_back({columns[c], *why});
      std::erase(guesses.codes, columns[c]);
    }
  }
  return {};
}

}  // namespace evenhand::api
