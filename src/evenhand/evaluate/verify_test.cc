// A record is computed again from its own counts; whoever changes a number in it is told which.
#include "evenhand/evaluate/verify.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
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
    for (const char* at : {"0.2", "0.5"}) {  // two bounds on a number that stands on rows
      bound.metric = "auc_difference";
      bound.bound.at_most = at;
      o.bounds.push_back(bound);
    }
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

// Every way to change one thing of a record that the record itself, or the data, can contradict.
struct Forgery {
  const char* name;
  std::function<void(record::Record&)> make;
  bool seen_without_data = true;
};

record::Finding& first(record::Record& r, const std::string& metric) {
  const auto at = std::find_if(r.findings.begin(), r.findings.end(),
                               [&](const auto& f) { return f.metric == metric; });
  EXPECT_NE(at, r.findings.end()) << metric;
  return *at;
}

std::vector<Forgery> forgeries() {
  using R = record::Record;
  const std::string gap = "selection_rate_difference", auc = "auc_difference";
  return {
      {"a bound", [=](R& r) { first(r, gap).bound->at_most = "0.3"; }},
      {"a judge", [=](R& r) { first(r, gap).bound->judge = "point"; }},
      {"a severity", [=](R& r) { first(r, gap).bound->severity = "warn"; }},
      {"an invented bound", [](R& r) { first(r, "selection_rate").bound.emplace(); }},
      {"rows needed", [=](R& r) { first(r, gap).rows_needed = 1; }},
      {"a p-value", [=](R& r) { first(r, "selection_rate").log10_p = -9; }},
      {"what stands out",
       [](R& r) {
         auto& f = first(r, "true_positive_rate_difference");
         f.stands_out = !f.stands_out.value_or(false);
       }},
      {"what is open", [](R& r) { first(r, "true_positive_rate").open.emplace(); }},
      {"a unit", [](R& r) { first(r, "selection_rate").unit = "per cent"; }},
      {"an alias", [](R& r) { first(r, "selection_rate").aliases = {"fairness"}; }},
      {"what it stands on", [](R& r) { first(r, "selection_rate").from = "rows"; }},
      {"rows of the input", [](R& r) { --r.inputs[0].rows; }},
      {"a column of a tally", [](R& r) { r.tallies[0]["columns"][0] = "x"; }},
      {"a count that is none", [](R& r) { r.tallies[0]["cells"][0][2] = 135.9; }},
      {"rows moved out of everybody",
       [](R& r) {
         auto& n = r.tallies[0]["cells"][0][2];
         n = n.get<std::int64_t>() - 1;
       }},
      {"rows moved out of the grid",
       [](R& r) {
         for (auto& sheet : r.tallies) {
           if (sheet["tally"] == "score_grid") sheet["cells"].erase(0);
         }
       }},
      {"the groups of a grid",
       [](R& r) {
         for (auto& sheet : r.tallies) {
           if (sheet["tally"] == "score_grid" && !sheet["by"].empty()) sheet["cells"][0][0] = "zz";
         }
       }},
      {"the groups of clusters",
       [](R& r) {
         for (auto& sheet : r.tallies) {
           if (sheet["tally"] == "cluster_products" && !sheet["by"].empty())
             sheet["groups"][0][0] = "zz";
         }
       }},
      {"a question that nobody asked", [](R& r) { r.options["by"].push_back({"age"}); }},
      {"an interval that there is none of", [](R& r) { r.options["interval"] = "wald"; }},
      {"an option too many", [](R& r) { r.options["blessed"] = true; }},
      {"a bound on scores", [=](R& r) { first(r, auc).bound->at_most = "0.9"; }},
      {"a verdict on scores",
       [=](R& r) {
         auto& v = first(r, auc).verdict;
         v = v == record::Verdict::kMet ? record::Verdict::kBroken : record::Verdict::kMet;
       }},
      {"a removed finding of scores",
       [](R& r) { std::erase_if(r.findings, [](const auto& f) { return f.metric == "auc"; }); }},
      {"a doubled finding of scores",
       [](R& r) { r.findings.insert(r.findings.begin(), first(r, "auc")); }},
      {"a value outside its limits", [](R& r) { first(r, "auc").value = 2; }},
      {"a value of scores", [](R& r) { *first(r, "auc").value += 1e-4; }, false},
      {"bytes of the input", [](R& r) { ++r.inputs[0].bytes; }, false},
      {"something left out",
       [](R& r) {
         r.left_out.push_back({"rows of May", "lost", 5});
       }},
      {"a group too few for a number that stands on rows",
       [](R& r) {
         r.left_out.push_back({"group sex=F in auc", "too few rows in the denominator", 5});
       },
       false},
      {"a favourable value",
       [](R& r) { r.options["favourable"]["decision_unfavourable"] = {"never"}; }, false},
  };
}

TEST_F(Verify, EveryForgeryIsSeen) {
  for (const Forgery& forgery : forgeries()) {
    auto record = made();
    ASSERT_TRUE(verify(record));
    forgery.make(record);
    EXPECT_EQ(!verify(record), forgery.seen_without_data) << forgery.name;
    EXPECT_FALSE(verify_with_data(record, {}, 1, nullptr)) << forgery.name;
  }
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
