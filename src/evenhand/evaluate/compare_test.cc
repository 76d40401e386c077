// Several ways of deciding about the same rows, from a file to a record and back.
#include "evenhand/evaluate/compare.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "evenhand/record/record_json.h"
#include "evenhand/table/testing.h"

namespace evenhand::evaluate {
namespace {

using table::testing::Folder;

// 40 rows of F and 60 of M. Before: 10 of F and 30 of M; after: 20 of F (all of before among them)
// and 27 of M (three fewer). Label 1 for every other row.
std::string people() {
  std::string out = "sex,y,before,score\n";
  for (int i = 0; i < 40; ++i) {
    out +=
        "F," + std::to_string(i % 2) + (i < 10 ? ",yes," : ",no,") + (i < 20 ? "0.9\n" : "0.1\n");
  }
  for (int i = 0; i < 60; ++i) {
    out +=
        "M," + std::to_string(i % 2) + (i < 30 ? ",yes," : ",no,") + (i < 27 ? "0.5\n" : "0.4\n");
  }
  return out;
}

CompareOptions options_for(const Folder& folder) {
  CompareOptions out;
  out.files = {folder.write("people.csv", people())};
  out.label = Role{"y", {}};
  out.contenders = {{"old", "before", "yes", {}}, {"new", "score", {}, 0.5}};
  out.by = {{"sex"}};
  out.threads = 1;
  return out;
}

const record::Finding* find(const record::Record& record, const std::string& metric,
                            const std::string& at, const std::vector<std::string>& by,
                            const std::string& sex = "") {
  for (const record::Finding& f : record.findings) {
    const bool about =
        sex.empty() || (f.group && f.group->contains("sex") && f.group->at("sex") == sex);
    if (f.metric == metric && f.at.front().second == at && f.by == by && about) return &f;
  }
  return nullptr;
}

TEST(Compare, GivesEachWayItsRatesAndEachChangeItsSize) {
  const Folder folder;
  const auto record = compare(options_for(folder), {});
  ASSERT_TRUE(record) << to_string(record.error());
  const std::vector<std::string> sex{"sex"};
  EXPECT_DOUBLE_EQ(*find(*record, "selection_rate", "old", sex, "F")->value, 0.25);
  EXPECT_DOUBLE_EQ(*find(*record, "selection_rate", "new", sex, "M")->value, 0.45);
  EXPECT_DOUBLE_EQ(*find(*record, "selection_rate_difference", "old", sex)->value, 0.25);
  EXPECT_DOUBLE_EQ(*find(*record, "selection_rate_change", "old to new", sex, "F")->value, 0.25);
  EXPECT_NEAR(*find(*record, "selection_rate_difference_change", "old to new", sex)->value, -0.2,
              1e-12);
  EXPECT_DOUBLE_EQ(*find(*record, "newly_unfavourable", "old to new", sex, "M")->value, 0.05);
  // Everybody: right before 5 + 15 favourable, 15 + 15 not; after 10 + 13, 10 + 16.
  EXPECT_DOUBLE_EQ(*find(*record, "accuracy", "old", {})->value, 0.50);
  EXPECT_NEAR(*find(*record, "accuracy_change", "old to new", {})->value, 0.49 - 0.50, 1e-12);
}

TEST(Compare, LeavesARecordThatIsComputedAgain) {
  const Folder folder;
  const CompareOptions options = options_for(folder);
  const auto record = compare(options, {});
  ASSERT_TRUE(record);
  const auto read = record::from_json(record::to_json(*record));
  ASSERT_TRUE(read) << to_string(read.error());
  const auto verified = verify_comparison(*read);
  ASSERT_TRUE(verified) << to_string(verified.error());
  EXPECT_EQ(verified->recomputed, static_cast<std::int64_t>(record->findings.size()));
  const auto with_data = verify_comparison_with_data(*read, {}, 2, {});
  ASSERT_TRUE(with_data) << to_string(with_data.error());
  EXPECT_TRUE(with_data->data_agree);
}

TEST(Compare, IsTheSameForAnyNumberOfThreads) {
  const Folder folder;
  CompareOptions options = options_for(folder);
  const auto one = compare(options, {});
  options.threads = 3;
  const auto three = compare(options, {});
  ASSERT_TRUE(one && three);
  EXPECT_EQ(record::to_json(*one), record::to_json(*three));
}

TEST(Compare, CatchesARecordWhoseNumbersWereChanged) {
  const Folder folder;
  auto record = compare(options_for(folder), {});
  ASSERT_TRUE(record);
  for (record::Finding& f : record->findings) {
    if (f.metric == "accuracy_change") f.value = 0.2;
  }
  EXPECT_FALSE(verify_comparison(*record));
  auto cells = compare(options_for(folder), {});
  ASSERT_TRUE(cells);
  cells->tallies[1]["cells"][0].back() = 11;
  EXPECT_FALSE(verify_comparison(*cells));
  auto fewer = compare(options_for(folder), {});
  ASSERT_TRUE(fewer);
  fewer->options["decisions"].erase(1);
  EXPECT_FALSE(verify_comparison(*fewer));
}

std::string refusal(CompareOptions options) {
  const auto done = compare(options, {});
  return done ? "no refusal" : done.error().says;
}

TEST(Compare, SaysWhatItCannotCompare) {
  const Folder folder;
  const CompareOptions good = options_for(folder);
  CompareOptions one = good;
  one.contenders.pop_back();
  EXPECT_EQ(refusal(one),
            "a comparison is of 2 to 12 ways of deciding, and 1 were named: --score "
            "plain=score_plain --score fair=score_fair");
  CompareOptions twice = good;
  twice.contenders[1].name = "old";
  EXPECT_EQ(refusal(twice), "two ways of deciding are called \"old\"");
  CompareOptions label = good;
  label.contenders[1].column = "y";
  EXPECT_EQ(refusal(label),
            "\"y\" is the label and a decision, \"new\", so it would always be right; name the "
            "column of what was "
            "decided");
  CompareOptions score = good;
  score.files = {folder.write("wide.csv", "sex,y,before,score\nF,1,yes,7\n")};
  EXPECT_EQ(refusal(score),
            "row 1: the score \"score\" is 7; a score is a probability from 0 to 1");
  CompareOptions empty = good;
  empty.files = {folder.write("empty.csv", "sex,y,before,score\n")};
  EXPECT_NE(refusal(empty).find("no row was read"), std::string::npos);
}

BoundAsked at_most(const std::string& metric, const std::string& limit) {
  BoundAsked out;
  out.metric = metric;
  out.by = {"sex"};
  out.bound.at_most = limit;
  return out;
}

// Two bounds and two ways share the doubt of 5 %: each is judged at 1 - 0.05/4. An evaluation of
// one way with four bounds shares it likewise, so its family intervals are the same numbers.
TEST(Compare, JudgesEveryBoundForEveryWayInOneFamily) {
  const Folder folder;
  CompareOptions options = options_for(folder);
  options.bounds = {at_most("selection_rate_difference", "0.5"),
                    at_most("precision_difference", "0.9")};
  const auto record = compare(options, {});
  ASSERT_TRUE(record) << to_string(record.error());
  Options alone;
  alone.files = options.files;
  alone.label = options.label;
  alone.decision = Role{"before", "yes"};
  alone.by = {{"sex"}};
  alone.bounds = options.bounds;
  alone.bounds.push_back(at_most("selection_rate_difference", "0.6"));
  alone.bounds.push_back(at_most("selection_rate_difference", "0.7"));
  const auto twin = evaluate(alone, {});
  ASSERT_TRUE(twin) << to_string(twin.error());
  const std::vector<std::string> sex{"sex"};
  for (const char* metric : {"selection_rate_difference", "precision_difference"}) {
    const record::Finding* judged = find(*record, metric, "old", sex);
    ASSERT_NE(judged, nullptr) << metric;
    const auto other =
        std::find_if(twin->findings.begin(), twin->findings.end(), [&](const auto& f) {
          return f.metric == metric && f.bound && f.bound->at_most == judged->bound->at_most;
        });
    ASSERT_NE(other, twin->findings.end());
    EXPECT_EQ(judged->family_low, other->family_low);
    EXPECT_EQ(judged->family_high, other->family_high);
    EXPECT_EQ(judged->verdict, other->verdict);
    EXPECT_EQ(judged->rows_needed, other->rows_needed);
    EXPECT_TRUE(find(*record, metric, "new", sex)->verdict.has_value());
  }
  // A bound is no change, and nothing else was asked.
  for (const record::Finding& f : record->findings) {
    EXPECT_EQ(f.verdict.has_value(),
              f.metric == "selection_rate_difference" || f.metric == "precision_difference")
        << f.metric;
  }
}

TEST(Compare, ARecordWithVerdictsIsComputedAgainAndCaughtAtAWrongOne) {
  const Folder folder;
  CompareOptions options = options_for(folder);
  options.by = {};  // the bound asks its own question
  options.bounds = {at_most("selection_rate_difference", "0.01")};
  auto record = compare(options, {});
  ASSERT_TRUE(record) << to_string(record.error());
  const auto read = record::from_json(record::to_json(*record));
  ASSERT_TRUE(read);
  EXPECT_TRUE(verify_comparison(*read));
  const auto with_data = verify_comparison_with_data(*read, {}, 2, {});
  EXPECT_TRUE(with_data) << to_string(with_data.error());
  for (record::Finding& f : record->findings) {
    if (!f.verdict) continue;
    f.verdict = record::Verdict::kMet;
    break;
  }
  const auto caught = verify_comparison(*record);
  ASSERT_FALSE(caught);
  EXPECT_NE(caught.error().says.find("the verdict is given as met and comes out as cannot_tell"),
            std::string::npos)
      << caught.error().says;
}

TEST(Compare, ABoundThatReadsScoresIsLeftOutAndSaidToBe) {
  const Folder folder;
  CompareOptions options = options_for(folder);
  options.bounds = {at_most("auc_difference", "0.1"), at_most("selection_rate_difference", "0.5")};
  const auto record = compare(options, {});
  ASSERT_TRUE(record) << to_string(record.error());
  ASSERT_EQ(record->left_out.size(), 1U);
  EXPECT_EQ(record->left_out[0].what, "bound on auc_difference by sex");
  EXPECT_EQ(record->left_out[0].why, "it reads scores, and here decisions are compared");
}

// Nobody is compared by how they were decided before, but for the bound: "yes" and "no" are one
// group then, so its gap is undefined.
TEST(Compare, TheGroupsOfABoundAreMergedToo) {
  const Folder folder;
  CompareOptions options = options_for(folder);
  options.bounds = {at_most("selection_rate_difference", "0.5")};
  options.bounds[0].by = {"before"};
  options.groupings["before"].rename = {{"yes", "any"}, {"no", "any"}};
  const auto record = compare(options, {});
  ASSERT_TRUE(record) << to_string(record.error());
  const record::Finding* gap = find(*record, "selection_rate_difference", "new", {"before"});
  ASSERT_NE(gap, nullptr);
  EXPECT_FALSE(gap->value);
  EXPECT_EQ(gap->verdict, record::Verdict::kCannotTell);
  EXPECT_TRUE(verify_comparison(*record));
}

TEST(Compare, RefusesBoundsThatMakeNoSense) {
  const Folder folder;
  const auto refused = [&](const std::string& metric, const std::string& limit) {
    CompareOptions options = options_for(folder);
    options.bounds = {at_most(metric, limit)};
    const auto record = compare(options, {});
    return record ? std::string() : record.error().says;
  };
  EXPECT_EQ(
      refused("selection_rate_difference_change", "0.1"),
      "a bound is asked of every way of deciding, and \"selection_rate_difference_change\" is "
      "about the change from one to another");
  EXPECT_TRUE(refused("selektion", "0.1").starts_with("there is no metric \"selektion\""));
  EXPECT_TRUE(refused("selection_rate_ratio", "0.8").ends_with("so >= was meant"))
      << refused("selection_rate_ratio", "0.8");
}

// The first way is what the others are held against: that it breaks a bound is no failure.
TEST(Compare, ItsStatusIsThatOfTheBestWayAfterTheFirst) {
  using record::Verdict;
  const auto status = [](const std::vector<std::pair<const char*, Verdict>>& verdicts,
                         const char* severity = "fail") {
    record::Record record;
    record.options = {{"decisions", {{{"name", "plain"}}, {{"name", "a"}}, {{"name", "b"}}}}};
    for (const auto& [way, verdict] : verdicts) {
      record::Finding f;
      f.at = {{"decision", way}};
      f.bound.emplace().severity = severity;
      f.verdict = verdict;
      record.findings.push_back(f);
    }
    return compared_status(record);
  };
  constexpr Verdict kMet = Verdict::kMet, kBroken = Verdict::kBroken, kOpen = Verdict::kCannotTell;
  EXPECT_EQ(status({}), 0);
  EXPECT_EQ(status({{"plain", kBroken}, {"a", kMet}, {"b", kMet}}), 0);
  EXPECT_EQ(status({{"plain", kMet}, {"a", kBroken}, {"b", kMet}}), 0);
  EXPECT_EQ(status({{"plain", kMet}, {"a", kBroken}, {"b", kOpen}}), 4);
  EXPECT_EQ(status({{"plain", kMet}, {"a", kBroken}, {"b", kMet}, {"b", kBroken}}), 1);
  EXPECT_EQ(status({{"plain", kMet}, {"a", kBroken}, {"b", kBroken}}, "warn"), 0);
}

}  // namespace
}  // namespace evenhand::evaluate
