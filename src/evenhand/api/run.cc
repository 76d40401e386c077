#include "evenhand/api/run.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/api/outputs.h"
#include "evenhand/api/project_file.h"

namespace evenhand::api {

namespace {

/// What stands in no stage's section but follows from the others.
struct Plan {
  std::vector<std::pair<const Operation*, Json>> stages;
};

std::string under(const std::string& folder, const char* name) {
  return (std::filesystem::path(folder) / name).string();
}

void set_if_absent(Json& options, const char* name, const Json& value) {
  if (!options.contains(name)) options[name] = value;
}

/// A table that was scored is the evaluation's table; how the first files are written no longer
/// matters, and a joined table is still to be joined.
void evaluate_what_was_scored(const Operation& evaluate, const Json& scored, Json& options) {
  for (const Field& each : evaluate.fields) {
    const bool of_files =
        each.says.key.starts_with("data.") && each.name != "join" && each.name != "on";
    if (of_files) options.erase(each.name);
  }
  options["files"] = Json::array({scored["out"]});
  if (!options.contains("decision")) {
    set_if_absent(options, "score", scored.contains("score") ? scored["score"] : Json("score"));
  }
}

Result<Plan> plan(const Project& project, const Run& asked) {
  Plan out;
  const std::string folder = asked.out ? *asked.out : beside(project, "evenhand-out");
  Json scored;
  std::string model;
  for (const char* name : {"data audit", "train fit", "train predict", "evaluate run"}) {
    const Operation* stage = find(name);
    EVENHAND_CHECK(stage != nullptr);
    const bool follows = std::string(name) == "train predict" && !model.empty();
    if (!names_stage(project, *stage) && !follows) continue;
    Json options = options_for(project, *stage);
    if (asked.threads) options["threads"] = *asked.threads;
    if (stage->section == "audit") {
      if (asked.out) options["out"] = under(folder, "audit");
      set_if_absent(options, "out", under(folder, "audit"));
      EVENHAND_TRY(spare_inputs(options["out"].get<std::string>(), {project.path}));
    } else if (stage->section == "train") {
      set_if_absent(options, "out", under(folder, "model"));
      model = options["out"].get<std::string>();
    } else if (stage->section == "predict") {
      set_if_absent(options, "model", model.empty() ? under(folder, "model") : model);
      set_if_absent(options, "out", under(folder, "scored.parquet"));
      scored = options;
    } else {
      if (!scored.is_null()) evaluate_what_was_scored(*stage, scored, options);
      if (asked.out) options["out"] = *asked.out;
      set_if_absent(options, "out", folder);
      if (asked.gate) options["gate"] = true;
      EVENHAND_TRY(spare_inputs(options["out"].get<std::string>(), {project.path}));
    }
    out.stages.emplace_back(stage, std::move(options));
  }
  if (out.stages.empty()) {
    return Error{Code::kInvalidArgument, project.path +
                                             " names no stage; add a section [evaluate] "
                                             "(or [train]): `evenhand schema` says what "
                                             "may stand in it"};
  }
  return out;
}

/// Of two stages that judge: broken before cannot tell before met.
int graver(int a, int b) {
  if (a == kBroken || b == kBroken) return kBroken;
  return a == kCannotTell || b == kCannotTell ? kCannotTell : kMet;
}

Result<void> make_parent(const Json& options) {
  if (!options.contains("out")) return {};
  std::error_code failed;
  const auto parent = std::filesystem::path(options["out"].get<std::string>()).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, failed);
  if (failed) {
    return Error{Code::kIo,
                 "the folder " + parent.string() + " cannot be made: " + failed.message()};
  }
  return {};
}

}  // namespace

Result<Outcome> run_project(const Run& asked, const Call& call) {
  EVENHAND_ASSIGN(const Project project, read_project(asked.project));
  EVENHAND_ASSIGN(const Plan planned, plan(project, asked));
  Outcome out;
  out.json = {{"project", asked.project}, {"stages", Json::array()}};
  Json scored_by;
  for (const auto& [stage, planned_options] : planned.stages) {
    Json options = planned_options;
    if (stage->section == "evaluate" && !scored_by.is_null()) options["scored_by"] = scored_by;
    EVENHAND_TRY(make_parent(options));
    auto done = stage->run(options, call);
    if (!done) {
      return std::move(done).error().within("[" + stage->section + "] of " + asked.project);
    }
    if (!out.text.empty()) out.text += '\n';
    out.text += done->text;
    if (done->json.contains("scored_by")) scored_by = done->json["scored_by"];
    Json told = {{"operation", stage->name}};
    told.update(done->json);
    out.json["stages"].push_back(std::move(told));
    out.status = graver(out.status, done->status);
  }
  out.json["exit_status"] = out.status;
  return out;
}

Operation run() {
  using T = Run;
  return operation<T>(
      {.name = "run",
       .says = "Do the stages that a project file names: audit, train, predict, evaluate",
       .section = {},
       .examples = {"evenhand run", "evenhand run examples/income/evenhand.toml"},
       .fields = {},
       .run = {}},
      {field<T>("project", &T::project,
                {.help = "the project file; its paths are relative to it",
                 .value = "FILE",
                 .example = "evenhand.toml",
                 .positional = true}),
       field<T>("out", &T::out,
                {.help = "folder for the outputs, before what the project file says",
                 .value = "DIR",
                 .example = "audit-2026",
                 .fallback = "what [evaluate] says, else evenhand-out/ beside the project file"}),
       field<T>("threads", &T::threads,
                {.help = "how many threads work; the result is the same for any",
                 .value = "NUMBER",
                 .unit = "threads",
                 .example = "2",
                 .range = between(0, 1024),
                 .fallback = "as many as the machine has"}),
       field<T>("gate", &T::gate, {.help = "wrong usage, exit status 2, if nothing is judged"})},
      run_project);
}

}  // namespace evenhand::api
