#include "evenhand/api/init.h"

#include <algorithm>
#include <filesystem>

#include "evenhand/api/look.h"
#include "evenhand/api/toml_text.h"
#include "evenhand/record/write.h"

namespace evenhand::api {

namespace {

/// The text as it grows, with a count of what was marked.
struct Writer {
  Started& out;

  void line(const std::string& text = "") { out.text += text + '\n'; }
  void reason(const std::string& column, const std::string& why, bool sure) {
    if (!sure) ++out.unsure;
    // A column's name may hold anything; a comment must stay one line.
    line(std::string("# ") + (sure ? "" : "UNSURE, please check: ") + toml_key(column) + ": " +
         one_line(why));
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

void write_data(Writer& to, const std::string& file, const TableOptions& table) {
  to.line("[data]");
  to.line("files = [" + toml_quoted(file) + "]");
  for (const FieldOf<TableOptions>& each : table_fields<TableOptions>()) {
    const Json value = each.get(table);
    const bool said = !value.is_null() && value != each.field.default_value;
    if (said && each.field.name != "files") {
      to.line(each.field.name + " = " + toml_value(value));
    }
  }
}

/// Labels without decisions: a model makes decisions, so that there is something to judge.
void write_train(Writer& to, const Guesses& guesses) {
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
  std::vector<std::string> exclude = guesses.no_features;
  for (const GroupGuess& each : guesses.groups) exclude.push_back(each.column);
  std::sort(exclude.begin(), exclude.end());
  exclude.erase(std::unique(exclude.begin(), exclude.end()), exclude.end());
  if (!exclude.empty()) {
    to.line("# left out of the features: groups, identifiers, weights");
    to.line("exclude = " + toml_value(Json(exclude)));
  }
  to.line("folds = 5");
  to.line("seed = 0");
}

std::string group_value(const std::string& column) {
  // Only a list keeps a column that is called "a x b" in one piece.
  const bool plain = column.find(" x ") == std::string::npos;
  return plain ? toml_quoted(column) : '[' + toml_quoted(column) + ']';
}

void write_groups(Writer& to, const Guesses& guesses) {
  if (guesses.groups.empty()) {
    to.line("# No column looks like a group of people. Name those by which people are compared:");
    to.line("# group = [\"sex\", \"race\", \"sex x race\"]");
    return;
  }
  std::string list;
  for (const GroupGuess& each : guesses.groups) {
    to.reason(each.column, each.reason, each.sure);
    list += (list.empty() ? "" : ", ") + group_value(each.column);
  }
  const auto& groups = guesses.groups;
  if (groups.size() > 1 && groups[1].sure) {
    list += ", " + toml_value(Json{groups[0].column, groups[1].column});
  }
  to.line("group = [" + list + "]");
}

void write_evaluate(Writer& to, const Guesses& guesses, bool trained) {
  to.line();
  to.line("[evaluate]");
  if (guesses.label) {
    to.reason(guesses.label->column, guesses.label->reason, guesses.label->sure);
    to.line("label = " + role_value(*guesses.label));
  } else {
    to.line(
        "# label = { column = \"...\", favourable = \"...\" }   # what came true, where it is "
        "known");
  }
  if (guesses.decision) {
    to.reason(guesses.decision->column, guesses.decision->reason, guesses.decision->sure);
    to.line("decision = " + role_value(*guesses.decision));
  }
  if (guesses.score) {
    to.reason(guesses.score->column, guesses.score->reason, guesses.score->sure);
    to.line("score = " + toml_quoted(guesses.score->column));
    if (!guesses.decision) to.line("threshold = 0.5   # the decision is score >= threshold");
  }
  if (trained) {
    to.line("score = \"score\"   # the model's");
    to.line("threshold = 0.5   # the decision is score >= threshold");
  }
  if (!guesses.decision && !guesses.score && !trained) {
    to.line("# No column looks like a decision or a score. Name one:");
    to.line("# decision = { column = \"...\", favourable = \"...\" }");
  }
  write_groups(to, guesses);
  if (guesses.cluster) {
    to.reason(guesses.cluster->column, guesses.cluster->reason, guesses.cluster->sure);
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

}  // namespace

Started project_text(const std::string& file, const TableOptions& table, const Guesses& guesses,
                     std::uint64_t rows, bool all_rows) {
  Started out;
  Writer to{out};
  const bool trained = guesses.label && !guesses.decision && !guesses.score;
  out.judges = (guesses.decision || guesses.score || trained) && !guesses.groups.empty();
  to.line("# Written by `evenhand init` after a look at " +
          std::string(all_rows ? "" : "the first ") + std::to_string(rows) +
          " rows of the table. These are guesses: read them,");
  to.line(
      "# correct them, then `evenhand run`. `evenhand schema` and docs/formats/project_file.md "
      "say");
  to.line("# what else may stand here.");
  to.line();
  write_data(to, file, table);
  if (trained) write_train(to, guesses);
  write_evaluate(to, guesses, trained);
  write_edges(to, guesses);
  write_bounds(to, guesses);
  return out;
}

Result<Started> init_project(const Init& asked, const Call& call) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::exists(asked.project, ignored)) {
    return Error{Code::kInvalidArgument,
                 asked.project + " is there already and is not overwritten; `evenhand run " +
                     asked.project + "` runs it; for another one: --project other.toml"};
  }
  if (asked.files.size() != 1 || asked.files.front() == "-") {
    return Error{Code::kInvalidArgument, "one file is looked at: evenhand init people.csv"};
  }
  EVENHAND_ASSIGN(const table::ReadOptions read, read_options(asked));
  EVENHAND_ASSIGN(const auto paths, table::expand(asked.files.front()));
  EVENHAND_ASSIGN(const std::vector<Shape> shapes, look(paths.front(), read, call.progress));
  const std::uint64_t rows = shapes.empty() ? 0 : shapes.front().rows;

  // The project file names the table as seen from its own folder.
  const fs::path folder = fs::path(asked.project).parent_path();
  std::string file = asked.files.front();
  if (!folder.empty() && !fs::path(file).is_absolute()) {
    const fs::path relative = fs::relative(file, folder, ignored);
    if (!relative.empty()) file = relative.string();
  }
  Started out = project_text(file, asked, guess(shapes), rows, rows < kRowsLookedAt);
  out.path = asked.project;
  EVENHAND_TRY(record::write_file(asked.project, out.text));
  return out;
}

namespace {

std::string sentence(const Started& started) {
  std::string out = "wrote " + started.path;
  if (started.unsure > 0) {
    out += "; " + std::to_string(started.unsure) +
           (started.unsure == 1 ? " guess is" : " guesses are") +
           " marked UNSURE in it, please check";
  }
  out += '\n';
  if (!started.judges) {
    out +=
        "No column was found for what it leaves commented out: fill that in before running it.\n";
  }
  return out + "next: evenhand run " + started.path + '\n';
}

Result<Outcome> run(const Init& asked, const Call& call) {
  EVENHAND_ASSIGN(const Started started, init_project(asked, call));
  Json json;
  json["project"] = started.path;
  json["unsure"] = started.unsure;
  json["complete"] = started.judges;
  json["text"] = started.text;
  return Outcome{kMet, sentence(started), json};
}

}  // namespace

Operation init() {
  std::vector<FieldOf<Init>> fields = table_fields<Init>();
  for (FieldOf<Init>& each : fields) each.field.says.key = "-";
  fields.front().field.says.help = "the table to look at";
  fields.push_back(field<Init>("project", &Init::project,
                               {.help = "the project file to write; one that is there is kept",
                                .value = "FILE",
                                .example = "audit.toml",
                                .key = "-"}));
  return operation<Init>(
      {.name = "init",
       .says = "Look at a table and write a project file with guesses and reasons",
       .section = {},
       .examples = {"evenhand init people.csv"},
       .fields = {},
       .run = {}},
      std::move(fields), run);
}

}  // namespace evenhand::api
