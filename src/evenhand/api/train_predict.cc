// `evenhand train predict`: section [predict] of the project file.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "evenhand/api/operation.h"
#include "evenhand/api/table_options.h"
#include "evenhand/base/digest.h"
#include "evenhand/train/predict.h"

namespace evenhand::api {

namespace {

struct TrainPredict : TableOptions {
  std::string model = "evenhand-out/model";
  std::vector<std::string> keep;
  std::string score = "score";
  bool as_new = false;
  unsigned threads = 0;
  std::string out = "evenhand-out/scored.parquet";
};

std::vector<FieldOf<TrainPredict>> fields() {
  using T = TrainPredict;
  std::vector<FieldOf<T>> out;
  for (FieldOf<T>& each : table_fields<T>()) {
    if (each.field.name != "join" && each.field.name != "on") out.push_back(std::move(each));
  }
  out.push_back(field<T>("model", &T::model,
                         {.help = "the model's folder, from `evenhand train fit`",
                          .value = "DIR",
                          .example = "model",
                          .is_path = true}));
  out.push_back(field<T>("keep", &T::keep,
                         {.help = "a column of the table to carry along",
                          .value = "COLUMN",
                          .example = "sex",
                          .fallback = "all"}));
  out.push_back(field<T>("score", &T::score,
                         {.help = "name of the new column",
                          .value = "COLUMN",
                          .unit = "its values are probabilities in [0, 1]",
                          .example = "p"}));
  out.push_back(
      field<T>("as_new", &T::as_new,
               {.help = "score every row by the fit of all rows, also those it has seen"}));
  out.push_back(field<T>("threads", &T::threads,
                         {.help = "how many threads work; 0: as many as the machine has",
                          .value = "NUMBER",
                          .unit = "threads",
                          .example = "2",
                          .range = between(0, 1024)}));
  out.push_back(field<T>("out", &T::out,
                         {.help = "the table to write: .parquet or .csv",
                          .value = "FILE",
                          .example = "scored.csv",
                          .is_path = true}));
  return out;
}

/// "" where it cannot be read: the model was read a moment ago.
std::string digest_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return file ? sha256_hex(bytes) : "";
}

Json as_json(const train::Predicted& predicted, const std::string& model_folder) {
  Json out;
  out["out"] = predicted.out;
  out["rows"] = predicted.rows;
  out["rows_skipped"] = predicted.rows_skipped;
  out["held_out"] = predicted.held_out;
  out["label"] = predicted.label;
  out["favourable"] = predicted.favourable;
  out["columns"] = predicted.columns;
  Json& model = out["scored_by"];
  model["model"] = "logistic regression";
  model["path"] = model_folder;
  for (const char* name : {"model.json", "weights.safetensors"}) {
    model["sha256"][name] = digest_of((std::filesystem::path(model_folder) / name).string());
  }
  model["label"] = predicted.label;
  model["favourable"] = predicted.favourable;
  model["features"] = predicted.features;
  model["folds"] = predicted.folds;
  model["held_out"] = predicted.held_out;
  model["fitted_to"] = Json::array();
  for (const model::FittedFile& file : predicted.fitted_to) {
    model["fitted_to"].push_back(
        {{"path", file.path}, {"rows", file.rows}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return out;
}

Result<Outcome> run(const TrainPredict& asked, const Call& call) {
  train::PredictOptions options;
  options.files = asked.files;
  EVENHAND_ASSIGN(options.read, read_options(asked));
  options.model = asked.model;
  options.keep = asked.keep;
  options.score = asked.score;
  options.as_new = asked.as_new;
  options.threads = asked.threads;
  options.out = asked.out;
  EVENHAND_ASSIGN(const train::Predicted predicted, train::predict(options, call.progress));
  const std::string how = predicted.held_out ? ", each by a fit that has not seen it" : "";
  return Outcome{kMet,
                 "scored " + std::to_string(predicted.rows) + " rows" + how +
                     "\ntable: " + predicted.out + '\n',
                 as_json(predicted, asked.model)};
}

}  // namespace

Operation train_predict() {
  return operation<TrainPredict>(
      {.name = "train predict",
       .says =
           "Score a table with a fitted model; rows of the fit by the fold that has not seen them",
       .section = "predict",
       .examples = {"evenhand train predict people.csv --model model --out scored.csv"},
       .fields = {},
       .run = {}},
      fields(), run);
}

}  // namespace evenhand::api
