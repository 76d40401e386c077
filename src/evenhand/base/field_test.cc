#include "evenhand/base/field.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace evenhand {
namespace {

struct Options {
  double level = 0.95;
  std::int64_t rows_min = 1;
  unsigned threads = 0;
  bool gate = false;
  std::string kind = "wilson";
  std::optional<double> threshold;
  std::vector<std::string> metric;
};

FieldOf<Options> level() {
  return field<Options>("level", &Options::level,
                        {.help = "coverage", .unit = "share", .range = open(0, 1)});
}

std::string refused(const FieldOf<Options>& field, const Json& json) {
  Options options;
  const auto set = field.set(options, json);
  return set ? "" : set.error().says;
}

TEST(Field, DefaultIsTheMembersInitialiser) {
  EXPECT_EQ(level().field.default_value, Json(0.95));
  EXPECT_TRUE(
      field<Options>("threshold", &Options::threshold, {.help = ""}).field.default_value.is_null());
}

TEST(Field, ValueOutOfRangeIsNamedWithTheRange) {
  EXPECT_EQ(refused(level(), 1.0), "1 was found; expected: a number in (0, 1) (share)");
  EXPECT_EQ(refused(level(), "much"), "\"much\" was found; expected: a number in (0, 1) (share)");
  EXPECT_EQ(refused(level(), std::nan("")), "nan was found; expected: a number in (0, 1) (share)");
  EXPECT_EQ(refused(level(), 0.9), "");
}

TEST(Field, RefusedValueLeavesTheOptionsAlone) {
  Options options;
  EXPECT_FALSE(level().set(options, 2.0));
  EXPECT_EQ(options.level, 0.95);
}

TEST(Field, WholeNumbersKeepToTheirType) {
  const auto threads = field<Options>("threads", &Options::threads, {.help = ""});
  EXPECT_EQ(refused(threads, -1), "-1 was found; expected: a whole number");
  EXPECT_EQ(refused(threads, 1.5), "1.5 was found; expected: a whole number");
  EXPECT_EQ(refused(threads, std::uint64_t{1} << 40),
            "1099511627776 was found; expected: a whole number");
  Options options;
  ASSERT_TRUE(threads.set(options, 8));
  EXPECT_EQ(options.threads, 8U);
}

TEST(Field, ChoicesAreListed) {
  const auto kind = field<Options>("kind", &Options::kind,
                                   {.help = "", .choices = {"wilson", "jeffreys", "exact"}});
  EXPECT_EQ(refused(kind, "wald"), "\"wald\" was found; expected: wilson, jeffreys or exact");
}

TEST(Field, OneValueServesForAList) {
  const auto metric = field<Options>("metric", &Options::metric, {.help = ""});
  Options options;
  ASSERT_TRUE(metric.set(options, "auc"));
  EXPECT_EQ(options.metric, std::vector<std::string>{"auc"});
  ASSERT_TRUE(metric.set(options, Json::array({"auc", "accuracy"})));
  EXPECT_EQ(options.metric.size(), 2U);
}

TEST(Field, TypedTextBecomesAValueOfItsKind) {
  EXPECT_EQ(*from_text(level().field, "0.5"), Json(0.5));
  EXPECT_EQ(*from_text(level().field, "1e-3"), Json(0.001));
  EXPECT_EQ(from_text(level().field, "5%").error().says,
            "\"5%\" was found; expected: a number in (0, 1) (share)");
  const auto rows = field<Options>("rows_min", &Options::rows_min, {.help = "", .range = from(1)});
  EXPECT_EQ(*from_text(rows.field, "30"), Json(30));
  EXPECT_EQ(from_text(rows.field, "3.5").error().says,
            "\"3.5\" was found; expected: a whole number in [1, infinity)");
}

TEST(Field, ShellNameHasDashes) {
  EXPECT_EQ(in_shell(field<Options>("rows_min", &Options::rows_min, {.help = ""}).field),
            "--rows-min");
}

TEST(Range, HoldsItsClosedEndsAndNotItsOpenOnes) {
  EXPECT_TRUE(between(0, 1).holds(0));
  EXPECT_TRUE(between(0, 1).holds(1));
  EXPECT_FALSE(open(0, 1).holds(0));
  EXPECT_FALSE(open(0, 1).holds(1));
  EXPECT_TRUE(from(1).holds(std::numeric_limits<double>::max()));
  EXPECT_FALSE(Range{}.holds(std::nan("")));
}

}  // namespace
}  // namespace evenhand
