#include "evenhand/train/predict.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "evenhand/base/digest.h"
#include "evenhand/base/parallel.h"
#include "evenhand/model/artefact.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/gather.h"
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

// Sizes are compared first, so that a new table of many gigabytes is not digested for nothing.
Result<bool> are_files_of_fit(const model::Artefact& artefact, const Names& files) {
  if (files.size() != artefact.files.size()) return false;
  for (std::size_t f = 0; f < files.size(); ++f) {
    std::error_code failed;
    const std::uintmax_t bytes = fs::file_size(files[f], failed);
    if (failed || bytes != artefact.files[f].bytes) return false;
  }
  for (std::size_t f = 0; f < files.size(); ++f) {
    EVENHAND_ASSIGN(const std::string sha256, digest_of(files[f]));
    if (sha256 != artefact.files[f].sha256) return false;
  }
  return true;
}

Result<bool> is_held_out(const PredictOptions& options, const model::Artefact& artefact,
                         const Names& files) {
  if (artefact.folds.empty() || options.as_new) return false;
  if (is_in("-", files)) {
    return Error{
        Code::kInvalidArgument,
        "standard input cannot be compared with the rows of the fit before it is read; give "
        "a file, or take every row as new (as_new)"};
  }
  return are_files_of_fit(artefact, files);
}

// --- Which columns are read and written -------------------------------------------------------

Error score_is_taken(const std::string& score) {
  return {Code::kInvalidArgument,
          "the table has a column \"" + score +
              "\" already; give the score another name, or keep fewer columns"};
}

Result<Names> kept_columns(const PredictOptions& options, const Names& files) {
  Names out = options.keep;
  if (out.empty()) {
    if (is_in("-", files)) {
      return Error{
          Code::kInvalidArgument,
          "standard input can be read only once; name the columns to keep, or give a file"};
    }
    EVENHAND_ASSIGN(const auto reader, table::open(files.front(), options.read));
    out = reader->columns();
  }
  if (is_in(options.score, out)) return score_is_taken(options.score);
  for (std::size_t c = 0; c < out.size(); ++c) {
    if (std::find(out.begin() + static_cast<std::ptrdiff_t>(c) + 1, out.end(), out[c]) !=
        out.end()) {
      return Error{Code::kInvalidArgument, "the column \"" + out[c] + "\" is to be kept twice"};
    }
  }
  return out;
}

// What is read: the features as the model wants them, then what is kept or tells the cluster.
struct Plan {
  std::vector<table::Wanted> read;
  std::vector<table::Wanted> written;  // the kept columns, then the score
  std::vector<std::size_t> kept;       // where the written ones stand in `read`
  std::optional<std::size_t> cluster;
};

std::size_t place_in(std::vector<table::Wanted>& read, const std::string& name) {
  for (std::size_t c = 0; c < read.size(); ++c) {
    if (read[c].name == name) return c;
  }
  read.push_back({name, table::As::kText});
  return read.size() - 1;
}

Plan plan_of(const PredictOptions& options, const model::Artefact& artefact, const Names& keep,
             bool held_out) {
  Plan out;
  out.read = model::wanted(artefact);
  for (const std::string& name : keep) {
    out.kept.push_back(place_in(out.read, name));
    out.written.push_back(out.read[out.kept.back()]);
  }
  out.written.push_back({options.score, table::As::kNumber});
  if (held_out && artefact.cluster) out.cluster = place_in(out.read, *artefact.cluster);
  return out;
}

// The input must not be overwritten while it is read.
Result<void> check_target(const PredictOptions& options, const Names& files) {
  if (options.out.empty()) return Error{Code::kInvalidArgument, "predict needs a file to write to"};
  for (const std::string& file : files) {
    std::error_code failed;
    if (fs::equivalent(file, options.out, failed)) {
      return Error{Code::kInvalidArgument,
                   options.out + " is a file that is read; write to another"};
    }
  }
  return {};
}

// --- Scores -----------------------------------------------------------------------------------

// Scores batches in the order of the file, whichever order they come in.
class Scorer {
 public:
  Scorer(const model::Artefact& artefact, Plan plan, bool held_out, table::TableWriter& writer)
      : artefact_(artefact), plan_(std::move(plan)), held_out_(held_out), writer_(writer) {}

  Result<void> take(std::uint64_t ordinal, table::Batch&& batch) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(ordinal, std::move(batch));
    while (!waiting_.empty() && waiting_.begin()->first == next_) {
      table::Batch due = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      ++next_;
      EVENHAND_TRY(score(std::move(due)));
    }
    return {};
  }

  std::uint64_t rows() const { return rows_; }

 private:
  Result<void> score(table::Batch&& batch) {
    const std::size_t fits = held_out_ ? artefact_.folds.size() : 1;
    std::vector<std::vector<std::uint32_t>> rows_of(fits);
    for (std::size_t i = 0; i < batch.rows; ++i) {
      rows_of[held_out_ ? fold(batch, i) : 0].push_back(static_cast<std::uint32_t>(i));
    }
    table::Column score{table::As::kNumber, {}, {}, std::vector<double>(batch.rows)};
    for (std::size_t f = 0; f < fits; ++f) {
      const model::Fit& fit = held_out_ ? artefact_.folds[f] : artefact_.all;
      score_rows(fit, batch, rows_of[f], score.numbers);
    }
    rows_ += batch.rows;
    table::Batch out;
    out.rows = batch.rows;
    for (const std::size_t c : plan_.kept) out.columns.push_back(std::move(batch.columns[c]));
    out.columns.push_back(std::move(score));
    return writer_.write(out);
  }

  std::uint32_t fold(const table::Batch& batch, std::size_t row) const {
    const auto folds = static_cast<std::uint32_t>(artefact_.folds.size());
    if (plan_.cluster) {
      const table::Column& column = batch.columns[*plan_.cluster];
      const std::uint32_t code = column.codes[row];
      if (code != 0) return table::fold_of_cluster(column.values[code - 1], artefact_.seed, folds);
    }
    return table::fold_of_row(rows_ + row, artefact_.seed, folds);
  }

  void score_rows(const model::Fit& fit, const table::Batch& batch,
                  const std::vector<std::uint32_t>& rows, std::vector<double>& scores) const {
    const model::Design design = model::encode(fit.encoding, {plan_.read, batch, rows});
    std::vector<double> part(rows.size());
    fit.model->score(design, part);
    for (std::size_t i = 0; i < rows.size(); ++i) scores[rows[i]] = part[i];
  }

  const model::Artefact& artefact_;
  const Plan plan_;
  const bool held_out_;
  table::TableWriter& writer_;
  std::mutex mutex_;  // guards everything below
  std::map<std::uint64_t, table::Batch> waiting_;
  std::uint64_t next_ = 0, rows_ = 0;
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

}  // namespace

Result<Predicted> predict(const PredictOptions& options, const OnProgress& progress) {
  EVENHAND_ASSIGN(const Names files, table::expand_all(options.files));
  EVENHAND_TRY(check_target(options, files));
  EVENHAND_ASSIGN(const model::Artefact artefact, model::load(options.model));
  EVENHAND_ASSIGN(const bool held_out, is_held_out(options, artefact, files));
  EVENHAND_ASSIGN(const Names keep, kept_columns(options, files));
  const Plan plan = plan_of(options, artefact, keep, held_out);
  EVENHAND_ASSIGN(const auto writer, table::create(options.out, plan.written));

  Scorer scorer(artefact, plan, held_out, *writer);
  const table::OnBatch on_batch = [&](unsigned, std::uint64_t ordinal, table::Batch&& batch) {
    return scorer.take(ordinal, std::move(batch));
  };
  EVENHAND_ASSIGN(
      const auto facts,
      table::scan(files, options.read, plan.read, threads_wanted(options.threads), on_batch,
                  table::as_keep_going(progress, "scoring " + table::spoken(files[0]))));
  if (held_out && scorer.rows() != rows_of_fit(artefact)) {
    return other_rows(scorer.rows(), rows_of_fit(artefact));
  }
  EVENHAND_TRY(writer->finish());

  Predicted out;
  out.out = options.out;
  out.rows = scorer.rows();
  out.held_out = held_out;
  for (const table::InputFacts& one : facts) out.rows_skipped += one.rows_skipped;
  out.label = artefact.label;
  out.favourable = artefact.favourable;
  for (const table::Wanted& column : plan.written) out.columns.push_back(column.name);
  for (const model::Feature& each : artefact.all.encoding.features) {
    out.features.push_back(each.column);
  }
  out.folds = artefact.folds.size();
  out.fitted_to = artefact.files;
  return out;
}

}  // namespace evenhand::train
