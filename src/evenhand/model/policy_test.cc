#include "evenhand/model/policy.h"

#include <cmath>
#include <filesystem>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

namespace evenhand::model {
namespace {

Policy by_sex() {
  Policy out;
  out.score = "p";
  out.label = "repaid";
  out.favourable = "yes";
  out.by = {"sex"};
  out.group_aware = true;
  out.basis = "court order";
  out.signatory = "A. Jurist";
  out.everybody.steps = {{0.5, 1}};
  out.groups = {{{"F"}, {{}, 0, {{0.25, 0.5}, {0.75, 1}}}}, {{"M"}, {{}, 0.125, {}}}};
  out.id = "person";
  out.key = "7";
  out.equalise = "tpr";
  out.gap = 0.0625;
  out.held_out = {0.125, 0.0625, 0.25, "broken"};
  out.scores = {0.125, 0.875};
  out.warnings = {"a lot decides for 3.0 % of the rows"};
  out.expected = {{{}, 20, 0.5, 0.75, std::nullopt, 0.25}, {{std::nullopt}, 2, 1, 1, 1, 1}};
  out.files = {{"people.csv", 100, 20, "ab"}};
  out.model = "model";
  out.model_sha256 = {{"model.json", "cd"}};
  return out;
}

TEST(Policy, KeepsHowValuesBecomeGroups) {
  Policy policy = by_sex();
  policy.groupings["sex"] = {{}, {{"female", "F"}, {"f", "F"}}};
  const auto read = policy_from_json(to_json(policy));
  ASSERT_TRUE(read) << read.error().says;
  EXPECT_EQ(read->groupings.at("sex").rename, policy.groupings["sex"].rename);
  EXPECT_EQ(to_json(*read), to_json(policy));
  Json other = Json::parse(to_json(by_sex()));
  other["groupings"] = {{"race", {{"edges", {1}}}}};
  EXPECT_EQ(policy_from_json(other.dump()).error().says,
            "policy.json: groupings do not fit: edges were given for \"race\", but nobody is "
            "compared by it; groups are \"sex\"");
  other["groupings"] = {{"sex", {{"edge", {1}}}}};
  EXPECT_EQ(policy_from_json(other.dump()).error().says,
            "policy.json: groupings cannot be read: sex: edge: there is no key \"edge\"; did you "
            "mean \"edges\"?");
}

TEST(Policy, RuleIsAStepFunctionThatHoldsItsLowerEnds) {
  const Rule rule{{}, 0.125, {{0.25, 0.5}, {0.75, 1}}};
  EXPECT_EQ(chance(rule, 0.2499), 0.125);
  EXPECT_EQ(chance(rule, 0.25), 0.5);
  EXPECT_EQ(chance(rule, 0.7499), 0.5);
  EXPECT_EQ(chance(rule, 0.75), 1);
  EXPECT_EQ(chance(Rule{{}, 0.125, {}}, 1e300), 0.125);
}

TEST(Policy, CalibratorsByHand) {
  // Of log-odds, a = -1, b = 0 gives back the score; b shifts the odds by a factor.
  Calibrator platt;
  EXPECT_NEAR(calibrated(platt, 0.3), 0.3, 1e-15);
  platt.b = std::log(3);  // odds 1 -> 1/3
  EXPECT_NEAR(calibrated(platt, 0.5), 0.25, 1e-15);
  EXPECT_TRUE(std::isfinite(calibrated(platt, 0)) && std::isfinite(calibrated(platt, 1)));
  Calibrator steps;
  steps.kind = Calibrator::Kind::kIsotonic;
  steps.steps = {{0.2, 0.1}, {0.6, 0.9}};
  EXPECT_EQ(calibrated(steps, 0.1), 0.1);
  EXPECT_EQ(calibrated(steps, 0.59), 0.1);
  EXPECT_EQ(calibrated(steps, 0.6), 0.9);
}

TEST(Policy, ThresholdsStandOnTheCalibratedScore) {
  Rule rule{{}, 0, {{0.5, 1}}};
  rule.calibrator.emplace();
  rule.calibrator->b = std::log(3);
  EXPECT_EQ(chance(rule, 0.7), 0);   // odds 7/3 / 3 < 1
  EXPECT_EQ(chance(rule, 0.76), 1);  // odds 3.2 / 3 > 1
}

// SHA-256 of "7", a zero byte and "person-1", by sha256sum of coreutils 9.1:
// printf '7\0person-1' | sha256sum.
TEST(Policy, LotIsTheHashOfKeyAndId) {
  const auto expected = static_cast<double>(0x2d1991eafaa0f344ULL >> 11) / 9007199254740992.0;
  EXPECT_EQ(lot("7", "person-1"), expected);
  EXPECT_NE(lot("8", "person-1"), expected);
  EXPECT_NE(lot("71", "erson-1"), lot("7", "1erson-1"));  // the zero byte keeps the two apart
}

// With 100,000 ids the shares of ten equal parts lie within 5 standard errors of 0.1.
TEST(Policy, LotsAreUniform) {
  int parts[10] = {};
  constexpr int kIds = 100'000;
  for (int i = 0; i < kIds; ++i) {
    const double u = lot("key", std::to_string(i));
    ASSERT_TRUE(u >= 0 && u < 1);
    ++parts[static_cast<int>(u * 10)];
  }
  for (const int part : parts) EXPECT_NEAR(part, kIds / 10, 5 * std::sqrt(kIds * 0.09));
}

TEST(Policy, UnseenGroupsTakeTheDeclaredRule) {
  Policy policy = by_sex();
  EXPECT_EQ(rule_of(policy, {"F"}), &policy.groups[0].rule);
  EXPECT_EQ(rule_of(policy, {"X"}), &policy.everybody);
  EXPECT_EQ(rule_of(policy, {std::nullopt}), &policy.everybody);
  policy.unseen = Unseen::kRefuse;
  EXPECT_EQ(rule_of(policy, {"X"}), nullptr);
  EXPECT_EQ(rule_of(policy, {"M"}), &policy.groups[1].rule);
  policy.group_aware = false;
  EXPECT_EQ(rule_of(policy, {"M"}), &policy.everybody);
}

TEST(Policy, ComesBackFromItsTextAsItWas) {
  Policy policy = by_sex();
  policy.groups[0].rule.calibrator.emplace();
  policy.groups[1].rule.calibrator.emplace();
  policy.groups[1].rule.calibrator->kind = Calibrator::Kind::kIsotonic;
  policy.groups[1].rule.calibrator->steps = {{-2, 0.1}, {1e9, 0.1}};
  const std::string text = to_json(policy);
  const auto read = policy_from_json(text);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(to_json(*read), text);
  EXPECT_EQ(read->groups[0].rule.steps[0].chance, 0.5);
  EXPECT_EQ(read->expected[1].group, table::GroupKey{std::nullopt});
  EXPECT_FALSE(read->expected[0].false_positive_rate);
}

TEST(Policy, SaysWhereTheTextIsWrong) {
  const auto says = [](const std::string& from, const std::string& to) {
    std::string text = to_json(by_sex());
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const auto read = policy_from_json(text);
    return read ? std::string("read") : read.error().says;
  };
  EXPECT_EQ(policy_from_json("{").error().says, "policy.json: it is no JSON object");
  EXPECT_EQ(says("\"version\": 2", "\"version\": 3"),
            "policy.json: version is 3; this program reads versions 1 and 2");
  EXPECT_EQ(says("[0.75,1.0]", "[0.65,1.0]"),  // a threshold lowered by hand
            "policy.json: its digest is not that of what stands in it: it was changed after "
            "`evenhand adjust fit` wrote it; take the file as it was written, or fit the policy "
            "anew");
  EXPECT_EQ(says("\"verdict\":\"broken\"", "\"verdict\":\"fine\""),
            "policy.json: held_out.verdict is \"fine\"; expected \"met\", \"broken\" or "
            "\"cannot_tell\"");
  EXPECT_EQ(says("{\"gap\":0.125,\"low\":0.0625", "{\"gap\":0.125,\"low\":0.1875"),
            "policy.json: held_out has a gap of 0.125 that does not lie within [0.1875, 0.25]");
  EXPECT_EQ(says("{\"gap\":0.125,\"low\":0.0625,\"high\":0.25",
                 "{\"gap\":0.125,\"low\":0.25,\"high\":0.0625"),
            "policy.json: held_out has a gap of 0.125 that does not lie within [0.25, 0.0625]");
  EXPECT_EQ(says("{\"low\":0.125,\"high\":0.875}", "{\"low\":0.875,\"high\":0.125}"),
            "policy.json: scores have a low end that lies above the high one");
  EXPECT_EQ(says("\"code_version\": \"", "\"code_version\": [[1]],\n  \"digest\": \""),
            "policy.json: code_version is a list; expected a text");
  EXPECT_EQ(says("[0.75,1.0]", "[0.25,1.0]"),
            "policy.json: groups[0].rule.steps[1] does not lie above the step before it");
  EXPECT_EQ(says("[0.75,1.0]", "[0.75,1.5]"),
            "policy.json: groups[0].rule.steps[1][1] is 1.5; expected a number in [0, 1]");
  EXPECT_EQ(says("[0.75,1.0]", "[1e999,1.0]"), "policy.json: it is no JSON object");
  EXPECT_EQ(says("\"basis\": \"court order\"", "\"basis\": null"),
            "policy.json: \"group_aware\" is true, but no legal basis or signatory is named");
  EXPECT_EQ(says("\"group_aware\": true", "\"group_aware\": false"),
            "policy.json: groups has rules, but \"group_aware\" is false");
  EXPECT_EQ(says("\"gap\"", "\"gaps\""), "policy.json: it lacks \"gap\"");
  EXPECT_EQ(says("\"gap\"", "\"more\": 1,\n  \"gap\""),
            "policy.json: it has \"more\", which this version does not know");
  EXPECT_EQ(says("{\"group\":[\"M\"]", "{\"group\":[\"F\"]"),
            "policy.json: groups[1] is a group that has a rule already");
  EXPECT_EQ(says("\"unseen\": \"everybody\"", "\"unseen\": \"nobody\""),
            "policy.json: unseen is \"nobody\"; expected \"everybody\" or \"refuse\"");
}

// Going through a tree of a hundred thousand levels would outrun the stack: it is never built.
TEST(Policy, NestedWithoutEndIsRefused) {
  std::string text = to_json(by_sex());
  const std::size_t at = text.find("\"code_version\": ") + std::string("\"code_version\": ").size();
  constexpr std::size_t kDeep = 100'000;
  const std::string deep = std::string(kDeep, '[') + std::string(kDeep, ']');
  text.replace(at, text.find(',', at) - at, deep);
  EXPECT_EQ(policy_from_json(text).error().says, "policy.json: it is nested deeper than 32 levels");
}

TEST(Policy, OfUnknownScoresSaysSo) {
  Policy policy = by_sex();
  policy.scores.reset();
  const auto read = policy_from_json(to_json(policy));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_FALSE(read->scores);
  policy.scores = {0, 0};  // known, and all the same
  EXPECT_EQ(policy_from_json(to_json(policy))->scores->high, 0);
}

// Written by Python 3.11's json module, and its digest by hashlib:
// sha256(json.dumps(document, sort_keys=True, separators=(',', ':'), ensure_ascii=False)).
constexpr const char* kByPython =
    R"({"version": 2, "decides": true, "score": "p", "label": {"column": "y",)"
    R"( "favourable": "1"}, "by": ["sex"], "groupings": {"sex": {"edges": [],)"
    R"( "rename": {"f": "F"}}}, "group_aware": false, "basis": null, "signato)"
    R"(ry": null, "unseen": "everybody", "lots": {"hash": "sha256", "key": "0)"
    R"(", "id": null}, "asked": {"equalise": "tpr", "calibrate": null, "toler)"
    R"(ance": 0.02, "cost_fp": 1.0, "cost_fn": 1.0, "rate_min": 0.0, "determi)"
    R"(nistic": false}, "gap": 0.015, "held_out": {"gap": 0.03, "low": 0.0, ")"
    R"(high": 0.125, "verdict": "cannot_tell"}, "scores": {"low": 0.0625, "hi)"
    R"(gh": 0.9375}, "everybody": {"calibrator": null, "below": 0.0, "steps":)"
    R"( [[0.5, 0.25], [0.625, 1.0]]}, "groups": [], "expected_on": "held_out")"
    R"(, "expected": [], "warnings": ["a lot decides for 12.5 % of the rows"])"
    R"(, "inputs": [], "model": null, "code_version": "0.1.0", "digest": "c2f)"
    R"(3f18926b1ebda032e517398adb5f671f8afc240b2b575ce85edad136b370e"})";

TEST(Policy, DigestIsThatOfSortedJsonWithoutBlanks) {
  const auto read = policy_from_json(kByPython);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_TRUE(read->sealed);
  EXPECT_EQ(read->held_out->verdict, "cannot_tell");
  EXPECT_EQ(read->everybody.steps[1].from, 0.625);
}

TEST(Policy, OfVersionOneIsReadAndKnownToHaveNoDigest) {
  const auto read =
      policy_from_json(R"({"version": 1, "decides": true, "score": "p", "label": {"column": "y",)"
                       R"( "favourable": "1"}, "by": ["sex"], "group_aware": false, "basis": nul)"
                       R"(l, "signatory": null, "unseen": "everybody", "lots": {"hash": "sha256")"
                       R"(, "key": "0", "id": null}, "asked": {"equalise": "tpr", "calibrate": n)"
                       R"(ull, "tolerance": 0.02, "cost_fp": 1.0, "cost_fn": 1.0, "rate_min": 0.)"
                       R"(0, "deterministic": false}, "gap": 0.015, "everybody": {"calibrator": )"
                       R"(null, "below": 0.0, "steps": [[0.5, 0.25], [0.625, 1.0]]}, "groups": [)"
                       R"(], "expected": [], "inputs": [], "model": null, "code_version": "0.1.0)"
                       R"("})");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_FALSE(read->sealed);
  EXPECT_FALSE(read->held_out);
  EXPECT_EQ(read->expected_on, "fit");
  EXPECT_EQ(read->everybody.steps[0].chance, 0.25);
}

TEST(Policy, IsWrittenWholeAndReadFromFileOrFolder) {
  namespace fs = std::filesystem;
  const fs::path folder =
      fs::temp_directory_path() / ("evenhand-policy-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const std::string path = (folder / "policy.json").string();
  ASSERT_TRUE(save(by_sex(), path));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
  EXPECT_TRUE(load_policy(path));
  EXPECT_TRUE(load_policy(folder.string()));
  fs::remove_all(folder);
  EXPECT_EQ(load_policy(path).error().code, Code::kNotFound);
  EXPECT_EQ(save(by_sex(), path).error().code, Code::kIo);
}

}  // namespace
}  // namespace evenhand::model
