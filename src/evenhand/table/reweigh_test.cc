#include "evenhand/table/reweigh.h"

#include <string>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/base/rows.h"

namespace evenhand::table {
namespace {

// Rows of one attribute; group codes index `names`, an empty name is unknown.
struct People {
  Labels labels{"yes", {}};
  Crossing groups;
  std::vector<double> weights;

  explicit People(const std::vector<std::string>& names) {
    groups.by = {"sex"};
    for (const std::string& name : names) {
      groups.groups.push_back({name.empty() ? std::nullopt : std::optional(name)});
    }
  }
  void add(std::uint32_t group, std::uint8_t label, int rows = 1) {
    groups.codes.insert(groups.codes.end(), static_cast<std::size_t>(rows), group);
    labels.values.insert(labels.values.end(), static_cast<std::size_t>(rows), label);
  }
  Result<Reweighing> reweighed() const { return reweigh(labels, groups, weights); }
};

// Kamiran & Calders 2012, their table of ten applicants: weights 1.5, .67, .75, 2.
TEST(Reweigh, GivesTheWeightsOfThePaper) {
  People people({"F", "M"});
  people.add(0, 1, 2);
  people.add(0, 0, 3);
  people.add(1, 1, 4);
  people.add(1, 0, 1);
  const auto out = people.reweighed();
  ASSERT_TRUE(out) << to_string(out.error());
  ASSERT_EQ(out->groups.size(), 2U);
  EXPECT_DOUBLE_EQ(out->groups[0].factor[1], 1.5);
  EXPECT_DOUBLE_EQ(out->groups[0].factor[0], 2.0 / 3);
  EXPECT_DOUBLE_EQ(out->groups[1].factor[1], 0.75);
  EXPECT_DOUBLE_EQ(out->groups[1].factor[0], 2.0);
  EXPECT_DOUBLE_EQ(out->weights[0], 1.5);
  EXPECT_DOUBLE_EQ(out->weights[9], 2.0);
  EXPECT_EQ(out->groups[1].rows, (std::array<std::uint64_t, 2>{1, 4}));
}

// Oracle: O23 reproduced
// The identity itself, on tables of any number of groups with weights of their own.
TEST(Reweigh, MakesTheShareOfFavourableLabelsThatOfAllInEveryGroup) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const auto groups = static_cast<std::uint32_t>(2 + random() % 9);
    People people(std::vector<std::string>(groups, "g"));
    for (std::uint32_t g = 0; g < groups; ++g) {
      people.add(g, 0, static_cast<int>(1 + random() % 40));
      people.add(g, 1, static_cast<int>(1 + random() % 40));
    }
    for (std::size_t i = 0; i < people.labels.values.size(); ++i) {
      people.weights.push_back(0.1 + random.uniform());
    }
    const auto out = people.reweighed();
    ASSERT_TRUE(out) << to_string(out.error());
    std::vector<double> before(groups), after(groups), favourable(groups);
    double all = 0, all_favourable = 0;
    for (std::size_t i = 0; i < people.weights.size(); ++i) {
      const std::uint32_t g = people.groups.codes[i];
      before[g] += people.weights[i];
      after[g] += out->weights[i];
      favourable[g] += people.labels.values[i] == 1 ? out->weights[i] : 0;
      all += people.weights[i];
      all_favourable += people.labels.values[i] == 1 ? people.weights[i] : 0;
    }
    for (std::uint32_t g = 0; g < groups; ++g) {
      EXPECT_NEAR(favourable[g] / after[g], all_favourable / all, 1e-14);
      EXPECT_NEAR(after[g], before[g], 1e-11);
    }
  }
}

TEST(Reweigh, MultipliesTheWeightsThatAreThere) {
  People people({"F", "M"});
  people.add(0, 1, 2);
  people.add(0, 0, 1);
  people.add(1, 1, 1);
  people.add(1, 0, 1);
  people.weights = {1, 2, 1, 2, 2};  // F: 3 of 4, M: 2 of 4
  const auto out = people.reweighed();
  ASSERT_TRUE(out) << to_string(out.error());
  EXPECT_DOUBLE_EQ(out->weights[1], 2 * (4.0 * 5 / (8 * 3)));
  EXPECT_DOUBLE_EQ(out->weights[2], 1 * (4.0 * 3 / (8 * 1)));
}

TEST(Reweigh, LeavesRowsWithoutALabelOrAGroupAtTheirWeight) {
  People people({"F", "M", ""});
  people.add(0, 1, 3);
  people.add(0, 0, 1);
  people.add(1, 1, 1);
  people.add(1, 0, 1);
  const auto without = people.reweighed();
  people.add(2, 1, 5);
  people.add(0, kMissingClass, 2);
  people.add(2, kMissingClass);
  const auto out = people.reweighed();
  ASSERT_TRUE(without && out);
  EXPECT_EQ(out->groups.size(), 2U);
  EXPECT_EQ(out->groups[0].factor, without->groups[0].factor);  // they do not count in n either
  for (std::size_t i = 6; i < 14; ++i) EXPECT_EQ(out->weights[i], 1);
  EXPECT_EQ(out->rows_without_label, 3U);
  EXPECT_EQ(out->rows_of_unknown_group, 5U);
}

std::string refusal(const People& people) {
  const auto out = people.reweighed();
  return out ? "no refusal" : out.error().says;
}

TEST(Reweigh, SaysWhichCellsAreEmpty) {
  People people({"F", "M", "X"});
  people.add(0, 1, 2);
  people.add(1, 0, 2);
  people.add(2, 0);
  people.add(2, 1);
  EXPECT_EQ(refusal(people),
            "no row has sex = F with another label than \"yes\", sex = M with the label \"yes\": "
            "weights cannot make up for rows that are not there; collect such rows, merge the "
            "group with another, or take it out of the table");
  people.add(0, 0);
  people.add(1, 1);
  EXPECT_EQ(refusal(people), "no refusal");
  people.weights.assign(people.labels.values.size(), 1.0);
  people.weights.back() = 0;
  EXPECT_EQ(refusal(people),
            "no row has sex = M with the label \"yes\": weights cannot make up for rows that are "
            "not there; collect such rows, merge the group with another, or take it out of the "
            "table");
}

TEST(Reweigh, RefusesWhatCannotBeBalanced) {
  People one({"F", ""});
  one.add(0, 1);
  one.add(0, 0);
  one.add(1, 0);
  EXPECT_EQ(refusal(one),
            "there is one known group only, sex = F: nothing to balance between groups");
  People all({"F", "M"});
  all.add(0, 1);
  all.add(1, 1);
  EXPECT_EQ(refusal(all),
            "every label is the favourable one, \"yes\": there is nothing to balance");
  People none({"F", "M"});
  none.labels.favourable.clear();
  none.add(0, 0);
  none.add(1, 0);
  EXPECT_EQ(refusal(none), "no label is the favourable one: there is nothing to balance");
  EXPECT_EQ(refusal(People({"F"})), "no row has a label: there is nothing to balance");
  People strangers({""});
  strangers.add(0, 0);
  strangers.add(0, 1);
  EXPECT_EQ(refusal(strangers), "the group of every row is unknown: there is nothing to balance");
  People weightless({"F", "M"});
  weightless.add(0, 0);
  weightless.add(1, 1);
  weightless.weights = {0, 0};
  EXPECT_EQ(refusal(weightless), "every row has the weight 0: there is nothing to balance");
}

}  // namespace
}  // namespace evenhand::table
