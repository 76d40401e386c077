#include "evenhand/adjust/fit.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "evenhand/adjust/shown.h"
#include "evenhand/base/field.h"
#include "evenhand/record/record_json.h"
#include "evenhand/record/write.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/split.h"

namespace evenhand::adjust {

namespace {

constexpr double kCostMost = 1e6;  // beyond, a linear program loses the other cost

constexpr const char* kLaw =
    "thresholds by group are forbidden in US employment tests (Title VII, section 703(l)) and are "
    "treatment by a protected trait in credit";

// --- What was asked ---------------------------------------------------------------------------

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

Result<void> check_aware(const FitOptions& options) {
  if (!options.group_aware) {
    if (!options.basis.empty() || !options.signatory.empty()) {
      return wrong(
          "a basis and a signatory belong to a group-aware policy, and this one is the "
          "same for everybody: add --group-aware, or leave them out");
    }
    return {};
  }
  if (options.columns.by.empty()) return wrong("a group-aware policy needs a --group");
  if (options.basis.empty() || options.signatory.empty()) {
    return wrong(std::string("a group-aware policy needs --basis, the legal basis, and "
                             "--signatory, who answers for it: ") +
                 kLaw + "; without --group-aware one rule holds for everybody");
  }
  return {};
}

Result<void> check(const FitOptions& options) {
  if (options.equalise.empty() && options.calibrate.empty()) {
    return wrong("nothing is asked: name what to --equalise, or how to --calibrate");
  }
  if (!options.equalise.empty() && !equalise_of(options.equalise)) {
    return wrong("equalise is \"" + options.equalise +
                 "\"; expected selection_rate, tpr, fpr, odds or precision");
  }
  if (!options.equalise.empty() && options.columns.by.empty()) {
    return wrong("equalising needs a --group whose rates shall be alike");
  }
  if (!options.calibrate.empty() && options.calibrate != "platt" &&
      options.calibrate != "isotonic") {
    return wrong("calibrate is \"" + options.calibrate + "\"; expected platt or isotonic");
  }
  const auto share = [](double x) { return x >= 0 && x <= 1; };
  if (!share(options.tolerance)) return wrong("the tolerance must lie in [0,1]");
  if (options.rate_min && !share(*options.rate_min)) return wrong("rate_min must lie in [0,1]");
  const auto cost = [](double x) { return x >= 0 && x <= kCostMost; };
  if (!cost(options.cost_fp) || !cost(options.cost_fn) || options.cost_fp + options.cost_fn == 0) {
    return wrong("costs must lie in [0, 1,000,000], and not both be 0");
  }
  if (options.folds != 0 && (options.folds < 2 || options.folds > 100)) {
    return wrong("folds must be 0, or from 2 to 100");
  }
  if (options.unseen != "everybody" && options.unseen != "refuse") {
    return wrong("unseen is \"" + options.unseen + "\"; expected everybody or refuse");
  }
  return check_aware(options);
}

Plan plan_of(const FitOptions& options) {
  Plan out;
  if (options.calibrate == "platt") out.calibrate = Calibrate::kPlatt;
  if (options.calibrate == "isotonic") out.calibrate = Calibrate::kIsotonic;
  out.equalise = equalise_of(options.equalise);
  Question& question = out.question;
  question.equalise = out.equalise.value_or(Equalise::kSelectionRate);
  question.tolerance = options.tolerance;
  question.cost_fp = options.cost_fp;
  question.cost_fn = options.cost_fn;
  constexpr double kLeastOfPrecision = 0.05;  // else selecting nobody would equalise
  question.rate_min =
      options.rate_min.value_or(question.equalise == Equalise::kPrecision ? kLeastOfPrecision : 0);
  question.flip = options.flip;
  question.groups_alike = options.groups_alike;
  out.group_aware = options.group_aware;
  out.deterministic = options.deterministic;
  out.rows_min = options.rows_min;
  return out;
}

// --- What the rules do ------------------------------------------------------------------------

using ChanceOf = double (*)(const Built&, const Row&);

double by_policy(const Built& built, const Row& row) {
  return model::chance(rule_for(built, row.group), row.score);
}
double by_plain(const Built& built, const Row& row) {
  return model::chance(built.plain, row.score);
}
double by_blind(const Built& built, const Row& row) {
  return model::chance(built.blind, row.score);
}

// What each way of deciding does to rows.
void look(const std::vector<Row>& rows, const char* which, const Built& built, const Plan& plan,
          std::size_t groups, std::vector<Seen>& out) {
  if (!plan.equalise || rows.empty()) return;
  std::vector<std::pair<const char*, ChanceOf>> rules{{"plain", by_plain}, {"policy", by_policy}};
  if (plan.group_aware) rules.emplace_back("blind", by_blind);
  for (const auto& [name, chance] : rules) {
    Seen seen{name, which, std::vector<Outcome>(groups)};
    for (const Row& row : rows) see(seen.groups[row.group], row, chance(built, row));
    out.push_back(std::move(seen));
  }
}

// The rows that rules are fitted to, and those that only judge them: the first fold.
struct Split {
  std::vector<Row> fit, held_out;
};

Split split(const FitOptions& options, const People& people, const Plan& plan) {
  // Calibrators need no rows kept from them for good: their error is cross-fitted.
  if (options.folds == 0 || !plan.equalise) return {people.rows, {}};
  const auto folds = static_cast<std::uint32_t>(options.folds);
  Split out;
  for (std::size_t i = 0; i < people.rows.size(); ++i) {
    const bool held = table::fold_of_row(people.places[i], options.seed, folds) == 0;
    (held ? out.held_out : out.fit).push_back(people.rows[i]);
  }
  return out;
}

// Every row with its score as given, and as a calibrator makes it that has not seen its fold.
Result<Calibration> cross_fitted(const FitOptions& options, const People& people, const Plan& plan,
                                 const std::vector<LeftOut>& left_out) {
  Calibration out;
  out.seed = options.seed;
  if (options.folds == 0 || plan.calibrate == Calibrate::kNot) return out;
  Plan of_fold = plan;
  of_fold.equalise.reset();
  // Who takes part was decided on all rows; a fold may hold some of a group's few.
  of_fold.rows_min = 1;
  of_fold.kept_out.assign(people.crossing.groups.size(), false);
  for (const LeftOut& each : left_out) of_fold.kept_out[each.group] = true;
  const auto folds = static_cast<std::uint32_t>(options.folds);
  for (std::uint32_t fold = 0; fold < folds; ++fold) {
    std::vector<Row> others, own;
    for (std::size_t i = 0; i < people.rows.size(); ++i) {
      const bool held = table::fold_of_row(people.places[i], options.seed, folds) == fold;
      (held ? own : others).push_back(people.rows[i]);
    }
    auto built = build(others, people.crossing, of_fold);
    if (!built) {
      return std::move(built).error().within(
          "calibrating without fold " + std::to_string(fold + 1) + " of " + std::to_string(folds));
    }
    for (const Row& row : own) {
      out.before.push_back(row);
      out.after.push_back(row);
      out.after.back().score =
          model::calibrated(*rule_for(*built, row.group).calibrator, row.score);
    }
  }
  return out;
}

// What was seen of one way of deciding on the rows that count most: held out, where something is.
const Seen* last_seen(const Fitted& fitted, std::string_view rule) {
  for (auto each = fitted.seen.rbegin(); each != fitted.seen.rend(); ++each) {
    if (each->rule == rule) return &*each;
  }
  return nullptr;
}

// --- What is left behind ----------------------------------------------------------------------

model::Expected expected_of(table::GroupKey group, const Outcome& outcome) {
  model::Expected out;
  out.group = std::move(group);
  out.rows = static_cast<std::uint64_t>(std::llround(outcome.n0 + outcome.n1));
  out.selection_rate = rate_of(outcome, Which::kSelectionRate).value;
  out.true_positive_rate = rate_of(outcome, Which::kTruePositive).value;
  out.false_positive_rate = rate_of(outcome, Which::kFalsePositive).value;
  out.precision = rate_of(outcome, Which::kPrecision).value;
  return out;
}

void name_model(const Json& scored_by, model::Policy& out) {
  const bool is_named = scored_by.is_object() && scored_by.contains("path") &&
                        scored_by["path"].is_string() && scored_by.contains("sha256");
  if (!is_named) return;
  out.model = scored_by["path"].get<std::string>();
  for (const auto& [file, sha256] : scored_by["sha256"].items()) {
    if (sha256.is_string()) out.model_sha256.emplace_back(file, sha256.get<std::string>());
  }
}

// What decisions promise: on rows that no threshold has seen, where there are such.
void promise(const People& people, const Fitted& fitted, model::Policy& out) {
  const Seen* seen = last_seen(fitted, "policy");
  if (seen == nullptr) return;
  out.expected_on = seen->rows;
  out.expected.push_back(expected_of({}, sum(seen->groups)));
  for (std::size_t g = 0; g < seen->groups.size() && !out.by.empty(); ++g) {
    if (seen->groups[g].n0 + seen->groups[g].n1 == 0) continue;
    out.expected.push_back(expected_of(people.crossing.groups[g], seen->groups[g]));
  }
  if (seen->rows == "fit") return;
  const auto gap = gap_of(*seen, fitted.plan.question.equalise, fitted.compared);
  if (!gap) return;
  constexpr double kRounding = 1e-9;  // of the program that solved for the tolerance
  const double most = out.tolerance + kRounding;
  out.held_out = {gap->value, std::min(gap->low, gap->value),
                  std::min(1.0, std::max(gap->high, gap->value)),
                  gap->high <= most ? "met"
                  : gap->low > most ? "broken"
                                    : "cannot_tell"};
}

model::Policy policy_of(const FitOptions& options, const People& people, const Plan& plan,
                        const Built& built) {
  model::Policy out;
  out.score = options.columns.score;
  out.label = options.columns.label;
  out.favourable = people.favourable;
  out.by = options.columns.by;
  out.groupings = options.columns.groupings;
  out.group_aware = options.group_aware;
  out.decides = plan.equalise.has_value();
  out.everybody = built.everybody;
  for (std::uint32_t g = 0; g < built.own.size(); ++g) {
    // A group without a rule of its own stays unseen, so that the declared rule holds for it.
    const bool left_out = std::any_of(built.left_out.begin(), built.left_out.end(),
                                      [&](const LeftOut& each) { return each.group == g; });
    if (!left_out && !people.crossing.unknown(g)) {
      out.groups.push_back({people.crossing.groups[g], built.own[g]});
    }
  }
  out.unseen = options.unseen == "refuse" ? model::Unseen::kRefuse : model::Unseen::kEverybody;
  out.basis = options.basis;
  out.signatory = options.signatory;
  out.id = options.columns.id;
  out.key = std::to_string(options.seed);
  out.equalise = options.equalise;
  out.calibrate = options.calibrate;
  out.tolerance = options.tolerance;
  out.cost_fp = options.cost_fp;
  out.cost_fn = options.cost_fn;
  out.rate_min = plan.question.rate_min;
  out.deterministic = options.deterministic;
  if (plan.equalise) out.gap = std::clamp(built.gap, 0.0, 1.0);
  const auto [low, high] =
      std::minmax_element(people.rows.begin(), people.rows.end(),
                          [](const Row& a, const Row& b) { return a.score < b.score; });
  out.scores = {low->score, high->score};
  for (const table::InputFacts& facts : people.facts) {
    out.files.push_back({facts.path, facts.bytes, facts.rows, facts.sha256});
  }
  name_model(options.scored_by, out);
  return out;
}

Json maybe(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json options_json(const FitOptions& options, const People& people, const Plan& plan) {
  Json out;
  out["score"] = options.columns.score;
  out["label"] = {{"column", options.columns.label}, {"favourable", people.favourable}};
  out["group"] = options.columns.by;
  out["groupings"] = table::groupings_json(options.columns.groupings);
  out["id"] = options.columns.id ? Json(*options.columns.id) : Json();
  out["equalise"] = maybe(options.equalise);
  out["calibrate"] = maybe(options.calibrate);
  out["tolerance"] = options.tolerance;
  out["cost_fp"] = options.cost_fp;
  out["cost_fn"] = options.cost_fn;
  out["rate_min"] = plan.question.rate_min;
  out["group_aware"] = options.group_aware;
  out["basis"] = maybe(options.basis);
  out["signatory"] = maybe(options.signatory);
  out["unseen"] = options.unseen;
  out["deterministic"] = options.deterministic;
  out["flip"] = options.flip;
  out["groups_alike"] = options.groups_alike;
  out["rows_min"] = options.rows_min;
  out["folds"] = options.folds;
  out["scored_by"] = options.scored_by;
  return out;
}

std::string name_of(const table::Crossing& crossing, std::uint32_t group) {
  std::string out;
  for (std::size_t a = 0; a < crossing.by.size(); ++a) {
    out +=
        (a == 0 ? "" : ", ") + crossing.by[a] + '=' + crossing.groups[group][a].value_or("unknown");
  }
  return out;
}

record::Record record_of(const FitOptions& options, const People& people, const Built& built,
                         const Fitted& fitted) {
  record::Record out;
  out.operation = "adjust fit";
  out.options = options_json(options, people, fitted.plan);
  out.seed = options.seed;
  for (const table::InputFacts& facts : people.facts) {
    out.inputs.push_back({facts.path, facts.rows, facts.rows_skipped, facts.bytes, facts.sha256});
  }
  if (people.rows_without_label > 0) {
    out.left_out.push_back({"rows without a label", "no error can be counted",
                            static_cast<std::int64_t>(people.rows_without_label)});
  }
  if (people.rows_without_score > 0) {
    out.left_out.push_back({"rows without a score", "no threshold applies",
                            static_cast<std::int64_t>(people.rows_without_score)});
  }
  std::vector<std::int64_t> rows(people.crossing.groups.size());
  for (const Row& row : people.rows) ++rows[row.group];
  for (const LeftOut& each : built.left_out) {
    out.left_out.push_back(
        {"group " + name_of(people.crossing, each.group), each.why, rows[each.group]});
  }
  if (fitted.plan.equalise) {
    out.findings = findings_of(fitted.seen, fitted.plan, people.crossing, fitted.compared);
  }
  out.code_version = EVENHAND_VERSION;
  return out;
}

// --- Sentences --------------------------------------------------------------------------------

void say_left_out(const People& people, const Built& built, Fitted& out) {
  for (const LeftOut& each : built.left_out) {
    out.says.push_back(name_of(people.crossing, each.group) + " takes no part: " + each.why +
                       (out.plan.group_aware ? "; the declared rule for unseen groups holds for it"
                                             : "; the one rule holds for it as well"));
  }
}

void say_reached(const Built& built, Fitted& out) {
  if (!out.plan.equalise || out.reached) return;
  out.says.push_back(
      fmt::format("a gap of {} is out of reach{}: the nearest that was reached is {:.4f}",
                  shortest(out.plan.question.tolerance),
                  out.plan.deterministic ? " without lots" : "", built.gap));
}

// "nobody", "hardly anybody"; "" where a share is one of a decision. Its digits could tell of a
// handful of people.
std::string extreme(double share) {
  constexpr double kHardly = 0.01;
  if (share <= 0) return "nobody";
  if (share >= 1) return "everybody";
  if (share > kHardly && share < 1 - kHardly) return "";
  return share < 0.5 ? "hardly anybody (at most 1 %)" : "nearly everybody (at least 99 %)";
}

// Everybody or nobody of a group selected: equal, and no decision.
void say_trivial(const People& people, Fitted& out) {
  for (const Seen& each : out.seen) {
    if (each.rule != "policy" || each.rows != "fit") continue;
    for (std::uint32_t g = 0; g < each.groups.size(); ++g) {
      const Rate rate = rate_of(each.groups[g], Which::kSelectionRate);
      const std::string who = rate.value && !few(rate.rows) ? extreme(*rate.value) : "";
      if (who.empty()) continue;
      out.says.push_back("the policy selects " + who + " of " + name_of(people.crossing, g) +
                         (*rate.value < 0.5 ? "; --rate-min asks for a least selection rate" : ""));
    }
  }
}

// Of all rows, whatever their groups: the share that a rule would select.
double selected_by(const model::Rule& rule, const std::vector<Row>& rows) {
  constexpr std::size_t kLooked = 20'000;  // to say "far" one need not look at every row
  const std::size_t stride = rows.size() / kLooked + 1;
  double chances = 0;
  for (std::size_t i = 0; i < rows.size(); i += stride) {
    chances += model::chance(rule, rows[i].score);
  }
  const std::size_t looked = (rows.size() + stride - 1) / stride;
  return chances / static_cast<double>(looked);
}

// What is done to the others may be far from what is done to any group.
void say_fallback(const std::vector<Row>& rows, const Built& built, Fitted& out) {
  if (!out.plan.equalise || built.own.empty()) return;
  double low = 1, high = 0;
  for (std::size_t g = 0; g < built.own.size(); ++g) {
    if (!out.compared[g]) continue;
    const double share = selected_by(built.own[g], rows);
    low = std::min(low, share);
    high = std::max(high, share);
  }
  constexpr double kFar = 0.05;
  const double others = selected_by(built.everybody, rows);
  if (others >= low - kFar && others <= high + kFar && extreme(others).empty()) return;
  out.says.push_back(fmt::format(
      "rows of an unknown or unseen group are decided by the threshold that costs least, which "
      "would select {:.1f} % of all rows, and the rules of the groups from {:.1f} to {:.1f} %: see "
      "that this is wanted, or let such tables be refused (--unseen refuse)",
      100 * others, 100 * low, 100 * high));
}

// Where a lot lets in most of those with the lowest score, the score decides little.
void say_lots_below(const std::vector<Row>& rows, const Built& built, Fitted& out) {
  const auto lowest = std::min_element(
      rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.score < b.score; });
  double most = 0;
  for (std::uint32_t g = 0; g < out.compared.size(); ++g) {
    const double p = model::chance(rule_for(built, g), lowest->score);
    if (out.compared[g] && p < 1) most = std::max(most, p);
  }
  if (most < 0.5) return;
  out.says.push_back(
      fmt::format("even of the lowest scores {:.1f} % are selected, by lot: the gap closes because "
                  "nearly everybody is let in; see that --cost-fp and --cost-fn say what errors "
                  "cost, or ask for a wider --tolerance",
                  100 * most));
}

void say_lots(const std::vector<Row>& rows, const Built& built, Fitted& out) {
  if (!out.plan.equalise) return;
  double by_lot = 0;
  for (const Row& row : rows) {
    const double p = model::chance(rule_for(built, row.group), row.score);
    by_lot += p > 0 && p < 1 ? 1 : 0;
  }
  const double share = by_lot / static_cast<double>(rows.size());
  if (share > 0) {
    out.says.push_back(fmt::format("a lot decides for {:.1f} % of the rows", 100 * share));
  }
  say_lots_below(rows, built, out);
}

std::string named(const Seen& seen) {
  return seen.rows == "fit" ? "the rows of the fit" : "held-out rows";
}

void say_held_out(Fitted& out) {
  if (!out.policy.held_out) return;
  const model::HeldOut& of = *out.policy.held_out;
  const std::string most = shortest(out.plan.question.tolerance);
  out.says.push_back(
      fmt::format("on held-out rows the policy leaves a gap of {:.4f} [{:.4f}, {:.4f}]: ", of.gap,
                  of.low, of.high) +
      (of.verdict == "met" ? "within the tolerance of " + most
       : of.verdict == "broken"
           ? "the tolerance of " + most + " is broken there; give more rows, or ask for a wider one"
           : "whether the tolerance of " + most + " holds cannot be told from so few rows"));
}

// Equal because hardly anything is decided: the cost tells.
void say_idle(Fitted& out) {
  const Seen *policy = last_seen(out, "policy"), *plain = last_seen(out, "plain");
  if (policy == nullptr || plain == nullptr) return;
  const Question& question = out.plan.question;
  const Outcome all = sum(policy->groups);
  const double rows = all.n0 + all.n1;
  const double everybody = question.cost_fp * all.n0 / rows,
               nobody = question.cost_fn * all.n1 / rows;
  const double idle = std::min(everybody, nobody);
  const double cost = cost_per_row(*policy, question), least = cost_per_row(*plain, question);
  constexpr double kHardly = 0.2;  // of what the plain threshold saves
  if (idle - cost > kHardly * (idle - least)) return;
  out.says.push_back(fmt::format(
      "it costs {:.4f} a row, and {} {:.4f}: the gap closes because little is decided by the score",
      cost, everybody <= nobody ? "letting everybody in" : "keeping everybody out", idle));
}

void say_blind(Fitted& out) {
  const Seen *policy = last_seen(out, "policy"), *blind = last_seen(out, "blind");
  if (policy == nullptr || blind == nullptr) return;
  const double aware = cost_per_row(*policy, out.plan.question);
  const double one = cost_per_row(*blind, out.plan.question);
  const auto left = gap_of(*blind, out.plan.question.equalise, out.compared);
  out.says.push_back(fmt::format(
      "without looking at groups, one rule for everybody costs {:.4f} a row instead of {:.4f} "
      "({:+.4f}) and leaves a gap of {:.4f} ({})",
      one, aware, one - aware, left ? left->value : 0.0, named(*blind)));
}

void say_calibration(Fitted& out) {
  for (const record::Finding& each : out.record.findings) {
    if (each.metric != "calibration_error" || !each.value) continue;
    std::string who;
    for (const auto& [attribute, value] : *each.group) {
      who += (who.empty() ? "" : ", ") + value.value_or("unknown");
    }
    out.says.push_back(fmt::format(
        "calibration error of {} ({} scores, held-out rows): {:.4f} [{:.4f}, {:.4f}], {} rows",
        who.empty() ? "everybody" : who, each.at.front().second, *each.value, each.low.value_or(0),
        each.high.value_or(0), table::with_thousands(static_cast<std::uint64_t>(each.rows))));
  }
}

}  // namespace

Result<Fitted> fit(const FitOptions& options, const OnProgress& progress) {
  EVENHAND_TRY(check(options));
  EVENHAND_ASSIGN(const std::vector<std::string> files, table::expand_all(options.files));
  EVENHAND_ASSIGN(People people,
                  read_people(files, options.read, options.columns, options.threads, progress));
  Fitted out;
  out.plan = plan_of(options);
  const Split rows = split(options, people, out.plan);
  EVENHAND_ASSIGN(const Built built, build(rows.fit, people.crossing, out.plan));
  const std::size_t groups = people.crossing.groups.size();
  out.compared.assign(groups, true);
  for (std::uint32_t g = 0; g < groups; ++g) out.compared[g] = !people.crossing.unknown(g);
  for (const LeftOut& each : built.left_out) out.compared[each.group] = false;
  look(rows.fit, "fit", built, out.plan, groups, out.seen);
  look(rows.held_out, "held_out", built, out.plan, groups, out.seen);
  out.policy = policy_of(options, people, out.plan, built);
  promise(people, out, out.policy);
  out.reached = built.reached;
  out.record = record_of(options, people, built, out);
  EVENHAND_ASSIGN(const Calibration calibration,
                  cross_fitted(options, people, out.plan, built.left_out));
  for (record::Finding& each : calibration_findings(calibration, people.crossing)) {
    out.record.findings.push_back(std::move(each));
  }
  say_reached(built, out);
  say_left_out(people, built, out);
  say_trivial(people, out);
  say_fallback(rows.fit, built, out);
  say_lots(rows.fit, built, out);
  say_held_out(out);
  say_idle(out);
  say_blind(out);
  out.policy.warnings = out.says;
  say_calibration(out);
  out.crossing = std::move(people.crossing);
  return out;
}

Result<void> write(const Fitted& fitted, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return Error{Code::kIo, "the folder " + folder + " cannot be made: " + failed.message()};
  }
  const std::filesystem::path in = folder;
  EVENHAND_TRY(record::write_file((in / "record.json").string(), record::to_json(fitted.record)));
  return model::save(fitted.policy, (in / "policy.json").string());
}

}  // namespace evenhand::adjust
