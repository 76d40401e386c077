// `evenhand FILE`: init, then run. The one command for somebody who has a table and a minute.
#include <filesystem>
#include <string>

#include "evenhand/api/init.h"
#include "evenhand/api/operation.h"
#include "evenhand/api/project_file.h"
#include "evenhand/api/run.h"

namespace evenhand::api {

namespace {

/// Does the project file that is there already speak of this very table?
bool speaks_of(const Project& project, const Init& asked) {
  if (asked.files.size() != 1 || !project.tree.contains("data")) return false;
  const Json& data = project.tree["data"];
  if (!data.contains("files")) return false;
  const Json files = data["files"].is_array() ? data["files"] : Json::array({data["files"]});
  std::error_code failed;
  return files.size() == 1 &&
         std::filesystem::equivalent(beside(project, files[0].get<std::string>()),
                                     asked.files.front(), failed);
}

Result<Outcome> run(const Init& asked, const Call& call) {
  std::error_code ignored;
  std::string told;
  Json json;
  if (std::filesystem::exists(asked.project, ignored)) {
    EVENHAND_ASSIGN(const Project project, read_project(asked.project));
    if (!speaks_of(project, asked)) {
      return Error{Code::kInvalidArgument,
                   asked.project +
                       " is there already and speaks of another table; it is not "
                       "overwritten. `evenhand run " +
                       asked.project + "` runs it; for a new one: --project other.toml"};
    }
    told = asked.project + " was there already and was run as it stands\n\n";
  } else {
    EVENHAND_ASSIGN(const Started started, init_project(asked, call));
    if (!started.judges) {
      return Error{Code::kInvalidArgument,
                   "no column of " + asked.files.front() +
                       " could be guessed to be a decision or score with a group; wrote " +
                       started.path + ": fill in what it leaves open, then `evenhand run " +
                       started.path + '`'};
    }
    told = "wrote " + started.path + " with guesses";
    if (started.unsure > 0) told += ", " + std::to_string(started.unsure) + " of them UNSURE";
    told += ": please check it; `evenhand run " + started.path + "` runs it again\n\n";
  }
  EVENHAND_ASSIGN(Outcome out, run_project({asked.project, {}, {}, false}, call));
  out.text = told + out.text + "project: " + asked.project + '\n';
  return out;
}

}  // namespace

Operation start() {
  std::vector<FieldOf<Init>> fields = table_fields<Init>();
  for (FieldOf<Init>& each : fields) each.field.says.key = "-";
  fields.front().field.says.help = "the table to look at and to evaluate";
  fields.push_back(
      field<Init>("project", &Init::project,
                  {.help = "the project file to write; one that is there is run as it stands",
                   .value = "FILE",
                   .example = "audit.toml",
                   .key = "-"}));
  return operation<Init>(
      {.name = "start",
       .says = "What `evenhand FILE` does: look at a table, write a project file, run it",
       .section = {},
       .examples = {"evenhand people.csv"},
       .fields = {},
       .run = {}},
      std::move(fields), run);
}

}  // namespace evenhand::api
