// An audit of a million rows of 20 columns (some 85 MB of CSV): three questions with labels, a
// baseline, a source, missing values by group; with proxies from the sample and without. The slow
// twin reads lines into strings and counts in maps; it does less: the groups, labels and missing
// values, no tests.
//
// Bound: the file is read once at some 1 GB/s a core (digest and coding of cells), 45 ms on two.
// Wanted: below 1.5 s on two cores.
#include "evenhand/data/audit.h"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "evenhand/base/check.h"
#include "evenhand/base/random.h"

namespace evenhand::data {
namespace {

constexpr int kRows = 1'000'000;

/// sex, race, region, label, and 16 features: 8 codes of few values, 4 whole numbers, 4 decimals.
std::string make_file() {
  const auto path = std::filesystem::temp_directory_path() / "evenhand_audit_bench.csv";
  const char* races[] = {"White", "Black", "Asian-Pac-Islander", "Other"};
  std::string bytes = "sex,race,region,label";
  for (int f = 0; f < 16; ++f) bytes += ",f" + std::to_string(f);
  bytes += '\n';
  Random random(1);
  for (int i = 0; i < kRows; ++i) {
    const std::uint64_t draw = random();
    bytes += draw % 3 == 0 ? "Female," : "Male,";
    bytes += std::string(races[(draw >> 8) % 4]) + ",region " + std::to_string((draw >> 16) % 50);
    bytes += (draw >> 32) % 4 == 0 ? ",yes" : ",no";
    for (int f = 0; f < 16; ++f) {
      const std::uint64_t x = random();
      bytes += ',';
      if (f % 5 == 4 && x % 20 == 0) continue;  // no value
      if (f < 8) {
        bytes += "v" + std::to_string((x >> 8) % 12);
      } else if (f < 12) {
        bytes += std::to_string((x >> 8) % 100);
      } else {
        bytes += "0." + std::to_string(1'000 + (x >> 8) % 9'000);
      }
    }
    bytes += '\n';
  }
  std::ofstream(path, std::ios::binary) << bytes;
  return path.string();
}

const std::string& file() {
  static const std::string path = make_file();
  return path;
}

AuditOptions asked(bool proxies) {
  AuditOptions o;
  o.files = {file()};
  o.by = {{"sex"}, {"race"}, {"sex", "race"}};
  o.label = "label";
  o.favourable = "yes";
  o.sources = {"region"};
  o.baseline = "uniform";
  o.proxies = proxies;
  o.threads = 2;
  return o;
}

/// Rows, favourable labels and rows without a value of each column, by sex and race.
struct Slow {
  std::map<std::string, std::int64_t> rows, favourable;
  std::map<std::pair<std::string, int>, std::int64_t> missing;
};

Slow by_maps() {
  Slow out;
  std::ifstream in(file());
  std::string line, cell;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream row(line);
    std::vector<std::string> cells;
    while (std::getline(row, cell, ',')) cells.push_back(cell);
    cells.resize(20);
    for (const std::string& group : {cells[0], cells[1], cells[0] + "|" + cells[1]}) {
      ++out.rows[group];
      if (cells[3] == "yes") ++out.favourable[group];
      for (int c = 4; c < 20; ++c) {
        if (cells[static_cast<std::size_t>(c)].empty()) ++out.missing[{group, c}];
      }
    }
  }
  return out;
}

double seconds_by_maps() {
  const auto start = std::chrono::steady_clock::now();
  const Slow slow = by_maps();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const auto record = audit(asked(false), nullptr);
  EVENHAND_CHECK(record.has_value());
  int compared = 0;
  for (const record::Finding& f : record->findings) {  // the answer before the time
    if (f.by != By{"sex"} || !f.group || f.group->empty() || !f.value) continue;
    const std::string group = *f.group->begin()->second;
    const auto rows = static_cast<double>(slow.rows.at(group));
    double wanted = *f.value;
    if (f.metric == "row_share") wanted = rows / kRows;
    if (f.metric == "base_rate") wanted = static_cast<double>(slow.favourable.at(group)) / rows;
    if (f.metric == "missing_rate") {
      const int column = 4 + std::stoi(f.at.front().second.substr(1));
      wanted = static_cast<double>(slow.missing.at({group, column})) / rows;
    }
    EVENHAND_CHECK(std::abs(*f.value - wanted) < 1e-12);
    ++compared;
  }
  EVENHAND_CHECK(compared > 10);
  return taken.count();
}

void audit_of_a_million_rows(benchmark::State& state, bool proxies) {
  static const double slow = seconds_by_maps();
  const AuditOptions options = asked(proxies);
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    const auto record = audit(options, nullptr);
    EVENHAND_CHECK(record.has_value());
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const double each = taken.count() / static_cast<double>(state.iterations());
  state.counters["x_slow_twin"] = slow / each;
  state.counters["of_wanted"] = 1.5 / each;
}

void AuditOfAMillionRowsCounts(benchmark::State& state) { audit_of_a_million_rows(state, false); }
BENCHMARK(AuditOfAMillionRowsCounts)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void AuditOfAMillionRowsWithProxies(benchmark::State& state) {
  audit_of_a_million_rows(state, true);
}
BENCHMARK(AuditOfAMillionRowsWithProxies)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
}  // namespace evenhand::data
