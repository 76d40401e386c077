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

/// A table that an earlier stage wrote is this stage's table; how the first files are written no
/// longer matters, and a joined table is still to be joined.
void read_what_was_written(const Operation& stage, const Json& written, Json& options) {
  for (const Field& each : stage.fields) {
    const bool of_files =
        each.says.key.starts_with("data.") && each.name != "join" && each.name != "on";
    if (of_files) options.erase(each.name);
  }
  options["files"] = Json::array({written["out"]});
}

Json named_or(const Json& options, const char* name, const char* fallback) {
  return options.contains(name) ? options[name] : Json(fallback);
}

/// What the stages so far have left for the next ones; null: nothing.
struct Left {
  std::string model, policy;
  Json scored, decided;  // options of the stages that wrote these tables
};

/// Scores, and decisions where a policy made them, are what is evaluated unless the file says
/// otherwise.
void evaluate_what_was_written(const Operation& evaluate, const Left& left, Json& options) {
  if (left.scored.is_null() && left.decided.is_null()) return;
  read_what_was_written(evaluate, left.decided.is_null() ? left.scored : left.decided, options);
  if (!left.decided.is_null() && !options.contains("decision")) {
    options["decision"] = {{"column", named_or(left.decided, "decision", "decision")},
                           {"favourable", "1"}};
  } else if (!left.scored.is_null() && !options.contains("decision")) {
    set_if_absent(options, "score", named_or(left.scored, "score", "score"));
  }
}

/// What follows from the stages before: tables, folders and names that the file need not repeat.
void set_what_follows(const Operation& stage, const std::string& folder, Left& left,
                      Json& options) {
  if (stage.section == "train") {
    set_if_absent(options, "out", under(folder, "model"));
    left.model = options["out"].get<std::string>();
  } else if (stage.section == "predict") {
    set_if_absent(options, "model", left.model.empty() ? under(folder, "model") : left.model);
    set_if_absent(options, "out", under(folder, "scored.parquet"));
    left.scored = options;
  } else if (stage.section == "adjust") {
    if (!left.scored.is_null()) {
      read_what_was_written(stage, left.scored, options);
      set_if_absent(options, "score", named_or(left.scored, "score", "score"));
    }
    set_if_absent(options, "out", under(folder, "policy"));
    left.policy = options["out"].get<std::string>();
  } else if (stage.section == "apply") {
    if (!left.scored.is_null()) read_what_was_written(stage, left.scored, options);
    set_if_absent(options, "policy", left.policy.empty() ? under(folder, "policy") : left.policy);
    set_if_absent(options, "out", under(folder, "decided.parquet"));
    left.decided = options;
  }
}

Result<Plan> plan(const Project& project, const Run& asked) {
  Plan out;
  const std::string folder = asked.out ? *asked.out : beside(project, "evenhand-out");
  Left left;
  for (const char* name :
       {"train fit", "train predict", "adjust fit", "adjust apply", "evaluate run"}) {
    const Operation* stage = find(name);
    EVENHAND_CHECK(stage != nullptr);
    const bool follows = std::string(name) == "train predict" && !left.model.empty();
    if (!names_stage(project, *stage) && !follows) continue;
    Json options = options_for(project, *stage);
    if (asked.threads) options["threads"] = *asked.threads;
    set_what_follows(*stage, folder, left, options);
    if (stage->section == "evaluate") {
      evaluate_what_was_written(*stage, left, options);
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
    const bool asks = find(*stage, "scored_by") != nullptr;
    if (asks && !scored_by.is_null()) options["scored_by"] = scored_by;
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
    // What a stage could not reach is not made good by the next one.
    if (done->status != kMet) out.status = done->status;
  }
  out.json["exit_status"] = out.status;
  return out;
}

Operation run() {
  using T = Run;
  return operation<T>(
      {.name = "run",
       .says = "Do the stages that a project file names: train, predict, adjust, apply, evaluate",
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
