// Tallies to JSON and back.
//
// Cluster products number their cells as the tally does: (group * 3 + label) * 3 + decision over
// the groups in the sheet's own list, missing as 2.
#include "evenhand/evaluate/sheets.h"

#include <algorithm>
#include <map>
#include <string>

#include "evenhand/base/rows.h"
#include "evenhand/record/sheet.h"
#include "evenhand/table/crossing.h"

namespace evenhand::evaluate {
namespace {

using Json = nlohmann::ordered_json;
using record::Head;
using record::head_of;
using record::key_json;
using record::key_of;
using record::rows_at;
using tally::Groups;
using tally::Key;

Json class_json(std::uint8_t code) {
  return code == kMissingClass ? Json(nullptr) : Json(int{code});
}

Json grid_json(const tally::ScoreGrid& t) {
  std::vector<std::string> columns{"label", "bin", "n", "s"};
  if (t.weighted()) columns.insert(columns.end(), {"w", "w2", "ws"});
  Json out = head_of(tally::ScoreGrid::kName, t.groups(), t.weighted(), columns);
  out["bins"] = t.bins();
  for (const auto& cell : t.cells()) {
    Json row = key_json(t.groups().keys[cell.group]);
    row.push_back(class_json(cell.label));
    row.push_back(cell.bin == t.bins() ? Json(nullptr) : Json(cell.bin));
    row.push_back(cell.n);
    row.push_back(cell.s);
    if (t.weighted()) {
      row.push_back(cell.w);
      row.push_back(cell.w2);
      row.push_back(cell.ws);
    }
    out["cells"].push_back(std::move(row));
  }
  return out;
}

Json moments_json(const tally::Moments& t) {
  std::vector<std::string> columns{"label", "n", "n_missing", "x", "xx"};
  if (t.weighted()) columns.insert(columns.end(), {"w", "w2", "wx", "wxx"});
  Json out = head_of(tally::Moments::kName, t.groups(), t.weighted(), columns);
  for (const auto& cell : t.cells()) {
    Json row = key_json(t.groups().keys[cell.group]);
    row.push_back(class_json(cell.label));
    for (std::int64_t n : {cell.n, cell.n_missing}) row.push_back(n);
    for (double x : {cell.x, cell.xx}) row.push_back(x);
    if (t.weighted()) {
      for (double x : {cell.w, cell.w2, cell.wx, cell.wxx}) row.push_back(x);
    }
    out["cells"].push_back(std::move(row));
  }
  return out;
}

Json products_json(const tally::ClusterProducts& t, const std::optional<Json>& stratum) {
  Json out = head_of(tally::ClusterProducts::kName, t.groups(),
                     t.weighting() == tally::Weighting::kSampling, {});
  out["columns"] = {"i", "j", "sum"};
  if (stratum) out["stratum"] = *stratum;
  out["rows"] = t.rows();
  out["clusters"] = t.clusters();
  out["groups"] = Json::array();
  for (const Key& key : t.groups().keys) out["groups"].push_back(key_json(key));
  out["patterns"] = Json::array();
  for (const auto& p : t.patterns()) out["patterns"].push_back({p.group, p.places, p.clusters});
  for (const auto& p : t.products()) out["cells"].push_back({p.i, p.j, p.sum});
  return out;
}

/// Reading a sheet. nlohmann throws on a wrong type; record::read_sheet catches.
std::uint8_t class_of(const Json& json) {
  if (json.is_null()) return kMissingClass;
  return json == 0 ? std::uint8_t{0} : json == 1 ? std::uint8_t{1} : std::uint8_t{254};
}

Result<tally::ScoreGrid> grid_of(const Json& sheet) {
  const Head h = head_of(sheet);
  const auto bins = sheet.at("bins").get<std::uint32_t>();
  if (bins < 2 || bins > tally::ScoreGrid::kBinsMax || (bins & (bins - 1)) != 0) {
    return Error{Code::kBadInput,
                 "a score grid has " + std::to_string(bins) + " bins; it needs a power of two"};
  }
  tally::ScoreGrid t(h.groups, h.weighting, bins);
  for (const Json& row : sheet.at("cells")) {
    tally::ScoreGrid::Cell cell;
    cell.group = t.group(key_of(row, h.values));
    cell.label = class_of(row.at(h.values));
    const Json& bin = row.at(h.values + 1);
    cell.bin = bin.is_null() ? bins : bin.get<std::uint32_t>();
    cell.n = rows_at(row, h.values + 2);
    cell.s = row.at(h.values + 3).get<double>();
    if (t.weighted()) {
      cell.w = row.at(h.values + 4).get<double>();
      cell.w2 = row.at(h.values + 5).get<double>();
      cell.ws = row.at(h.values + 6).get<double>();
    }
    EVENHAND_TRY(t.add_cell(cell));
  }
  return t.regrouped(tally::canonical(t.groups()));
}

Result<tally::Moments> moments_of(const Json& sheet) {
  const Head h = head_of(sheet);
  tally::Moments t(h.groups, h.weighting);
  for (const Json& row : sheet.at("cells")) {
    tally::Moments::Cell cell;
    cell.group = t.group(key_of(row, h.values));
    cell.label = class_of(row.at(h.values));
    cell.n = rows_at(row, h.values + 1);
    cell.n_missing = rows_at(row, h.values + 2);
    cell.x = row.at(h.values + 3).get<double>();
    cell.xx = row.at(h.values + 4).get<double>();
    if (t.weighted()) {
      cell.w = row.at(h.values + 5).get<double>();
      cell.w2 = row.at(h.values + 6).get<double>();
      cell.wx = row.at(h.values + 7).get<double>();
      cell.wxx = row.at(h.values + 8).get<double>();
    }
    EVENHAND_TRY(t.add_cell(cell));
  }
  return t.regrouped(tally::canonical(t.groups()));
}

Result<tally::ClusterProducts> products_of(const Json& sheet) {
  Head h = head_of(sheet);
  for (const Json& key : sheet.at("groups")) h.groups.keys.push_back(key_of(key, h.values));
  std::vector<tally::ClusterProducts::Pattern> patterns;
  for (const Json& p : sheet.at("patterns")) {
    patterns.push_back(
        {p.at(0).get<std::uint32_t>(), p.at(1).get<std::uint64_t>(), p.at(2).get<std::int64_t>()});
  }
  std::vector<tally::ClusterProducts::Product> products;
  for (const Json& p : sheet.at("cells")) {
    products.push_back(
        {p.at(0).get<std::uint32_t>(), p.at(1).get<std::uint32_t>(), p.at(2).get<double>()});
  }
  return tally::ClusterProducts::rebuild(
      tally::ClusterProducts(h.groups, tally::binary_classes(), h.weighting),
      sheet.at("rows").get<std::int64_t>(), sheet.at("clusters").get<std::int64_t>(), patterns,
      products);
}

/// Add one sheet to the questions; the confusion sheet of a question comes first.
Result<void> add_sheet(const Json& sheet, std::vector<Question>& questions) {
  const auto kind = sheet.at("tally").get<std::string>();
  const By by = sheet.at("by").get<By>();
  if (kind == tally::Confusion::kName) {
    EVENHAND_ASSIGN(auto confusion, record::confusion_of(sheet));
    questions.push_back({by, std::move(confusion), {}, {}, {}, {}, {}});
    return {};
  }
  const auto at = std::find_if(questions.begin(), questions.end(),
                               [&](const Question& q) { return q.by == by; });
  if (at == questions.end()) {
    return Error{Code::kBadInput,
                 "the record has a " + kind + " without a confusion tally of its groups"};
  }
  if (kind == tally::ScoreGrid::kName) {
    EVENHAND_ASSIGN(at->score_grid, grid_of(sheet));
  } else if (kind == tally::Moments::kName) {
    EVENHAND_ASSIGN(at->score_moments, moments_of(sheet));
  } else if (kind == tally::ClusterProducts::kName) {
    EVENHAND_ASSIGN(auto products, products_of(sheet));
    if (sheet.contains("stratum")) {
      at->clusters_of_stratum.emplace(key_of(sheet["stratum"], sheet["stratum"].size()),
                                      std::move(products));
    } else {
      at->clusters.emplace(std::move(products));
    }
  } else {
    return Error{Code::kBadInput,
                 "the record holds a tally that this version does not know: \"" + kind + "\""};
  }
  return {};
}

/// All tallies of a question were counted over the same groups.
Result<void> fit_together(const Question& q) {
  const Groups& groups = q.confusion.groups();
  const auto same = [&](const Groups& other) {
    return other.strata == groups.strata && other.keys == groups.keys;
  };
  const bool scored = q.score_grid.has_value();
  if (scored == q.score_moments.has_value() &&
      (!scored || (same(q.score_grid->groups()) && same(q.score_moments->groups())))) {
    return {};
  }
  const std::string by = table::crossed(q.by);
  return Error{Code::kBadInput, "the record disagrees with itself: its tallies" +
                                    (by.empty() ? std::string(" of everybody") : " by " + by) +
                                    " speak of different groups"};
}

}  // namespace

std::vector<record::Sheet> sheets_of(const std::vector<Question>& questions) {
  std::vector<record::Sheet> out;
  for (const Question& q : questions) {
    out.push_back(record::sheet_of(q.confusion));
    if (q.score_grid) out.push_back(grid_json(*q.score_grid));
    if (q.score_moments) out.push_back(moments_json(*q.score_moments));
    if (q.clusters) out.push_back(products_json(*q.clusters, std::nullopt));
    for (const auto& [stratum, products] : q.clusters_of_stratum) {
      out.push_back(products_json(products, key_json(stratum)));
    }
  }
  return out;
}

Result<std::vector<Question>> questions_of_sheets(const std::vector<record::Sheet>& sheets) {
  std::vector<Question> questions;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    EVENHAND_TRY(record::read_sheet(i, [&] { return add_sheet(sheets[i], questions); }));
  }
  if (questions.empty() || !questions.front().by.empty()) {
    return Error{Code::kBadInput, "the record has no tally of everybody, which comes first"};
  }
  for (const Question& q : questions) EVENHAND_TRY(fit_together(q));
  return questions;
}

}  // namespace evenhand::evaluate
