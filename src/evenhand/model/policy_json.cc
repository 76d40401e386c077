// policy.json, written and read (docs/formats/policy.md).
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <system_error>
#include <utility>

#include "evenhand/base/digest.h"
#include "evenhand/base/field.h"
#include "evenhand/model/json_text.h"
#include "evenhand/model/policy.h"

namespace evenhand::model {

namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 2;
constexpr std::uintmax_t kBytesMax = 256ULL << 20;  // isotonic steps of ten million scores

// --- Writing ----------------------------------------------------------------------------------

Json maybe(const std::string& text) { return text.empty() ? Json() : Json(text); }

template <class T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json group_json(const table::GroupKey& group) {
  Json out = Json::array();
  for (const auto& value : group) out.push_back(maybe(value));
  return out;
}

Json calibrator_json(const Calibrator& calibrator) {
  if (calibrator.kind == Calibrator::Kind::kPlatt) {
    return {{"kind", "platt"},
            {"of", calibrator.of_log_odds ? "log_odds" : "score"},
            {"a", calibrator.a},
            {"b", calibrator.b}};
  }
  Json steps = Json::array();
  for (const auto& [from, value] : calibrator.steps) steps.push_back({from, value});
  return {{"kind", "isotonic"}, {"steps", std::move(steps)}};
}

Json rule_json(const Rule& rule) {
  Json steps = Json::array();
  for (const Step& step : rule.steps) steps.push_back({step.from, step.chance});
  return {{"calibrator", rule.calibrator ? calibrator_json(*rule.calibrator) : Json()},
          {"below", rule.below},
          {"steps", std::move(steps)}};
}

Json expected_json(const Expected& expected) {
  return {{"group", group_json(expected.group)},
          {"rows", expected.rows},
          {"selection_rate", maybe(expected.selection_rate)},
          {"true_positive_rate", maybe(expected.true_positive_rate)},
          {"false_positive_rate", maybe(expected.false_positive_rate)},
          {"precision", maybe(expected.precision)}};
}

Json asked_json(const Policy& policy) {
  return {{"equalise", maybe(policy.equalise)},
          {"calibrate", maybe(policy.calibrate)},
          {"tolerance", policy.tolerance},
          {"cost_fp", policy.cost_fp},
          {"cost_fn", policy.cost_fn},
          {"rate_min", policy.rate_min},
          {"deterministic", policy.deterministic}};
}

Json held_out_json(const Policy& policy) {
  if (!policy.held_out) return {};
  const HeldOut& of = *policy.held_out;
  return {{"gap", of.gap}, {"low", of.low}, {"high", of.high}, {"verdict", of.verdict}};
}

// SHA-256 of the document without its digest: keys sorted by bytes, no blanks.
std::string digest_of(const Json& json) {
  nlohmann::json sorted = json;
  sorted.erase("digest");
  return sha256_hex(sorted.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

// One rule, expectation or file on a line each, so that two policies can be compared by eye.
std::string lines(const Json& list) {
  std::string out = "[";
  for (const Json& each : list) {
    out += (out.size() == 1 ? "\n    " : ",\n    ") +
           each.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return out + (list.empty() ? "]" : "\n  ]");
}

// --- Reading ----------------------------------------------------------------------------------

Error bad(const std::string& place, const std::string& why) {
  return {Code::kBadInput, "policy.json: " + place + ' ' + why};
}

Result<void> check_keys(const Json& json, const std::string& place,
                        std::initializer_list<const char*> keys) {
  if (!json.is_object()) return bad(place, "is no object");
  for (const char* key : keys) {
    if (!json.contains(key)) return bad(place, "lacks \"" + std::string(key) + '"');
  }
  for (const auto& [key, value] : json.items()) {
    const bool known = std::any_of(keys.begin(), keys.end(),
                                   [&, &name = key](const char* k) { return name == k; });
    if (!known) return bad(place, "has \"" + key + "\", which this version does not know");
  }
  return {};
}

Result<std::string> text_at(const Json& json, const std::string& place) {
  if (!json.is_string()) return bad(place, "is " + found(json) + "; expected a text");
  return json.get<std::string>();
}

Result<std::string> text_or_null(const Json& json, const std::string& place) {
  if (json.is_null()) return std::string();
  return text_at(json, place);
}

Result<bool> flag_at(const Json& json, const std::string& place) {
  if (!json.is_boolean()) return bad(place, "is " + found(json) + "; expected true or false");
  return json.get<bool>();
}

Result<std::uint64_t> count_at(const Json& json, const std::string& place) {
  if (!json.is_number_unsigned())
    return bad(place, "is " + found(json) + "; expected a whole number");
  return json.get<std::uint64_t>();
}

// NaN and infinity cannot be written in JSON, but 1e999 can.
Result<double> number_at(const Json& json, const std::string& place, const Range& range = {}) {
  const bool fits =
      json.is_number() && std::isfinite(json.get<double>()) && range.holds(json.get<double>());
  if (!fits) {
    return bad(place, "is " + found(json) + "; expected a number" +
                          (range.whole_line() ? "" : " in " + to_string(range)));
  }
  return json.get<double>();
}

Result<std::optional<double>> share_or_null(const Json& json, const std::string& place) {
  if (json.is_null()) return std::optional<double>();
  EVENHAND_ASSIGN(const double out, number_at(json, place, between(0, 1)));
  return std::optional<double>(out);
}

// [[from, value], ...]: `from` rises, the values lie in [0,1].
Result<std::vector<Step>> steps_at(const Json& json, const std::string& place) {
  if (!json.is_array()) return bad(place, "is no list");
  std::vector<Step> out;
  for (const Json& each : json) {
    const std::string here = place + '[' + std::to_string(out.size()) + ']';
    if (!each.is_array() || each.size() != 2) return bad(here, "is not [score, value]");
    Step step;
    EVENHAND_ASSIGN(step.from, number_at(each[0], here + "[0]"));
    EVENHAND_ASSIGN(step.chance, number_at(each[1], here + "[1]", between(0, 1)));
    if (!out.empty() && !(step.from > out.back().from)) {
      return bad(here, "does not lie above the step before it");
    }
    out.push_back(step);
  }
  return out;
}

Result<Calibrator> calibrator_at(const Json& json, const std::string& place) {
  Calibrator out;
  if (!json.is_object() || !json.contains("kind")) return bad(place, "lacks \"kind\"");
  EVENHAND_ASSIGN(const std::string kind, text_at(json["kind"], place + ".kind"));
  if (kind == "platt") {
    EVENHAND_TRY(check_keys(json, place, {"kind", "of", "a", "b"}));
    EVENHAND_ASSIGN(const std::string of, text_at(json["of"], place + ".of"));
    if (of != "log_odds" && of != "score") return bad(place + ".of", "is \"" + of + '"');
    out.of_log_odds = of == "log_odds";
    EVENHAND_ASSIGN(out.a, number_at(json["a"], place + ".a"));
    EVENHAND_ASSIGN(out.b, number_at(json["b"], place + ".b"));
    return out;
  }
  if (kind != "isotonic") return bad(place + ".kind", "is \"" + kind + "\", which is not known");
  EVENHAND_TRY(check_keys(json, place, {"kind", "steps"}));
  EVENHAND_ASSIGN(const std::vector<Step> steps, steps_at(json["steps"], place + ".steps"));
  if (steps.empty()) return bad(place + ".steps", "is empty");
  out.kind = Calibrator::Kind::kIsotonic;
  for (const Step& step : steps) {
    if (!out.steps.empty() && step.chance < out.steps.back().second) {
      return bad(place + ".steps", "has values that fall");
    }
    out.steps.emplace_back(step.from, step.chance);
  }
  return out;
}

Result<Rule> rule_at(const Json& json, const std::string& place) {
  EVENHAND_TRY(check_keys(json, place, {"calibrator", "below", "steps"}));
  Rule out;
  if (!json["calibrator"].is_null()) {
    EVENHAND_ASSIGN(out.calibrator, calibrator_at(json["calibrator"], place + ".calibrator"));
  }
  EVENHAND_ASSIGN(out.below, number_at(json["below"], place + ".below", between(0, 1)));
  EVENHAND_ASSIGN(out.steps, steps_at(json["steps"], place + ".steps"));
  return out;
}

Result<table::GroupKey> group_at(const Json& json, const std::string& place, std::size_t values) {
  if (!json.is_array() || json.size() != values) {
    return bad(place, "is not one value for each attribute in \"by\"");
  }
  table::GroupKey out;
  for (const Json& each : json) {
    if (each.is_null()) {
      out.emplace_back();
    } else {
      EVENHAND_ASSIGN(std::string value, text_at(each, place));
      out.emplace_back(std::move(value));
    }
  }
  return out;
}

Result<void> read_rules(const Json& json, Policy& out) {
  EVENHAND_ASSIGN(out.everybody, rule_at(json["everybody"], "everybody"));
  if (!json["groups"].is_array()) return bad("groups", "is no list");
  for (const Json& each : json["groups"]) {
    const std::string place = "groups[" + std::to_string(out.groups.size()) + ']';
    EVENHAND_TRY(check_keys(each, place, {"group", "rule"}));
    GroupRule one;
    EVENHAND_ASSIGN(one.group, group_at(each["group"], place + ".group", out.by.size()));
    EVENHAND_ASSIGN(one.rule, rule_at(each["rule"], place + ".rule"));
    for (const GroupRule& other : out.groups) {
      if (other.group == one.group) return bad(place, "is a group that has a rule already");
    }
    out.groups.push_back(std::move(one));
  }
  if (!out.group_aware && !out.groups.empty()) {
    return bad("groups", "has rules, but \"group_aware\" is false");
  }
  return {};
}

Result<void> read_aware(const Json& json, Policy& out) {
  EVENHAND_ASSIGN(out.group_aware, flag_at(json["group_aware"], "group_aware"));
  EVENHAND_ASSIGN(out.basis, text_or_null(json["basis"], "basis"));
  EVENHAND_ASSIGN(out.signatory, text_or_null(json["signatory"], "signatory"));
  if (out.group_aware && (out.basis.empty() || out.signatory.empty())) {
    return bad("\"group_aware\"", "is true, but no legal basis or signatory is named");
  }
  EVENHAND_ASSIGN(const std::string unseen, text_at(json["unseen"], "unseen"));
  if (unseen != "everybody" && unseen != "refuse") {
    return bad("unseen", "is \"" + unseen + "\"; expected \"everybody\" or \"refuse\"");
  }
  out.unseen = unseen == "refuse" ? Unseen::kRefuse : Unseen::kEverybody;
  return {};
}

Result<void> read_asked(const Json& json, Policy& out) {
  EVENHAND_TRY(check_keys(
      json, "asked",
      {"equalise", "calibrate", "tolerance", "cost_fp", "cost_fn", "rate_min", "deterministic"}));
  EVENHAND_ASSIGN(out.equalise, text_or_null(json["equalise"], "asked.equalise"));
  EVENHAND_ASSIGN(out.calibrate, text_or_null(json["calibrate"], "asked.calibrate"));
  EVENHAND_ASSIGN(out.tolerance, number_at(json["tolerance"], "asked.tolerance", between(0, 1)));
  EVENHAND_ASSIGN(out.cost_fp, number_at(json["cost_fp"], "asked.cost_fp", from(0)));
  EVENHAND_ASSIGN(out.cost_fn, number_at(json["cost_fn"], "asked.cost_fn", from(0)));
  EVENHAND_ASSIGN(out.rate_min, number_at(json["rate_min"], "asked.rate_min", between(0, 1)));
  EVENHAND_ASSIGN(out.deterministic, flag_at(json["deterministic"], "asked.deterministic"));
  return {};
}

Result<void> read_expected(const Json& json, Policy& out) {
  if (!json.is_array()) return bad("expected", "is no list");
  for (const Json& each : json) {
    const std::string place = "expected[" + std::to_string(out.expected.size()) + ']';
    EVENHAND_TRY(check_keys(each, place,
                            {"group", "rows", "selection_rate", "true_positive_rate",
                             "false_positive_rate", "precision"}));
    Expected one;
    const bool everybody = each["group"].is_array() && each["group"].empty();
    EVENHAND_ASSIGN(one.group,
                    group_at(each["group"], place + ".group", everybody ? 0 : out.by.size()));
    EVENHAND_ASSIGN(one.rows, count_at(each["rows"], place + ".rows"));
    const auto share = [&](const char* key) { return share_or_null(each[key], place + '.' + key); };
    EVENHAND_ASSIGN(one.selection_rate, share("selection_rate"));
    EVENHAND_ASSIGN(one.true_positive_rate, share("true_positive_rate"));
    EVENHAND_ASSIGN(one.false_positive_rate, share("false_positive_rate"));
    EVENHAND_ASSIGN(one.precision, share("precision"));
    out.expected.push_back(std::move(one));
  }
  return {};
}

Result<void> read_held_out(const Json& json, Policy& out) {
  if (json.is_null()) return {};
  EVENHAND_TRY(check_keys(json, "held_out", {"gap", "low", "high", "verdict"}));
  HeldOut of;
  EVENHAND_ASSIGN(of.gap, number_at(json["gap"], "held_out.gap", between(0, 1)));
  EVENHAND_ASSIGN(of.low, number_at(json["low"], "held_out.low", between(0, 1)));
  EVENHAND_ASSIGN(of.high, number_at(json["high"], "held_out.high", between(0, 1)));
  EVENHAND_ASSIGN(of.verdict, text_at(json["verdict"], "held_out.verdict"));
  if (of.verdict != "met" && of.verdict != "broken" && of.verdict != "cannot_tell") {
    return bad("held_out.verdict",
               "is \"" + of.verdict + "\"; expected \"met\", \"broken\" or \"cannot_tell\"");
  }
  if (!(of.low <= of.gap && of.gap <= of.high)) {
    return bad("held_out", "has a gap of " + shortest(of.gap) + " that does not lie within [" +
                               shortest(of.low) + ", " + shortest(of.high) + ']');
  }
  out.held_out = std::move(of);
  return {};
}

Result<void> read_scores(const Json& json, Policy& out) {
  if (json.is_null()) return {};
  EVENHAND_TRY(check_keys(json, "scores", {"low", "high"}));
  ScoreRange of;
  EVENHAND_ASSIGN(of.low, number_at(json["low"], "scores.low"));
  EVENHAND_ASSIGN(of.high, number_at(json["high"], "scores.high"));
  if (of.low > of.high) return bad("scores", "have a low end that lies above the high one");
  out.scores = of;
  return {};
}

// What version 2 has beside version 1.
Result<void> read_promises(const Json& json, Policy& out) {
  EVENHAND_TRY(read_held_out(json["held_out"], out));
  EVENHAND_ASSIGN(out.expected_on, text_at(json["expected_on"], "expected_on"));
  if (out.expected_on != "fit" && out.expected_on != "held_out") {
    return bad("expected_on", "is \"" + out.expected_on + "\"; expected \"fit\" or \"held_out\"");
  }
  if (!json["warnings"].is_array()) return bad("warnings", "is no list");
  for (const Json& each : json["warnings"]) {
    EVENHAND_ASSIGN(std::string says, text_at(each, "warnings"));
    out.warnings.push_back(std::move(says));
  }
  return read_scores(json["scores"], out);
}

// Last of all, so that a damaged file is told by what is wrong with it where that can be seen.
Result<void> check_digest(const Json& json) {
  EVENHAND_ASSIGN(const std::string digest, text_at(json["digest"], "digest"));
  if (digest == digest_of(json)) return {};
  return bad("its digest",
             "is not that of what stands in it: it was changed after `evenhand adjust "
             "fit` wrote it; take the file as it was written, or fit the policy anew");
}

Result<void> read_files(const Json& json, Policy& out) {
  if (!json.is_array()) return bad("inputs", "is no list");
  for (const Json& each : json) {
    const std::string place = "inputs[" + std::to_string(out.files.size()) + ']';
    EVENHAND_TRY(check_keys(each, place, {"path", "bytes", "rows", "sha256"}));
    FittedFile one;
    EVENHAND_ASSIGN(one.path, text_at(each["path"], place + ".path"));
    EVENHAND_ASSIGN(one.bytes, count_at(each["bytes"], place + ".bytes"));
    EVENHAND_ASSIGN(one.rows, count_at(each["rows"], place + ".rows"));
    EVENHAND_ASSIGN(one.sha256, text_at(each["sha256"], place + ".sha256"));
    out.files.push_back(std::move(one));
  }
  return {};
}

Result<void> read_columns(const Json& json, Policy& out) {
  EVENHAND_ASSIGN(out.score, text_at(json["score"], "score"));
  EVENHAND_TRY(check_keys(json["label"], "label", {"column", "favourable"}));
  EVENHAND_ASSIGN(out.label, text_at(json["label"]["column"], "label.column"));
  EVENHAND_ASSIGN(out.favourable, text_at(json["label"]["favourable"], "label.favourable"));
  if (!json["by"].is_array()) return bad("by", "is no list");
  for (const Json& each : json["by"]) {
    EVENHAND_ASSIGN(std::string name, text_at(each, "by"));
    if (std::find(out.by.begin(), out.by.end(), name) != out.by.end()) {
      return bad("by", "names \"" + name + "\" twice");
    }
    out.by.push_back(std::move(name));
  }
  auto groupings = table::groupings_of(json["groupings"]);
  if (!groupings) return bad("groupings", "cannot be read: " + groupings.error().says);
  out.groupings = std::move(*groupings);
  if (auto fit = table::check_groupings(out.groupings, out.by); !fit) {
    return bad("groupings", "do not fit: " + fit.error().says);
  }
  EVENHAND_TRY(check_keys(json["lots"], "lots", {"hash", "key", "id"}));
  EVENHAND_ASSIGN(const std::string hash, text_at(json["lots"]["hash"], "lots.hash"));
  if (hash != "sha256") return bad("lots.hash", "is \"" + hash + "\"; expected \"sha256\"");
  EVENHAND_ASSIGN(out.key, text_at(json["lots"]["key"], "lots.key"));
  if (!json["lots"]["id"].is_null()) {
    EVENHAND_ASSIGN(out.id, text_at(json["lots"]["id"], "lots.id"));
  }
  return {};
}

Json model_json(const Policy& policy) {
  if (policy.model.empty()) return {};
  Json digests = Json::object();
  for (const auto& [file, sha256] : policy.model_sha256) digests[file] = sha256;
  return {{"path", policy.model}, {"sha256", std::move(digests)}};
}

Result<void> read_model(const Json& json, Policy& out) {
  if (json.is_null()) return {};
  EVENHAND_TRY(check_keys(json, "model", {"path", "sha256"}));
  EVENHAND_ASSIGN(out.model, text_at(json["path"], "model.path"));
  if (out.model.empty()) return bad("model.path", "is empty");
  if (!json["sha256"].is_object()) return bad("model.sha256", "is no object");
  for (const auto& [file, digest] : json["sha256"].items()) {
    EVENHAND_ASSIGN(std::string sha256, text_at(digest, "model.sha256"));
    out.model_sha256.emplace_back(file, std::move(sha256));
  }
  return {};
}

}  // namespace

std::string to_json(const Policy& policy) {
  Json groups = Json::array(), expected = Json::array(), files = Json::array();
  for (const GroupRule& each : policy.groups) {
    groups.push_back({{"group", group_json(each.group)}, {"rule", rule_json(each.rule)}});
  }
  for (const Expected& each : policy.expected) expected.push_back(expected_json(each));
  for (const FittedFile& each : policy.files) {
    files.push_back(
        {{"path", each.path}, {"bytes", each.bytes}, {"rows", each.rows}, {"sha256", each.sha256}});
  }
  std::string out = "{\n";
  const auto add = [&](const char* key, const std::string& text) {
    out += (out.size() == 2 ? "  \"" : ",\n  \"") + std::string(key) + "\": " + text;
  };
  const auto plain = [&](const char* key, const Json& json) {
    add(key, json.dump(-1, ' ', false, Json::error_handler_t::replace));
  };
  plain("version", kVersion);
  plain("decides", policy.decides);
  plain("score", policy.score);
  plain("label", {{"column", policy.label}, {"favourable", policy.favourable}});
  plain("by", policy.by);
  plain("groupings", table::groupings_json(policy.groupings));
  plain("group_aware", policy.group_aware);
  plain("basis", maybe(policy.basis));
  plain("signatory", maybe(policy.signatory));
  plain("unseen", policy.unseen == Unseen::kRefuse ? "refuse" : "everybody");
  plain("lots", {{"hash", "sha256"}, {"key", policy.key}, {"id", maybe(policy.id)}});
  plain("asked", asked_json(policy));
  plain("gap", maybe(policy.gap));
  plain("held_out", held_out_json(policy));
  plain("scores",
        policy.scores ? Json{{"low", policy.scores->low}, {"high", policy.scores->high}} : Json());
  plain("everybody", rule_json(policy.everybody));
  add("groups", lines(groups));
  plain("expected_on", policy.expected_on);
  add("expected", lines(expected));
  add("warnings", lines(policy.warnings));
  add("inputs", lines(files));
  plain("model", model_json(policy));
  plain("code_version", EVENHAND_VERSION);
  plain("digest", digest_of(Json::parse(out + "\n}", nullptr, false)));
  return out + "\n}\n";
}

Result<Policy> policy_from_json(std::string_view text) {
  auto parsed = parse_object(text);
  if (!parsed) return bad("it", parsed.error().says);
  Json json = *std::move(parsed);
  if (!json.contains("version")) return bad("it", "lacks \"version\"");
  EVENHAND_ASSIGN(const std::uint64_t version, count_at(json["version"], "version"));
  if (version != 1 && version != kVersion) {
    return bad("version", "is " + std::to_string(version) + "; this program reads versions 1 and " +
                              std::to_string(kVersion));
  }
  Policy out;
  out.sealed = version == kVersion;
  EVENHAND_TRY(
      out.sealed ? check_keys(json, "it",
                              {"version",   "decides",     "score",        "label",     "by",
                               "groupings", "group_aware", "basis",        "signatory", "unseen",
                               "lots",      "asked",       "gap",          "held_out",  "scores",
                               "everybody", "groups",      "expected_on",  "expected",  "warnings",
                               "inputs",    "model",       "code_version", "digest"})
                 : check_keys(json, "it",
                              {"version", "decides", "score", "label", "by", "group_aware", "basis",
                               "signatory", "unseen", "lots", "asked", "gap", "everybody", "groups",
                               "expected", "inputs", "model", "code_version"}));
  if (!out.sealed) json["groupings"] = Json::object();  // version 1 had none
  EVENHAND_ASSIGN(out.decides, flag_at(json["decides"], "decides"));
  EVENHAND_TRY(read_columns(json, out));
  EVENHAND_TRY(read_aware(json, out));
  EVENHAND_TRY(read_asked(json["asked"], out));
  EVENHAND_ASSIGN(out.gap, share_or_null(json["gap"], "gap"));
  EVENHAND_TRY(read_rules(json, out));
  EVENHAND_TRY(read_expected(json["expected"], out));
  EVENHAND_TRY(read_files(json["inputs"], out));
  EVENHAND_TRY(read_model(json["model"], out));
  EVENHAND_TRY(text_at(json["code_version"], "code_version"));
  if (!out.sealed) return out;
  EVENHAND_TRY(read_promises(json, out));
  EVENHAND_TRY(check_digest(json));
  return out;
}

Result<void> save(const Policy& policy, const std::string& path) {
  const std::string part = path + ".part";
  const auto refused = [&] {
    return Error{Code::kIo, "could not write " + path + ": " + std::strerror(errno)};
  };
  const std::string bytes = to_json(policy);
  errno = 0;
  {
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    if (!file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())) || !file.flush()) {
      return refused();
    }
  }
  if (std::rename(part.c_str(), path.c_str()) != 0) return refused();
  return {};
}

Result<Policy> load_policy(const std::string& path) {
  std::error_code failed;
  const fs::path file =
      fs::is_directory(path, failed) ? fs::path(path) / "policy.json" : fs::path(path);
  const std::uintmax_t size = fs::file_size(file, failed);
  if (failed) {
    return Error{Code::kNotFound, "there is no policy " + file.string() +
                                      "; `evenhand adjust fit` writes one into its --out folder"};
  }
  if (size > kBytesMax) {
    return Error{Code::kBadInput, file.string() + " is over 256 MB: no policy"};
  }
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in || text.size() != size) return Error{Code::kIo, "could not read " + file.string()};
  auto policy = policy_from_json(text);
  if (!policy) return std::move(policy).error().within("reading " + file.string());
  return policy;
}

}  // namespace evenhand::model
