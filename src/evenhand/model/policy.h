// How scores become decisions: a policy, as it stands in policy.json (docs/formats/policy.md).
//
// A rule is a step function P(favourable | score), one for everybody or one a group; a calibrator
// may turn the score into a probability first. Where P lies between 0 and 1 a lot decides, drawn by
// a keyed hash of the row's id: the same row gets the same decision in any order, on any day. How a
// policy was fitted is adjust/'s business; nothing here sees a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/model/artefact.h"
#include "evenhand/table/crossing.h"

namespace evenhand::model {

/// score -> probability.
/// Platt:  1 / (1 + exp(a x + b)),  x the score, or its log-odds. Isotonic: the value of the last
/// step that does not lie above the score, and of the first step below it.
struct Calibrator {
  enum class Kind : std::uint8_t { kPlatt, kIsotonic };
  Kind kind = Kind::kPlatt;
  double a = -1, b = 0;
  bool of_log_odds = true;
  std::vector<std::pair<double, double>> steps;  // score from which on, value; both rise
};

/// @param score  finite. @return  in [0,1].
double calibrated(const Calibrator& calibrator, double score);

/// The log-odds of a score in [0,1], which 0 and 1 leave finite: they count as 1e-6 off.
double log_odds(double score);

struct Step {
  double from = 0;    // score
  double chance = 0;  // of the favourable decision, from there to the next step
};

struct Rule {
  std::optional<Calibrator> calibrator;
  double below = 0;         // chance under the first step
  std::vector<Step> steps;  // `from` rises; of the calibrated score, where there is a calibrator
};

/// P(favourable | score).
double chance(const Rule& rule, double score);

struct GroupRule {
  table::GroupKey group;
  Rule rule;
};

/// Rates to expect, as counted on rows with labels. An absent one has no row beneath.
struct Expected {
  table::GroupKey group;  // empty: everybody
  std::uint64_t rows = 0;
  std::optional<double> selection_rate, true_positive_rate, false_positive_rate, precision;
};

/// The gap on rows that were kept from the fit; [low, high] holds it at 95 %.
struct HeldOut {
  double gap = 0, low = 0, high = 0;
  std::string verdict;  // on the tolerance: "met" (high within it), "broken" (low beyond), or
                        // "cannot_tell"
};

/// The least score and the largest.
struct ScoreRange {
  double low = 0, high = 0;
};

/// What to do with a row whose group has no rule of its own.
enum class Unseen : std::uint8_t { kEverybody, kRefuse };

struct Policy {
  std::string score, label, favourable;  // columns, and the label's value that a person wants
  std::vector<std::string> by;           // attributes that groups are told by
  table::Groupings groupings;            // how their values become groups, in any table
  bool group_aware = false;
  bool decides = true;            // false: calibrators only
  Rule everybody;                 // the one rule; with group_aware that of all other groups
  std::vector<GroupRule> groups;  // group_aware only
  Unseen unseen = Unseen::kEverybody;
  std::string basis, signatory;  // group_aware only: the legal basis, and who answers for it

  std::optional<std::string> id;  // column that tells rows; absent: their number in the table
  std::string key;                // of the hash that draws lots

  std::string equalise, calibrate;  // what was asked: "odds", "isotonic"; "": not asked
  double tolerance = 0, cost_fp = 1, cost_fn = 1, rate_min = 0;
  bool deterministic = false;
  std::optional<double> gap;  // widest that is left on the rows of the fit
  std::optional<HeldOut> held_out;
  std::string expected_on = "fit";    // the rows that these were counted on; or "held_out"
  std::vector<Expected> expected;     // everybody first, then the groups
  std::vector<std::string> warnings;  // what its fit told of it, in sentences
  std::optional<ScoreRange> scores;   // of the rows of the fit; absent: not known (version 1)
  std::vector<FittedFile> files;
  std::string model;  // folder of the model whose scores these are; "": nobody said
  std::vector<std::pair<std::string, std::string>> model_sha256;  // of its files, by name
  bool sealed = true;  // false: it was read from version 1, which had no digest of itself
};

/// The rule of a group: its own, or that of all others; null where such a group is refused.
const Rule* rule_of(const Policy& policy, const table::GroupKey& group);

/// A number in [0,1) that only the key and the row's id decide: the first 53 bits of SHA-256 over
/// the key, a zero byte and the id. The decision is favourable where it lies below the chance.
double lot(std::string_view key, std::string_view id);

/// The text of policy.json. The same policy gives the same bytes.
std::string to_json(const Policy& policy);
/// Strict: every key is known, none is missing; steps rise; chances lie in [0,1]; the digest is
/// that of the rest. Version 1, which had none, is read as well.
/// @error kBadInput naming the place, what was found and what was expected.
Result<Policy> policy_from_json(std::string_view text);

/// Write it, whole or not at all. @error kIo.
Result<void> save(const Policy& policy, const std::string& path);
/// @error kNotFound, kIo; kBadInput as policy_from_json.
Result<Policy> load_policy(const std::string& path);

}  // namespace evenhand::model
