// `evenhand init` and `evenhand FILE` on small tables: what is written, told and refused.
#include "evenhand/api/init.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace evenhand::api {
namespace {

namespace fs = std::filesystem;

class InitOf : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("evenhand_init_") + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const char* name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  std::string at(const char* name) const { return (folder_ / name).string(); }
  std::string project() const {
    std::ifstream file(folder_ / "evenhand.toml");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// `evenhand FILE ...`
  Result<Outcome> start(Json options) const {
    options["project"] = at("evenhand.toml");
    return find("start")->run(options, {});
  }

 private:
  fs::path folder_;
};

/// The label follows x; `leak` is its twin; `name` differs in every row.
std::string learnable(bool with_leak) {
  std::string out = with_leak ? "name,x,leak,sex,class\n" : "x,sex,class\n";
  for (int i = 0; i < 400; ++i) {
    const bool good = (i * 7) % 10 < 5;
    const int x = (i * 13) % 50 + (good ? 20 : 0);
    const std::string n = std::to_string(i);
    if (with_leak) out += "person " + n + ",";
    out += std::to_string(x) + ",";
    if (with_leak) out += (good ? std::to_string(60 + i % 9) : std::to_string(i % 50)) + ",";
    out += std::string(i % 3 == 0 ? "m" : "f") + (good ? ",High\n" : ",Low\n");
  }
  return out;
}

TEST_F(InitOf, NamesAndGiveawaysAreExcludedWithTheReason) {
  const auto done = start({{"files", write("people.csv", learnable(true))}});
  ASSERT_TRUE(done) << done.error().says;
  const std::string text = project();
  EXPECT_NE(text.find("# texts with many values: name\n"), std::string::npos) << text;
  EXPECT_NE(text.find("# alone it tells class in 100 % of the rows: leak\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("exclude = [\"leak\", \"name\", \"sex\"]\n"), std::string::npos) << text;
  EXPECT_EQ(done->text.find("above 0.99"), std::string::npos) << done->text;
}

// A column "score" that is no score, for one stray text, stays what it is: the model's gets a name
// of its own, and the project runs.
TEST_F(InitOf, ScoresOfTheModelStandBesideAColumnOfThatName) {
  std::string text = learnable(false);
  text.replace(text.find('\n'), 1, ",score\n");
  for (std::size_t row = 0, at = text.find('\n') + 1;
       (at = text.find('\n', at)) != std::string::npos; ++row) {
    const std::string cell = row == 7 ? ",0.5 (est.)" : ",0." + std::to_string(row % 90 + 10);
    text.insert(at, cell);
    at += cell.size() + 1;
  }
  const auto done = start({{"files", write("people.csv", text)}});
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_NE(project().find("[predict]\nscore = \"model_score\""), std::string::npos) << project();
  EXPECT_NE(project().find("\nscore = \"model_score\"   # the model's"), std::string::npos);
}

TEST_F(InitOf, EveryUnsureGuessIsTold) {
  const auto done = start({{"files", write("people.csv", learnable(false))}});
  ASSERT_TRUE(done) << done.error().says;
  EXPECT_NE(done->text.find("above all what is UNSURE:\n  label: class, favourable \"Low\"\n"),
            std::string::npos)
      << done->text;
}

TEST_F(InitOf, ModelThatKnowsTheLabelIsDoubted) {
  write("evenhand.toml",
        "[data]\nfiles = \"people.csv\"\n[train]\nlabel = { column = \"class\", favourable = "
        "\"High\" }\nfeatures = [\"leak\"]\nfolds = 5\n[evaluate]\nlabel = { column = \"class\", "
        "favourable = \"High\" }\nscore = \"score\"\ngroup = \"sex\"\n");
  const auto done = start({{"files", write("people.csv", learnable(true))}});
  ASSERT_TRUE(done) << done.error().says;
  EXPECT_NE(done->text.find("one of its features probably gives the answer away"),
            std::string::npos)
      << done->text;
}

TEST_F(InitOf, OptionsBesideAProjectFileAreRefusedUnlessItSaysTheSame) {
  const std::string people = write("people.csv", "sex;hired\nm;yes\nf;no\nm;no\n");
  ASSERT_TRUE(start({{"files", people}, {"separator", ";"}}));
  EXPECT_TRUE(start({{"files", people}, {"separator", ";"}}));
  const auto refused = start({{"files", people}, {"comment", "#"}, {"no_header", true}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().says,
            at("evenhand.toml") +
                " is there already and is run as it stands, so --comment, --no-header would do "
                "nothing; write comment = \"#\", no_header = true into its [data], or look anew "
                "with --project other.toml");
}

TEST_F(InitOf, SeveralFilesAreOneTable) {
  const std::string a = write("a.csv", "sex,hired\nm,yes\nf,no\n");
  const std::string b = write("b.csv", "sex,hired\nf,yes\nf,no\n");
  const auto done = start({{"files", {a, b}}});
  ASSERT_TRUE(done) << done.error().says;
  EXPECT_NE(project().find("files = [\"" + a + "\", \"" + b + "\"]"), std::string::npos)
      << project();
  EXPECT_TRUE(start({{"files", {a, b}}}));
  EXPECT_FALSE(start({{"files", {b, a}}}));
}

TEST_F(InitOf, DecimalCommaIsWrittenWithItsReason) {
  const std::string people = write("people.csv", "sex;pay;hired\nm;12,5;yes\nf;3;no\n");
  ASSERT_TRUE(start({{"files", people}}));
  EXPECT_NE(project().find("# the comma is the decimal mark (12,5) of: pay\ndecimal = \",\"\n"),
            std::string::npos)
      << project();
}

TEST_F(InitOf, RefusesWhatCannotBeLookedAt) {
  const auto says = [&](const std::string& path) {
    const auto done = start({{"files", path}});
    return done ? "" : done.error().says;
  };
  const std::string empty = write("empty.csv", "sex,hired\n");
  EXPECT_EQ(says(empty), empty + " has a header and no rows, so nothing can be guessed");
  EXPECT_TRUE(says(at("empti.csv")).ends_with("did you mean " + empty + "?"));
  const std::string bare = write("bare.csv", "39,Male,no\n40,Male,no\n22,Female,yes\n50,Male,no\n");
  EXPECT_EQ(says(bare),
            "the first line of " + bare +
                " looks like a row, not like a header: 3 of its 3 names are like the values below "
                "them; say --no-header, and columns are called column_1, column_2 and so on (a "
                "header that is right: rename those columns)");
  EXPECT_FALSE(fs::exists(at("evenhand.toml")));
}

TEST_F(InitOf, TableWithoutRowsIsNotJudgedEither) {
  const std::string empty = write("empty.csv", "sex,hired\n");
  const auto done =
      find("evaluate run")
          ->run({{"files", empty}, {"decision", "hired=yes"}, {"group", "sex"}, {"out", at("out")}},
                {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::kBadInput);
  EXPECT_EQ(done.error().says, "no row was read from " + empty + ", so there is nothing to judge");
}

TEST_F(InitOf, ColumnsWithoutNamesAreDescribedByCommonValuesOnly) {
  std::string rows;
  for (int i = 0; i < 40; ++i) rows += std::to_string(20 + i % 2) + (i == 0 ? ",Smith\n" : ",a\n");
  const auto done = start({{"files", write("bare.csv", rows)}, {"no_header", true}});
  ASSERT_FALSE(done);
  EXPECT_NE(project().find("# column_1: 2 different whole numbers, most often 20, 21\n"
                           "# column_2: 2 different texts, most often a\n"),
            std::string::npos)
      << project();
}

}  // namespace
}  // namespace evenhand::api
