// `evenhand FILE`: init, then run. The one command for somebody who has a table and a minute.
#include <filesystem>
#include <string>

#include "evenhand/api/init.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/project_file.h"
#include "evenhand/api/run.h"
#include "evenhand/api/toml_text.h"

namespace evenhand::api {

namespace {

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

Json data_of(const Project& project) {
  return project.tree.contains("data") ? project.tree["data"] : Json::object();
}

/// Does the project file that is there already speak of this very table?
bool speaks_of(const Project& project, const Init& asked) {
  const Json data = data_of(project);
  if (!data.contains("files")) return false;
  const Json files = data["files"].is_array() ? data["files"] : Json::array({data["files"]});
  if (files.size() != asked.files.size()) return false;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string file = beside(project, files[i].get<std::string>());
    std::error_code failed;
    if (file != asked.files[i] && !std::filesystem::equivalent(file, asked.files[i], failed)) {
      return false;
    }
  }
  return true;
}

/// A project file is run as it stands, so an option that says otherwise would do nothing.
Result<void> says_nothing_else(const Project& project, const Init& asked) {
  const Json data = data_of(project);
  std::string options, lines;
  for (const FieldOf<Init>& each : table_fields<Init>()) {
    const std::string& name = each.field.name;
    const Json said = each.get(asked);
    const bool is_said = !said.is_null() && said != each.field.default_value && name != "files";
    if (!is_said || (data.contains(name) && data[name] == said)) continue;
    options += (options.empty() ? "" : ", ") + in_shell(each.field);
    lines += (lines.empty() ? "" : ", ") + name + " = " + toml_value(said);
  }
  if (options.empty()) return {};
  return wrong(project.path + " is there already and is run as it stands, so " + options +
               " would do nothing; write " + lines +
               " into its [data], or look anew with "
               "--project other.toml");
}

Result<std::string> run_as_it_stands(const Init& asked) {
  EVENHAND_ASSIGN(const Project project, read_project(asked.project));
  if (!speaks_of(project, asked)) {
    return wrong(asked.project +
                 " is there already and speaks of another table; it is not "
                 "overwritten. `evenhand run " +
                 asked.project + "` runs it; for a new one: --project other.toml");
  }
  EVENHAND_TRY(says_nothing_else(project, asked));
  return asked.project + " was there already and was run as it stands\n\n";
}

Result<std::string> look_and_write(const Init& asked, const Call& call) {
  EVENHAND_ASSIGN(const Started started, init_project(asked, call));
  if (!started.judges) {
    return wrong("no column of " + asked.files.front() +
                 " could be guessed to be a decision or score with a group; wrote " + started.path +
                 ": fill in what it leaves open, then `evenhand run " + started.path + '`');
  }
  std::string told = "wrote " + started.path + " with guesses: please check it";
  told += started.unsure.empty() ? "; " : ", above all what is UNSURE:\n" + unsure_lines(started);
  return told + '`' + "evenhand run " + started.path + "` runs it again\n\n";
}

/// A model that knows the label all but surely was shown it. @param done  what `run` tells.
std::string doubt_of_the_model(const Json& done, const std::string& project) {
  constexpr double kTooGood = 0.99;
  const Json& stages = done["stages"];
  const bool trained = stages.front()["operation"] == "train fit";
  if (!trained || !stages.back().contains("findings")) return {};
  for (const Json& each : stages.back()["findings"]) {
    if (each["metric"] != "auc" || !each.contains("value") || !each["value"].is_number()) continue;
    if (each["value"].get<double>() <= kTooGood) continue;
    return "The model's AUC is above 0.99: one of its features probably gives the answer away. "
           "Find "
           "it and add it to exclude in [train] of " +
           project + ".\n";
  }
  return {};
}

Result<Outcome> run(const Init& asked, const Call& call) {
  std::error_code ignored;
  EVENHAND_TRY(expand_all(asked.files));  // a file that is not there is said before all else
  const bool is_there = std::filesystem::exists(asked.project, ignored);
  EVENHAND_ASSIGN(const std::string told,
                  is_there ? run_as_it_stands(asked) : look_and_write(asked, call));
  EVENHAND_ASSIGN(Outcome out, run_project({asked.project, {}, {}, false}, call));
  out.text = told + out.text + doubt_of_the_model(out.json, asked.project) +
             "project: " + asked.project + '\n';
  return out;
}

}  // namespace

Operation start() {
  return operation<Init>(
      {.name = "start",
       .says = "What `evenhand FILE` does: look at a table, write a project file, run it",
       .section = {},
       .examples = {"evenhand people.csv"},
       .fields = {},
       .run = {}},
      init_fields("the table to look at and to evaluate; of several files that are one table, the "
                  "first is looked at",
                  "the project file to write; one that is there is run as it stands"),
      run);
}

}  // namespace evenhand::api
