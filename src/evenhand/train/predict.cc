#include "evenhand/train/predict.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numeric>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "evenhand/base/digest.h"
#include "evenhand/base/parallel.h"
#include "evenhand/model/artefact.h"
#include "evenhand/model/policy.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/gather.h"
#include "evenhand/table/rewrite.h"
#include "evenhand/table/split.h"
#include "evenhand/table/write.h"

namespace evenhand::train {

namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

bool is_in(const std::string& name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// --- Are these the rows of the fit? -----------------------------------------------------------

Result<std::string> digest_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 digest;
  std::array<char, 1 << 16> piece;
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
    digest.update({piece.data(), static_cast<std::size_t>(file.gcount())});
  }
  if (!file.eof()) return Error{Code::kIo, "could not read " + path};
  return digest.hex();
}

// The digests of the files, each computed when it is first asked for: several models ask the same.
class Digests {
 public:
  explicit Digests(const Names& files) : files_(files), known_(files.size()) {}
  Result<std::string> of(std::size_t file) {
    if (!known_[file]) {
      EVENHAND_ASSIGN(known_[file], digest_of(files_[file]));
    }
    return *known_[file];
  }

 private:
  const Names& files_;
  std::vector<std::optional<std::string>> known_;
};

// Sizes are compared first, so that a new table of many gigabytes is not digested for nothing.
Result<bool> are_files_of_fit(const model::Artefact& artefact, const Names& files,
                              Digests& digests) {
  if (files.size() != artefact.files.size()) return false;
  for (std::size_t f = 0; f < files.size(); ++f) {
    std::error_code failed;
    const std::uintmax_t bytes = fs::file_size(files[f], failed);
    if (failed || bytes != artefact.files[f].bytes) return false;
  }
  for (std::size_t f = 0; f < files.size(); ++f) {
    EVENHAND_ASSIGN(const std::string sha256, digests.of(f));
    if (sha256 != artefact.files[f].sha256) return false;
  }
  return true;
}

// A model at work: its fits, and where its cluster stands in what is read.
struct Judge {
  model::Artefact artefact;
  bool held_out = false, by_values = false;
  table::Seen seen;
  std::optional<std::size_t> cluster;
};

// Reads the features once more, before any row is scored: the first row's score depends on the
// last.
Result<void> know_by_values(const PredictOptions& options, const Names& files,
                            const OnProgress& progress, Judge& judge) {
  if (!judge.artefact.known_rows) return {};  // of an older program
  std::vector<table::Wanted> wanted = model::wanted(judge.artefact);
  std::vector<std::size_t> places(wanted.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  EVENHAND_ASSIGN(const auto reader, table::open(files.front(), options.read));
  std::optional<std::size_t> cluster;
  if (judge.artefact.cluster && is_in(*judge.artefact.cluster, reader->columns())) {
    cluster = table::place_in(wanted, *judge.artefact.cluster);
  }
  const std::string key = model::row_key(judge.artefact);
  table::RowKeeper keeper;
  table::InOrder in_order([&](table::Batch&& batch) -> Result<void> {
    keeper.add(batch, places, cluster);
    table::look_up(*judge.artefact.known_rows, key, table::row_marks(batch, places), judge.seen);
    return {};
  });
  const table::OnBatch on_batch = [&](unsigned, std::uint64_t ordinal, table::Batch&& batch) {
    return in_order.take(ordinal, std::move(batch));
  };
  EVENHAND_TRY(table::scan(files, options.read, wanted, threads_wanted(options.threads), on_batch,
                           table::as_keep_going(progress, "comparing with the rows of the fit")));
  judge.by_values = judge.held_out = keeper.take(key).digest == judge.artefact.known_rows->digest;
  return {};
}

Result<void> settle(const PredictOptions& options, const Names& files, Digests& digests,
                    const OnProgress& progress, Judge& judge) {
  if (judge.artefact.folds.empty() || options.as_new) return {};
  if (is_in("-", files)) {
    return Error{
        Code::kInvalidArgument,
        "standard input cannot be compared with the rows of the fit before it is read; give "
        "a file, or take every row as new (as_new)"};
  }
  EVENHAND_ASSIGN(judge.held_out, are_files_of_fit(judge.artefact, files, digests));
  return judge.held_out ? Result<void>{} : know_by_values(options, files, progress, judge);
}

Result<std::vector<Judge>> judges_of(const PredictOptions& options, const Names& files,
                                     const OnProgress& progress) {
  std::vector<Judge> out;
  Digests digests(files);
  for (const std::string& folder : options.models) {
    Judge judge;
    EVENHAND_ASSIGN(judge.artefact, model::load(folder));
    EVENHAND_TRY(settle(options, files, digests, progress, judge));
    out.push_back(std::move(judge));
  }
  return out;
}

// --- Which columns are read and written -------------------------------------------------------

// What is read: the features as the models want them, then what is kept or tells the clusters.
struct Plan {
  std::vector<table::Wanted> read;
  std::vector<table::Wanted> written;  // the kept columns, then the scores
  std::vector<std::size_t> kept;       // where the written ones stand in `read`
};

Result<void> want_features(const PredictOptions& options, const std::vector<Judge>& judges,
                           std::vector<table::Wanted>& read) {
  for (std::size_t m = 0; m < judges.size(); ++m) {
    for (table::Wanted& each : model::wanted(judges[m].artefact)) {
      const auto at = std::find_if(read.begin(), read.end(), [&](const table::Wanted& other) {
        return other.name == each.name;
      });
      if (at == read.end()) {
        read.push_back(std::move(each));
      } else if (at->as != each.as) {
        return Error{Code::kInvalidArgument,
                     "the models read the column \"" + each.name +
                         "\" in two ways, as numbers and as text; score with " + options.models[m] +
                         " by itself"};
      }
    }
  }
  return {};
}

Result<Plan> plan_of(const PredictOptions& options, const Names& keep, std::vector<Judge>& judges) {
  Plan out;
  EVENHAND_TRY(want_features(options, judges, out.read));
  for (const std::string& name : keep) {
    out.kept.push_back(table::place_in(out.read, name));
    out.written.push_back(out.read[out.kept.back()]);
  }
  for (const Names& added : {options.scores, options.decisions}) {
    for (const std::string& name : added) out.written.push_back({name, table::As::kNumber});
  }
  for (Judge& judge : judges) {
    if (judge.held_out && judge.artefact.cluster) {
      judge.cluster = table::place_in(out.read, *judge.artefact.cluster);
    }
  }
  return out;
}

// --- Scores -----------------------------------------------------------------------------------

// Scores batches, which come in the order of the file.
class Scorer {
 public:
  Scorer(const std::vector<Judge>& judges, Plan plan, bool decides, table::TableWriter& writer)
      : judges_(judges), plan_(std::move(plan)), decides_(decides), writer_(writer) {}

  std::uint64_t rows() const { return rows_; }

  Result<void> score(table::Batch&& batch) {
    std::vector<table::Column> scores;
    for (const Judge& judge : judges_) scores.push_back(scores_of(judge, batch));
    for (std::size_t m = 0; decides_ && m < judges_.size(); ++m) {
      scores.push_back(decisions_of(judges_[m], scores[m]));
    }
    rows_ += batch.rows;
    table::Batch out;
    out.rows = batch.rows;
    for (const std::size_t c : plan_.kept) out.columns.push_back(std::move(batch.columns[c]));
    for (table::Column& each : scores) out.columns.push_back(std::move(each));
    return writer_.write(out);
  }

 private:
  table::Column scores_of(const Judge& judge, const table::Batch& batch) const {
    const std::size_t fits = judge.held_out ? judge.artefact.folds.size() : 1;
    std::vector<std::vector<std::uint32_t>> rows_of(fits);
    for (std::size_t i = 0; i < batch.rows; ++i) {
      rows_of[judge.held_out ? fold(judge, batch, i) : 0].push_back(static_cast<std::uint32_t>(i));
    }
    table::Column out{table::As::kNumber, {}, {}, std::vector<double>(batch.rows)};
    for (std::size_t f = 0; f < fits; ++f) {
      const model::Fit& fit = judge.held_out ? judge.artefact.folds[f] : judge.artefact.all;
      score_rows(fit, batch, rows_of[f], out.numbers);
    }
    return out;
  }

  table::Column decisions_of(const Judge& judge, const table::Column& scores) const {
    const bool by_lot = judge.artefact.all.model->kind() == "mixture";
    const std::string key = std::to_string(judge.artefact.seed);
    table::Column out{table::As::kNumber, {}, {}, {}};
    for (std::size_t i = 0; i < scores.numbers.size(); ++i) {
      const double chance = scores.numbers[i];
      const bool favourable =
          by_lot ? model::lot(key, std::to_string(rows_ + i)) < chance : chance >= 0.5;
      out.numbers.push_back(std::isnan(chance) ? chance : favourable ? 1 : 0);
    }
    return out;
  }

  std::uint32_t fold(const Judge& judge, const table::Batch& batch, std::size_t row) const {
    const auto folds = static_cast<std::uint32_t>(judge.artefact.folds.size());
    const std::uint64_t seed = judge.artefact.seed;
    if (judge.cluster) {
      const table::Column& column = batch.columns[*judge.cluster];
      const std::uint32_t code = column.codes[row];
      if (code != 0) return table::fold_of_cluster(column.values[code - 1], seed, folds);
    }
    return table::fold_of_row(rows_ + row, seed, folds);
  }

  void score_rows(const model::Fit& fit, const table::Batch& batch,
                  const std::vector<std::uint32_t>& rows, std::vector<double>& scores) const {
    const model::Design design = model::encode(fit.encoding, {plan_.read, batch, rows});
    std::vector<double> part(rows.size());
    fit.model->score(design, part);
    for (std::size_t i = 0; i < rows.size(); ++i) scores[rows[i]] = part[i];
  }

  const std::vector<Judge>& judges_;
  const Plan plan_;
  const bool decides_;
  table::TableWriter& writer_;
  std::uint64_t rows_ = 0;
};

Error other_rows(std::uint64_t found, std::uint64_t expected) {
  return {Code::kBadInput, "these are the files of the fit, but they gave " +
                               table::with_thousands(found) + " rows and " +
                               table::with_thousands(expected) +
                               " then; read them with the same options, or take every row as new "
                               "(as_new)"};
}

std::uint64_t rows_of_fit(const model::Artefact& artefact) {
  return std::accumulate(
      artefact.files.begin(), artefact.files.end(), std::uint64_t{0},
      [](std::uint64_t sum, const model::FittedFile& file) { return sum + file.rows; });
}

Scored told(const Judge& judge, const std::string& folder, const std::string& score) {
  Scored out;
  out.folder = folder;
  out.score = score;
  out.kind = judge.artefact.all.model->kind();
  out.label = judge.artefact.label;
  out.favourable = judge.artefact.favourable;
  for (const model::Feature& each : judge.artefact.all.encoding.features) {
    out.features.push_back(each.column);
  }
  out.folds = judge.artefact.folds.size();
  out.held_out = judge.held_out;
  out.by_values = judge.by_values;
  if (!judge.held_out) out.seen = judge.seen.share();
  out.training = judge.artefact.training;
  out.fitted_to = judge.artefact.files;
  return out;
}

Result<void> check(const PredictOptions& options) {
  if (options.out.empty()) return Error{Code::kInvalidArgument, "predict needs a file to write to"};
  if (options.models.empty()) return Error{Code::kInvalidArgument, "predict needs a model"};
  if (options.scores.size() != options.models.size()) {
    return Error{Code::kInvalidArgument,
                 std::to_string(options.models.size()) + " models were named and " +
                     std::to_string(options.scores.size()) +
                     " columns for their scores; name one column for each model, in their order"};
  }
  if (!options.decisions.empty() && options.decisions.size() != options.models.size()) {
    return Error{Code::kInvalidArgument, "name one column of decisions for each model, or none"};
  }
  Names added = options.scores;
  added.insert(added.end(), options.decisions.begin(), options.decisions.end());
  for (std::size_t c = 0; c < added.size(); ++c) {
    const auto end = added.begin() + static_cast<std::ptrdiff_t>(c);
    if (std::find(added.begin(), end, added[c]) != end) {
      return Error{Code::kInvalidArgument, "two new columns are to be called \"" + added[c] + '"'};
    }
  }
  return {};
}

}  // namespace

Result<Predicted> predict(const PredictOptions& options, const OnProgress& progress) {
  EVENHAND_TRY(check(options));
  EVENHAND_ASSIGN(const Names files, table::expand_all(options.files));
  EVENHAND_TRY(table::spare_what_is_read(options.out, files));
  EVENHAND_ASSIGN(std::vector<Judge> judges, judges_of(options, files, progress));
  Names added = options.scores;
  added.insert(added.end(), options.decisions.begin(), options.decisions.end());
  EVENHAND_ASSIGN(const Names keep, table::kept_columns(options.keep, files, options.read, added));
  EVENHAND_ASSIGN(const Plan plan, plan_of(options, keep, judges));
  EVENHAND_ASSIGN(const auto writer, table::create(options.out, plan.written));

  Scorer scorer(judges, plan, !options.decisions.empty(), *writer);
  table::InOrder in_order([&](table::Batch&& batch) { return scorer.score(std::move(batch)); });
  const table::OnBatch on_batch = [&](unsigned, std::uint64_t ordinal, table::Batch&& batch) {
    return in_order.take(ordinal, std::move(batch));
  };
  EVENHAND_ASSIGN(
      const auto facts,
      table::scan(files, options.read, plan.read, threads_wanted(options.threads), on_batch,
                  table::as_keep_going(progress, "scoring " + table::spoken(files[0]))));
  for (const Judge& judge : judges) {
    if (judge.held_out && scorer.rows() != rows_of_fit(judge.artefact)) {
      return other_rows(scorer.rows(), rows_of_fit(judge.artefact));
    }
  }
  EVENHAND_TRY(writer->finish());

  Predicted out;
  out.out = options.out;
  out.rows = scorer.rows();
  for (const table::InputFacts& one : facts) out.rows_skipped += one.rows_skipped;
  for (const table::Wanted& column : plan.written) out.columns.push_back(column.name);
  for (std::size_t m = 0; m < judges.size(); ++m) {
    out.models.push_back(told(judges[m], options.models[m], options.scores[m]));
  }
  return out;
}

}  // namespace evenhand::train
