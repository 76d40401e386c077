// Writing comes first, then reading in the same order.
#include "evenhand/record/record_json.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/record/json_text.h"
#include "evenhand/record/sheet.h"

namespace evenhand::record {
namespace {

using Json = nlohmann::ordered_json;

// ---- writing ----

/// One line. Bytes that are not UTF-8 (a path may hold them) become the replacement character.
std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A limit: absent, or no limit at all, is null.
Json limit(const std::optional<double>& x) {
  if (!x) return nullptr;
  EVENHAND_CHECK(!std::isnan(*x));
  return std::isfinite(*x) ? Json(*x) : Json(nullptr);
}

Json finite(const std::optional<double>& x) {
  if (!x) return nullptr;
  EVENHAND_CHECK(std::isfinite(*x));
  return *x;
}

Json value_json(const std::optional<std::string>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// The attributes in the order in which they were crossed, then any others.
Json group_json(const Group& group, const std::vector<std::string>& by) {
  Json out = Json::object();
  for (const std::string& attribute : by) {
    if (const auto found = group.find(attribute); found != group.end()) {
      out[attribute] = value_json(found->second);
    }
  }
  for (const auto& [attribute, value] : group) {
    if (!out.contains(attribute)) out[attribute] = value_json(value);
  }
  return out;
}

/// The user's decimal as a JSON number: ".8" is 0.8, "+1." is 1. The digits stay as they are, so
/// that 0.1 is asked for and not the double next to it.
std::string decimal_token(std::string text) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.erase(0, 1);
  const std::size_t nonzero = text.find_first_not_of('0');
  text.erase(0, std::min(nonzero, text.size()));
  if (text.empty() || text[0] == '.' || text[0] == 'e' || text[0] == 'E') text.insert(0, "0");
  if (const std::size_t dot = text.find('.'); dot != std::string::npos) {
    const bool digit_after = dot + 1 < text.size() && text[dot + 1] >= '0' && text[dot + 1] <= '9';
    if (!digit_after) text.erase(dot, 1);
  }
  EVENHAND_CHECK(Json::accept(text));
  return (minus && text != "0" ? "-" : "") + text;
}

/// The limits of a bound as a line. It is written by hand, because a JSON tree holds doubles only.
std::string bound_line(const std::optional<Bound>& bound) {
  if (!bound) return "null";
  std::string out = "{";
  if (bound->at_least) out += "\"at_least\":" + decimal_token(*bound->at_least);
  if (bound->at_least && bound->at_most) out += ',';
  if (bound->at_most) out += "\"at_most\":" + decimal_token(*bound->at_most);
  return out + '}';
}

Json bound_json(const std::optional<Bound>& bound) { return Json::parse(bound_line(bound)); }

void add_what_is_there(Json& out, const Finding& f) {
  if (f.bound && f.bound->on_cannot_tell != "fail") {
    out["on_cannot_tell"] = f.bound->on_cannot_tell;
  }
  if (f.bound && f.bound->severity != "fail") out["severity"] = f.bound->severity;
  if (f.rows_needed) out["rows_needed"] = *f.rows_needed;
  if (f.log10_p) out["log10_p"] = finite(f.log10_p);
  if (f.stands_out) out["stands_out"] = *f.stands_out;
  if (f.open) {
    out["open"] = {{"lowest", finite(f.open->lowest)},
                   {"highest", finite(f.open->highest)},
                   {"low", limit(f.open->low)},
                   {"high", limit(f.open->high)},
                   {"rows_missing", f.open->rows_missing}};
  }
}

Json finding_json(const Finding& f, Json bound) {
  EVENHAND_CHECK(f.group.has_value() != f.between.has_value());
  EVENHAND_CHECK(f.value.has_value() == f.why.empty());
  EVENHAND_CHECK(f.bound.has_value() == f.verdict.has_value());
  Json out;
  out["metric"] = f.metric;
  out["aliases"] = f.aliases;
  out["by"] = f.by;
  if (f.group) out["group"] = group_json(*f.group, f.by);
  if (f.between) {
    out["between"] =
        Json::array({group_json(f.between->first, f.by), group_json(f.between->second, f.by)});
  }
  out["strata"] = group_json(f.strata, {});
  if (!f.at.empty()) {
    for (const auto& [axis, where] : f.at) out["at"][axis] = where;
  }
  out["value"] = finite(f.value);
  out["low"] = limit(f.low);
  out["high"] = limit(f.high);
  out["family_low"] = limit(f.family_low);
  out["family_high"] = limit(f.family_high);
  out["rows"] = f.rows;
  out["why"] = f.why.empty() ? Json(nullptr) : Json(f.why);
  out["unit"] = f.unit;
  out["from"] = f.from;
  out["bound"] = std::move(bound);
  out["judge"] = f.bound ? Json(f.bound->judge) : Json(nullptr);
  out["verdict"] = f.verdict ? Json(std::string(name(*f.verdict))) : Json(nullptr);
  add_what_is_there(out, f);
  return out;
}

std::string finding_line(const Finding& f) {
  if (!f.bound) return line(finding_json(f, nullptr));
  // The last one: an attribute may be called "bound", but no name from the data comes after this
  // key.
  static const std::string kHole = "\"bound\":\"?\"";
  std::string out = line(finding_json(f, "?"));
  const std::size_t hole = out.rfind(kHole);
  EVENHAND_CHECK(hole != std::string::npos);
  return out.replace(hole, kHole.size(), "\"bound\":" + bound_line(f.bound));
}

/// A list with one item a line.
template <class List, class Line>
std::string lines(const List& list, const std::string& indent, const Line& write) {
  if (list.empty()) return "[]";
  std::string out = "[";
  const char* before = "\n";
  for (const auto& item : list) {
    out += before + indent + "  " + write(item);
    before = ",\n";
  }
  return out + "\n" + indent + "]";
}

/// An object with one key a line, and lists of lists with one row a line.
std::string keys_in_lines(const Json& object, const std::string& indent) {
  if (!object.is_object() || object.empty()) return object.is_null() ? "{}" : line(object);
  std::string out = "{";
  const char* before = "\n";
  for (const auto& [key, value] : object.items()) {
    const bool rows = value.is_array() && !value.empty() && value[0].is_array();
    out += before + indent + "  " + line(key) + ": ";
    out += rows ? lines(value, indent + "  ", line) : line(value);
    before = ",\n";
  }
  return out + "\n" + indent + "}";
}

std::string input_line(const Input& input) {
  return line({{"path", input.path},
               {"rows", input.rows},
               {"rows_skipped", input.rows_skipped},
               {"bytes", input.bytes},
               {"sha256", input.sha256}});
}

std::string left_out_line(const LeftOut& left) {
  return line({{"what", left.what}, {"why", left.why}, {"rows", left.rows}});
}

// ---- reading ----

/// The first thing that is wrong with a document, and where. Once something is, the rest is read
/// without effect, so that no step below needs to ask.
class Document {
 public:
  const std::optional<Error>& error() const { return error_; }

  void refuse(const std::string& place, const std::string& sentence) {
    if (!error_) error_ = Error{Code::kBadInput, place + ": " + sentence};
  }

  void unless(bool holds, const std::string& place, const Json& found, const char* expected) {
    if (holds || error_) return;
    std::string text = found.is_binary() ? "a number" : line(found);
    constexpr std::size_t kShown = 40;
    if (text.size() > kShown) text = std::string("a long ") + found.type_name();
    refuse(place, std::string(expected) + " is expected, and " + text + " was found");
  }

  /// Check the keys of an object. @return whether they can be read.
  bool keys(const Json& json, const std::string& place, std::initializer_list<const char*> needed,
            std::initializer_list<const char*> possible = {}) {
    unless(json.is_object(), place, json, "an object");
    if (error_) return false;
    for (const char* key : needed) {
      if (!json.contains(key)) refuse(place, std::string("the key \"") + key + "\" is missing");
    }
    for (const auto& [key, value] : json.items()) {
      const auto is = [&k = key](const char* known) { return k == known; };
      if (std::any_of(needed.begin(), needed.end(), is)) continue;
      if (std::any_of(possible.begin(), possible.end(), is)) continue;
      refuse(place, "the key \"" + key + "\" is not known in a record of this version");
    }
    return !error_;
  }

  std::string text(const Json& json, const std::string& place) {
    unless(json.is_string(), place, json, "a text");
    return json.is_string() ? json.get<std::string>() : std::string();
  }

  std::string one_of(const Json& json, const std::string& place,
                     std::initializer_list<const char*> words) {
    std::string word = text(json, place);
    if (std::none_of(words.begin(), words.end(), [&](const char* w) { return word == w; })) {
      std::string list;
      for (const char* w : words)
        list += (list.empty() ? "" : " or ") + ("\"" + std::string(w) + "\"");
      unless(false, place, json, list.c_str());
    }
    return word;
  }

  std::vector<std::string> texts(const Json& json, const std::string& place) {
    std::vector<std::string> out;
    each(json, place,
         [&](const Json& item, const std::string& at) { out.push_back(text(item, at)); });
    return out;
  }

  std::optional<double> number(const Json& json, const std::string& place) {
    unless(json.is_number() || json.is_null(), place, json, "a number or null");
    if (!json.is_number()) return std::nullopt;
    return json.get<double>();
  }

  double a_number(const Json& json, const std::string& place) {
    unless(json.is_number(), place, json, "a number");
    return number(json, place).value_or(0);
  }

  std::uint64_t count(const Json& json, const std::string& place) {
    unless(json.is_number_unsigned(), place, json, "a whole number from 0 on");
    return json.is_number_unsigned() ? json.get<std::uint64_t>() : 0;
  }

  std::int64_t rows(const Json& json, const std::string& place) {
    constexpr std::uint64_t kMost = INT64_MAX;
    const std::uint64_t n = count(json, place);
    unless(n <= kMost, place, json, "a whole number below 2^63");
    return static_cast<std::int64_t>(std::min(n, kMost));
  }

  template <class Each>
  void each(const Json& json, const std::string& place, const Each& act) {
    unless(json.is_array(), place, json, "a list");
    if (error_ || !json.is_array()) return;
    for (std::size_t i = 0; i < json.size() && !error_; ++i) {
      act(json[i], place + "[" + std::to_string(i) + "]");
    }
  }

 private:
  std::optional<Error> error_;
};

Group read_group(Document& doc, const Json& json, const std::string& place) {
  Group out;
  doc.unless(json.is_object(), place, json, "an object of attributes");
  if (!json.is_object()) return out;
  for (const auto& [attribute, value] : json.items()) {
    const bool known = !value.is_null();
    out[attribute] = known ? std::optional(doc.text(value, place + "." + attribute)) : std::nullopt;
  }
  return out;
}

std::optional<std::string> read_decimal(Document& doc, const Json& bound, const char* key,
                                        const std::string& place) {
  if (!bound.contains(key)) return std::nullopt;
  const Json& json = bound[key];
  doc.unless(json.is_binary(), place + "." + key, json, "a number");
  if (!json.is_binary()) return std::nullopt;
  return std::string(json.get_binary().begin(), json.get_binary().end());
}

void read_bound(Document& doc, const Json& json, const std::string& place, Finding& out) {
  const auto judged = [&](const char* key) {
    doc.unless(
        json[key].is_null() != json["bound"].is_object(), place + "." + key, json[key],
        json["bound"].is_null() ? "null, as there is no bound," : "a text, as there is a bound,");
  };
  judged("judge");
  judged("verdict");
  for (const char* key : {"on_cannot_tell", "severity"}) {
    if (json.contains(key) && json["bound"].is_null()) {
      doc.refuse(place + "." + key, "it stands without a bound");
    }
  }
  if (json["bound"].is_null() || doc.error()) return;
  const std::string at = place + ".bound";
  if (!doc.keys(json["bound"], at, {}, {"at_least", "at_most"})) return;
  Bound bound;
  bound.at_least = read_decimal(doc, json["bound"], "at_least", at);
  bound.at_most = read_decimal(doc, json["bound"], "at_most", at);
  if (!bound.at_least && !bound.at_most) doc.refuse(at, "neither at_least nor at_most is given");
  bound.judge = doc.one_of(json["judge"], place + ".judge", {"interval", "point"});
  for (const auto& [key, member] : {std::pair{"on_cannot_tell", &Bound::on_cannot_tell},
                                    std::pair{"severity", &Bound::severity}}) {
    if (json.contains(key))
      bound.*member = doc.one_of(json[key], place + "." + key, {"fail", "warn"});
  }
  const std::string verdict =
      doc.one_of(json["verdict"], place + ".verdict", {"met", "broken", "cannot_tell"});
  out.verdict = verdict == "met"      ? Verdict::kMet
                : verdict == "broken" ? Verdict::kBroken
                                      : Verdict::kCannotTell;
  out.bound = std::move(bound);
}

void read_numbers(Document& doc, const Json& json, const std::string& place, Finding& out) {
  out.value = doc.number(json["value"], place + ".value");
  out.low = doc.number(json["low"], place + ".low");
  out.high = doc.number(json["high"], place + ".high");
  out.family_low = doc.number(json["family_low"], place + ".family_low");
  out.family_high = doc.number(json["family_high"], place + ".family_high");
  out.rows = doc.rows(json["rows"], place + ".rows");
  if (!json["why"].is_null()) out.why = doc.text(json["why"], place + ".why");
  if (out.value.has_value() != out.why.empty()) {
    doc.refuse(place, "it has both a value and a reason why it has none, or neither");
  }
  if (!out.value && (out.low || out.high || out.family_low || out.family_high)) {
    doc.refuse(place, "it has limits but no value");
  }
}

void read_what_is_there(Document& doc, const Json& json, const std::string& place, Finding& out) {
  if (json.contains("at")) {
    const Json& at = json["at"];
    doc.unless(at.is_object() && !at.empty(), place + ".at", at, "an object with a key");
    if (doc.error()) return;
    for (const auto& [axis, where] : at.items()) {
      out.at.emplace_back(axis, doc.text(where, place + ".at." + axis));
    }
  }
  if (json.contains("rows_needed")) {
    out.rows_needed = doc.rows(json["rows_needed"], place + ".rows_needed");
  }
  if (json.contains("log10_p")) out.log10_p = doc.a_number(json["log10_p"], place + ".log10_p");
  if (json.contains("stands_out")) {
    const Json& stands_out = json["stands_out"];
    doc.unless(stands_out.is_boolean(), place + ".stands_out", stands_out, "true or false");
    if (doc.error()) return;
    out.stands_out = stands_out.get<bool>();
  }
  if (!json.contains("open")) return;
  const std::string at = place + ".open";
  const Json& open = json["open"];
  if (!doc.keys(open, at, {"lowest", "highest", "low", "high", "rows_missing"})) return;
  out.open = Open{doc.a_number(open["lowest"], at + ".lowest"),
                  doc.a_number(open["highest"], at + ".highest"),
                  doc.number(open["low"], at + ".low").value_or(-HUGE_VAL),
                  doc.number(open["high"], at + ".high").value_or(HUGE_VAL),
                  doc.rows(open["rows_missing"], at + ".rows_missing")};
}

Finding read_finding(Document& doc, const Json& json, const std::string& place) {
  Finding out;
  if (!doc.keys(json, place,
                {"metric", "aliases", "by", "strata", "value", "low", "high", "family_low",
                 "family_high", "rows", "why", "unit", "from", "bound", "judge", "verdict"},
                {"group", "between", "at", "on_cannot_tell", "severity", "rows_needed", "log10_p",
                 "stands_out", "open"})) {
    return out;
  }
  out.metric = doc.text(json["metric"], place + ".metric");
  out.aliases = doc.texts(json["aliases"], place + ".aliases");
  out.by = doc.texts(json["by"], place + ".by");
  if (json.contains("group") == json.contains("between")) {
    doc.refuse(place, "it must be about a group or between two groups");
  }
  if (json.contains("group")) out.group = read_group(doc, json["group"], place + ".group");
  if (json.contains("between")) {
    const Json& pair = json["between"];
    doc.unless(pair.is_array() && pair.size() == 2, place + ".between", pair,
               "a list of two groups");
    if (doc.error()) return out;
    out.between = std::pair(read_group(doc, pair[0], place + ".between[0]"),
                            read_group(doc, pair[1], place + ".between[1]"));
  }
  out.strata = read_group(doc, json["strata"], place + ".strata");
  read_numbers(doc, json, place, out);
  out.unit = doc.text(json["unit"], place + ".unit");
  out.from = doc.one_of(json["from"], place + ".from", {"tally", "rows", "model"});
  read_bound(doc, json, place, out);
  read_what_is_there(doc, json, place, out);
  return out;
}

Input read_input(Document& doc, const Json& json, const std::string& place) {
  Input out;
  if (!doc.keys(json, place, {"path", "rows", "rows_skipped", "bytes", "sha256"})) return out;
  out.path = doc.text(json["path"], place + ".path");
  out.rows = doc.count(json["rows"], place + ".rows");
  out.rows_skipped = doc.count(json["rows_skipped"], place + ".rows_skipped");
  out.bytes = doc.count(json["bytes"], place + ".bytes");
  out.sha256 = doc.text(json["sha256"], place + ".sha256");
  const bool digest = out.sha256.size() == 64 &&
                      out.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  doc.unless(digest, place + ".sha256", json["sha256"], "64 lower-case hex digits");
  return out;
}

LeftOut read_left_out(Document& doc, const Json& json, const std::string& place) {
  LeftOut out;
  if (!doc.keys(json, place, {"what", "why", "rows"})) return out;
  out.what = doc.text(json["what"], place + ".what");
  out.why = doc.text(json["why"], place + ".why");
  out.rows = doc.rows(json["rows"], place + ".rows");
  return out;
}

/// The version is looked at first: keys of another version would only confuse.
void read_version(Document& doc, const Json& json) {
  doc.unless(json.is_object(), "the record", json, "an object");
  if (!json.is_object()) return;
  if (!json.contains("version")) {
    doc.refuse("the record", "it says no version, so it is not a record of Evenhand");
    return;
  }
  const Json& version = json["version"];
  doc.unless(version.is_number_unsigned(), "version", version, "a whole number");
  if (doc.error() || version == kRecordVersion) return;
  doc.refuse("version",
             "this record has version " + line(version) + ", and this program reads version " +
                 std::to_string(kRecordVersion) + "; read it with the program that wrote it" +
                 (json.contains("code_version") ? ", " + line(json["code_version"]) : ""));
}

Record read_record(Document& doc, const Json& json) {
  Record out;
  read_version(doc, json);
  if (doc.error() || !doc.keys(json, "the record",
                               {"version", "operation", "options", "seed", "inputs", "tallies",
                                "findings", "left_out", "code_version"})) {
    return out;
  }
  out.operation = doc.text(json["operation"], "operation");
  doc.unless(json["options"].is_object(), "options", json["options"], "an object");
  out.options = json["options"];
  out.seed = doc.count(json["seed"], "seed");
  doc.each(json["inputs"], "inputs", [&](const Json& item, const std::string& place) {
    out.inputs.push_back(read_input(doc, item, place));
  });
  doc.each(json["tallies"], "tallies", [&](const Json& item, const std::string& place) {
    doc.unless(item.is_object(), place, item, "an object");
    if (const auto form = check_form(item); !form) doc.refuse(place, form.error().says);
    out.tallies.push_back(item);
  });
  doc.each(json["findings"], "findings", [&](const Json& item, const std::string& place) {
    out.findings.push_back(read_finding(doc, item, place));
  });
  doc.each(json["left_out"], "left_out", [&](const Json& item, const std::string& place) {
    out.left_out.push_back(read_left_out(doc, item, place));
  });
  out.code_version = doc.text(json["code_version"], "code_version");
  return out;
}

}  // namespace

std::string to_json(const Record& record) {
  EVENHAND_CHECK(record.version == kRecordVersion);
  std::string out = "{\n  \"version\": " + std::to_string(record.version);
  const auto key = [&](const char* name, const std::string& text) {
    out += std::string(",\n  \"") + name + "\": " + text;
  };
  key("operation", line(record.operation));
  key("options", keys_in_lines(record.options, "  "));
  key("seed", std::to_string(record.seed));
  key("inputs", lines(record.inputs, "  ", input_line));
  key("tallies",
      lines(record.tallies, "  ", [](const Sheet& sheet) { return keys_in_lines(sheet, "    "); }));
  key("findings", lines(record.findings, "  ", finding_line));
  key("left_out", lines(record.left_out, "  ", left_out_line));
  key("code_version", line(record.code_version));
  return out + "\n}\n";
}

Result<Record> from_json(std::string_view text) {
  EVENHAND_ASSIGN(const Json json, parse_record_text(text));
  Document doc;
  Record record = read_record(doc, json);
  if (doc.error()) return *doc.error();
  return record;
}

Json to_json(const Finding& finding) { return finding_json(finding, bound_json(finding.bound)); }

}  // namespace evenhand::record
