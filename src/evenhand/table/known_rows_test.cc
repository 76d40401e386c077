// Rows are known again by their values, in any order for the sample and in one for the digest.
#include "evenhand/table/known_rows.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include <gtest/gtest.h>

#include "evenhand/base/digest.h"
#include "evenhand/base/random.h"

namespace evenhand::table {
namespace {

Batch numbers(std::vector<double> values) {
  Batch out;
  out.rows = values.size();
  out.columns.push_back({As::kNumber, {}, {}, std::move(values)});
  return out;
}

KnownRows kept(const Batch& batch) {
  RowKeeper keeper;
  keeper.add(batch, {0}, {});
  return keeper.take("k");
}

std::vector<double> drawn(std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> out(rows);
  for (double& x : out) x = random.uniform();
  return out;
}

TEST(RowMarks, AreOfValuesAndNotOfCodes) {
  Batch a, b;
  a.rows = b.rows = 3;
  a.columns.push_back({As::kText, {1, 2, 0}, {"F", "M"}, {}});
  b.columns.push_back({As::kText, {2, 1, 0}, {"M", "F"}, {}});
  EXPECT_EQ(row_marks(a, {0}), row_marks(b, {0}));
  EXPECT_EQ(row_marks(numbers({0.0, std::nan("")}), {0}),
            row_marks(numbers({-0.0, -std::nan("")}), {0}));
  EXPECT_NE(row_marks(numbers({1}), {0}), row_marks(numbers({2}), {0}));
}

TEST(RowMarks, OutliveTheLastBitOfADouble) {
  const double x = 0.1, next = std::nextafter(x, 1);
  ASSERT_NE(x, next);
  EXPECT_EQ(row_marks(numbers({x}), {0}), row_marks(numbers({next}), {0}));
}

TEST(KnownRows, DigestKnowsTheOrderAndBatchesDoNotMatter) {
  RowKeeper pieces;
  pieces.add(numbers({1, 2}), {0}, {});
  pieces.add(numbers({3}), {0}, {});
  EXPECT_EQ(pieces.take("k").digest, kept(numbers({1, 2, 3})).digest);
  EXPECT_NE(kept(numbers({3, 2, 1})).digest, kept(numbers({1, 2, 3})).digest);
  EXPECT_EQ(kept(numbers({3, 2, 1})).sample, kept(numbers({1, 2, 3})).sample);
}

// The slow twin: all marks sorted, the first 1,024 of them, under the key.
TEST(KnownRows, SampleIsOfTheSmallestMarks) {
  const Batch batch = numbers(drawn(20'000, 1));
  std::vector<std::uint64_t> all = row_marks(batch, {0});
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  all.resize(kSampled);
  const std::uint64_t last = all.back();
  for (std::uint64_t& mark : all) {
    std::string bytes(8, '\0');
    for (unsigned i = 0; i < 8; ++i) bytes[i] = static_cast<char>(mark >> 8 * i & 255);
    mark = sha256_word("k", bytes);
  }
  std::sort(all.begin(), all.end());
  const KnownRows known = kept(batch);
  EXPECT_EQ(known.sample, all);
  EXPECT_EQ(known.up_to >> 32, last >> 32);
  EXPECT_GE(known.up_to, last);
}

TEST(KnownRows, SamplesUnderTwoKeysShareNothing) {
  RowKeeper keeper;
  keeper.add(numbers(drawn(3'000, 6)), {0}, {});
  const auto a = keeper.take("a").sample, b = keeper.take("b").sample;
  std::vector<std::uint64_t> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  EXPECT_TRUE(both.empty());
  Seen seen;
  look_up(keeper.take("a"), "b", row_marks(numbers(drawn(3'000, 6)), {0}), seen);
  EXPECT_EQ(seen.found, 0U);
}

// Half of the rows are known: of some 1,000 that are looked up the share lies within 5 standard
// errors of a half.
TEST(KnownRows, TellTheShareOfRowsThatAreKnown) {
  std::vector<double> known = drawn(20'000, 2), half = drawn(10'000, 3);
  half.insert(half.end(), known.begin(), known.begin() + 10'000);
  Seen seen;
  look_up(kept(numbers(known)), "k", row_marks(numbers(half), {0}), seen);
  ASSERT_GT(seen.looked_up, 700U);
  EXPECT_NEAR(*seen.share(), 0.5, 5 * 0.5 / std::sqrt(static_cast<double>(seen.looked_up)));
  Seen none;
  look_up(kept(numbers(known)), "k", row_marks(numbers(drawn(20'000, 4)), {0}), none);
  EXPECT_LT(*none.share(), 0.01);
}

TEST(KnownRows, SampleComesBackFromItsText) {
  const KnownRows known = kept(numbers(drawn(3'000, 5)));
  EXPECT_EQ(*sample_of(sample_text(known.sample)), known.sample);
  EXPECT_TRUE(sample_of("")->empty());
  for (const std::string bad : {"00", "000000000000000g", "00000000000000020000000000000001"}) {
    EXPECT_FALSE(sample_of(bad)) << bad;
  }
}

}  // namespace
}  // namespace evenhand::table
