#include "evenhand/api/run.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/api/outputs.h"
#include "evenhand/api/project_file.h"
#include "evenhand/api/record_file.h"

namespace evenhand::api {

namespace {

std::string under(const std::string& folder, const std::string& name) {
  return (std::filesystem::path(folder) / name).string();
}

void set_if_absent(Json& options, const char* name, const Json& value) {
  if (!options.contains(name)) options[name] = value;
}

/// The stages in the order of work. A stage follows from another where it has no section of its
/// own but what the other made would lie idle.
constexpr struct {
  const char* name;
  const char* follows;  // section; null: it must be named
} kStages[] = {
    {"data audit", nullptr},  {"train fit", nullptr},      {"train predict", "train"},
    {"adjust fit", nullptr},  {"adjust apply", "adjust"},  {"evaluate run", nullptr},
    {"compare run", nullptr}, {"train frontier", nullptr},
};

/// What the stages so far have made, for those after them.
class Plan {
 public:
  Plan(const Project& project, const Run& asked)
      : project_(project),
        asked_(asked),
        folder_(asked.out ? *asked.out : beside(project, "evenhand-out")) {}

  /// The options of a stage, as the project file says and as they follow from the stages before.
  Result<Json> next(const Operation& stage) {
    Json options = options_for(project_, stage);
    const auto has = [&](const char* name) { return find(stage, name) != nullptr; };
    if (asked_.threads && has("threads")) options["threads"] = *asked_.threads;
    const std::string& section = stage.section;
    if (section == "train") train(options);
    if (section == "predict") predict(options);
    if (section == "adjust") EVENHAND_TRY(adjust(options));
    if (section == "apply") apply(options);
    if (section == "audit") EVENHAND_TRY(report_in("audit", options));
    if (section == "compare") {
      read_what_was_made(stage, options);
      EVENHAND_TRY(report_in("comparison", options));
    }
    if (section == "evaluate") EVENHAND_TRY(evaluate(stage, options));
    if (section == "frontier") EVENHAND_TRY(frontier(options));
    return options;
  }

  const std::string& folder() const { return folder_; }

 private:
  /// A record of its own, in a folder of its own.
  Result<void> report_in(const char* name, Json& options) const {
    if (asked_.out) options["out"] = under(folder_, name);
    set_if_absent(options, "out", under(folder_, name));
    return spare_inputs(options["out"].get<std::string>(), {project_.path});
  }

  void train(Json& options) {
    const Json methods = options.contains("method") ? options["method"] : Json("plain");
    const bool several = methods.is_array() && methods.size() > 1;
    set_if_absent(options, "out", under(folder_, several ? "models" : "model"));
    const auto out = options["out"].get<std::string>();
    if (!several) models_ = Json::array({out});
    for (std::size_t m = 0; several && m < methods.size(); ++m) {
      models_.push_back(under(out, methods[m].get<std::string>()));
    }
  }

  /// What it is fitted to and by is that of [train], unless [frontier] says otherwise; its method
  /// and the values are its own.
  Result<void> frontier(Json& options) const {
    if (project_.tree.contains("train")) {
      const Operation* const train = find("train fit");
      EVENHAND_CHECK(train != nullptr);
      const Json said = options_for(project_, *train);
      // How values become groups goes with the groups.
      if (!options.contains("group") && said.contains("groups")) {
        set_if_absent(options, "groups", said["groups"]);
      }
      for (const char* name : {"label", "features", "exclude", "categories", "group", "over",
                               "weight", "learner", "l2", "widths", "folds", "seed"}) {
        if (said.contains(name)) set_if_absent(options, name, said[name]);
      }
    }
    return report_in("frontier", options);
  }

  void predict(Json& options) {
    set_if_absent(options, "model",
                  models_.empty() ? Json::array({under(folder_, "model")}) : models_);
    set_if_absent(options, "out", under(folder_, "scored.parquet"));
    table_ = scored_ = options["out"].get<std::string>();
    if (options["model"].size() == 1)
      score_ = options.contains("score") ? options["score"] : "score";
    if (score_.is_array()) score_ = score_.front();
  }

  Result<void> adjust(Json& options) {
    if (models_.size() > 1 && !options.contains("score")) {
      return Error{Code::kInvalidArgument,
                   project_.path +
                       ": several models are scored, so [adjust] must say which: score "
                       "= \"score_" +
                       std::filesystem::path(models_[0].get<std::string>()).filename().string() +
                       '"'};
    }
    if (const Operation* stage = find("adjust fit")) read_what_was_made(*stage, options);
    if (!score_.is_null()) set_if_absent(options, "score", score_);
    set_if_absent(options, "out", under(folder_, "policy"));
    policy_ = options["out"].get<std::string>();
    if (options.contains("equalise")) {
      constexpr int kFolds = 4;  // of `adjust fit`, where nothing is said
      kept_folds_ = options.contains("folds") ? options["folds"] : Json(kFolds);
      kept_seed_ = options.contains("seed") ? options["seed"] : Json(0);
    }
    return {};
  }

  void apply(Json& options) {
    if (const Operation* stage = find("adjust apply")) read_what_was_made(*stage, options);
    if (!policy_.empty()) set_if_absent(options, "policy", policy_);
    if (!kept_folds_.is_null() && !options.contains("held_out")) {
      // What is judged further on has made no threshold.
      options["held_out"] = kept_folds_;
      options["seed"] = kept_seed_;
    }
    set_if_absent(options, "out", under(folder_, "decided.parquet"));
    table_ = options["out"].get<std::string>();
    decision_ = options.contains("decision") ? options["decision"] : Json("decision");
  }

  Result<void> evaluate(const Operation& stage, Json& options) {
    read_what_was_made(stage, options);
    if (!options.contains("decision")) {
      if (!options.contains("score") && !decision_.is_null()) {
        options["decision"] = {{"column", decision_}, {"favourable", "1"}};
      } else if (!score_.is_null()) {
        set_if_absent(options, "score", score_);
      }
    }
    // Scores need no policy: they are judged on all rows.
    if (options.contains("score") && !options.contains("decision") && !scored_.empty()) {
      options["files"] = Json::array({scored_});
    }
    if (asked_.out) options["out"] = *asked_.out;
    set_if_absent(options, "out", folder_);
    if (asked_.gate) options["gate"] = true;
    return spare_inputs(options["out"].get<std::string>(), {project_.path});
  }

  /// A table that a stage made is the table of those after it; how the first files are written no
  /// longer matters, and a joined table is still to be joined. Text was kept as it stood, decimal
  /// comma and all; in a CSV file it stands beside numbers that have a point.
  void read_what_was_made(const Operation& stage, Json& options) const {
    if (table_.empty()) return;
    const bool is_typed = table_.ends_with(".parquet");
    for (const Field& each : stage.fields) {
      const bool of_files = each.says.key.starts_with("data.") && each.name != "join" &&
                            each.name != "on" && !(is_typed && each.name == "decimal");
      if (of_files) options.erase(each.name);
    }
    options["files"] = Json::array({table_});
  }

  const Project& project_;
  const Run& asked_;
  const std::string folder_;
  Json models_ = Json::array();  // folders
  Json score_;                   // column of the one model's score
  std::string table_, policy_, scored_;
  Json kept_folds_, kept_seed_;  // of the policy's fit
  Json decision_;                // column of table_ that holds a policy's decisions
};

Error no_stage(const Project& project) {
  return {Code::kInvalidArgument, project.path +
                                      " names no stage; add a section [evaluate] (or "
                                      "[train]): `evenhand schema` says what may stand "
                                      "in it"};
}

using Stages = std::vector<std::pair<const Operation*, Json>>;

Result<Stages> stages_of(const Project& project, Plan& plan) {
  Stages out;
  for (const auto& each : kStages) {
    const Operation* stage = find(each.name);
    EVENHAND_CHECK(stage != nullptr);
    const bool follows = each.follows != nullptr && project.tree.contains(each.follows);
    if (!names_stage(project, *stage) && !follows) continue;
    EVENHAND_ASSIGN(Json options, plan.next(*stage));
    out.emplace_back(stage, std::move(options));
  }
  if (out.empty()) return no_stage(project);
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

/// The records that a stage left: of several models one each.
void collect_records(const Json& told, std::vector<std::string>& out) {
  if (told.contains("record") && told["record"].is_string()) {
    out.push_back(told["record"].get<std::string>());
  }
  if (!told.contains("models")) return;
  for (const Json& model : told["models"]) collect_records(model, out);
}

/// Where several stages left records, one report has a chapter for each, in the order of the work.
Result<void> write_chapters(const std::vector<std::string>& paths, const std::string& folder,
                            Outcome& out) {
  if (paths.size() < 2) return {};
  std::vector<record::Record> chapters;
  for (const std::string& path : paths) {
    EVENHAND_ASSIGN(record::Record chapter, read_record(path));
    chapters.push_back(std::move(chapter));
  }
  EVENHAND_ASSIGN(const Written written, write_report(folder, chapters));
  out.text += "\nreport of all stages: " + written.html + '\n';
  out.json["report"] = written.html;
  out.json["markdown"] = written.markdown;
  return {};
}

Result<Outcome> run_project(const Run& asked, const Call& call) {
  EVENHAND_ASSIGN(const Project project, read_project(asked.project));
  Plan plan(project, asked);
  EVENHAND_ASSIGN(const Stages stages, stages_of(project, plan));
  Outcome out;
  out.json = {{"project", asked.project}, {"stages", Json::array()}};
  Json scored_by = Json::object();
  std::vector<std::string> records;
  std::string folder = plan.folder();
  const bool evaluated = std::any_of(stages.begin(), stages.end(), [](const auto& each) {
    return each.first->section == "evaluate";
  });
  for (const auto& [stage, planned_options] : stages) {
    Json options = planned_options;
    if (find(*stage, "scored_by") != nullptr && options.contains("score")) {
      const std::string score = options["score"].get<std::string>();
      if (scored_by.contains(score)) options["scored_by"] = scored_by[score];
    }
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
    collect_records(told, records);
    if (stage->section == "evaluate") folder = options["out"].get<std::string>();
    out.json["stages"].push_back(std::move(told));
    // The evaluation judges what is decided; a comparison beside it says how other ways would fare.
    if (stage->section == "compare" && evaluated) continue;
    // Where several stages have something to say, what is broken outweighs what cannot be told.
    const bool worse = out.status == kMet || done->status == kBroken;
    if (worse) out.status = done->status == kMet ? out.status : done->status;
  }
  EVENHAND_TRY(write_chapters(records, folder, out));
  out.json["exit_status"] = out.status;
  return out;
}

Operation run() {
  using T = Run;
  return operation<T>(
      {.name = "run",
       .says = "Do the stages that a project file names: audit, train, adjust, evaluate, compare, "
               "frontier",
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
