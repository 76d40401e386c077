// Reweighing through files: what is kept, what is added, and what people are told.
#include "evenhand/data/reweigh.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "evenhand/table/testing.h"

namespace evenhand::data {
namespace {

using table::testing::Folder;
using table::testing::read_all;

// F: 2 of 5 hired, M: 4 of 5 (the table of Kamiran & Calders 2012), then two rows apart.
constexpr const char* kPeople =
    "zip,sex,hired,w\n"
    "01,F,yes,1\n02,F,yes,1\n03,F,no,1\n04,F,no,1\n05,F,no,1\n"
    "06,M,yes,1\n07,M,yes,1\n08,M,yes,1\n09,M,yes,1\n10,M,no,1\n"
    "11,?,yes,2\n12,M,,2.5\n";

ReweighOptions options_for(const Folder& folder) {
  ReweighOptions out;
  out.files = {folder.write("people.csv", kPeople)};
  out.label = "hired";
  out.favourable = "yes";
  out.by = {"sex"};
  out.out = folder.at("out.csv");
  return out;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string refusal(const Folder& folder, const ReweighOptions& options) {
  const auto done = reweigh(options);
  return done ? "no refusal" : folder.without(to_string(done.error()));
}

TEST(DataReweigh, KeepsEveryColumnAndAddsOne) {
  const Folder folder;
  const auto done = reweigh(options_for(folder));
  ASSERT_TRUE(done) << to_string(done.error());
  const std::string text = text_of(folder.at("out.csv"));
  EXPECT_EQ(text.substr(0, text.find('\n', text.find("\n") + 1)),
            "zip,sex,hired,w,reweigh_weight\n01,F,yes,1,1.5");
  EXPECT_NE(text.find("10,M,no,1,2\n11,,yes,2,1\n12,M,,2.5,1\n"), std::string::npos) << text;
  EXPECT_EQ(done->rows, 12U);
  EXPECT_EQ(done->rows_without_label, 1U);
  EXPECT_EQ(done->rows_of_unknown_group, 1U);
  EXPECT_EQ(done->favourable, "yes");
  EXPECT_DOUBLE_EQ(done->share, 0.6);
  ASSERT_EQ(done->groups.size(), 2U);
  EXPECT_EQ(done->groups[0].name, "F");
  EXPECT_DOUBLE_EQ(done->groups[1].factor[0], 2);
}

TEST(DataReweigh, MultipliesAColumnOfWeights) {
  const Folder folder;
  ReweighOptions options = options_for(folder);
  options.weight = "w";
  ASSERT_TRUE(reweigh(options));
  const std::string text = text_of(folder.at("out.csv"));
  EXPECT_NE(text.find("11,,yes,2,2\n12,M,,2.5,2.5\n"), std::string::npos) << text;
}

TEST(DataReweigh, WritesParquetWithTheSameCells) {
  const Folder folder;
  ReweighOptions options = options_for(folder);
  ASSERT_TRUE(reweigh(options));
  options.out = folder.at("deeper/out.parquet");
  options.threads = 2;
  ASSERT_TRUE(reweigh(options));
  const auto csv = read_all(folder.at("out.csv")),
             parquet = read_all(folder.at("deeper/out.parquet"));
  ASSERT_TRUE(csv && parquet);
  EXPECT_EQ(csv->names, parquet->names);
  EXPECT_EQ(csv->columns, parquet->columns);
}

TEST(DataReweigh, RefusesBadInputWithASentence) {
  const Folder folder;
  const ReweighOptions good = options_for(folder);
  const auto with = [&](const auto& change) {
    ReweighOptions bad = good;
    change(bad);
    return refusal(folder, bad);
  };
  EXPECT_EQ(with([](auto& o) { o.name = "w"; }),
            "the table has a column \"w\" already; give the weight another name");
  EXPECT_EQ(with([](auto& o) { o.out = o.files[0]; }),
            "people.csv is a file that is read; write to another");
  EXPECT_EQ(with([](auto& o) { o.by = {"hired"}; }),
            "the label \"hired\" cannot tell the groups as well");
  EXPECT_EQ(with([](auto& o) { o.by.clear(); }),
            "reweigh needs a group: the columns that make people alike");
  EXPECT_EQ(with([](auto& o) { o.weight = "sex"; }),
            "the weight \"sex\" cannot be the label or a group as well");
  EXPECT_EQ(with([](auto& o) { o.files = {"-"}; }),
            "standard input can be read only once, and its columns must be known first; give a "
            "file");
  EXPECT_EQ(with([](auto& o) { o.by = {"sez"}; }),
            "people.csv has no column \"sez\"; did you mean \"sex\"?");
  EXPECT_EQ(with([](auto& o) { o.favourable = "maybe"; }),
            "no row has \"maybe\" as its \"hired\"; the values are \"no\", \"yes\"");
  EXPECT_EQ(with([](auto& o) { o.by = {"zip"}; }).substr(0, 60),
            "no row has zip = 01 with another label than \"yes\", zip = 02 ");
  EXPECT_EQ(with([](auto& o) { o.out += ".xlsx"; }).substr(0, 18), "a table is written");
  EXPECT_FALSE(std::ifstream(folder.at("out.csv")).good()) << "nothing is left behind";
}

TEST(DataReweigh, RefusesAWeightThatIsNone) {
  const Folder folder;
  ReweighOptions options = options_for(folder);
  options.files = {folder.write("bad.csv", "sex,hired,w\nF,yes,1\nF,no,-1\nM,yes,1\nM,no,1\n")};
  options.weight = "w";
  EXPECT_EQ(refusal(folder, options),
            "the weight \"w\" of row 2 is below 0; every row needs one of 0 or more");
}

}  // namespace
}  // namespace evenhand::data
