#include "evenhand/api/project_text.h"

#include <algorithm>
#include <span>

#include "evenhand/api/toml_text.h"

namespace evenhand::api {

namespace {

/// The text as it grows, with a count of what was marked.
struct Writer {
  Started& out;

  void line(const std::string& text = "") { out.text += text + '\n'; }
  /// A column's name may hold anything; a comment must stay one line.
  void comment(const std::string& text) { line("# " + one_line(text)); }
  /// @param guess  what was guessed, for the terminal: "label: income, favourable >50K".
  void reason(const std::string& column, const std::string& why, bool sure,
              const std::string& guess) {
    if (!sure) out.unsure.push_back(one_line(guess));
    comment((sure ? "" : "UNSURE, please check: ") + toml_key(column) + ": " + why);
  }
  void reason(const RoleGuess& role, const std::string& part) {
    reason(role.column, role.reason, role.sure,
           part + ": " + toml_key(role.column) +
               (role.favourable ? ", favourable " + toml_quoted(*role.favourable) : ""));
  }
  static std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return text;
  }
};

std::string role_value(const RoleGuess& role) {
  return "{ column = " + toml_quoted(role.column) +
         ", favourable = " + toml_quoted(role.favourable.value_or("")) + " }";
}

std::string listed(std::span<const std::string> names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

void write_data(Writer& to, const Looked& looked, const TableOptions& table) {
  to.line("[data]");
  to.line("files = " + toml_value(Json(looked.files)));
  if (!looked.decimal_comma.empty()) {
    to.comment("the comma is the decimal mark (12,5) of: " + listed(looked.decimal_comma));
  }
  for (const FieldOf<TableOptions>& each : table_fields<TableOptions>()) {
    const Json value = each.get(table);
    const bool said = !value.is_null() && value != each.field.default_value;
    if (said && each.field.name != "files") {
      to.line(each.field.name + " = " + toml_value(value));
    }
  }
}

/// What is no feature, one comment a reason.
void write_exclude(Writer& to, const std::vector<LeftOut>& no_features) {
  if (no_features.empty()) return;
  to.line("# Left out of the features:");
  std::vector<std::string> reasons, exclude;
  for (const LeftOut& each : no_features) {
    exclude.push_back(each.column);
    if (std::find(reasons.begin(), reasons.end(), each.why) == reasons.end()) {
      reasons.push_back(each.why);
    }
  }
  for (const std::string& why : reasons) {
    std::vector<std::string> columns;
    for (const LeftOut& each : no_features) {
      if (each.why == why) columns.push_back(each.column);
    }
    to.comment(why + ": " + listed(columns));
  }
  std::sort(exclude.begin(), exclude.end());
  to.line("exclude = " + toml_value(Json(exclude)));
}

/// Labels without decisions: a model makes decisions, so that there is something to judge.
/// What the model's scores are called: "score", or a name that the table does not have.
std::string score_name(const std::vector<Shape>& shapes) {
  std::string name = "score";
  const auto taken = [&](const Shape& each) { return each.name == name; };
  while (std::any_of(shapes.begin(), shapes.end(), taken)) name = "model_" + name;
  return name;
}

void write_train(Writer& to, const Guesses& guesses, const std::string& score) {
  to.line();
  to.line(
      "# No column looks like a decision or a score, so a logistic regression learns the label "
      "and");
  to.line(
      "# its decisions are judged, each by a fit that has not seen the row. Delete [train] and "
      "name");
  to.line("# decision or score in [evaluate] where the table has them.");
  to.line("[train]");
  to.line("label = " + role_value(*guesses.label));
  write_exclude(to, guesses.no_features);
  if (!guesses.codes.empty()) {
    to.line("# Whole numbers are fitted as numbers. Where they are only codes, name them here:");
    to.comment("categories = " + toml_value(Json(guesses.codes)));
  }
  to.line("folds = 5");
  to.line("seed = 0");
  if (score == "score") return;
  to.line();
  to.line("[predict]");
  to.line("score = " + toml_quoted(score) + "   # the table has a column \"score\" of its own");
}

std::string group_value(const std::string& column) {
  // Only a list keeps a column that is called "a x b" in one piece.
  const bool plain = column.find(" x ") == std::string::npos;
  return plain ? toml_quoted(column) : '[' + toml_quoted(column) + ']';
}

void write_groups(Writer& to, const Guesses& guesses) {
  for (const LeftOut& each : guesses.no_groups) {
    to.comment(toml_key(each.column) + ": no group, for " + each.why);
  }
  if (guesses.groups.empty()) {
    to.line("# No column looks like a group of people. Name those by which people are compared:");
    to.line("# group = [\"sex\", \"race\", \"sex x race\"]");
    return;
  }
  std::string list;
  for (const GroupGuess& each : guesses.groups) {
    to.reason(each.column, each.reason, each.sure,
              "group: " + toml_key(each.column) +
                  (each.edges.empty() ? "" : ", cut at " + toml_value(Json(each.edges))));
    list += (list.empty() ? "" : ", ") + group_value(each.column);
  }
  const auto& groups = guesses.groups;
  if (groups.size() > 1 && groups[1].sure) {
    list += ", " + toml_value(Json{groups[0].column, groups[1].column});
  }
  to.line("group = [" + list + "]");
}

/// A decision or score by its name, and what to write if it is one.
void write_maybe(Writer& to, const Shape& shape) {
  constexpr std::size_t kFew = 5;
  const std::string is = toml_key(shape.name) + ": ";
  if (shape.numeric && shape.values.size() > 2) {
    to.comment(is + "numbers from " + shortest(shape.low) + " to " + shortest(shape.high) +
               "; if it is the score: bring it to [0, 1], then score = " + toml_quoted(shape.name));
    return;
  }
  std::vector<std::string> values;
  std::string favourable = "...";
  for (const auto& [value, rows] : shape.values) {
    values.push_back(value);
    // Of a risk the low one is wished for; of other scores nobody can tell from here.
    if (lower(value) == "low") favourable = value;
  }
  const std::size_t shown = std::min(values.size(), kFew);
  to.comment(is + std::to_string(values.size()) + " values (" +
             listed(std::span(values).first(shown)) + (shown < values.size() ? ", ..." : "") +
             "); if it is the decision: decision = " +
             role_value({shape.name, favourable, {}, false, {}}));
}

/// @param score  of the model; empty: none is fitted.
void write_evaluate(Writer& to, const Guesses& guesses, const std::string& score) {
  const bool trained = !score.empty();
  to.line();
  to.line("[evaluate]");
  if (guesses.label) {
    to.reason(*guesses.label, "label");
    to.line("label = " + role_value(*guesses.label));
  } else {
    to.line(
        "# label = { column = \"...\", favourable = \"...\" }   # what came true, where it is "
        "known");
  }
  if (guesses.decision) {
    to.reason(*guesses.decision, "decision");
    to.line("decision = " + role_value(*guesses.decision));
  }
  if (guesses.score) {
    to.reason(*guesses.score, "score");
    to.line("score = " + toml_quoted(guesses.score->column));
    if (!guesses.decision) to.line("threshold = 0.5   # the decision is score >= threshold");
  }
  if (trained) {
    to.line("score = " + toml_quoted(score) + "   # the model's");
    to.line("threshold = 0.5   # the decision is score >= threshold");
  }
  for (const Shape& each : guesses.maybe_decision) write_maybe(to, each);
  if (!guesses.decision && !guesses.score && !trained) {
    to.line("# No column looks like a decision or a score. Name one:");
    to.line("# decision = { column = \"...\", favourable = \"...\" }");
  }
  write_groups(to, guesses);
  if (guesses.cluster) {
    to.reason(*guesses.cluster, "cluster");
    to.line("cluster = " + toml_quoted(guesses.cluster->column));
  }
  for (const RoleGuess& each : guesses.weights) {
    to.line("# " + toml_key(each.column) + ": " + each.reason + ". If it is one, say which kind:");
    to.line("# weight = " + toml_quoted(each.column));
    to.line("# weight_kind = \"sampling\"   # or \"frequency\": the row stands for that many rows");
  }
  to.line("level = 0.95");
}

void write_edges(Writer& to, const Guesses& guesses) {
  for (const GroupGuess& each : guesses.groups) {
    if (each.edges.empty()) continue;
    to.line();
    to.line("[groups." + toml_key(each.column) + "]");
    to.line("edges = " + toml_value(Json(each.edges)) +
            "   # an edge belongs to the group above it");
  }
}

void write_bounds(Writer& to, const Guesses& guesses) {
  const std::string by = guesses.groups.empty() ? "sex" : guesses.groups[0].column;
  to.line();
  to.line(
      "# What is asked of the numbers. Without a bound nothing is judged. `evenhand list "
      "metrics`.");
  to.line("# [[bounds]]");
  to.line("# metric = \"selection_rate_ratio\"");
  to.line("# by = [" + toml_quoted(by) + "]");
  to.line("# at_least = 0.8");
}

/// What a column holds, for a person who must find its role; only values that many rows share.
std::string description(const Shape& shape) {
  constexpr std::size_t kMostValuesToShow = 100, kShown = 5;
  constexpr std::uint64_t kRowsToShow = 10;
  const std::string kind = shape.whole ? "whole numbers" : shape.numeric ? "numbers" : "texts";
  std::string out =
      (shape.many ? "many" : std::to_string(shape.values.size())) + " different " + kind;
  if (shape.many || shape.values.size() > kMostValuesToShow) return out;
  std::vector<std::string> common;
  for (const auto& [value, rows] : shape.values) {
    if (rows >= kRowsToShow && common.size() < kShown) common.push_back(value);
  }
  return common.empty() ? out : out + ", most often " + listed(common);
}

void write_columns(Writer& to, const std::vector<Shape>& shapes) {
  to.line();
  to.line("# The columns:");
  for (const Shape& each : shapes) to.comment(toml_key(each.name) + ": " + description(each));
}

}  // namespace

Started project_text(const Looked& looked, const TableOptions& table, const Guesses& guesses) {
  Started out;
  Writer to{out};
  const bool trained = guesses.needs_model();
  out.judges = (guesses.decision || guesses.score || trained) && !guesses.groups.empty();
  const std::uint64_t rows = looked.shapes.empty() ? 0 : looked.shapes.front().rows;
  to.line("# Written by `evenhand init` after a look at " +
          std::string(looked.all_rows ? "" : "the first ") + std::to_string(rows) +
          (rows == 1 ? " row" : " rows") + " of the table. These are guesses: read them,");
  to.line(
      "# correct them, then `evenhand run`. `evenhand schema` and docs/formats/project_file.md "
      "say");
  to.line("# what else may stand here.");
  to.line();
  write_data(to, looked, table);
  if (table.no_header || !out.judges) write_columns(to, looked.shapes);
  const std::string score = trained ? score_name(looked.shapes) : "";
  if (trained) write_train(to, guesses, score);
  write_evaluate(to, guesses, score);
  write_edges(to, guesses);
  write_bounds(to, guesses);
  return out;
}

}  // namespace evenhand::api
