#include "evenhand/adjust/apply.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "evenhand/base/parallel.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/rewrite.h"
#include "evenhand/table/split.h"
#include "evenhand/table/write.h"

namespace evenhand::adjust {

namespace {

using Names = std::vector<std::string>;

constexpr const char* kChance = "decision_probability";
constexpr const char* kCalibrated = "calibrated_score";

bool is_in(const std::string& name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// --- Which columns are read and written -------------------------------------------------------

Names added_columns(const ApplyOptions& options, const model::Policy& policy) {
  if (!policy.decides) return {kCalibrated};
  Names out{options.decision};
  if (options.chances) {
    out.emplace_back(kChance);
    if (policy.everybody.calibrator) out.emplace_back(kCalibrated);
  }
  return out;
}

// Where the columns with a part stand in `read`; kept ones follow.
struct Plan {
  std::vector<table::Wanted> read, written;
  std::vector<std::size_t> kept, attributes;
  std::optional<std::size_t> id;
  Names added;
};

Plan plan_of(const model::Policy& policy, const Names& keep, Names added) {
  Plan out;
  out.read = {{policy.score, table::As::kNumber}};
  // A policy that does not look at groups needs none of their columns.
  if (policy.group_aware) {
    for (const std::string& name : policy.by) {
      out.attributes.push_back(table::place_in(out.read, name));
    }
  }
  if (policy.id) out.id = table::place_in(out.read, *policy.id);
  for (const std::string& name : keep) {
    out.kept.push_back(table::place_in(out.read, name));
    out.written.push_back(out.read[out.kept.back()]);
  }
  for (const std::string& name : added) out.written.push_back({name, table::As::kNumber});
  out.added = std::move(added);
  return out;
}

Result<void> check_columns(const model::Policy& policy, const Plan& plan, const Names& files,
                           const table::ReadOptions& read) {
  if (is_in("-", files)) return {};  // told by the reader
  EVENHAND_ASSIGN(const auto reader, table::open(files.front(), read));
  const std::size_t parts = 1 + plan.attributes.size() + (plan.id ? 1 : 0);
  for (std::size_t c = 0; c < parts; ++c) {
    const std::string& name = plan.read[c].name;
    if (is_in(name, reader->columns())) continue;
    const char* part = name == policy.score     ? "the score"
                       : is_in(name, policy.by) ? "the groups"
                                                : "the id that lots are drawn by";
    return Error{Code::kNotFound, "the policy needs the column \"" + name + "\" (" + part +
                                      "), and " + table::spoken(files.front()) +
                                      " has none of that name; nothing was written"};
  }
  return {};
}

// --- Decisions --------------------------------------------------------------------------------

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::string many(std::uint64_t rows, const char* one, const char* more) {
  return table::with_thousands(rows) + (rows == 1 ? one : more);
}

// Decides batches, which come in the order of the file.
class Decider {
 public:
  Decider(const ApplyOptions& options, const model::Policy& policy, const Plan& plan,
          table::TableWriter& writer)
      : options_(options), policy_(policy), plan_(plan), writer_(writer) {
    if (policy_.group_aware) by_ = policy_.by;
  }

  /// What would have stopped it at once had it been known; told at the end, with how many rows.
  Result<void> refused() const {
    if (no_shares_ > 0) {
      return Error{Code::kBadInput,
                   many(no_shares_, " row has a score", " rows have scores") +
                       " outside of [0,1], the first in row " + table::with_thousands(first_) +
                       ", and the policy was fitted to scores within it: is \"" + policy_.score +
                       "\" the right column, and no percentage? Nothing was written"};
    }
    if (without_id_ > 0) {
      return Error{Code::kBadInput, many(without_id_, " row has", " rows have") +
                                        " no value in the id column \"" + *policy_.id +
                                        "\", so no lot can be drawn; nothing was written"};
    }
    if (policy_.unseen == model::Unseen::kRefuse && applied_.rows_without_rule > 0) {
      return Error{Code::kBadInput, table::with_thousands(applied_.rows_without_rule) +
                                        " rows belong to groups that the policy has no rule for (" +
                                        strangers_ + "), and it refuses such; nothing was written"};
    }
    return {};
  }

  Applied applied() {
    for (auto& [group, decided] : groups_) {
      decided.group = group;
      applied_.groups.push_back(std::move(decided));
    }
    return std::move(applied_);
  }

  Result<void> decide(table::Batch&& batch) {
    EVENHAND_ASSIGN(
        const table::Crossing crossing,
        table::cross(batch, by_, plan_.attributes, policy_.groupings, options_.read.decimal));
    std::vector<const model::Rule*> rules;
    std::vector<Decided*> counts;
    std::vector<std::uint64_t> rows(crossing.groups.size());
    for (const std::uint32_t g : crossing.codes) ++rows[g];
    for (std::size_t g = 0; g < crossing.groups.size(); ++g) {
      rules.push_back(model::rule_of(policy_, crossing.groups[g]));
      counts.push_back(&groups_[crossing.groups[g]]);
      if (!has_own_rule(crossing.groups[g])) note_strangers(crossing.groups[g], rows[g]);
    }
    std::vector<table::Column> added(plan_.added.size());
    for (table::Column& column : added) {
      column.as = table::As::kNumber;
      column.numbers.assign(batch.rows, kMissing);
    }
    std::vector<std::size_t> written;
    for (std::size_t i = 0; i < batch.rows; ++i) {
      if (!is_written(read_ + i)) continue;
      const std::uint32_t g = crossing.codes[i];
      decide_row(batch, i, rules[g], *counts[g], added);
      written.push_back(i);
    }
    read_ += batch.rows;
    applied_.rows += written.size();
    table::Batch out;
    out.rows = written.size();
    for (const std::size_t c : plan_.kept)
      out.columns.push_back(of_rows(batch.columns[c], written));
    for (const table::Column& column : added) out.columns.push_back(of_rows(column, written));
    return writer_.write(out);
  }

 private:
  bool is_written(std::uint64_t row) const {
    return options_.held_out_folds == 0 ||
           table::fold_of_row(row, options_.seed,
                              static_cast<std::uint32_t>(options_.held_out_folds)) == 0;
  }

  static table::Column of_rows(const table::Column& whole, const std::vector<std::size_t>& rows) {
    if (rows.size() == std::max(whole.codes.size(), whole.numbers.size())) return whole;
    table::Column out{whole.as, {}, whole.values, {}};
    for (const std::size_t i : rows) {
      if (whole.as == table::As::kText) out.codes.push_back(whole.codes[i]);
      if (whole.as == table::As::kNumber) out.numbers.push_back(whole.numbers[i]);
    }
    return out;
  }

  void decide_row(const table::Batch& batch, std::size_t i, const model::Rule* rule, Decided& count,
                  std::vector<table::Column>& added) {
    const double score = batch.columns[0].numbers[i];
    if (std::isnan(score)) {
      ++applied_.rows_without_score;
      return;
    }
    note_score(score, read_ + i);
    if (rule == nullptr) return;  // refused() ends it
    if (plan_.id && batch.columns[*plan_.id].codes[i] == 0) {
      ++without_id_;
      return;
    }
    const auto calibrated = rule->calibrator
                                ? std::optional(model::calibrated(*rule->calibrator, score))
                                : std::nullopt;
    if (!policy_.decides) {
      added[0].numbers[i] = calibrated.value_or(score);
      return;
    }
    const double chance = model::chance(*rule, score);
    const bool favourable =
        chance >= 1 || (chance > 0 && model::lot(policy_.key, id_of(batch, i)) < chance);
    added[0].numbers[i] = favourable ? 1 : 0;
    if (added.size() > 1) added[1].numbers[i] = chance;
    if (added.size() > 2) added[2].numbers[i] = calibrated.value_or(score);
    ++count.rows;
    count.favourable += favourable ? 1 : 0;
    applied_.favourable += favourable ? 1 : 0;
  }

  void note_score(double score, std::uint64_t row) {
    if (!policy_.scores) return;
    const auto [low, high] = *policy_.scores;
    if (score >= low && score <= high) return;
    ++applied_.rows_beyond_fit;
    const bool shares = low >= 0 && high <= 1;
    if (!shares || (score >= 0 && score <= 1)) return;
    if (no_shares_++ == 0) first_ = row + 1;
  }

  std::string id_of(const table::Batch& batch, std::size_t i) const {
    if (!plan_.id) return std::to_string(read_ + i);
    const table::Column& column = batch.columns[*plan_.id];
    return column.values[column.codes[i] - 1];
  }

  bool has_own_rule(const table::GroupKey& group) const {
    return !policy_.group_aware ||
           std::any_of(policy_.groups.begin(), policy_.groups.end(),
                       [&](const model::GroupRule& each) { return each.group == group; });
  }

  void note_strangers(const table::GroupKey& group, std::uint64_t rows) {
    applied_.rows_without_rule += rows;
    const std::string who = table::spoken(group);
    if (strangers_.find(who) == std::string::npos && strangers_.size() < 200) {
      strangers_ += (strangers_.empty() ? "" : "; ") + who;
    }
  }

  const ApplyOptions& options_;
  const model::Policy& policy_;
  const Plan& plan_;
  table::TableWriter& writer_;
  Names by_;
  std::uint64_t read_ = 0, without_id_ = 0, no_shares_ = 0, first_ = 0;
  std::map<table::GroupKey, Decided> groups_;
  std::string strangers_;
  Applied applied_;
};

}  // namespace

Result<Applied> apply(const ApplyOptions& options, const OnProgress& progress) {
  EVENHAND_ASSIGN(const Names files, table::expand_all(options.files));
  if (options.out.empty()) return Error{Code::kInvalidArgument, "apply needs a file to write to"};
  EVENHAND_TRY(table::spare_what_is_read(options.out, files));
  EVENHAND_ASSIGN(model::Policy policy, model::load_policy(options.policy));
  Names added = added_columns(options, policy);
  EVENHAND_ASSIGN(const Names keep, table::kept_columns(options.keep, files, options.read, added));
  const Plan plan = plan_of(policy, keep, std::move(added));
  EVENHAND_TRY(check_columns(policy, plan, files, options.read));
  EVENHAND_ASSIGN(const auto writer, table::create(options.out, plan.written));
  Decider decider(options, policy, plan, *writer);
  table::InOrder in_order([&](table::Batch&& batch) { return decider.decide(std::move(batch)); });
  const table::OnBatch on_batch = [&](unsigned, std::uint64_t ordinal, table::Batch&& batch) {
    return in_order.take(ordinal, std::move(batch));
  };
  EVENHAND_ASSIGN(
      const auto facts,
      table::scan(files, options.read, plan.read, threads_wanted(options.threads), on_batch,
                  table::as_keep_going(progress, "deciding " + table::spoken(files[0]))));
  EVENHAND_TRY(decider.refused());
  EVENHAND_TRY(writer->finish());
  Applied out = decider.applied();
  out.out = options.out;
  for (const table::InputFacts& each : facts) out.rows_skipped += each.rows_skipped;
  for (const table::Wanted& column : plan.written) out.columns.push_back(column.name);
  out.policy = std::move(policy);
  return out;
}

}  // namespace evenhand::adjust
