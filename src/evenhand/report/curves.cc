// A score grid has fine bins; a picture needs some ten points that each stand on enough rows.
#include "evenhand/report/curves.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>

#include "evenhand/metric/intervals.h"

namespace evenhand::report {
namespace {

constexpr std::size_t kGroupsMax = 8;
constexpr std::size_t kPoints = 10, kSteps = 20;  // before neighbours are taken together
constexpr double kLevel = 0.95;

/// Rows of a group by fine bin: with an unfavourable, favourable, missing label.
using Bins = std::vector<std::array<std::int64_t, 3>>;

struct Grid {
  std::size_t bins = 0;
  std::map<record::Group, Bins> groups;
};

std::size_t place_of(const record::Sheet& columns, const std::string& name) {
  for (std::size_t i = columns.size(); i-- > 0;) {
    if (columns[i] == name) return i;
  }
  return columns.size();
}

bool whole(const record::Sheet& json) {
  return json.is_number_integer() && json.get<std::int64_t>() >= 0;
}

/// The cells of one sheet, summed over strata.
void read(const record::Sheet& sheet, const std::vector<std::string>& by, Grid& grid) {
  const record::Sheet& columns = sheet["columns"];
  const std::size_t label = place_of(columns, "label"), bin = place_of(columns, "bin"),
                    n = place_of(columns, "n");
  const std::size_t needed = std::max({label, bin, n}) + 1;
  if (needed > columns.size()) return;
  for (const record::Sheet& row : sheet["cells"]) {
    if (!row.is_array() || row.size() < needed || !whole(row[bin]) || !row[n].is_number_integer())
      continue;
    const auto b = row[bin].get<std::size_t>();
    if (b >= grid.bins) continue;
    record::Group group;
    for (std::size_t i = 0; i < by.size(); ++i) {
      group[by[i]] = row[i].is_string() ? std::optional(row[i].get<std::string>()) : std::nullopt;
    }
    const auto y = row[label].is_null() ? 2U : (row[label] == 1 || row[label] == "1") ? 1U : 0U;
    Bins& bins = grid.groups[group];
    bins.resize(grid.bins);
    bins[b][y] += row[n].get<std::int64_t>();
  }
}

/// The grid of a question; without groups where there is none.
Grid grid_of(const record::Record& record, const std::vector<std::string>& by) {
  constexpr std::size_t kBinsMax = 1U << 20;
  for (const record::Sheet& sheet : record.tallies) {
    if (sheet.value("tally", "") != "score_grid" || !sheet.contains("by") ||
        sheet["by"] != record::Sheet(by) || !sheet.contains("columns") ||
        !sheet["columns"].is_array() || !sheet.contains("cells")) {
      continue;
    }
    Grid grid;
    if (sheet.contains("bins") && whole(sheet["bins"]))
      grid.bins = sheet["bins"].get<std::size_t>();
    if (grid.bins == 0 || grid.bins > kBinsMax) continue;
    read(sheet, by, grid);
    return grid;
  }
  return {};
}

/// Fine bins taken together: [first, last).
struct Range {
  std::size_t first = 0, last = 0;
};

/// `pieces` even ranges; neighbours join until `enough`. What is left over joins the last one.
template <class Enough>
std::vector<Range> ranges(std::size_t bins, std::size_t pieces, const Enough& enough) {
  std::vector<Range> out;
  Range open{0, 0};
  for (std::size_t i = 1; i <= pieces; ++i) {
    open.last = bins * i / pieces;
    if (!enough(open)) continue;
    out.push_back(open);
    open.first = open.last;
  }
  if (open.first < bins && !out.empty()) out.back().last = bins;
  return out;
}

std::array<std::int64_t, 3> sum(const Bins& bins, Range range) {
  std::array<std::int64_t, 3> out{};
  for (std::size_t b = range.first; b < range.last; ++b) {
    for (std::size_t y = 0; y < 3; ++y) out[y] += bins[b][y];
  }
  return out;
}

std::vector<CurvePoint> calibration_of(const Bins& bins) {
  const auto wide = static_cast<double>(bins.size());
  const auto enough = [&](Range r) {
    const auto n = sum(bins, r);
    return n[0] >= kSmallest && n[1] >= kSmallest;
  };
  std::vector<CurvePoint> out;
  for (const Range r : ranges(bins.size(), kPoints, enough)) {
    const auto n = sum(bins, r);
    const auto x = static_cast<double>(n[1]), all = static_cast<double>(n[0] + n[1]);
    double scores = 0;
    for (std::size_t b = r.first; b < r.last; ++b) {
      scores +=
          static_cast<double>(bins[b][0] + bins[b][1]) * (static_cast<double>(b) + 0.5) / wide;
    }
    const metric::Interval limits = metric::wilson(x, all, kLevel);
    out.push_back({static_cast<double>(r.first) / wide, static_cast<double>(r.last) / wide,
                   scores / all, x / all, limits.low, limits.high});
  }
  return out;
}

std::vector<Step> scores_of(const Bins& bins) {
  const auto wide = static_cast<double>(bins.size());
  const auto rows = [&](Range r) {
    const auto n = sum(bins, r);
    return n[0] + n[1] + n[2];
  };
  const auto all = static_cast<double>(rows({0, bins.size()}));
  std::vector<Step> out;
  for (const Range r : ranges(bins.size(), kSteps, [&](Range x) { return rows(x) >= kSmallest; })) {
    const double from = static_cast<double>(r.first) / wide,
                 to = static_cast<double>(r.last) / wide;
    out.push_back({from, to, static_cast<double>(rows(r)) / all / (to - from)});
  }
  return out;
}

}  // namespace

std::vector<Curve> curves(const record::Record& record, const std::vector<std::string>& by,
                          const std::vector<Size>& sizes) {
  const Grid grid = grid_of(record, by);
  std::vector<Curve> out;
  for (const Size& size : sizes) {
    const auto found = grid.groups.find(size.group);
    if (found == grid.groups.end() || !size.rows || out.size() == kGroupsMax) continue;
    Curve curve{size, calibration_of(found->second), scores_of(found->second)};
    if (curve.scores.size() > 1 || curve.calibration.size() > 1) out.push_back(std::move(curve));
  }
  return out;
}

}  // namespace evenhand::report
