// A row of frequency weight k is k copies of the row: in every metric, value and interval. Asked of
// a whole evaluation, since scores and counts take their weights at different places.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "evenhand/api/operation.h"
#include "evenhand/base/random.h"
#include "evenhand/metric/all.h"

namespace evenhand {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHead = "sex,dept,label,decision,score,w\n";

/// 300 made-up rows with weights 1 to 4, some labels and decisions missing: as they are, or with
/// each written out `w` times.
void write_tables(const fs::path& folder) {
  std::ofstream weighted(folder / "weighted.csv"), copied(folder / "copied.csv");
  weighted << kHead;
  copied << kHead;
  Random random(23);
  const auto class_of = [&] {
    const auto draw = (random() >> 16) % 11;
    return draw == 10 ? std::string() : std::to_string(draw % 2);
  };
  for (int i = 0; i < 300; ++i) {
    const auto weight = 1 + (random() >> 16) % 4;
    const std::string row = std::string((random() >> 16) % 3 == 0 ? "F" : "M") + ',' +
                            (i % 2 == 0 ? "a" : "b") + ',' + class_of() + ',' + class_of() + ",0." +
                            std::to_string(10 + (random() >> 16) % 90) + ',';
    weighted << row << weight << '\n';
    for (std::uint64_t k = 0; k < weight; ++k) copied << row << "1\n";
  }
}

Json findings(const fs::path& folder, const std::string& table, bool weighted) {
  Json options = {{"files", (folder / table).string()},
                  {"label", "label=1"},
                  {"decision", "decision=1"},
                  {"score", "score"},
                  {"group", "sex"},
                  {"strata", "dept"},
                  {"reference", "sex=M"},
                  {"bound", "selection_rate_difference by sex <= 0.1"},
                  {"metric", Json::array()},
                  {"out", (folder / "out").string()}};
  for (const metric::Metric& m : metric::all()) {
    if (m.about == metric::About::kDecisions) options["metric"].push_back(m.name);
  }
  if (weighted) options["weight"] = "w", options["weight_kind"] = "frequency";
  const auto done = api::find("evaluate run")->run(options, {});
  EXPECT_TRUE(done) << (done ? "" : to_string(done.error()));
  return done ? done->json["findings"] : Json::array();
}

/// Of a data audit; its sample for proxies is of rows as they stand, so it is not asked for.
Json findings_of_audit(const fs::path& folder, const std::string& table, bool weighted) {
  std::ofstream(folder / "baseline.csv") << "attribute,group,persons\nsex,F,50\nsex,M,50\n";
  Json options = {{"files", (folder / table).string()},
                  {"group", Json::array({"sex", "sex x dept"})},
                  {"label", "label=1"},
                  {"source", "dept"},
                  {"baseline", (folder / "baseline.csv").string()},
                  {"no_proxies", true},
                  {"exclude", "w"},
                  {"out", (folder / "out").string()}};
  if (weighted) options["weight"] = "w", options["weight_kind"] = "frequency";
  const auto done = api::find("data audit")->run(options, {});
  EXPECT_TRUE(done) << (done ? "" : to_string(done.error()));
  return done ? done->json["findings"] : Json::array();
}

void expect_same(const Json& a, const Json& b, const std::string& where) {
  if (a.is_number_float() && b.is_number()) {
    const double x = a.get<double>(), y = b.get<double>();
    EXPECT_LE(std::abs(x - y), 1e-12 * std::max({1.0, std::abs(x), std::abs(y)})) << where;
  } else if (a.is_structured() && b.is_structured() && a.size() == b.size()) {
    for (const auto& [key, value] : a.items()) {
      const bool there = a.is_array() || b.contains(key);
      ASSERT_TRUE(there) << where << ' ' << key;
      expect_same(value, a.is_array() ? b[std::stoul(key)] : b[key], where + ' ' + key);
    }
  } else {
    EXPECT_EQ(a, b) << where;
  }
}

TEST(FrequencyWeights, AreCopiesInEveryFindingOfAnAudit) {
  const fs::path folder =
      fs::temp_directory_path() / ("evenhand-audited-copies-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  write_tables(folder);
  const Json weighted = findings_of_audit(folder, "weighted.csv", true),
             copied = findings_of_audit(folder, "copied.csv", false);
  fs::remove_all(folder);
  ASSERT_EQ(weighted.size(), copied.size());
  std::set<std::string> metrics;
  for (std::size_t i = 0; i < copied.size(); ++i) {
    metrics.insert(copied[i]["metric"].get<std::string>());
    expect_same(weighted[i], copied[i], copied[i]["metric"].get<std::string>());
  }
  for (const metric::Metric& m : metric::all()) {
    const bool asked = m.from == metric::From::kTally && m.comparison == nullptr;
    if (m.about != metric::About::kData || !asked) continue;
    EXPECT_TRUE(metrics.contains(m.name)) << m.name;
  }
}

TEST(FrequencyWeights, AreCopiesInEveryFinding) {
  const fs::path folder =
      fs::temp_directory_path() / ("evenhand-copies-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  write_tables(folder);
  const Json weighted = findings(folder, "weighted.csv", true),
             copied = findings(folder, "copied.csv", false);
  fs::remove_all(folder);
  ASSERT_EQ(weighted.size(), copied.size());
  EXPECT_GE(copied.size(),
            static_cast<std::size_t>(std::count_if(
                metric::all().begin(), metric::all().end(),
                [](const metric::Metric& m) { return m.about == metric::About::kDecisions; })));
  for (std::size_t i = 0; i < copied.size(); ++i) {
    expect_same(weighted[i], copied[i], copied[i]["metric"].get<std::string>());
  }
}

}  // namespace
}  // namespace evenhand
