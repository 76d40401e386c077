// `evenhand train predict`: section [predict] of the project file.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "evenhand/api/operation.h"
#include "evenhand/api/table_options.h"
#include "evenhand/base/digest.h"
#include "evenhand/model/model.h"
#include "evenhand/train/predict.h"

namespace evenhand::api {

namespace {

struct TrainPredict : TableOptions {
  std::vector<std::string> model = {"evenhand-out/model"};
  std::vector<std::string> keep;
  std::vector<std::string> score;
  bool decide = false;
  bool as_new = false;
  unsigned threads = 0;
  std::string out = "evenhand-out/scored.parquet";
};

std::vector<FieldOf<TrainPredict>> fields() {
  using T = TrainPredict;
  std::vector<FieldOf<T>> out = lone_table_fields<T>();
  out.push_back(field<T>("model", &T::model,
                         {.help = "a model's folder, from `evenhand train fit`",
                          .value = "DIR",
                          .example = "model",
                          .is_path = true}));
  out.push_back(keep_field<T>(&T::keep));
  out.push_back(field<T>("score", &T::score,
                         {.help = "name of the new column; one for each model, in their order",
                          .value = "COLUMN",
                          .unit = "its values are probabilities in [0, 1]",
                          .example = "p",
                          .fallback = "score; of several models score_ and the folder's name"}));
  out.push_back(field<T>("decide", &T::decide,
                         {.help = "also write what each model decides, 1 or 0, in a column "
                                  "decision (of several models decision_ and the folder's name): "
                                  "1 from a score of 0.5 on; a mixture decides by lot"}));
  out.push_back(
      field<T>("as_new", &T::as_new,
               {.help = "score every row by the fit of all rows, also those it has seen"}));
  out.push_back(
      threads_field<T>(&T::threads, "how many threads work; 0: as many as the machine has"));
  out.push_back(table_out_field<T>(&T::out, "scored.csv"));
  return out;
}

/// "" where it cannot be read: the model was read a moment ago.
std::string digest_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return file ? sha256_hex(bytes) : "";
}

Json scored_by(const train::Scored& scored) {
  Json out;
  const std::string method = scored.training.value("method", "plain");
  out["model"] = std::string(model::find_backend(scored.kind)->says) +
                 (method == "plain" ? "" : ", fitted by the method \"" + method + "\",");
  out["path"] = scored.folder;
  for (const char* name : {"model.json", "weights.safetensors"}) {
    out["sha256"][name] = digest_of((std::filesystem::path(scored.folder) / name).string());
  }
  out["label"] = scored.label;
  out["favourable"] = scored.favourable;
  out["features"] = scored.features;
  out["training"] = scored.training;
  out["folds"] = scored.folds;
  out["held_out"] = scored.held_out;
  out["known_by_values"] = scored.by_values;
  out["seen_in_fit"] = scored.seen ? Json(*scored.seen) : Json();
  out["fitted_to"] = Json::array();
  for (const model::FittedFile& file : scored.fitted_to) {
    out["fitted_to"].push_back(
        {{"path", file.path}, {"rows", file.rows}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return out;
}

Json as_json(const train::Predicted& predicted) {
  Json out;
  out["out"] = predicted.out;
  out["rows"] = predicted.rows;
  out["rows_skipped"] = predicted.rows_skipped;
  out["columns"] = predicted.columns;
  out["scored_by"] = Json::object();
  for (const train::Scored& each : predicted.models) {
    out["scored_by"][each.score] = scored_by(each);
  }
  return out;
}

/// "model/fair/" -> "score_fair"; of one model "score".
std::vector<std::string> column_names_of(const std::string& what,
                                         const std::vector<std::string>& models) {
  if (models.size() == 1) return {what};
  std::vector<std::string> out;
  for (const std::string& folder : models) {
    std::filesystem::path path(folder);
    if (!path.has_filename()) path = path.parent_path();
    out.push_back(what + '_' + path.filename().string());
  }
  return out;
}

/// Which fit scored the rows, and what speaks against taking the scores as held out.
std::string told(const train::Scored& scored) {
  if (scored.held_out) {
    return std::string(", each by a fit that has not seen it") +
           (scored.by_values ? " (the rows of the fit in other bytes, known by their values)" : "");
  }
  constexpr double kSome = 0.05;
  if (!scored.seen || *scored.seen < kSome) return "";
  return ", as new ones; but some " + std::to_string(std::lround(*scored.seen * 100)) +
         " % of them have the features of rows of the fit, and where they are the same people "
         "their scores are not held out: give all rows of the fit in their order, or say that all "
         "are new (--as-new)";
}

/// Whoever cuts the score of a mixture at one half decides otherwise than the mixture does.
std::vector<std::string> notes_of(const train::Predicted& predicted, const TrainPredict& asked) {
  std::vector<std::string> out;
  const std::vector<std::string> decisions = column_names_of("decision", asked.model);
  for (std::size_t m = 0; m < predicted.models.size() && !asked.decide; ++m) {
    const train::Scored& each = predicted.models[m];
    if (each.kind != "mixture") continue;
    out.push_back(
        each.folder + " is a mixture that decides by lot: \"" + each.score +
        "\" is the chance of a favourable decision, and cut at 0.5 it is not what the "
        "mixture decides. --decide writes its decisions, in a column to judge and compare "
        "(--decision " +
        decisions[m] + "=1)");
  }
  return out;
}

Result<Outcome> run(const TrainPredict& asked, const Call& call) {
  train::PredictOptions options;
  options.files = asked.files;
  EVENHAND_ASSIGN(options.read, read_options(asked));
  options.models = asked.model;
  options.keep = asked.keep;
  options.scores = asked.score.empty() ? column_names_of("score", asked.model) : asked.score;
  if (asked.decide) options.decisions = column_names_of("decision", asked.model);
  options.as_new = asked.as_new;
  options.threads = asked.threads;
  options.out = asked.out;
  EVENHAND_ASSIGN(const train::Predicted predicted, train::predict(options, call.progress));
  std::string text = "scored " + std::to_string(predicted.rows) + " rows";
  for (const train::Scored& each : predicted.models) {
    text +=
        (predicted.models.size() > 1 ? "\n  " + each.score + ": " + each.folder : "") + told(each);
  }
  const std::vector<std::string> notes = notes_of(predicted, asked);
  for (const std::string& note : notes) text += '\n' + note;
  Json json = as_json(predicted);
  json["notes"] = notes;
  return Outcome{kMet, text + "\ntable: " + predicted.out + '\n', std::move(json)};
}

}  // namespace

Operation train_predict() {
  return operation<TrainPredict>(
      {.name = "train predict",
       .says = "Score a table with fitted models; rows of a fit by the fold that has not seen them",
       .section = "predict",
       .examples = {"evenhand train predict people.csv --model model --out scored.csv"},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
