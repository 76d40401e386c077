// Findings are sorted into questions; groups into an order that stays the same on the whole page:
// intervals of a cut attribute from left to right, other groups by size.
#include "evenhand/report/view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>

#include "evenhand/metric/compare.h"
#include "evenhand/metric/measure.h"
#include "evenhand/report/curves.h"
#include "evenhand/table/grouping.h"

namespace evenhand::report {
namespace {

/// "-1,234": rows are whole ones to people, whatever an interval computes.
std::string whole_rows(double x) {
  const double whole = std::round(x);
  return (whole < 0 ? "-" : "") + thousands(static_cast<std::uint64_t>(std::abs(whole)));
}

bool is_unknown(const record::Group& group) {
  return std::any_of(group.begin(), group.end(), [](const auto& item) { return !item.second; });
}

/// lowest group, highest group: a comparison, though about one group; and what is said of all
/// groups of a question together.
bool compares(const Shown& shown) {
  return !shown.about_group() || shown.about_question() ||
         (shown.metric() != nullptr && shown.metric()->comparison != nullptr);
}

std::string short_json(const nlohmann::ordered_json& json) {
  if (json.is_string()) return cleaned(json.get<std::string>());
  const std::string text =
      json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  constexpr std::size_t kLong = 600;
  return cleaned(text, kLong);
}

/// What a fit tells of its rows (`facts`, `notes`) is no option, and counts groups: the record has
/// it, and a chapter those notes that may be shown.
void without_results(nlohmann::ordered_json& options) {
  if (options.is_array()) {
    for (auto& each : options) without_results(each);
    return;
  }
  if (!options.is_object()) return;
  for (const char* result : {"facts", "notes"}) options.erase(result);
  for (auto& [name, value] : options.items()) without_results(value);
}

/// The intervals of an attribute that was cut at edges, from left to right; empty for any other.
std::vector<std::string> intervals_of(const record::Record& record,
                                      const std::vector<std::string>& by) {
  if (by.size() != 1) return {};
  const nlohmann::ordered_json* at = &record.options;
  for (const std::string& key : {std::string("groupings"), by.front(), std::string("edges")}) {
    if (!at->is_object() || !at->contains(key)) return {};
    at = &(*at)[key];
  }
  std::vector<double> edges;
  for (const auto& edge : *at) {
    if (!edge.is_number()) return {};
    edges.push_back(edge.get<double>());
  }
  return table::bin_names(edges);
}

/// Groups in the order of `first`, then by size, the unknown last.
std::vector<Size> sizes_of(const std::set<record::Group>& groups,
                           const std::vector<std::string>& by,
                           const std::vector<std::string>& first, const Suppression& suppression) {
  std::vector<Size> out;
  for (const record::Group& group : groups) {
    Size size{group, name_of(group, by), std::nullopt, false};
    const Node* node = suppression.node(group);
    size.small = node != nullptr && node->rows > 0 && node->rows < kSmallest;
    if (node != nullptr && !suppression.hides(group, Kind::kSize)) {
      size.rows = static_cast<std::uint64_t>(node->rows);
    }
    out.push_back(std::move(size));
  }
  // A hidden size must not be told by its place in the order.
  std::stable_sort(out.begin(), out.end(), [&first](const Size& a, const Size& b) {
    const auto key = [&first](const Size& s) {
      return std::tuple(is_unknown(s.group), std::find(first.begin(), first.end(), s.name),
                        !s.rows.has_value(), ~s.rows.value_or(0));
    };
    return key(a) < key(b);
  });
  return out;
}

Question& question_of(std::vector<Question>& questions, const std::vector<std::string>& by) {
  for (Question& q : questions) {
    if (q.by == by) return q;
  }
  questions.push_back({by, question(by), {}, {}, {}, {}, {}});
  return questions.back();
}

/// By metric as they came, then stratum, then the groups' order.
void sort_groups(Question& q, const std::map<std::string, std::size_t>& metrics) {
  std::map<std::string, std::size_t> places;
  for (const Size& size : q.sizes) places.emplace(size.name, places.size());
  using Key = std::tuple<std::size_t, std::string, std::size_t>;
  std::vector<std::pair<Key, Shown>> keyed;
  for (const Shown& s : q.groups) {
    const auto place = places.find(s.about());
    const std::size_t at = place == places.end() ? places.size() : place->second;
    keyed.emplace_back(Key{metrics.at(s.id()), s.stratum_name(), at}, s);
  }
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  q.groups.clear();
  for (auto& [key, s] : keyed) q.groups.push_back(s);
}

void count_reasons(View& view, const record::Finding& f, bool hidden) {
  if (hidden) {
    ++view.hidden;
    return;
  }
  if (f.value) return;
  ++view.undefined;
  const std::string reason = why(f.why);
  for (auto& [text, times] : view.reasons) {
    if (text == reason) {
      ++times;
      return;
    }
  }
  view.reasons.emplace_back(reason, 1);
}

/// The last input of an audit may be its baseline, whose rows are not those that are looked at.
bool held_against_a_file(const record::Record& record) {
  const auto& o = record.options;
  const bool named = o.is_object() && o.contains("baseline") && o["baseline"].is_string();
  return named && o["baseline"] != "" && o["baseline"] != "uniform" && !record.inputs.empty();
}

/// A tolerance of an audit that nobody asked for judges nothing: sentences and tables say which of
/// three it shows.
bool only_informs(const record::Record& record, const record::Bound& bound) {
  return record.operation == "data audit" && bound.severity == "warn";
}

/// Where a number lies, for people who do not read records.
std::string words_of(const std::string& axis, const std::string& where) {
  static const std::map<std::pair<std::string, std::string>, std::string> kWords{
      {{"rule", "plain"}, "one threshold"},
      {{"rule", "policy"}, "the policy"},
      {{"rule", "blind"}, "a rule without groups"},
      {{"rows", "fit"}, "rows of the fit"},
      {{"rows", "held_out"}, "rows kept from the fit"},
      {{"scores", "given"}, "scores as given"},
      {{"scores", "calibrated"}, "calibrated scores"}};
  if (const auto found = kWords.find({axis, where}); found != kWords.end()) return found->second;
  if (axis == "decision") return "under “" + cleaned(where) + "”";
  if (axis == "change") return "from " + cleaned(where);
  return cleaned(axis) + " " + cleaned(where);
}

void note_metric(View& view, const metric::Metric* metric) {
  if (metric == nullptr) return;
  view.labels |= metric->needs_label;
  view.decisions |= metric->needs_decision;
  view.scores |= metric->needs_score;
  if (std::find(view.metrics.begin(), view.metrics.end(), metric) == view.metrics.end()) {
    view.metrics.push_back(metric);
  }
}

}  // namespace

std::string p_value(double log10_p) {
  constexpr double kPlain = -4, kDouble = -300;
  std::array<char, 32> text{};
  if (log10_p >= kPlain) {
    const int digits = std::max(2, 1 - static_cast<int>(std::floor(log10_p)));
    return number(std::pow(10, log10_p), Scale::kNumber, digits);
  }
  if (log10_p >= kDouble) {
    std::snprintf(text.data(), text.size(), "%.1e", std::pow(10, log10_p));
  } else {
    std::snprintf(text.data(), text.size(), "10^%.1f", log10_p);
  }
  return text.data();
}

State Shown::state() const {
  if (hidden_ != Hidden::kNo) return State::kHidden;
  return finding_->value ? State::kShown : State::kUndefined;
}

Scale Shown::scale() const {
  const bool measured = metric_ != nullptr && metric_->measure != nullptr;
  if (finding_->metric == "auc" || (measured && metric_->measure->name == "auc")) {
    return Scale::kNumber;
  }
  return scale_of(finding_->unit);
}

bool Shown::unknown() const { return finding_->group && is_unknown(*finding_->group); }

bool Shown::on_curve() const { return !finding_->at.empty(); }

bool Shown::about_question() const { return everybody() && !finding_->by.empty(); }

std::string Shown::axis() const { return on_curve() ? finding_->at.front().first : ""; }
std::string Shown::at() const { return on_curve() ? cleaned(finding_->at.front().second) : ""; }

bool Shown::everybody() const { return finding_->group && finding_->group->empty(); }

Numbers Shown::numbers() const {
  if (state() != State::kShown) return {};
  return {finding_->value, finding_->low, finding_->high, finding_->family_low,
          finding_->family_high};
}

std::optional<std::uint64_t> Shown::rows() const {
  if (hidden_ != Hidden::kNo || finding_->rows < 0) return std::nullopt;
  return static_cast<std::uint64_t>(finding_->rows);
}

std::optional<std::uint64_t> Shown::rows_needed() const {
  if (hidden_ != Hidden::kNo || !finding_->rows_needed || *finding_->rows_needed < 0)
    return std::nullopt;
  // More digits than two would claim to know the shares better than the rows do.
  auto rows = static_cast<std::uint64_t>(*finding_->rows_needed);
  std::uint64_t unit = 1;
  while (rows / unit >= 100) unit *= 10;
  return (rows / unit + (rows % unit > 0)) * unit;
}

std::string Shown::test() const {
  if (hidden_ != Hidden::kNo || !finding_->log10_p) return "";
  return "p = " + p_value(*finding_->log10_p) +
         (finding_->stands_out.value_or(false) ? ", stands out" : "");
}

std::optional<double> Shown::log10_p() const {
  return hidden_ != Hidden::kNo ? std::nullopt : finding_->log10_p;
}

std::optional<bool> Shown::stands_out() const {
  return hidden_ != Hidden::kNo ? std::nullopt : finding_->stands_out;
}

std::string Shown::name() const { return name_of(finding_->metric, metric_); }

std::string Shown::about() const {
  if (about_question()) return "all groups of " + question(finding_->by);
  if (hidden_ != Hidden::kNo && compares(*this)) return "groups that are not shown";
  if (finding_->group) return name_of(*finding_->group, finding_->by);
  return name_of(finding_->between->first, finding_->by) + " (lower) and " +
         name_of(finding_->between->second, finding_->by) + " (higher)";
}

std::string Shown::stratum_name() const { return stratum(finding_->strata); }

bool Shown::lies(std::string_view axis, std::string_view where) const {
  return std::any_of(finding_->at.begin(), finding_->at.end(),
                     [&](const auto& each) { return each.first == axis && each.second == where; });
}

std::string Shown::place() const {
  std::string out;
  for (const auto& [axis, where] : finding_->at) {
    out += (out.empty() ? "" : ", ") + words_of(axis, where);
  }
  return out;
}

std::string Shown::within() const {
  const std::string stratum = stratum_name(), here = place();
  return stratum + (stratum.empty() || here.empty() ? "" : ", ") + here;
}

/// Enough digits, too, that neither the value nor the limit that decides looks like the bound that
/// it misses.
int Shown::digits() const {
  const Numbers n = numbers();
  int out = decimals(n, scale());
  if (!finding_->bound || !n.value) return out;
  constexpr int kMost = 6;
  for (const auto& limit : {finding_->bound->at_least, finding_->bound->at_most}) {
    if (!limit) continue;
    const double at = std::strtod(limit->c_str(), nullptr);
    for (const auto& x : {n.value, n.family_low, n.family_high}) {
      const auto same = [&] { return number(at, scale(), out) == number(*x, scale(), out); };
      while (x && std::isfinite(*x) && *x != at && out < kMost && same()) ++out;
    }
  }
  return out;
}

bool Shown::counts_rows() const { return finding_->unit.starts_with("rows"); }

std::string Shown::value() const { return value(digits()); }

std::string Shown::value(int digits) const {
  switch (state()) {
    case State::kShown:
      return counts_rows() ? whole_rows(*finding_->value)
                           : number(*finding_->value, scale(), digits);
    case State::kUndefined:
      return finding_->why == "insufficient" ? "too few rows" : "undefined";
    case State::kHidden:
      return hidden_ == Hidden::kSmallGroup ? "fewer than 11 rows" : "not shown";
  }
  return "";
}

std::string Shown::plain() const {
  const Numbers n = numbers();
  if (!n.value) return "";
  const bool about_data = metric_ != nullptr && metric_->about == metric::About::kData;
  if (about_data && n.low == n.high) return "exact";  // arithmetic on these rows
  if (counts_rows() && n.low && n.high) return whole_rows(*n.low) + " to " + whole_rows(*n.high);
  return interval(n.low, n.high, scale(), digits());
}

std::string Shown::family() const {
  const Numbers n = numbers();
  if (!n.value || !finding_->bound || finding_->bound->judge == "point") return "";
  return interval(n.family_low, n.family_high, scale(), digits());
}

std::string Shown::left_open() const {
  if (hidden_ != Hidden::kNo || !finding_->open) return "";
  const record::Open& open = *finding_->open;
  const int places = scale() == Scale::kNumber ? 3 : 1;
  return number_without_unit(open.lowest, scale(), places) + " to " +
         number(open.highest, scale(), places) + " if what is missing were known (" +
         interval(open.low, open.high, scale(), places) + ")";
}

std::string Shown::reason() const {
  switch (state()) {
    case State::kShown:
      return "";
    case State::kUndefined:
      return why(finding_->why);
    case State::kHidden:
      return hidden_ == Hidden::kSmallGroup
                 ? "the group has fewer than 11 rows"
                 : "a cell has fewer than 11 rows, or would let one be worked out";
  }
  return "";
}

ByGroup by_group(const Question& question, std::string_view id, const std::string& at) {
  ByGroup out;
  for (const Shown& s : question.groups) {
    if (s.id() == id && s.at() == at) out.emplace(*s.group(), &s);
  }
  return out;
}

const Question* everybody(const View& view) {
  const bool last = !view.questions.empty() && view.questions.back().by.empty();
  return last ? &view.questions.back() : nullptr;
}

View view(const record::Record& record, const FindMetric& find) {
  View out;
  out.record = &record;
  const Suppression suppression(record);
  std::map<std::vector<std::string>, std::set<record::Group>> groups;
  std::map<std::string, std::size_t> metrics;
  for (const record::Finding& f : record.findings) {
    const metric::Metric* metric = find ? find(f.metric) : nullptr;
    const bool hidden = suppression.hides(f, metric);
    metrics.emplace(f.metric, metrics.size());
    const Shown shown(f, metric,
                      !hidden               ? Hidden::kNo
                      : suppression.tiny(f) ? Hidden::kSmallGroup
                                            : Hidden::kSmallCell);
    Question& q = question_of(out.questions, f.by);
    (compares(shown) ? q.gaps : q.groups).push_back(shown);
    if (f.bound && !only_informs(record, *f.bound)) out.judged.push_back(shown);
    if (f.group && f.group->empty() == f.by.empty()) groups[f.by].insert(*f.group);
    count_reasons(out, f, hidden);
    note_metric(out, metric);
  }
  for (Question& q : out.questions) {
    q.sizes = sizes_of(groups[q.by], q.by, intervals_of(record, q.by), suppression);
    q.curves = curves(record, q.by, q.sizes);
    for (Curve& curve : q.curves) {
      if (suppression.hides(curve.size.group, Kind::kScore)) curve.calibration.clear();
    }
    for (const Size& size : q.sizes) q.hues.emplace(size.name, static_cast<int>(q.hues.size()));
    sort_groups(q, metrics);
  }
  std::stable_partition(out.questions.begin(), out.questions.end(),
                        [](const Question& q) { return !q.by.empty(); });
  const std::size_t files = record.inputs.size() - (held_against_a_file(record) ? 1 : 0);
  for (std::size_t i = 0; i < files; ++i) out.rows += record.inputs[i].rows;
  for (const auto& [name, value] : record.options.items()) {
    if (name == "notes") continue;
    nlohmann::ordered_json shown = value;
    without_results(shown);
    out.options.emplace_back(cleaned(name), short_json(shown));
  }
  if (record.options.is_object() && record.options.contains("level") &&
      record.options["level"].is_number()) {
    out.level = number(record.options["level"].get<double>(), Scale::kPercent, 0);
  }
  return out;
}

}  // namespace evenhand::report
