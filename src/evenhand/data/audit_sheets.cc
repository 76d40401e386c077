#include "evenhand/data/audit_sheets.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "evenhand/record/sheet.h"

namespace evenhand::data {
namespace {

using record::Sheet;

constexpr const char* kBaseline = "baseline";

Sheet baseline_sheet(const AuditBaseline& b) {
  const tally::Groups groups{b.by, {}, b.keys};
  std::vector<std::string> columns{"share"};
  if (!b.rows.empty()) columns.emplace_back("rows");
  Sheet out = record::head_of(kBaseline, groups, false, columns);
  for (std::size_t i = 0; i < b.keys.size(); ++i) {
    Sheet row = record::key_json(b.keys[i]);
    row.push_back(b.shares[i]);
    if (!b.rows.empty()) row.push_back(b.rows[i]);
    out["cells"].push_back(std::move(row));
  }
  return out;
}

Error disorder(std::size_t number, const std::string& says) {
  return {Code::kBadInput, "tally " + std::to_string(number + 1) + " of the record " + says};
}

Result<AuditBaseline> read_baseline(const Sheet& sheet, std::size_t number) {
  const record::Head head = record::head_of(sheet);
  AuditBaseline out{head.groups.by, {}, {}, {}};
  const bool sampled = sheet.at("columns").size() > head.values + 1;
  double all = 0;
  for (const Sheet& row : sheet.at("cells")) {
    out.keys.push_back(record::key_of(row, head.values));
    out.shares.push_back(row.at(head.values).get<double>());
    if (sampled) out.rows.push_back(row.at(head.values + 1).get<double>());
    all += out.shares.back();
    const bool share = out.shares.back() >= 0 && out.shares.back() <= 1;
    constexpr double kRowsMax = 0x1p53;
    const bool rows = !sampled || (out.rows.back() >= 0 && out.rows.back() <= kRowsMax);
    const bool rises = out.keys.size() < 2 || tally::before(*(out.keys.end() - 2), out.keys.back());
    const bool known = std::all_of(out.keys.back().begin(), out.keys.back().end(),
                                   [](const auto& v) { return v.has_value(); });
    if (!share || !rows || !rises || !known) {
      return disorder(number, "is no baseline: its shares and groups are not in order");
    }
  }
  constexpr double kNear = 1e-9;
  if (out.keys.empty() || std::abs(all - 1) > kNear) {
    return disorder(number, "is no baseline: its shares do not add up to 1");
  }
  return out;
}

AuditQuestion* question_of(AuditStanding& standing, const By& by) {
  for (AuditQuestion& q : standing.questions) {
    if (q.by == by) return &q;
  }
  return nullptr;
}

Result<void> add_sheet(const Sheet& sheet, std::size_t number, AuditStanding& out) {
  const auto kind = sheet.at("tally").get<std::string>();
  const By by = sheet.at("by").get<By>();
  if (!sheet.at("strata").empty()) return disorder(number, "has strata, which no audit has");
  AuditQuestion* question = question_of(out, by);
  const bool missing = sheet.contains("missing");
  if (kind == tally::Crosstab::kName && !missing) {
    if (question != nullptr) return disorder(number, "counts a question a second time");
    EVENHAND_ASSIGN(tally::Crosstab rows, record::crosstab_of(sheet));
    out.questions.push_back({by, std::move(rows), {}, {}});
    return {};
  }
  if (question == nullptr) return disorder(number, "has no crosstab of its groups before it");
  if (kind == tally::Crosstab::kName) {
    EVENHAND_ASSIGN(tally::Crosstab rows, record::crosstab_of(sheet));
    question->missing.emplace(sheet.at("missing").get<std::string>(), std::move(rows));
  } else if (kind == tally::Confusion::kName) {
    EVENHAND_ASSIGN(question->labels, record::confusion_of(sheet));
  } else if (kind == kBaseline) {
    EVENHAND_ASSIGN(AuditBaseline b, read_baseline(sheet, number));
    out.baselines.push_back(std::move(b));
  } else {
    return disorder(number, "is a \"" + kind + "\", which no audit has");
  }
  return {};
}

}  // namespace

std::vector<Sheet> sheets_of(const AuditStanding& standing) {
  std::vector<Sheet> out;
  for (const AuditQuestion& q : standing.questions) {
    out.push_back(record::sheet_of(q.rows));
    if (q.labels) out.push_back(record::sheet_of(*q.labels));
    for (const auto& [column, rows] : q.missing) {
      Sheet sheet = record::sheet_of(rows);
      sheet["missing"] = column;
      out.push_back(std::move(sheet));
    }
    for (const AuditBaseline& b : standing.baselines) {
      if (b.by == q.by) out.push_back(baseline_sheet(b));
    }
  }
  return out;
}

Result<AuditStanding> standing_of(const std::vector<Sheet>& sheets) {
  AuditStanding out;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    EVENHAND_TRY(record::read_sheet(i, [&] { return add_sheet(sheets[i], i, out); }));
  }
  if (out.questions.empty() || !out.questions.front().by.empty()) {
    return Error{Code::kBadInput, "the record has no tally of everybody, which comes first"};
  }
  return out;
}

}  // namespace evenhand::data
