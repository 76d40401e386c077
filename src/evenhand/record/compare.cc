#include "evenhand/record/compare.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "evenhand/base/version.h"
#include "evenhand/metric/all.h"

namespace evenhand::record {
namespace {

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

std::string spoken(const Group& group) {
  std::string text;
  for (const auto& [name, value] : group) {
    text += (text.empty() ? "" : ", ") + name + "=" + value.value_or("unknown");
  }
  return text.empty() ? "everybody" : text;
}

bool same_place(const Finding& a, const Finding& b) {
  return a.metric == b.metric && a.by == b.by && a.group == b.group && a.between == b.between &&
         a.strata == b.strata && a.at == b.at;
}

/// The first cell in which two sheets differ, as a sentence.
std::string first_difference(const Sheet& said, const Sheet& found) {
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

std::string spelled(const std::optional<Verdict>& v) {
  return v ? std::string(name(*v)) : std::string("none");
}

std::string spelled(const std::optional<Bound>& b) {
  if (!b) return "none";
  return (b->at_most ? "<= " + *b->at_most : "") + (b->at_least ? ">= " + *b->at_least : "") +
         ", judged by the " + b->judge + ", severity " + b->severity + ", on cannot tell " +
         b->on_cannot_tell;
}

/// What both say of one place, word by word and number by number.
Result<void> compare(const Finding& said, const Finding& found) {
  if (!same_place(said, found)) {
    return Error{Code::kBadInput, "the record disagrees with its own counts: it gives " +
                                      spoken(said) + " where " + spoken(found) + " comes out"};
  }
  using Number = std::optional<double>;
  const auto end = [](const Finding& f, double Open::*part) {
    return f.open ? Number((*f.open).*part) : std::nullopt;
  };
  const struct {
    const char* what;
    Number a, b;
  } numbers[] = {{"the value", said.value, found.value},
                 {"the lower limit", said.low, found.low},
                 {"the upper limit", said.high, found.high},
                 {"the lower family limit", said.family_low, found.family_low},
                 {"the upper family limit", said.family_high, found.family_high},
                 {"log10_p", said.log10_p, found.log10_p},
                 {"open.lowest", end(said, &Open::lowest), end(found, &Open::lowest)},
                 {"open.highest", end(said, &Open::highest), end(found, &Open::highest)},
                 {"open.low", end(said, &Open::low), end(found, &Open::low)},
                 {"open.high", end(said, &Open::high), end(found, &Open::high)}};
  for (const auto& n : numbers) {
    if (!same(n.a, n.b)) return differs(said, n.what, number(n.a), number(n.b));
  }
  const auto whole = [](const std::optional<std::int64_t>& n) {
    return n ? std::to_string(*n) : std::string("none");
  };
  const auto missing = [](const Finding& f) { return f.open ? f.open->rows_missing : 0; };
  const struct {
    const char* what;
    std::string a, b;
  } words[] = {{"the number of rows", std::to_string(said.rows), std::to_string(found.rows)},
               {"why", '"' + said.why + '"', '"' + found.why + '"'},
               {"the verdict", spelled(said.verdict), spelled(found.verdict)},
               {"the bound", spelled(said.bound), spelled(found.bound)},
               {"rows_needed", whole(said.rows_needed), whole(found.rows_needed)},
               {"open.rows_missing", std::to_string(missing(said)), std::to_string(missing(found))},
               {"what it stands on", said.from, found.from}};
  for (const auto& w : words) {
    if (w.a != w.b) return differs(said, w.what, w.a, w.b);
  }
  return {};
}

Error lacks(const Finding& found) {
  return {Code::kBadInput, "the record lacks " + spoken(found) + ", which comes out of its counts"};
}

Result<void> compare_tallies(const Record& said, const Record& again) {
  for (std::size_t i = 0; i < said.tallies.size() || i < again.tallies.size(); ++i) {
    if (i >= said.tallies.size() || i >= again.tallies.size()) {
      return Error{Code::kBadInput, "the record has " + std::to_string(said.tallies.size()) +
                                        " tallies, the data give " +
                                        std::to_string(again.tallies.size())};
    }
    if (said.tallies[i] == again.tallies[i]) continue;
    return Error{Code::kBadInput, "the record disagrees with the data " +
                                      first_difference(said.tallies[i], again.tallies[i])};
  }
  return {};
}

/// What stands out is told by the p-values of the record itself.
Result<void> compare_discoveries(const Record& record, double level, Explored explored) {
  std::vector<Finding> again = record.findings;
  mark_discoveries(again, level, explored);
  const auto word = [](const Finding& f) {
    return !f.stands_out ? "not said" : *f.stands_out ? "true" : "false";
  };
  for (std::size_t i = 0; i < again.size(); ++i) {
    if (record.findings[i].stands_out == again[i].stands_out) continue;
    return differs(again[i], "stands_out", word(record.findings[i]), word(again[i]));
  }
  return {};
}

/// Words of a metric are those of the program that wrote the record.
Result<void> compare_words(const Record& record) {
  if (record.code_version != kVersion) return {};
  for (const Finding& f : record.findings) {
    const metric::Metric* m = metric::find(f.metric);
    if (m == nullptr || (f.unit == m->unit && f.aliases == m->aliases)) continue;
    return Error{Code::kBadInput, "the record disagrees with the program that made it: " +
                                      spoken(f) + " has another unit, or other aliases"};
  }
  return {};
}

/// The same files may have other names here, and a reason may name one: it is not compared.
Result<void> compare_left_out(const Record& said, const Record& again) {
  for (std::size_t i = 0; i < said.left_out.size() || i < again.left_out.size(); ++i) {
    const bool both = i < said.left_out.size() && i < again.left_out.size();
    if (both && said.left_out[i].what == again.left_out[i].what &&
        said.left_out[i].rows == again.left_out[i].rows) {
      continue;
    }
    const auto spoken_of = [i](const Record& r) {
      return i < r.left_out.size() ? '"' + r.left_out[i].what +
                                         "\" (rows: " + std::to_string(r.left_out[i].rows) + ')'
                                   : std::string("nothing more");
    };
    return Error{Code::kBadInput,
                 "the record disagrees with the data about what was left out: it "
                 "says " +
                     spoken_of(said) + ", the data give " + spoken_of(again)};
  }
  return {};
}

Result<void> compare_left_out(const Record& said, const std::vector<LeftOut>& due,
                              const std::function<bool(const std::string&)>& needs_rows) {
  const auto told = [](const LeftOut& each) {
    return '"' + each.what + "\" (rows: " + std::to_string(each.rows) + ')';
  };
  std::size_t at = 0;
  for (const LeftOut& each : said.left_out) {
    if (at < due.size() && each.what == due[at].what && each.rows == due[at].rows) {
      ++at;
    } else if (!needs_rows(each.what)) {
      return Error{Code::kBadInput,
                   "the record disagrees with its own counts about what was left out: it says " +
                       told(each) + ", and they say " +
                       (at < due.size() ? told(due[at]) : std::string("nothing of that kind"))};
    }
  }
  if (at == due.size()) return {};
  return Error{Code::kBadInput,
               "the record lacks what its own counts say was left out: " + told(due[at])};
}

Result<void> compare_inputs(const Record& said, const Record& again, bool& digests_agree) {
  if (said.inputs.size() != again.inputs.size()) {
    return Error{Code::kBadInput, "the record names " + std::to_string(said.inputs.size()) +
                                      " inputs, and " + std::to_string(again.inputs.size()) +
                                      " were read; give them all, each with --data"};
  }
  for (std::size_t i = 0; i < said.inputs.size(); ++i) {
    const Input &a = said.inputs[i], &b = again.inputs[i];
    if (a.sha256 != b.sha256) {
      digests_agree = false;
    } else if (a.rows != b.rows || a.rows_skipped != b.rows_skipped || a.bytes != b.bytes) {
      return Error{Code::kBadInput, "the record disagrees with the data: " + a.path +
                                        " has these very bytes, but other numbers of rows or "
                                        "bytes than the record says"};
    }
  }
  return {};
}

}  // namespace evenhand::record
