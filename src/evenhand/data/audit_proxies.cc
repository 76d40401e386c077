#include "evenhand/data/audit_proxies.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "evenhand/base/parallel.h"
#include "evenhand/base/rows.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/auc.h"
#include "evenhand/metric/score_rows.h"
#include "evenhand/model/encoding.h"
#include "evenhand/model/linear.h"
#include "evenhand/record/finding.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/split.h"

namespace evenhand::data {
namespace {

using Names = std::vector<std::string>;

constexpr std::uint32_t kFolds = 5;
constexpr std::size_t kLevelsMax = 1000;  // of a text; more of them are names or dates
constexpr std::size_t kGroupsMax = 10;    // of an attribute: the largest
// A coefficient counts as much as this many rows that say it is 0: as many as a level needs for a
// column of its own, so that hundreds of rare levels do not drown what the others tell.
constexpr double kPenalty = model::kLevelRowsMin;

/// A group and who is of it.
struct Told {
  std::string attribute, group;
  std::vector<std::uint8_t> is_of;  // [rows of the sample]; kMissingClass: group unknown
};

std::size_t place(const Sample& sample, const std::string& name) {
  const auto at = std::find_if(sample.wanted.begin(), sample.wanted.end(),
                               [&](const table::Wanted& w) { return w.name == name; });
  EVENHAND_CHECK(at != sample.wanted.end());
  return static_cast<std::size_t>(at - sample.wanted.begin());
}

/// The largest groups of an attribute that have rows enough on both sides. Of two groups one tells
/// the other, so the smaller one stands for both.
std::vector<Told> told_of(const std::string& attribute, const table::Column& column) {
  std::map<std::string, std::int64_t> rows;
  std::int64_t known = 0;
  for (const std::uint32_t code : column.codes) {
    if (code == 0) continue;
    ++rows[column.values[code - 1]];
    ++known;
  }
  std::vector<std::pair<std::string, std::int64_t>> sorted(rows.begin(), rows.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (sorted.size() == 2) sorted.erase(sorted.begin());
  if (sorted.size() > kGroupsMax) sorted.resize(kGroupsMax);
  std::vector<Told> out;
  for (const auto& [group, n] : sorted) {
    if (n < metric::kAucRowsPerLabel || known - n < metric::kAucRowsPerLabel) continue;
    Told told{attribute, group, {}};
    for (const std::uint32_t code : column.codes) {
      told.is_of.push_back(code == 0                          ? kMissingClass
                           : column.values[code - 1] == group ? std::uint8_t{1}
                                                              : std::uint8_t{0});
    }
    out.push_back(std::move(told));
  }
  return out;
}

/// Rows of one fold, and all others.
struct Split {
  std::vector<std::uint32_t> fitted, held;
};

std::vector<Split> splits(std::size_t rows, std::uint64_t seed) {
  std::vector<Split> out(kFolds);
  for (std::uint32_t r = 0; r < rows; ++r) {
    const std::uint32_t fold = table::fold_of_row(r, seed, kFolds);
    for (std::uint32_t k = 0; k < kFolds; ++k)
      (k == fold ? out[k].held : out[k].fitted).push_back(r);
  }
  return out;
}

/// A design with each distinct row twice, for the label 1 and for 0: a fit with how many rows there
/// are of each is the same, and a column of a hundred values costs two hundred rows.
struct Condensed {
  model::Design design;
  std::vector<std::uint32_t> of_row;  // [rows] which distinct one
  std::size_t distinct = 0;
};

Condensed condensed(const model::Design& whole) {
  Condensed out;
  out.design = whole;
  out.design.values.clear();
  out.design.levels.clear();
  std::map<std::pair<std::vector<double>, std::vector<std::uint32_t>>, std::uint32_t> seen;
  for (std::size_t r = 0; r < whole.rows; ++r) {
    const auto part = [r](const auto& all, std::size_t width) {
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(r * width);
      return std::vector(from, from + static_cast<std::ptrdiff_t>(width));
    };
    auto values = part(whole.values, whole.numbers);
    auto levels = part(whole.levels, whole.factors);
    const auto next = static_cast<std::uint32_t>(out.distinct);
    const auto [at, is_new] = seen.try_emplace({values, levels}, next);
    out.of_row.push_back(at->second);
    if (!is_new) continue;
    ++out.distinct;
    out.design.values.insert(out.design.values.end(), values.begin(), values.end());
    out.design.levels.insert(out.design.levels.end(), levels.begin(), levels.end());
  }
  const auto twice = [](auto& all) {
    const auto once = all;
    all.insert(all.end(), once.begin(), once.end());
  };
  twice(out.design.values);
  twice(out.design.levels);
  out.design.rows = 2 * out.distinct;
  return out;
}

/// The fitted rows of a group, counted over the distinct ones: those of it, then the others.
void count_labels(const Condensed& rows, const Split& split, const Told& told,
                  std::vector<std::uint8_t>& labels, std::vector<double>& weights) {
  labels.assign(rows.distinct, 1);
  labels.resize(2 * rows.distinct, 0);
  weights.assign(2 * rows.distinct, 0);
  for (std::size_t i = 0; i < split.fitted.size(); ++i) {
    const std::uint8_t is_of = told.is_of[split.fitted[i]];
    if (is_of == kMissingClass) continue;
    weights[rows.of_row[i] + (is_of == 1 ? 0 : rows.distinct)] += 1;
  }
}

/// Scores of the held rows by a fit to the others. Where those give no column, every row scores
/// alike. False where the fit did not converge.
bool score_fold(const model::Design& fitted, const Condensed* few, const model::Design& held,
                const Split& split, const Told& told, std::vector<double>& scores) {
  if (fitted.columns.empty()) return true;
  std::vector<std::uint8_t> labels;
  std::vector<double> weights;
  if (few != nullptr) {
    count_labels(*few, split, told, labels, weights);
  } else {
    for (const std::uint32_t r : split.fitted) {
      const bool known = told.is_of[r] != kMissingClass;
      labels.push_back(known ? told.is_of[r] : 0);
      weights.push_back(known ? 1 : 0);
    }
  }
  const model::Design& design = few != nullptr ? few->design : fitted;
  const auto fit = model::fit_linear({design, labels, weights}, {.l2 = kPenalty, .threads = 1});
  if (!fit) return false;
  std::vector<double> out(split.held.size());
  (*fit)->score(held, out);
  for (std::size_t i = 0; i < out.size(); ++i) scores[split.held[i]] = out[i];
  return true;
}

/// Sorted runs of equal scores, as an AUC reads them.
std::vector<metric::ScoreRun> runs_of(const std::vector<double>& scores, const Told& told) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return scores[a] < scores[b]; });
  std::vector<metric::ScoreRun> runs;
  for (const std::uint32_t r : order) {
    if (told.is_of[r] == kMissingClass) continue;
    if (runs.empty() || runs.back().score != scores[r]) {
      runs.emplace_back();
      runs.back().score = scores[r];
    }
    metric::ScoreRun& run = runs.back();
    (told.is_of[r] == 1 ? run.n1 : run.n0) += 1;
    (told.is_of[r] == 1 ? run.w1 : run.w0) += 1;
    (told.is_of[r] == 1 ? run.ww1 : run.ww0) += 1;
  }
  return runs;
}

/// A set of features, and the scores that it gives each group.
struct Asked {
  Names features;
  std::string name;                               // "all features", or the one
  std::vector<std::vector<double>> scores;        // [told][row]
  std::vector<std::vector<std::uint8_t>> failed;  // [fold][told]: the fit did not converge
};

void score_part(const Sample& sample, const Split& split, const std::vector<Told>& told,
                Asked& asked, std::vector<std::uint8_t>& failed) {
  const model::Selection fitted{sample.wanted, sample.rows, split.fitted};
  const model::Selection held{sample.wanted, sample.rows, split.held};
  const model::Encoding encoding = model::learn_encoding(fitted, asked.features, {});
  const model::Design a = model::encode(encoding, fitted), b = model::encode(encoding, held);
  std::optional<Condensed> few;
  if (asked.features.size() == 1) few = condensed(a);
  for (std::size_t t = 0; t < told.size(); ++t) {
    failed[t] = score_fold(a, few ? &*few : nullptr, b, split, told[t], asked.scores[t]) ? 0 : 1;
  }
}

/// Numbers become numbers; texts of too many kinds, and what gives a fit no column, are left out
/// and named.
Names usable(const AuditOptions& o, Sample& sample, const Names& features,
             std::vector<record::LeftOut>& left_out) {
  Names out;
  std::vector<std::uint32_t> rows(sample.rows.rows);
  std::iota(rows.begin(), rows.end(), 0U);
  for (const std::string& name : features) {
    const std::size_t at = place(sample, name);
    table::Column& column = sample.rows.columns[at];
    if (column.values.empty()) continue;  // nothing but missing values
    if (table::become_numbers(column, o.read.decimal)) {
      sample.wanted[at].as = table::As::kNumber;
    } else if (column.values.size() > kLevelsMax) {
      left_out.push_back({"column " + name + " among proxies",
                          "it has more than " + table::with_thousands(kLevelsMax) +
                              " different texts: names and dates tell persons",
                          0});
      continue;
    }
    const model::Selection all{sample.wanted, sample.rows, rows};
    const model::Encoding encoding = model::learn_encoding(all, {name}, {});
    if (encoding.features.empty()) {
      left_out.push_back(
          {"column " + name + " among proxies", model::why_unused(encoding, all, name), 0});
      continue;
    }
    out.push_back(name);
  }
  return out;
}

void find(const AuditOptions& o, const Asked& asked, const std::vector<Told>& told, Proxies& out) {
  metric::ReadOptions read;
  read.level = o.level;
  for (std::size_t t = 0; t < told.size(); ++t) {
    const auto folds = std::count_if(asked.failed.begin(), asked.failed.end(),
                                     [t](const auto& fold) { return fold[t] != 0; });
    if (folds > 0) {
      out.left_out.push_back(
          {"how well " + asked.name + (asked.features.size() > 1 ? " tell " : " tells ") +
               told[t].attribute + " = " + told[t].group,
           "the fit did not converge in " + std::to_string(folds) + " of " +
               std::to_string(kFolds) +
               " parts of the sample, so no AUC is given; name fewer columns: --features or "
               "--exclude",
           0});
      continue;
    }
    const tally::Groups groups{{told[t].attribute}, {}, {{told[t].group}}};
    metric::ScoreRows rows;
    rows.runs.push_back(runs_of(asked.scores[t], told[t]));
    metric::Tallies tallies;
    tallies.groups = &groups;
    tallies.score_rows = &rows;
    const auto* metric = metric::find("proxy_auc");
    auto readings = metric::read(*metric, tallies, read);
    EVENHAND_CHECK(readings.has_value());
    readings->front().at = {{"features", asked.name}};
    out.findings.push_back(record::finding_of(*metric, readings->front(), groups.by, {}));
  }
}

}  // namespace

Result<Proxies> proxies_of(const AuditOptions& o, const Sample& given, const Names& features,
                           const Names& attributes, const OnProgress& progress) {
  Proxies out;
  Sample sample = given;
  std::vector<Told> told;
  for (const std::string& name : attributes) {
    EVENHAND_ASSIGN(const table::Column column, table::grouped(sample.rows, place(sample, name),
                                                               name, o.groupings, o.read.decimal));
    for (Told& one : told_of(name, column)) told.push_back(std::move(one));
  }
  const Names used = usable(o, sample, features, out.left_out);
  if (told.empty() || used.empty()) return out;
  std::vector<Asked> asked;
  if (used.size() > 1) asked.push_back({used, "all features", {}, {}});
  for (const std::string& name : used) asked.push_back({{name}, name, {}, {}});
  for (Asked& a : asked) {
    a.scores.assign(told.size(), std::vector<double>(sample.rows.rows, 0.5));
    a.failed.assign(kFolds, std::vector<std::uint8_t>(told.size()));
  }
  const std::vector<Split> parts = splits(sample.rows.rows, o.seed);
  // One set of features after the other, so that a face can stop it; folds at once.
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (progress && !progress({"fitting proxies", Counts::kSteps, i, asked.size()})) {
      return Error{Code::kInterrupted, "looking for proxies was interrupted"};
    }
    for_each_index(parts.size(), o.threads, [&](std::size_t k) {
      score_part(sample, parts[k], told, asked[i], asked[i].failed[k]);
    });
    find(o, asked[i], told, out);
  }
  return out;
}

}  // namespace evenhand::data
