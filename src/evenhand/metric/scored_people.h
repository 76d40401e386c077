// For tests: rows with scores, person by person, brought into the sorted form that metrics read.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "evenhand/base/rows.h"
#include "evenhand/metric/metric.h"
#include "evenhand/metric/score_rows.h"

namespace evenhand::metric::testing {

struct Person {
  double score = 0;
  std::uint8_t label = 0;  // 0, 1 or kMissingClass
  double weight = 1;
  std::uint32_t cluster = 0;
};
using People = std::vector<Person>;

inline std::vector<ScoreRun> runs_of(People people) {
  std::stable_sort(people.begin(), people.end(),
                   [](const Person& a, const Person& b) { return a.score < b.score; });
  std::vector<ScoreRun> runs;
  for (const Person& p : people) {
    if (runs.empty() || runs.back().score != p.score) {
      runs.emplace_back();
      runs.back().score = p.score;
    }
    ScoreRun& run = runs.back();
    const double w = p.weight;
    if (p.label == 0) run.n0 += 1, run.w0 += w, run.ww0 += w * w;
    if (p.label == 1) run.n1 += 1, run.w1 += w, run.ww1 += w * w;
    if (p.label == kMissingClass) run.n_missing += 1, run.w_missing += w, run.ww_missing += w * w;
  }
  return runs;
}

/// How the people of a table hang together; weights count in kWeighted only.
enum class Kept { kIndependent, kWeighted, kClustered };

inline ScoreRows score_rows(const std::vector<People>& groups, Kept kept = Kept::kIndependent) {
  ScoreRows rows;
  rows.weighted = kept == Kept::kWeighted;
  for (People people : groups) {
    if (!rows.weighted) {
      for (Person& p : people) p.weight = 1;
    }
    rows.runs.push_back(runs_of(people));
    if (kept != Kept::kClustered) continue;
    std::stable_sort(people.begin(), people.end(),
                     [](const Person& a, const Person& b) { return a.score < b.score; });
    rows.rows.emplace_back();
    for (const Person& p : people) {
      rows.rows.back().push_back({p.score, p.weight, p.cluster, p.label});
    }
  }
  return rows;
}

/// 200 people whose labels follow their scores loosely, by integer arithmetic, so that any tool can
/// be given the same: s_i = (37 i mod 101) / 100, t_i = ((53 i + (i^2 mod 7)) mod 100) / 100,
/// y_i = [t_i < 0.15 + 0.6 s_i], w_i = 1 + (i mod 5) / 2, cluster i mod 40.
inline People sample_people() {
  People people;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const double s = static_cast<double>((37 * i) % 101) / 100;
    const double t = static_cast<double>((53 * i + (i * i) % 7) % 100) / 100;
    const std::uint8_t y = t < 0.15 + 0.6 * s ? 1 : 0;
    people.push_back({s, y, 1 + static_cast<double>(i % 5) / 2, i % 40});
  }
  return people;
}

/// A question over groups called "0", "1", ...; keep it alive while its tallies are read.
struct Question {
  tally::Groups groups;
  ScoreRows rows;
  Tallies tallies;

  explicit Question(const std::vector<People>& people, Kept kept = Kept::kIndependent)
      : rows(score_rows(people, kept)) {
    groups.by = {"group"};
    for (std::size_t g = 0; g < people.size(); ++g) groups.keys.push_back({std::to_string(g)});
    tallies.groups = &groups;
    tallies.score_rows = &rows;
  }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
};

}  // namespace evenhand::metric::testing
