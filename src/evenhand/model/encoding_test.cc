#include "evenhand/model/encoding.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "evenhand/model/testing.h"

namespace evenhand::model {
namespace {

using table::As;

const double kNone = std::nan("");

struct Sheet {
  std::vector<table::Wanted> wanted;
  table::Batch batch;
  std::vector<std::uint32_t> rows;

  void number(const std::string& name, std::vector<double> values) {
    wanted.push_back({name, As::kNumber});
    batch.rows = values.size();
    batch.columns.push_back({As::kNumber, {}, {}, std::move(values)});
  }
  void text(const std::string& name, std::vector<std::string> values,
            std::vector<std::uint32_t> codes) {
    wanted.push_back({name, As::kText});
    batch.rows = codes.size();
    batch.columns.push_back({As::kText, std::move(codes), std::move(values), {}});
  }
  Selection all() {
    rows.resize(batch.rows);
    std::iota(rows.begin(), rows.end(), 0U);
    return {wanted, batch, rows};
  }
};

// `times` copies of each code.
std::vector<std::uint32_t> repeated(const std::vector<std::pair<std::uint32_t, int>>& runs) {
  std::vector<std::uint32_t> out;
  for (const auto& [code, times] : runs)
    out.insert(out.end(), static_cast<std::size_t>(times), code);
  return out;
}

// By hand: 2, 4, 6, 8 have mean 5 and standard deviation sqrt(5).
TEST(Encoding, StandardisesNumbersByTheRowsOfTheFit) {
  Sheet sheet;
  sheet.number("x", {2, 4, 1000, 6, 8});
  const std::vector<std::uint32_t> fit_rows{0, 1, 3, 4};
  const Encoding encoding = learn_encoding({sheet.wanted, sheet.batch, fit_rows}, {"x"}, {});
  const Design design = encode(encoding, sheet.all());
  EXPECT_EQ(design.columns, std::vector<std::string>{"x"});
  EXPECT_NEAR(design.values[0], -3 / std::sqrt(5.0), 1e-15);
  EXPECT_NEAR(design.values[2], 995 / std::sqrt(5.0), 1e-12);
}

TEST(Encoding, TakesAMissingNumberAsTheMeanWithAColumnOfItsOwn) {
  Sheet sheet;
  std::vector<double> values(10, kNone);
  values.insert(values.end(), {1, 3});
  sheet.number("x", values);
  const Encoding encoding = learn_encoding(sheet.all(), {"x"}, {});
  const Design design = encode(encoding, sheet.all());
  EXPECT_EQ(design.columns, (std::vector<std::string>{"x", "x is missing"}));
  EXPECT_EQ(design.values[0], 0);
  EXPECT_EQ(design.levels[0], 1U);
  EXPECT_EQ(design.values[10], -1);
  EXPECT_EQ(design.levels[10], kNoLevel);
}

TEST(Encoding, GivesEveryFrequentLevelAColumnButTheMostFrequent) {
  Sheet sheet;
  sheet.text("job", {"clerk", "baker", "king", "actor"},
             repeated({{1, 30}, {2, 12}, {3, 9}, {4, 10}, {0, 11}}));
  const Encoding encoding = learn_encoding(sheet.all(), {"job"}, {});
  EXPECT_EQ(encoding.features[0].reference, "clerk");
  EXPECT_EQ(design_columns(encoding),
            (std::vector<std::string>{"job = actor", "job = baker", "job is missing"}));
  const Design design = encode(encoding, sheet.all());
  EXPECT_EQ(design.levels[0], kNoLevel);   // the reference
  EXPECT_EQ(design.levels[30], 1U);        // baker
  EXPECT_EQ(design.levels[42], kNoLevel);  // king: 9 rows are too few
  EXPECT_EQ(design.levels[51], 0U);        // actor
  EXPECT_EQ(design.levels[61], 2U);        // missing
}

TEST(Encoding, KnowsNoLevelThatTheFitDidNotSee) {
  Sheet fit, other;
  fit.text("job", {"clerk", "baker"}, repeated({{1, 20}, {2, 20}}));
  other.text("job", {"pilot", "baker"}, {1, 2, 0});
  const Encoding encoding = learn_encoding(fit.all(), {"job"}, {});
  const Design design = encode(encoding, other.all());
  EXPECT_EQ(design.levels, (std::vector<std::uint32_t>{kNoLevel, kNoLevel, kNoLevel}));
  EXPECT_EQ(encoding.features[0].reference, "baker");  // of two as frequent, the first by bytes
}

TEST(Encoding, LeavesOutWhatHasOneValueOnly) {
  Sheet sheet;
  sheet.number("constant", {0.1, 0.1, 0.1});
  sheet.number("nothing", {kNone, kNone, kNone});
  sheet.text("word", {"same"}, {1, 1, 1});
  sheet.number("x", {1, 2, 3});
  const Encoding encoding = learn_encoding(sheet.all(), {"constant", "nothing", "word", "x"}, {});
  ASSERT_EQ(encoding.features.size(), 1U);
  EXPECT_EQ(encoding.features[0].column, "x");
}

TEST(Encoding, TakesAWeightAsThatManyRows) {
  Sheet once, copied;
  once.number("x", {1, 2, kNone});
  once.text("g", {"a", "b"}, {1, 2, 2});
  const std::vector<double> weights{12, 10, 11};
  std::vector<double> numbers(12, 1.0);
  numbers.insert(numbers.end(), 10, 2.0);
  numbers.insert(numbers.end(), 11, kNone);
  copied.number("x", numbers);
  copied.text("g", {"a", "b"}, repeated({{1, 12}, {2, 21}}));
  const Json a = to_json(learn_encoding(once.all(), {"x", "g"}, weights));
  const Json b = to_json(learn_encoding(copied.all(), {"x", "g"}, {}));
  EXPECT_EQ(a[1], b[1]);
  EXPECT_EQ(a[0]["missing_column"], b[0]["missing_column"]);
  EXPECT_NEAR(a[0]["mean"].get<double>(), b[0]["mean"].get<double>(), 1e-14);
  EXPECT_NEAR(a[0]["sd"].get<double>(), b[0]["sd"].get<double>(), 1e-14);
}

TEST(Encoding, ComesBackFromItsJson) {
  Sheet sheet;
  sheet.number("x", {1.1, 2.3, 1e-7, kNone});
  sheet.text("g", {"ä", "\"b\""}, {1, 2, 2, 0});
  const std::vector<double> weights{20, 30, 40, 50};
  const Encoding encoding = learn_encoding(sheet.all(), {"x", "g"}, weights);
  const auto back = encoding_from_json(Json::parse(to_json(encoding).dump()));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(to_json(*back), to_json(encoding));
  EXPECT_EQ(encode(*back, sheet.all()).values, encode(encoding, sheet.all()).values);
}

TEST(Encoding, RefusesJsonOfAnotherForm) {
  for (
      const char* text :
      {"{}", "[1]", R"([{"column": "x"}])", R"([{"column": "x", "as": "colour"}])",
       R"([{"column": "x", "as": "number", "missing_column": false, "mean": 0}])",
       R"([{"column": "x", "as": "number", "missing_column": false, "mean": 0, "sd": -1}])",
       R"([{"column": "x", "as": "text", "missing_column": true, "reference": "a"}])",
       R"([{"column": "x", "as": "text", "missing_column": true, "reference": "a", "levels": [1]}])"}) {
    const auto read = encoding_from_json(Json::parse(text));
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().code, Code::kBadInput);
    EXPECT_TRUE(read.error().says.starts_with("the features of model.json: ")) << read.error().says;
  }
}

}  // namespace
}  // namespace evenhand::model
