// record.json is held against the form that docs/formats/record.md describes, key by key, and
// against hostile text.
#include "evenhand/record/record_json.h"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace evenhand::record {
namespace {

using Json = nlohmann::ordered_json;

Finding rate() {
  Finding f;
  f.metric = "selection_rate";
  f.by = {"sex", "race"};
  f.group = Group{{"race", std::nullopt}, {"sex", "Female"}};
  f.value = 0.1;
  f.low = 0.05;
  f.high = 0.30000000000000004;  // 0.1 + 0.2 in doubles: needs all 17 digits
  f.rows = 120;
  f.unit = "share in [0,1]";
  f.from = "tally";
  return f;
}

Finding gap() {
  Finding f = rate();
  f.metric = "selection_rate_difference";
  f.aliases = {"demographic_parity_difference"};
  f.by = {"sex"};
  f.group.reset();
  f.between = std::pair(Group{{"sex", "Female"}}, Group{{"sex", "Male"}});
  f.strata = {{"dept", "A"}};
  f.family_low = 0;
  f.family_high = 0.4;
  f.bound = Bound{};
  f.bound->at_most = "0.10";
  f.verdict = Verdict::kCannotTell;
  f.rows_needed = 4000;
  f.log10_p = -1173.5;
  f.open = Open{0.05, 0.2, 0.01, 0.25, 17};
  return f;
}

Record record() {
  Record r;
  r.operation = "evaluate run";
  r.options = {{"label", "y"}, {"level", 0.95}, {"by", {{"sex"}, {"sex", "race"}}}};
  r.seed = std::numeric_limits<std::uint64_t>::max();
  r.inputs = {{"people.csv", 10, 1, 200, std::string(64, 'a')}};
  r.tallies = {Json::parse(R"({"tally":"confusion","by":["sex"],"strata":[],
      "columns":["sex","label","decision","n"],"cells":[["Female",1,0,12],[null,null,1,3]]})")};
  r.findings = {rate(), gap()};
  r.left_out = {{"group sex = unknown", "unknown is never compared", 3}};
  r.code_version = "0.1.0";
  return r;
}

std::string replaced(std::string text, const std::string& old, const std::string& by) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return at == std::string::npos ? text : text.replace(at, old.size(), by);
}

std::string refusal(const std::string& text) {
  const Result<Record> got = from_json(text);
  EXPECT_FALSE(got) << text;
  if (got) return "";
  EXPECT_EQ(got.error().code, Code::kBadInput);
  return got.error().says;
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

TEST(RecordJson, HasExactlyTheKeysOfTheFormatInOrder) {
  const Json json = Json::parse(to_json(record()));
  EXPECT_EQ(keys(json),
            (std::vector<std::string>{"version", "operation", "options", "seed", "inputs",
                                      "tallies", "findings", "left_out", "code_version"}));
  EXPECT_EQ(keys(json["findings"][0]),
            (std::vector<std::string>{"metric", "aliases", "by", "group", "strata", "value", "low",
                                      "high", "family_low", "family_high", "rows", "why", "unit",
                                      "from", "bound", "judge", "verdict"}));
  EXPECT_EQ(keys(json["findings"][1]),
            (std::vector<std::string>{
                "metric", "aliases",    "by",          "between",     "strata",  "value", "low",
                "high",   "family_low", "family_high", "rows",        "why",     "unit",  "from",
                "bound",  "judge",      "verdict",     "rows_needed", "log10_p", "open"}));
}

TEST(RecordJson, WritesOneFindingAndOneCellALine) {
  const std::string text = to_json(record());
  EXPECT_NE(
      text.find(
          "\n    {\"metric\":\"selection_rate\",\"aliases\":[],\"by\":[\"sex\",\"race\"],"
          "\"group\":{\"sex\":\"Female\",\"race\":null},\"strata\":{},\"value\":0.1,\"low\":0.05,"
          "\"high\":0.30000000000000004,\"family_low\":null,\"family_high\":null,\"rows\":120,"
          "\"why\":null,\"unit\":\"share in [0,1]\",\"from\":\"tally\",\"bound\":null,"
          "\"judge\":null,\"verdict\":null},\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("\n        [\"Female\",1,0,12],\n        [null,null,1,3]\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\n    \"level\": 0.95,\n"), std::string::npos) << text;
}

TEST(RecordJson, ReadsBackWhatItWrote) {
  const std::string text = to_json(record());
  const Result<Record> back = from_json(text);
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(to_json(*back), text);
  const Finding& f = back->findings[1];
  EXPECT_EQ(f.between->second.at("sex"), "Male");
  EXPECT_EQ(f.bound->at_most, "0.10");
  EXPECT_EQ(f.verdict, Verdict::kCannotTell);
  EXPECT_EQ(f.rows_needed, 4000);
  EXPECT_EQ(f.open->rows_missing, 17);
  EXPECT_EQ(back->findings[0].high, 0.1 + 0.2);
  EXPECT_EQ(back->findings[0].group->at("race"), std::nullopt);
  EXPECT_EQ(back->seed, std::numeric_limits<std::uint64_t>::max());
}

TEST(RecordJson, AnEmptyRecordIsStillARecord) {
  const Result<Record> back = from_json(to_json(Record{}));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_TRUE(back->findings.empty());
}

TEST(RecordJson, WritesABoundWithTheUsersDigits) {
  Record r = record();
  const std::pair<const char*, const char*> cases[] = {
      {"0.1", "0.1"},   {".8", "0.8"},
      {"+1.", "1"},     {"00.50", "0.50"},
      {"-.5", "-0.5"},  {"-0", "0"},
      {"1e-3", "1e-3"}, {"100000000000000000000001", "100000000000000000000001"},
      {"0", "0"}};
  for (const auto& [typed, written] : cases) {
    r.findings[1].bound->at_most = typed;
    const std::string text = to_json(r);
    EXPECT_NE(text.find("\"bound\":{\"at_most\":" + std::string(written) + "}"), std::string::npos)
        << typed;
    const Result<Record> back = from_json(text);
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_EQ(back->findings[1].bound->at_most, written);
  }
}

TEST(RecordJson, AnAttributeThatIsCalledBoundDoesNotTakeTheBoundsPlace) {
  Record r = record();
  r.findings[1].by = {"bound"};
  r.findings[1].between = std::pair(Group{{"bound", "?"}}, Group{{"bound", "\"bound\":\"?\""}});
  const Result<Record> back = from_json(to_json(r));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->findings[1].between, r.findings[1].between);
  EXPECT_EQ(back->findings[1].bound->at_most, "0.10");
}

TEST(RecordJson, OtherThanUsualSeverityStandsBesideTheBound) {
  Record r = record();
  r.findings[1].bound->severity = "warn";
  r.findings[1].bound->on_cannot_tell = "warn";
  r.findings[1].bound->judge = "point";
  const std::string text = to_json(r);
  EXPECT_NE(text.find("\"judge\":\"point\",\"verdict\":\"cannot_tell\",\"on_cannot_tell\":\"warn\","
                      "\"severity\":\"warn\""),
            std::string::npos)
      << text;
  const Result<Record> back = from_json(text);
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->findings[1].bound->severity, "warn");
  EXPECT_EQ(back->findings[1].bound->on_cannot_tell, "warn");
}

TEST(RecordJson, AnInfiniteLimitIsNullAndReadBackAsAbsent) {
  Record r = record();
  r.findings[0].high = std::numeric_limits<double>::infinity();
  const std::string text = to_json(r);
  EXPECT_NE(text.find("\"low\":0.05,\"high\":null"), std::string::npos);
  const Result<Record> back = from_json(text);
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_FALSE(back->findings[0].high.has_value());
  EXPECT_EQ(back->findings[0].low, 0.05);
}

TEST(RecordJson, AnUndefinedFindingHasAReasonAndNoNumbers) {
  Record r = record();
  Finding& f = r.findings[0];
  f.value = f.low = f.high = std::nullopt;
  f.rows = 0;
  f.why = "no_rows";
  const std::string text = to_json(r);
  EXPECT_NE(
      text.find(
          "\"value\":null,\"low\":null,\"high\":null,\"family_low\":null,\"family_high\":null,"
          "\"rows\":0,\"why\":\"no_rows\""),
      std::string::npos);
  EXPECT_EQ(to_json(*from_json(text)), text);
}

TEST(RecordJsonDeathTest, NotANumberIsOurOwnMistake) {
  Record r = record();
  r.findings[0].value = std::nan("");
  EXPECT_DEATH(to_json(r), "");
  r = record();
  r.findings[0].low = std::nan("");
  EXPECT_DEATH(to_json(r), "");
}

TEST(RecordJson, BytesThatAreNotUtf8DoNotStopIt) {
  Record r = record();
  r.inputs[0].path = "caf\xe9.csv";
  const Result<Record> back = from_json(to_json(r));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->inputs[0].path, "caf\xef\xbf\xbd.csv");
}

TEST(RecordJson, KeepsWhereOnACurveAFindingLies) {
  Record r = record();
  r.findings[0].at = {{"score", "0.1 to 0.2"}};
  const std::string text = to_json(r);
  EXPECT_NE(text.find("\"at\":{\"score\":\"0.1 to 0.2\"}"), std::string::npos);
  EXPECT_EQ(from_json(text)->findings[0].at, r.findings[0].at);
}

TEST(RecordJson, RefusesAnotherVersionInASentence) {
  const std::string text = to_json(record());
  EXPECT_EQ(refusal(replaced(text, "\"version\": 1", "\"version\": 2, \"new\": 1")),
            "version: this record has version 2, and this program reads version 1; read it with "
            "the program "
            "that wrote it, \"0.1.0\"");
  EXPECT_EQ(refusal("{\"findings\": []}"),
            "the record: it says no version, so it is not a record of Evenhand");
  EXPECT_EQ(refusal(replaced(text, "\"version\": 1", "\"version\": \"1\"")),
            "version: a whole number is expected, and \"1\" was found");
}

TEST(RecordJson, SaysWhereARecordIsWrong) {
  const std::string text = to_json(record());
  const struct {
    const char *old, *by, *says;
  } cases[] = {
      {"\"value\":0.1,", "\"value\":\"much\",",
       "findings[0].value: a number or null is expected, and \"much\" was found"},
      {"\"value\":0.1,", "", "findings[0]: the key \"value\" is missing"},
      {"\"value\":0.1,", "\"value\":0.1,\"valeu\":2,",
       "findings[0]: the key \"valeu\" is not known in a record of this version"},
      {"\"value\":0.1,", "\"value\":0.1,\"value\":0.2,",
       "the key \"value\" stands twice in one object"},
      {"\"value\":0.1,", "\"value\":null,",
       "findings[0]: it has both a value and a reason why it has none, or neither"},
      {"\"rows\":120,", "\"rows\":-120,",
       "findings[0].rows: a whole number from 0 on is expected, and -120 was found"},
      {"\"rows\":120,", "\"rows\":1.5,",
       "findings[0].rows: a whole number from 0 on is expected, and 1.5 was found"},
      {"\"rows\":120,", "\"rows\":9223372036854775808,",
       "findings[0].rows: a whole number below 2^63 is expected, and 9223372036854775808 was "
       "found"},
      {"\"from\":\"tally\"", "\"from\":\"hearsay\"",
       "findings[0].from: \"tally\" or \"rows\" or \"model\" is expected, and \"hearsay\" was "
       "found"},
      {"\"group\":{\"sex\":\"Female\",\"race\":null},", "",
       "findings[0]: it must be about a group or between two groups"},
      {"\"verdict\":null", "\"verdict\":\"met\"",
       "findings[0].verdict: null, as there is no bound, is expected, and \"met\" was found"},
      {"\"verdict\":\"cannot_tell\"", "\"verdict\":\"lawful\"",
       "findings[1].verdict: \"met\" or \"broken\" or \"cannot_tell\" is expected, and \"lawful\" "
       "was found"},
      {"{\"at_most\":0.10}", "{}", "findings[1].bound: neither at_least nor at_most is given"},
      {"{\"at_most\":0.10}", "{\"at_most\":\"0.1\"}",
       "findings[1].bound.at_most: a number is expected, and \"0.1\" was found"},
      {"{\"at_most\":0.10}", "null",
       "findings[1].judge: null, as there is no bound, is expected, and \"interval\" was found"},
      {"\"seed\": 18446744073709551615", "\"seed\": -1",
       "seed: a whole number from 0 on is expected, and -1 was found"},
      {"\"by\": [\"sex\"]", "\"by\": [\"sex\",\"a\",\"b\",\"c\",\"d\"]",
       "tallies[0]: its \"columns\" do not begin with the attributes of \"by\" and \"strata\""},
      {"\"by\": [\"sex\"]", "\"by\": [7]", "tallies[0]: its \"by\" is no list of texts"},
      {"[\"Female\",1,0,12]", "[\"Female\",12]",
       "tallies[0]: row 1 of its cells is no list of 4 values, one for each of its columns"},
      {"[\"Female\",1,0,12]", "[\"Female\",1,0,-12]",
       "tallies[0]: row 1 of its cells has no whole number from 0 on as its \"n\""},
      {"[\"Female\",1,0,12]", "[\"Female\",1,0,9223372036854775807]",
       "tallies[0]: its cells count more than 2^63 - 1 rows, from row 2 of its cells on"},
  };
  for (const auto& c : cases) EXPECT_EQ(refusal(replaced(text, c.old, c.by)), c.says);
}

TEST(RecordJson, RefusesHostileText) {
  EXPECT_EQ(refusal(""), "it is empty");
  EXPECT_EQ(refusal("[]"), "the record: an object is expected, and [] was found");
  EXPECT_EQ(refusal(std::string(1'000'000, '[')), "it is nested deeper than 32 levels");
  EXPECT_EQ(refusal("{\n  \"version\": 1,\n  oops\n}"), "it is not JSON from line 3, column 3 on");
  EXPECT_NE(refusal("{\"version\": 1").find("ends early"), std::string::npos);
  EXPECT_NE(refusal("{\"version\": NaN}").find("it is not JSON"), std::string::npos);
  EXPECT_NE(refusal("{\"version\": 1e999}").find("it is not JSON"), std::string::npos);
  EXPECT_NE(refusal("{\"a\": \"\xff\"}").find("it is not JSON"), std::string::npos);
  const std::string text = to_json(record());
  for (std::size_t size = 0; size + 2 < text.size(); ++size) refusal(text.substr(0, size));
}

}  // namespace
}  // namespace evenhand::record
