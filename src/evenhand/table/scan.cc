// All files as one table, on several threads: pieces are taken in order under a lock, decoded and
// handed out without it.
#include <algorithm>
#include <cerrno>
#include <mutex>
#include <optional>
#include <sys/stat.h>
#include <thread>
#include <utility>

#include "evenhand/table/bytes.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {

namespace {

// A piece on its way, with the reader that can decode it.
struct Job {
  std::shared_ptr<Reader> reader;
  std::unique_ptr<Piece> piece;  // nothing: there are no more
  std::size_t file = 0;
  std::uint64_t ordinal = 0;
};

class Scan {
 public:
  Scan(const std::vector<std::string>& paths, const ReadOptions& options,
       const std::vector<Wanted>& wanted, const OnBatch& on_batch,
       const std::function<bool(std::uint64_t, std::uint64_t)>& keep_going)
      : paths_(paths),
        options_(options),
        wanted_(wanted),
        on_batch_(on_batch),
        keep_going_(keep_going),
        facts_(paths.size()),
        first_skipped_at_(paths.size(), kNever) {}

  void measure() {
    for (const std::string& path : paths_) {
      struct stat facts {};
      const bool known = ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
      if (!known) {
        bytes_in_all_ = 0;
        return;
      }
      bytes_in_all_ += static_cast<std::uint64_t>(facts.st_size);
    }
  }

  void work(unsigned worker) {
    for (;;) {
      Job job = take();
      if (job.piece == nullptr) return;
      Result<void> done = handle(worker, job);
      if (!done) fail(job.ordinal, std::move(done).error());
    }
  }

  Result<std::vector<InputFacts>> finish() {
    if (error_) return std::move(*error_);
    return std::move(facts_);
  }

 private:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  // A failed take has the ordinal that its piece would have had: whatever fails before it in the
  // file was taken before, and wins.
  Job take() {
    const std::lock_guard lock(mutex_);
    if (stopped_) return {};
    Result<Job> job = next();
    if (!job) {
      keep_lowest(ordinal_, std::move(job).error());
      return {};
    }
    return std::move(job).value();
  }

  Result<Job> next() {
    while (file_ < paths_.size()) {
      if (!reader_) {
        EVENHAND_ASSIGN(std::unique_ptr<Reader> opened, open(paths_[file_], options_));
        EVENHAND_TRY(opened->want(wanted_));
        reader_ = std::move(opened);
      }
      const std::uint64_t bytes = bytes_before_ + reader_->progress().first;
      if (keep_going_ &&
          !keep_going_(bytes, std::max(bytes_in_all_, bytes_in_all_ == 0 ? 0 : bytes))) {
        return Error{Code::kInterrupted, "reading was interrupted"};
      }
      EVENHAND_ASSIGN(std::unique_ptr<Piece> piece, reader_->take());
      if (piece != nullptr) return Job{reader_, std::move(piece), file_, ordinal_++};
      end_file();
    }
    stopped_ = true;
    return Job{};
  }

  void end_file() {
    const InputFacts read = reader_->facts();
    facts_[file_].path = read.path;
    facts_[file_].bytes = read.bytes;
    facts_[file_].sha256 = read.sha256;
    bytes_before_ += read.bytes;
    reader_.reset();
    ++file_;
  }

  Result<void> handle(unsigned worker, const Job& job) {
    EVENHAND_ASSIGN(Batch batch, job.reader->decode(*job.piece));
    {
      const std::lock_guard lock(mutex_);
      InputFacts& facts = facts_[job.file];
      facts.rows += batch.rows;
      facts.rows_skipped += batch.rows_skipped;
      if (batch.rows_skipped > 0 && job.ordinal < first_skipped_at_[job.file]) {
        first_skipped_at_[job.file] = job.ordinal;
        facts.first_skipped = batch.first_skipped;
      }
    }
    return on_batch_(worker, job.ordinal, std::move(batch));
  }

  void fail(std::uint64_t ordinal, Error error) {
    const std::lock_guard lock(mutex_);
    keep_lowest(ordinal, std::move(error));
  }

  void keep_lowest(std::uint64_t ordinal, Error error) {
    stopped_ = true;
    if (error_ && error_at_ <= ordinal) return;
    error_ = std::move(error);
    error_at_ = ordinal;
  }

  const std::vector<std::string>& paths_;
  const ReadOptions& options_;
  const std::vector<Wanted>& wanted_;
  const OnBatch& on_batch_;
  const std::function<bool(std::uint64_t, std::uint64_t)>& keep_going_;

  std::mutex mutex_;  // guards everything below
  std::shared_ptr<Reader> reader_;
  std::size_t file_ = 0;
  std::uint64_t ordinal_ = 0;
  std::uint64_t bytes_before_ = 0;  // of the files that were read to their end
  std::uint64_t bytes_in_all_ = 0;
  bool stopped_ = false;
  std::optional<Error> error_;
  std::uint64_t error_at_ = kNever;
  std::vector<InputFacts> facts_;
  std::vector<std::uint64_t> first_skipped_at_;
};

}  // namespace

Result<std::vector<InputFacts>> scan(
    const std::vector<std::string>& paths, const ReadOptions& options,
    const std::vector<Wanted>& wanted, unsigned threads, const OnBatch& on_batch,
    const std::function<bool(std::uint64_t, std::uint64_t)>& keep_going) {
  if (threads == 0) return Error{Code::kInvalidArgument, "threads must be 1 or more"};
  if (paths.empty()) return Error{Code::kInvalidArgument, "no file was named"};
  for (const std::string& path : paths) {  // a missing last file is told before hours of reading
    struct stat facts {};
    const bool gone = path != "-" && ::stat(path.c_str(), &facts) != 0 && errno == ENOENT;
    if (gone) return no_such_file(path);
  }
  Scan state(paths, options, wanted, on_batch, keep_going);
  state.measure();
  std::vector<std::thread> others;
  for (unsigned worker = 1; worker < threads; ++worker) {
    others.emplace_back([&state, worker] { state.work(worker); });
  }
  state.work(0);
  for (std::thread& thread : others) thread.join();
  return state.finish();
}

}  // namespace evenhand::table
