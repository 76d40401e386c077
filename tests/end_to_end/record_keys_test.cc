// Whoever deletes or alters a key of a record is found out by `evenhand verify`, or the key stands
// among those that docs/formats/record.md says are not covered.
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <tuple>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"
#include "files.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;

/// A folder with 900 made-up people, some without a label, decision or race; the current one while
/// a test runs.
class RecordKeys : public testing::Test {
 protected:
  void SetUp() override {
    before_ = fs::current_path();
    folder_ = fs::temp_directory_path() / ("evenhand-keys-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    fs::current_path(folder_);
    std::ofstream people("people.csv");
    people << "race,x,p,d,y\n";
    for (int i = 0; i < 900; ++i) {
      const int score = i * 37 % 70 + 15;
      people << (i % 50 == 7  ? ""
                 : i % 3 == 0 ? "A"
                              : "B")
             << ',' << i * 31 % 100 << ",0." << score << ','
             << (i % 90 == 4            ? ""
                 : i * 53 % 100 < score ? "1"
                                        : "0")
             << ','
             << (i % 60 == 9              ? ""
                 : i * 7919 % 100 < score ? "1"
                                          : "0")
             << '\n';
    }
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

  static Json made(const char* operation, Json options) {
    options["files"] = "people.csv";
    options["group"] = "race";
    options["out"] = "made";
    const auto done = api::find(operation)->run(options, {});
    EXPECT_TRUE(done) << (done ? "" : to_string(done.error()));
    return json_of("made/record.json");
  }

  static bool verifies(const Json& record) {
    fs::create_directories("forged");
    std::ofstream("forged/record.json") << record.dump();
    return api::find("verify")->run({{"record", "forged"}}, {}).has_value();
  }

 private:
  fs::path before_, folder_;
};

/// Emptied, or one more.
Json altered(const Json& value) {
  if (value.is_array()) return Json::array();
  if (value.is_object()) return Json::object();
  if (value.is_number()) return value.get<int>() + 1;
  return value.get<std::string>() + 'x';
}

TEST_F(RecordKeys, DeletedOrAlteredAreFoundOut) {
  struct Kind {
    const char* operation;
    Json options;
    std::set<std::string> not_covered;
  };
  const std::vector<Kind> kinds{
      {"evaluate run",
       {{"label", "y"}, {"decision", "d"}, {"score", "p"}},
       {"seed", "code_version"}},
      {"data audit", {{"label", "y"}, {"baseline", "uniform"}}, {"seed", "code_version"}},
      {"compare run",
       {{"label", "y"}, {"decision", {"then=d"}}, {"score", {"now=p"}}},
       {"code_version"}},
  };
  for (const Kind& kind : kinds) {
    const Json record = made(kind.operation, kind.options);
    EXPECT_TRUE(verifies(record)) << kind.operation;
    for (const auto& [key, value] : record.items()) {
      Json without = record, other = record;
      without.erase(key);
      EXPECT_FALSE(verifies(without)) << kind.operation << ", deleted: " << key;
      other[key] = altered(value);
      if (kind.not_covered.contains(key)) continue;
      EXPECT_FALSE(verifies(other)) << kind.operation << ", altered: " << key;
    }
    for (std::size_t i = 0; i < record["left_out"].size(); ++i) {
      Json less = record;
      less["left_out"].erase(i);
      const std::string what = record["left_out"][i]["what"].get<std::string>();
      if (what.starts_with("group ")) continue;  // told by the rows alone
      EXPECT_FALSE(verifies(less)) << kind.operation << ", deleted: " << what;
    }
    Json rows = record;
    rows["inputs"][0]["rows"] = 899;
    EXPECT_FALSE(verifies(rows)) << kind.operation;
  }
}

// Whoever reads rows by place must not read past them: render and verify say what is wrong.
TEST_F(RecordKeys, HostileTalliesAreRefusedInWords) {
  const Json record =
      made("compare run", {{"label", "y"}, {"decision", {"then=d"}}, {"score", {"now=p"}}});
  const auto says = [](const Json& forged, const char* operation) {
    fs::create_directories("forged");
    std::ofstream("forged/record.json") << forged.dump();
    const auto done = api::find(operation)->run({{"record", "forged"}}, {});
    return done ? "no refusal" : done.error().says;
  };
  Json by = record, two = record, many = record;
  by["tallies"][1]["by"] = {"a", "b", "c", "d", "e"};
  two["tallies"][1]["cells"][0] = {"A", 5};
  for (Json& row : many["tallies"][1]["cells"]) row.back() = 9223372036854775807;
  const std::tuple<Json, const char*> cases[] = {
      {by, "its \"columns\" do not begin with the attributes of \"by\" and \"strata\""},
      {two, "row 1 of its cells is no list of 5 values, one for each of its columns"},
      {many, "its cells count more than 2^63 - 1 rows"}};
  for (const auto& [forged, expected] : cases) {
    for (const char* operation : {"verify", "report render"}) {
      const std::string sentence = says(forged, operation);
      EXPECT_NE(sentence.find(std::string("tallies[1]: ") + expected), std::string::npos)
          << operation << ": " << sentence;
    }
  }
}

// A bound whose groups were not counted is judged nowhere, and would hold by silence.
TEST_F(RecordKeys, ABoundOfGroupsThatWereNotComparedIsRefused) {
  Json record = made("compare run", {{"label", "y"},
                                     {"decision", {"then=d"}},
                                     {"score", {"now=p"}},
                                     {"bound", {"selection_rate_difference by race <= 0.9"}}});
  EXPECT_TRUE(verifies(record));
  record["options"]["bounds"][0]["by"] = {"x"};
  for (Json& f : record["findings"]) {
    if (f["bound"].is_null()) continue;
    f["bound"] = f["judge"] = f["verdict"] = f["family_low"] = f["family_high"] = nullptr;
    f.erase("rows_needed");
  }
  fs::create_directories("forged");
  std::ofstream("forged/record.json") << record.dump();
  const auto done = api::find("verify")->run({{"record", "forged"}}, {});
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().says.find("ask a bound by groups that are not among those of its \"by\""),
            std::string::npos)
      << done.error().says;
}

TEST_F(RecordKeys, RecordsWithoutTalliesAreNeverCalledVerified) {
  EXPECT_FALSE(verifies(made("train fit", {{"label", "y"}, {"features", {"x", "p"}}})));
  EXPECT_FALSE(verifies(
      made("adjust fit", {{"label", "y"}, {"score", "p"}, {"equalise", "selection_rate"}})));
}

}  // namespace
}  // namespace evenhand
