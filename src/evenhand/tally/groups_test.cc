// Keys in order; groups joined, dropped and cut.
#include "evenhand/tally/groups.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace evenhand::tally {
namespace {

const std::optional<std::string> kUnknown;

Groups sex_by_race() {
  return {{"sex", "race"},
          {"dept"},
          {{"F", "x", "A"}, {"F", "y", "A"}, {"F", "x", "B"}, {"M", kUnknown, "B"}}};
}

TEST(Groups, AreOrderedByBytesWithUnknownLast) {
  // By bytes, capitals come before small letters and ASCII before the rest; the empty text first.
  const std::vector<Key> ordered{{""}, {"B"}, {"a"}, {"aa"}, {"b"}, {"\xc3\xa4"}, {kUnknown}};
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      EXPECT_EQ(before(ordered[i], ordered[j]), i < j) << i << ' ' << j;
    }
  }
}

TEST(Groups, UnitedAreThoseOfBothInOrder) {
  const Groups a{{"sex"}, {}, {{"M"}, {"F"}}}, b{{"sex"}, {}, {{kUnknown}, {"F"}}};
  const auto both = unite(a, b);
  ASSERT_TRUE(both.has_value());
  EXPECT_EQ(both->keys, (std::vector<Key>{{"F"}, {"M"}, {kUnknown}}));
  EXPECT_EQ(positions(a, *both), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(positions(b, *both), (std::vector<std::size_t>{2, 0}));
}

TEST(Groups, OfOtherAttributesAreNotUnited) {
  const auto both = unite({{"sex"}, {}, {}}, {{"race"}, {}, {}});
  ASSERT_FALSE(both.has_value());
  EXPECT_EQ(both.error().code, Code::kAxesDiffer);
  EXPECT_EQ(both.error().says,
            "tallies by sex (strata (none)) and by race (strata (none)) cannot be merged; count "
            "both by the same attributes");
}

TEST(Groups, CollapseToFewerAttributes) {
  const auto by_sex = collapse(sex_by_race(), std::array<std::string, 1>{"sex"});
  ASSERT_TRUE(by_sex.has_value());
  EXPECT_EQ(by_sex->groups, (Groups{{"sex"}, {}, {{"F"}, {"M"}}}));
  EXPECT_EQ(by_sex->to, (std::vector<std::uint32_t>{0, 0, 0, 1}));

  const auto by_dept = collapse(sex_by_race(), std::array<std::string, 1>{"dept"},
                                std::array<std::string, 1>{"sex"});
  EXPECT_EQ(by_dept->groups, (Groups{{"dept"}, {"sex"}, {{"A", "F"}, {"B", "F"}, {"B", "M"}}}));
  EXPECT_EQ(by_dept->to, (std::vector<std::uint32_t>{0, 0, 1, 2}));
}

TEST(Groups, CollapseToNothingIsEverybodyEvenOfNobody) {
  EXPECT_EQ(collapse(sex_by_race(), {})->groups, everybody());
  EXPECT_EQ(collapse({{"sex"}, {}, {}}, {})->groups, everybody());
}

TEST(Groups, CollapseNamesWhatIsNotThere) {
  const auto missing = collapse(sex_by_race(), std::array<std::string, 1>{"age"});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().says,
            "the tally has no attribute \"age\"; it has sex x race and the strata dept");
  EXPECT_FALSE(collapse(sex_by_race(), std::array<std::string, 2>{"sex", "sex"}).has_value());
}

TEST(Groups, WithinAStratumLeavesTheOthersOut) {
  EXPECT_EQ(strata_keys(sex_by_race()), (std::vector<Key>{{"A"}, {"B"}}));
  const Regrouping b = within(sex_by_race(), {"B"});
  EXPECT_EQ(b.groups, (Groups{{"sex", "race"}, {}, {{"F", "x"}, {"M", kUnknown}}}));
  const auto out = Regrouping::kLeftOut;
  EXPECT_EQ(b.to, (std::vector<std::uint32_t>{out, out, 0, 1}));
}

TEST(Groups, GrowInTheOrderOfArrival) {
  GrowingGroups growing({{"sex"}, {}, {{"M"}}});
  EXPECT_EQ(growing.find_or_add({"F"}), 1U);
  EXPECT_EQ(growing.find_or_add({kUnknown}), 2U);
  EXPECT_EQ(growing.find_or_add({"M"}), 0U);
  EXPECT_EQ(growing.find_or_add({"F"}), 1U);
  EXPECT_EQ(growing.find_or_add({""}), 3U);  // an empty value is not an unknown one
  EXPECT_EQ(canonical(growing.groups()).to, (std::vector<std::uint32_t>{2, 1, 3, 0}));
}

TEST(Groups, UnpackOnlyCanonicalOnes) {
  Writer in_order, out_of_order;
  pack(canonical(sex_by_race()).groups, in_order);
  pack(sex_by_race(), out_of_order);
  ByteReader good(in_order.bytes()), bad(out_of_order.bytes());
  const auto back = unpack_groups(good);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, canonical(sex_by_race()).groups);
  EXPECT_FALSE(unpack_groups(bad).has_value());
}

}  // namespace
}  // namespace evenhand::tally
