// A fitted model as a folder that outlives the program: model.json (what it is of, how rows become
// columns, where it came from) and weights.safetensors (what was learnt). docs/formats/model.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/model/encoding.h"
#include "evenhand/model/model.h"
#include "evenhand/table/known_rows.h"

namespace evenhand::model {

/// One fit: which columns it sees, and what it learnt of them.
struct Fit {
  Encoding encoding;
  std::unique_ptr<Model> model;
  std::uint64_t rows = 0;  // it was fitted to
};

/// A file of the fit, so that its rows are known again.
struct FittedFile {
  std::string path;  // as the user named it
  std::uint64_t bytes = 0, rows = 0;
  std::string sha256;
};

struct Artefact {
  std::string label, favourable;
  std::optional<std::string> weight, cluster;
  Json training = Json::object();  // what the learner and the method were told, and how it went
  std::uint64_t seed = 0;
  std::vector<FittedFile> files;
  /// All rows by the values of the features of `all` (the cluster's go with the digest); absent
  /// where nothing is cross-fitted, and in folders of older programs.
  std::optional<table::KnownRows> known_rows;
  Fit all;                 // of all rows
  std::vector<Fit> folds;  // fit k has not seen fold k; empty: not cross-fitted
};

/// Write the folder (made where it is not there); each file appears whole or not at all.
/// @error kIo.
Result<void> save(const Artefact& artefact, const std::string& folder);

/// Read a folder that `save` wrote, or somebody else.
/// @error kNotFound if there is no such folder or no model.json in it; kBadInput naming what is not
///        as the format says; kIo.
Result<Artefact> load(const std::string& folder);

/// The same from the bytes of the two files, which anybody may have made. @error kBadInput.
Result<Artefact> unpack(std::string_view document, std::string_view weights);

/// The key of the sample in known_rows: the digests of `files`, a line each.
std::string row_key(const Artefact& artefact);

/// How columns are to be read for the fit of all rows; those of the folds are among them.
std::vector<table::Wanted> wanted(const Artefact& artefact);

}  // namespace evenhand::model
