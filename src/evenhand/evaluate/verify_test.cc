// A record is computed again from its own counts; whoever changes a number in it is told which.
#include "evenhand/evaluate/verify.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/record/record_json.h"

namespace evenhand::evaluate {
namespace {

class Verify : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = (std::filesystem::temp_directory_path() /
             ("evenhand-verify-" + std::to_string(::getpid()) + ".csv"))
                .string();
    std::ofstream out(path_);
    out << "sex,label,decision,score,person\n";
    for (int i = 0; i < 400; ++i) {
      const int label = i * 7 % 3 == 0, decision = i * 5 % 4 < 2;
      out << (i % 3 == 0 ? "F" : "M") << ',' << label << ',' << decision << ','
          << (i * 37 % 101) / 101.0 << ',' << i / 4 << '\n';
    }
  }
  void TearDown() override { std::filesystem::remove(path_); }

  Options options() const {
    Options o;
    o.files = {path_};
    o.label = Role{"label", {}};
    o.decision = Role{"decision", {}};
    o.score = "score";
    o.by = {{"sex"}};
    o.cluster = "person";
    BoundAsked bound;
    bound.metric = "selection_rate_difference";
    bound.by = {"sex"};
    bound.bound.at_most = "0.1";
    o.bounds = {bound};
    return o;
  }
  record::Record made() const {
    auto record = evaluate(options(), nullptr);
    EXPECT_TRUE(record) << (record ? "" : to_string(record.error()));
    return record ? std::move(*record) : record::Record{};
  }
  std::string path_;
};

TEST_F(Verify, AnUntouchedRecordAgreesWithItselfAndTheData) {
  const auto record = made();
  const auto verified = verify(record);
  ASSERT_TRUE(verified) << to_string(verified.error());
  EXPECT_GT(verified->recomputed, 20);
  const auto data = verify_with_data(record, {}, 2, nullptr);
  ASSERT_TRUE(data) << to_string(data.error());
  EXPECT_TRUE(data->data_agree);
}

TEST_F(Verify, AChangedValueIsNamed) {
  auto record = made();
  for (auto& f : record.findings) {
    if (f.metric == "selection_rate_difference") f.value = *f.value - 0.01;
  }
  const auto verified = verify(record);
  ASSERT_FALSE(verified);
  EXPECT_NE(verified.error().says.find("selection_rate_difference between sex="),
            std::string::npos);
}

TEST_F(Verify, AChangedVerdictIsNamed) {
  auto record = made();
  for (auto& f : record.findings) {
    if (f.verdict) f.verdict = record::Verdict::kMet;
  }
  const auto verified = verify(record);
  ASSERT_FALSE(verified);
  EXPECT_NE(verified.error().says.find("the verdict"), std::string::npos);
}

TEST_F(Verify, ARemovedFindingIsMissed) {
  auto record = made();
  std::erase_if(record.findings,
                [](const auto& f) { return f.metric == "selection_rate_difference"; });
  EXPECT_FALSE(verify(record));
}

TEST_F(Verify, TheFirstCellThatDiffersFromTheDataIsNamed) {
  const auto record = made();
  std::ofstream(path_, std::ios::app) << "F,1,1,0.5,1000\n";
  const auto data = verify_with_data(record, {}, 1, nullptr);
  ASSERT_FALSE(data);
  EXPECT_NE(data.error().says.find("\"confusion\""), std::string::npos) << data.error().says;
}

TEST_F(Verify, SheetsThatCannotBeAreRefused) {
  auto record = made();
  record.tallies[0]["cells"][0][2] = -5;
  EXPECT_FALSE(verify(record));
  record = made();
  record.tallies[0].erase("cells");
  EXPECT_FALSE(verify(record));
  record = made();
  record.tallies.clear();
  EXPECT_FALSE(verify(record));
}

TEST_F(Verify, TheSameBytesForAnyNumberOfThreads) {
  auto o = options();
  const auto one = record::to_json(made());
  for (unsigned threads : {2U, 7U}) {
    o.threads = threads;
    auto record = evaluate(o, nullptr);
    ASSERT_TRUE(record);
    EXPECT_EQ(record::to_json(*record), one);
  }
}

}  // namespace
}  // namespace evenhand::evaluate
