// Computing a record again.
#include "evenhand/evaluate/verify.h"

#include <cmath>

#include "evenhand/evaluate/count.h"
#include "evenhand/evaluate/findings.h"
#include "evenhand/evaluate/options_json.h"
#include "evenhand/evaluate/sheets.h"

namespace evenhand::evaluate {
namespace {

using record::Finding;

/// Two records of one program agree to the last bit; other compilers may round otherwise.
constexpr double kTolerance = 1e-9;

/// An infinite limit is none: in a record both are null.
std::optional<double> finite(const std::optional<double>& x) {
  return x && std::isfinite(*x) ? x : std::nullopt;
}

bool same(const std::optional<double>& said, const std::optional<double>& found) {
  const std::optional<double> a = finite(said), b = finite(found);
  if (a.has_value() != b.has_value()) return false;
  if (!a) return true;
  return *a == *b || std::abs(*a - *b) <= kTolerance * std::max({1.0, std::abs(*a), std::abs(*b)});
}

std::string number(const std::optional<double>& x) {
  return x ? nlohmann::ordered_json(*x).dump() : std::string("undefined");
}

std::string spoken(const record::Group& group) {
  std::string text;
  for (const auto& [name, value] : group) {
    text += (text.empty() ? "" : ", ") + name + "=" + value.value_or("unknown");
  }
  return text.empty() ? "everybody" : text;
}

std::string spoken(const Finding& f) {
  std::string text = f.metric;
  if (f.group) text += " of " + spoken(*f.group);
  if (f.between)
    text += " between " + spoken(f.between->first) + " and " + spoken(f.between->second);
  if (!f.strata.empty()) text += " where " + spoken(f.strata);
  return text;
}

Error differs(const Finding& f, const std::string& what, const std::string& says,
              const std::string& is) {
  return Error{Code::kBadInput, "the record disagrees with its own counts: " + spoken(f) + ", " +
                                    what + " is given as " + says + " and comes out as " + is};
}

bool same_place(const Finding& a, const Finding& b) {
  return a.metric == b.metric && a.by == b.by && a.group == b.group && a.between == b.between &&
         a.strata == b.strata && a.at == b.at;
}

Result<void> compare(const Finding& said, const Finding& found) {
  if (!same_place(said, found)) {
    return Error{Code::kBadInput, "the record disagrees with its own counts: it gives " +
                                      spoken(said) + " where " + spoken(found) + " comes out"};
  }
  const struct {
    const char* what;
    const std::optional<double>&a, &b;
  } numbers[] = {{"the value", said.value, found.value},
                 {"the lower limit", said.low, found.low},
                 {"the upper limit", said.high, found.high},
                 {"the lower family limit", said.family_low, found.family_low},
                 {"the upper family limit", said.family_high, found.family_high}};
  for (const auto& n : numbers) {
    if (!same(n.a, n.b)) return differs(said, n.what, number(n.a), number(n.b));
  }
  if (said.rows != found.rows) {
    return differs(said, "the number of rows", std::to_string(said.rows),
                   std::to_string(found.rows));
  }
  if (said.why != found.why)
    return differs(said, "why", "\"" + said.why + "\"", "\"" + found.why + "\"");
  const auto spelled = [](const std::optional<record::Verdict>& v) {
    return v ? std::string(record::name(*v)) : std::string("none");
  };
  if (said.verdict != found.verdict) {
    return differs(said, "the verdict", spelled(said.verdict), spelled(found.verdict));
  }
  return {};
}

bool from_tally(const Finding& f) { return f.from == "tally"; }

Result<void> compare_all(const std::vector<Finding>& said, const std::vector<Finding>& found,
                         bool tallies_only, Verified& out) {
  std::size_t at = 0;
  for (const Finding& f : said) {
    if (tallies_only && !from_tally(f)) {
      ++out.not_from_tallies;
      continue;
    }
    while (tallies_only && at < found.size() && !from_tally(found[at])) ++at;
    if (at == found.size()) {
      return Error{Code::kBadInput,
                   "the record gives " + spoken(f) + ", which does not come out of its counts"};
    }
    EVENHAND_TRY(compare(f, found[at++]));
    ++out.recomputed;
  }
  while (tallies_only && at < found.size() && !from_tally(found[at])) ++at;
  if (at < found.size()) {
    return Error{Code::kBadInput,
                 "the record lacks " + spoken(found[at]) + ", which comes out of its counts"};
  }
  return {};
}

Result<Options> options_from(const record::Record& record) {
  if (record.operation != "evaluate run") {
    return Error{Code::kBadInput, "this is a record of \"" + record.operation +
                                      "\"; only those of \"evaluate run\" can be verified"};
  }
  EVENHAND_ASSIGN(Options options, options_of(record.options));
  options.seed = record.seed;
  return options;
}

/// The first cell in which two sheets differ, as a sentence.
std::string first_difference(const record::Sheet& said, const record::Sheet& found) {
  const auto &a = said["cells"], &b = found["cells"];
  for (std::size_t i = 0; i < a.size() || i < b.size(); ++i) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    return "in the tally " + said["tally"].dump() + " by " + said["by"].dump() + ", columns " +
           found["columns"].dump() + ": the record has " +
           (i < a.size() ? a[i].dump() : "no such cell") + ", the data give " +
           (i < b.size() ? b[i].dump() : "no such cell");
  }
  return "in the heads of the tally " + said["tally"].dump() + " by " + said["by"].dump();
}

}  // namespace

Result<Verified> verify(const record::Record& record) {
  EVENHAND_ASSIGN(const Options options, options_from(record));
  EVENHAND_ASSIGN(const auto questions, questions_of_sheets(record.tallies));
  Standing standing;
  standing.questions = &questions;
  EVENHAND_ASSIGN(const auto found, findings_of(options, standing));
  Verified out;
  EVENHAND_TRY(compare_all(record.findings, found, true, out));
  return out;
}

Result<Verified> verify_with_data(const record::Record& record,
                                  const std::vector<std::string>& files, unsigned threads,
                                  const KeepGoing& keep_going) {
  EVENHAND_TRY(verify(record));
  EVENHAND_ASSIGN(Options options, options_from(record));
  if (!files.empty()) options.files = files;
  options.threads = threads;
  EVENHAND_ASSIGN(const record::Record again, evaluate(options, keep_going));
  for (std::size_t i = 0; i < record.tallies.size() || i < again.tallies.size(); ++i) {
    if (i >= record.tallies.size() || i >= again.tallies.size()) {
      return Error{Code::kBadInput, "the record has " + std::to_string(record.tallies.size()) +
                                        " tallies, the data give " +
                                        std::to_string(again.tallies.size())};
    }
    if (record.tallies[i] == again.tallies[i]) continue;
    return Error{Code::kBadInput, "the record disagrees with the data " +
                                      first_difference(record.tallies[i], again.tallies[i])};
  }
  Verified out;
  EVENHAND_TRY(compare_all(record.findings, again.findings, false, out));
  out.data_agree = true;
  for (std::size_t i = 0; i < record.inputs.size() && i < again.inputs.size(); ++i) {
    out.digests_agree = out.digests_agree && record.inputs[i].sha256 == again.inputs[i].sha256;
  }
  return out;
}

}  // namespace evenhand::evaluate
