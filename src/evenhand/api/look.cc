#include "evenhand/api/look.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

namespace evenhand::api {

namespace {

struct Counts {
  std::map<std::string, std::uint64_t> values;
  std::uint64_t rows = 0, missing = 0;
  bool many = false;
};

void add(const table::Column& column, std::size_t rows, Counts& out) {
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
    } else if (out.values.size() < kMostValues) {
      out.values.emplace(column.values[i], seen[i]);
    } else {
      out.many = true;
    }
  }
}

std::optional<double> number(const std::string& text, char decimal) {
  std::string plain = text;
  if (decimal == ',') std::replace(plain.begin(), plain.end(), ',', '.');
  double value = 0;
  const char* begin = plain.data() + (plain.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(begin, plain.data() + plain.size(), value);
  if (error != std::errc() || end != plain.data() + plain.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

Shape shape(std::string name, const Counts& counts, char decimal) {
  Shape out;
  out.name = std::move(name);
  out.rows = counts.rows;
  out.missing = counts.missing;
  out.many = counts.many;
  out.values.assign(counts.values.begin(), counts.values.end());
  std::stable_sort(out.values.begin(), out.values.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  out.numeric = out.whole = !out.values.empty();
  for (const auto& [text, n] : out.values) {
    const auto value = number(text, decimal);
    if (!value) {
      out.numeric = out.whole = false;
      break;
    }
    out.whole = out.whole && *value == std::floor(*value);
    const bool first = &text == &out.values.front().first;
    out.low = first ? *value : std::min(out.low, *value);
    out.high = first ? *value : std::max(out.high, *value);
  }
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
    for (std::size_t i = 0; i < counts.size(); ++i) add(batch.columns[i], batch.rows, counts[i]);
    rows += batch.rows;
    const auto [done, all] = reader->progress();
    if (progress && !progress({stage, evenhand::Counts::kBytes, done, all})) {
      return Error{Code::kInterrupted, "interrupted while " + stage};
    }
  }
  std::vector<Shape> out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out.push_back(shape(names[i], counts[i], read.decimal));
  return out;
}

}  // namespace evenhand::api
