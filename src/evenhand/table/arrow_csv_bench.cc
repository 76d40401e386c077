// One million rows of six columns (about 28 MB): our CSV reader against Arrow's and against a slow
// twin of getline and istringstream. Each checks its answer (rows, and the sum of the scores)
// before it is timed. The bound: one pass over memory, some 10 GB/s.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include <arrow/api.h>
#include <arrow/csv/api.h>
#include <arrow/io/api.h>
#include <benchmark/benchmark.h>

#include "evenhand/base/random.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {
namespace {

constexpr int kRows = 1'000'000;

struct File {
  std::string path;
  double score_sum = 0;
  double bytes = 0;
};

// id,sex,race,label,decision,score; `quoted`: every text in quotes, as R writes them.
File make_file(bool quoted) {
  const std::vector<std::string> sexes = {"Female", "Male"};
  const std::vector<std::string> races = {"White", "Black", "Asian-Pac-Islander", "Other"};
  const std::string quote = quoted ? "\"" : "";
  std::string bytes = "id,sex,race,label,decision,score\n";
  File file;
  Random random(1);
  for (int i = 0; i < kRows; ++i) {
    const std::string score = std::to_string(random() % 1'000'000 + 1'000'000).replace(0, 1, "0.");
    file.score_sum += std::stod(score);
    bytes += std::to_string(i) + "," + quote + sexes[random() % 2] + quote + "," + quote +
             races[random() % 4] + quote + "," + std::to_string(random() % 2) + "," +
             std::to_string(random() % 2) + "," + score + "\n";
  }
  file.path = (std::filesystem::temp_directory_path() /
               (quoted ? "evenhand_bench_quoted.csv" : "evenhand_bench.csv"))
                  .string();
  std::ofstream(file.path, std::ios::binary) << bytes;
  file.bytes = static_cast<double>(bytes.size());
  return file;
}

const File& plain_file() {
  static const File file = make_file(false);
  return file;
}

const File& quoted_file() {
  static const File file = make_file(true);
  return file;
}

struct Answer {
  double rows = 0, sum = 0;
};

void time_it(benchmark::State& state, const File& file, const std::function<Answer()>& read) {
  const Answer first = read();
  const bool is_right =
      first.rows == kRows && std::abs(first.sum - file.score_sum) < 1e-6 * file.score_sum;
  if (!is_right) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(read());
  state.counters["MB/s"] =
      benchmark::Counter(file.bytes / 1e6, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["rows/s"] =
      benchmark::Counter(kRows, benchmark::Counter::kIsIterationInvariantRate);
}

Answer read_ours(const File& file, unsigned threads) {
  const std::vector<Wanted> wanted = {{"id", As::kNumber},     {"sex", As::kText},
                                      {"race", As::kText},     {"label", As::kText},
                                      {"decision", As::kText}, {"score", As::kNumber}};
  std::vector<Answer> parts(threads);
  const auto facts = scan({file.path}, {}, wanted, threads,
                          [&](unsigned worker, std::uint64_t, Batch&& batch) {
                            for (const double score : batch.columns[5].numbers)
                              parts[worker].sum += score;
                            parts[worker].rows += static_cast<double>(batch.rows);
                            return Result<void>();
                          },
                          {});
  Answer whole;
  if (!facts) return whole;
  for (const Answer& part : parts) {
    whole.rows += part.rows;
    whole.sum += part.sum;
  }
  return whole;
}

Answer read_arrow(const File& file, bool use_threads) {
  Answer whole;
  const auto in = arrow::io::ReadableFile::Open(file.path).ValueOrDie();
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = use_threads;
  auto convert = arrow::csv::ConvertOptions::Defaults();
  const auto coded = arrow::dictionary(arrow::int32(), arrow::utf8());
  convert.column_types = {{"id", arrow::float64()}, {"sex", coded},
                          {"race", coded},          {"label", coded},
                          {"decision", coded},      {"score", arrow::float64()}};
  const auto reader =
      arrow::csv::StreamingReader::Make(arrow::io::IOContext(), in, read,
                                        arrow::csv::ParseOptions::Defaults(), convert)
          .ValueOrDie();
  std::shared_ptr<arrow::RecordBatch> batch;
  while (reader->ReadNext(&batch).ok() && batch != nullptr) {
    const auto& scores = static_cast<const arrow::DoubleArray&>(*batch->column(5));
    for (std::int64_t i = 0; i < scores.length(); ++i) whole.sum += scores.Value(i);
    whole.rows += static_cast<double>(batch->num_rows());
  }
  return whole;
}

Answer read_slowly(const File& file) {
  Answer whole;
  std::ifstream in(file.path);
  std::string line;
  std::string cell;
  std::vector<std::unordered_map<std::string, int>> codes(6);
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    for (std::size_t c = 0; std::getline(cells, cell, ','); ++c) {
      if (c == 5) {
        whole.sum += std::stod(cell);
      } else if (c > 0) {
        codes[c].emplace(cell, codes[c].size());
      }
    }
    ++whole.rows;
  }
  return whole;
}

void Csv_Ours(benchmark::State& state) {
  time_it(state, plain_file(),
          [&] { return read_ours(plain_file(), static_cast<unsigned>(state.range(0))); });
}
void Csv_OursQuoted(benchmark::State& state) {
  time_it(state, quoted_file(),
          [&] { return read_ours(quoted_file(), static_cast<unsigned>(state.range(0))); });
}
void Csv_Arrow(benchmark::State& state) {
  time_it(state, plain_file(), [&] { return read_arrow(plain_file(), state.range(0) > 1); });
}
void Csv_ArrowQuoted(benchmark::State& state) {
  time_it(state, quoted_file(), [&] { return read_arrow(quoted_file(), state.range(0) > 1); });
}
void Csv_SlowTwin(benchmark::State& state) {
  time_it(state, plain_file(), [] { return read_slowly(plain_file()); });
}

BENCHMARK(Csv_Ours)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Csv_Arrow)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Csv_OursQuoted)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Csv_ArrowQuoted)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Csv_SlowTwin)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace evenhand::table
