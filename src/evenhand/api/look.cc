#include "evenhand/api/look.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "evenhand/table/cell.h"

namespace evenhand::api {

namespace {

/// What the values met so far are worth as numbers.
struct Numbers {
  bool any = false, all = true, whole = true;
  double low = 0, high = 0;

  void observe(const std::string& text, char decimal) {
    const auto value = table::parse_number(text, decimal);
    all = all && value;
    if (!value) return;
    whole = whole && *value == std::floor(*value);
    low = any ? std::min(low, *value) : *value;
    high = any ? std::max(high, *value) : *value;
    any = true;
  }
};

struct Counts {
  std::map<std::string, std::uint64_t> values;
  std::uint64_t rows = 0, missing = 0;
  bool many = false;
  Numbers numbers;
};

void add(const table::Column& column, std::size_t rows, char decimal, Counts& out) {
  std::vector<std::uint64_t> seen(column.values.size(), 0);
  for (std::size_t i = 0; i < rows; ++i) {
    if (column.codes[i] == 0) {
      ++out.missing;
    } else {
      ++seen[column.codes[i] - 1];
    }
  }
  out.rows += rows;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] == 0) continue;
    const auto at = out.values.find(column.values[i]);
    if (at != out.values.end()) {
      at->second += seen[i];
      continue;
    }
    out.numbers.observe(column.values[i], decimal);
    if (out.values.size() < kMostValues) {
      out.values.emplace(column.values[i], seen[i]);
    } else {
      out.many = true;
    }
  }
}

Shape shape(std::string name, const Counts& counts) {
  Shape out;
  out.name = std::move(name);
  out.rows = counts.rows;
  out.missing = counts.missing;
  out.many = counts.many;
  out.values.assign(counts.values.begin(), counts.values.end());
  std::stable_sort(out.values.begin(), out.values.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  out.numeric = counts.numbers.any && counts.numbers.all;
  out.whole = out.numeric && counts.numbers.whole;
  out.low = counts.numbers.low;
  out.high = counts.numbers.high;
  return out;
}

}  // namespace

Result<std::vector<Shape>> look(const std::string& path, const table::ReadOptions& read,
                                const OnProgress& progress) {
  EVENHAND_ASSIGN(const auto reader, table::open(path, read));
  const std::vector<std::string> names = reader->columns();
  std::vector<table::Wanted> wanted;
  for (const std::string& name : names) wanted.push_back({name, table::As::kText});
  EVENHAND_TRY(reader->want(wanted));
  std::vector<Counts> counts(names.size());
  const std::string stage = "looking at " + path;
  std::uint64_t rows = 0;
  while (rows < kRowsLookedAt) {
    EVENHAND_ASSIGN(const auto piece, reader->take());
    if (piece == nullptr) break;
    EVENHAND_ASSIGN(const table::Batch batch, reader->decode(*piece));
    for (std::size_t i = 0; i < counts.size(); ++i) {
      add(batch.columns[i], batch.rows, read.decimal, counts[i]);
    }
    rows += batch.rows;
    const auto [done, all] = reader->progress();
    if (progress && !progress({stage, evenhand::Counts::kBytes, done, all})) {
      return Error{Code::kInterrupted, "interrupted while " + stage};
    }
  }
  std::vector<std::string> nobodys;  // two columns of one name: nobody can say which is meant
  for (const table::Doubled& each : table::doubled(*reader)) {
    nobodys.insert(nobodys.end(), each.columns.begin(), each.columns.end());
  }
  std::vector<Shape> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool is_one = std::find(nobodys.begin(), nobodys.end(), names[i]) != nobodys.end();
    if (!is_one) out.push_back(shape(names[i], counts[i]));
  }
  return out;
}

}  // namespace evenhand::api
