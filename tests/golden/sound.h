// What must hold of every record, whatever rows it was made of: it is JSON that reads back as
// itself, holds no number that is none, says why a number is undefined, and agrees with its counts.
#pragma once

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "evenhand/evaluate/verify.h"
#include "evenhand/record/record_json.h"
#include "testing.h"

namespace evenhand::testing {

/// A value with limits around it, or none of the three and a reason.
inline void expect_sound(const record::Finding& f) {
  const std::string who = f.metric + ": " + record::to_json(f).dump();
  EXPECT_EQ(f.value.has_value(), f.why.empty()) << who;
  if (!f.value) {
    EXPECT_FALSE(f.low || f.high || f.family_low || f.family_high) << who;
    return;
  }
  EXPECT_TRUE(std::isfinite(*f.value)) << who;
  // An absent or infinite limit is "unbounded"; a NaN would be neither.
  for (const auto& limit : {f.low, f.high, f.family_low, f.family_high}) {
    EXPECT_FALSE(limit && std::isnan(*limit)) << who;
  }
  constexpr double kRounding = 1e-9;
  EXPECT_LE(f.low.value_or(*f.value), *f.value + kRounding) << who;
  EXPECT_GE(f.high.value_or(*f.value), *f.value - kRounding) << who;
}

inline void expect_sound(const record::Record& r) {
  for (const record::Finding& f : r.findings) expect_sound(f);
  const std::string text = record::to_json(r);  // stops the program where a number is none
  const auto again = record::from_json(text);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(record::to_json(*again), text);
  const auto verified = evaluate::verify(*again);
  EXPECT_TRUE(verified) << to_string(verified.error());
}

/// The finding about a gap that is alone of its metric and question (all strata together).
inline const record::Finding* find_gap(const record::Record& r, const std::string& metric,
                                       const evaluate::By& by) {
  for (const record::Finding& f : r.findings) {
    if (f.metric == metric && f.by == by && f.strata.empty() && !f.group) return &f;
  }
  return nullptr;
}

inline double gap(const record::Record& r, const std::string& metric, const evaluate::By& by) {
  const record::Finding* f = find_gap(r, metric, by);
  if (f == nullptr || !f->value) {
    ADD_FAILURE() << metric
                  << (f == nullptr ? " is not in the record" : " is undefined: " + f->why);
    return -12345;
  }
  return *f->value;
}

/// Why a gap is undefined; "defined" where it is not.
inline std::string why(const record::Record& r, const std::string& metric, const evaluate::By& by) {
  const record::Finding* f = find_gap(r, metric, by);
  return f == nullptr ? "not there" : f->value ? "defined" : f->why;
}

}  // namespace evenhand::testing
