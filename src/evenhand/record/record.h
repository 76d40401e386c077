// The record: what an operation found, on what rows, from what counts, so that a third party can
// compute it again. This page is its form in memory; record_json.h turns it into record.json and
// back. Nothing here sees a row or a clock: times and host stand in run.json.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "evenhand/metric/judge.h"
#include "evenhand/tally/groups.h"

namespace evenhand::record {

/// Attribute -> value; an absent value is *unknown*. Empty: everybody.
using Group = std::map<std::string, std::optional<std::string>>;

using metric::name;  // "met", "broken", "cannot_tell"
using metric::Verdict;

/// What was asked of a finding.
struct Bound {
  std::optional<std::string> at_least, at_most;  // the number as the user wrote it: exact decimals
  std::string judge = "interval";                // or "point"
  std::string on_cannot_tell = "fail";           // or "warn"
  std::string severity = "fail";                 // or "warn"
};

/// What missing labels or decisions leave open: the values if they all turned out one way or the
/// other, and the interval around both (Imbens & Manski, Econometrica 72 (2004) 1845).
struct Open {
  double lowest = 0, highest = 0;  // bounds of the value itself
  double low = 0, high = 0;        // interval
  std::int64_t rows_missing = 0;
};

/// One number. Beside a value, a limit that is absent or infinite is *unbounded*: the rows put no
/// limit on that side. It is written as null either way, and read back as absent.
struct Finding {
  std::string metric;
  std::vector<std::string> aliases;
  std::vector<std::string> by;
  std::optional<Group> group;                           // about one group
  std::optional<std::pair<Group, Group>> between;       // about a gap: lower, higher
  Group strata;                                         // the stratum it is about; empty: all rows
  std::vector<std::pair<std::string, std::string>> at;  // where on a curve: {"score", "0.1 to 0.2"}
  std::optional<double> value, low, high, family_low, family_high;
  std::int64_t rows = 0;
  std::string why;  // "" when defined
  std::string unit;
  std::string from;  // "tally", "rows", "model"
  std::optional<Bound> bound;
  std::optional<Verdict> verdict;
  std::optional<std::int64_t> rows_needed;  // beside "cannot tell": rows that would decide
  std::optional<double> log10_p;            // of the metric's own test, base-10 logarithm
  std::optional<bool> stands_out;           // among all tests of findings without a bound
  std::optional<Open> open;
};

/// Something that took no part, and why: "group sex=unknown: 3 rows, never compared".
struct LeftOut {
  std::string what;
  std::string why;
  std::int64_t rows = 0;
};

struct Input {
  std::string path;
  std::uint64_t rows = 0, rows_skipped = 0, bytes = 0;
  std::string sha256;
};

/// A tally as one sparse list of cells: {"tally": "confusion", "by": ["sex"], "strata": [],
/// "columns": ["sex", "label", "decision", "n"], "cells": [["Female", 1, 0, 1234], ...]}; unknown
/// groups, missing labels and missing decisions are null.
using Sheet = nlohmann::ordered_json;

struct Record {
  int version = 1;
  std::string operation;           // "evaluate run"
  nlohmann::ordered_json options;  // name -> value, all resolved
  std::uint64_t seed = 0;
  std::vector<Input> inputs;
  std::vector<Sheet> tallies;
  std::vector<Finding> findings;
  std::vector<LeftOut> left_out;
  std::string code_version;
};

}  // namespace evenhand::record
