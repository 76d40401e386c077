#include "evenhand/table/label.h"

#include <gtest/gtest.h>

#include "evenhand/base/rows.h"

namespace evenhand::table {
namespace {

Column column(std::vector<std::string> values, std::vector<std::uint32_t> codes) {
  return {As::kText, std::move(codes), std::move(values), {}};
}

std::string refusal(const Column& values, const std::optional<std::string>& favourable) {
  const auto labels = labels_of(values, "y", favourable);
  return labels ? "no refusal" : labels.error().says;
}

using Classes = std::vector<std::uint8_t>;

TEST(Labels, TakeTheDeclaredValueAsFavourable) {
  const auto labels = labels_of(column({"no", "yes", "perhaps"}, {2, 1, 0, 3}), "y", "yes");
  ASSERT_TRUE(labels.has_value());
  EXPECT_EQ(labels->values, (Classes{1, 0, kMissingClass, 0}));
  EXPECT_EQ(labels->favourable, "yes");
}

TEST(Labels, NeedNoDeclarationForOnesOrTruth) {
  EXPECT_EQ(labels_of(column({"0", "1"}, {2, 1}), "y", {})->values, (Classes{1, 0}));
  EXPECT_EQ(labels_of(column({"1.0", "0.0"}, {2, 1}), "y", {})->values, (Classes{0, 1}));
  EXPECT_EQ(labels_of(column({"True", "FALSE"}, {2, 1}), "y", {})->values, (Classes{0, 1}));
}

TEST(Labels, AreTheSameNumberInAnotherSpelling) {
  EXPECT_EQ(labels_of(column({"2.0", "1"}, {1, 2}), "y", "2")->values, (Classes{1, 0}));
}

TEST(Labels, AskForTheFavourableValueOfText) {
  EXPECT_EQ(
      refusal(column({"<=50K", ">50K"}, {1, 2}), {}),
      "the label \"y\" has the values \"<=50K\", \">50K\"; say which one a person wants: y=>50K");
}

TEST(Labels, SayWhichValuesThereAre) {
  EXPECT_EQ(refusal(column({"<=50K", ">50K"}, {1, 2}), ">50k"),
            "no row has \">50k\" as its \"y\"; the values are \"<=50K\", \">50K\"");
  EXPECT_EQ(refusal(column({"a", "b"}, {1, 2}), ""),
            "the favourable value of \"y\" is empty: a shell takes > and < for itself, so write "
            "'y=>50K' in quotes");
  EXPECT_EQ(refusal(column({}, {0, 0}), {}), "no row has a label: \"y\" is empty");
}

}  // namespace
}  // namespace evenhand::table
