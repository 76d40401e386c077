#include "evenhand/table/bytes.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <zlib.h>
#include <zstd.h>

#include "evenhand/base/digest.h"
#include "evenhand/base/nearest.h"

namespace evenhand::table {

namespace {

constexpr std::size_t kStoredBlock = std::size_t{1} << 18;  // bytes asked of the system at once

std::string reason(int number) { return std::generic_category().message(number); }

// The stored bytes of one open descriptor, counted and digested as they pass.
class Stored {
 public:
  Stored(std::string path, int descriptor, bool regular, std::uint64_t total)
      : path_(std::move(path)), descriptor_(descriptor), regular_(regular), total_(total) {}
  ~Stored() {
    if (descriptor_ > 2) ::close(descriptor_);
  }
  Stored(const Stored&) = delete;
  Stored& operator=(const Stored&) = delete;

  // Fills `into` as far as there are bytes. read(2) and not mmap: a mapped file that another
  // program truncates kills the reader, a short read is a sentence.
  Result<std::size_t> read(std::span<char> into) {
    std::size_t filled = 0;
    while (filled < into.size() && !ended_) {
      const ssize_t got = ::read(descriptor_, into.data() + filled, into.size() - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Error{Code::kIo, spoken(path_) + " cannot be read: " + reason(errno)};
      if (got == 0) ended_ = true;
      filled += static_cast<std::size_t>(got);
    }
    digest_.update(into.first(filled));
    taken_ += filled;
    if (ended_ && taken_ < total_) {
      return Error{Code::kIo, spoken(path_) + " shrank while it was read: it had " +
                                  with_thousands(total_) + " bytes, and ended after " +
                                  with_thousands(taken_)};
    }
    return filled;
  }

  // Takes the first bytes to tell the packing by; `read_on` hands them out again.
  Result<void> look() {
    first_.resize(kStoredBlock);
    EVENHAND_ASSIGN(const std::size_t got, read(first_));
    first_.resize(got);
    return {};
  }
  std::string_view first() const { return {first_.data(), first_.size()}; }

  // As `read`, beginning with what was looked at.
  Result<std::size_t> read_on(std::span<char> into) {
    const std::size_t again = std::min(into.size(), first_.size() - handed_out_);
    std::copy_n(first_.data() + handed_out_, again, into.data());
    handed_out_ += again;
    if (again == into.size()) return again;
    EVENHAND_ASSIGN(const std::size_t more, read(into.subspan(again)));
    return again + more;
  }

  const std::string& path() const { return path_; }
  bool is_regular() const { return regular_; }
  std::uint64_t taken() const { return taken_; }
  std::uint64_t total() const { return total_; }
  std::string sha256() const { return digest_.hex(); }

 private:
  std::string path_;
  int descriptor_;
  bool regular_;
  std::uint64_t total_;
  std::uint64_t taken_ = 0;
  bool ended_ = false;
  Sha256 digest_;
  std::vector<char> first_;
  std::size_t handed_out_ = 0;
};

// What every source has in common besides `read`.
class StoredSource : public ByteSource {
 public:
  explicit StoredSource(std::unique_ptr<Stored> stored) : stored_(std::move(stored)) {}
  std::uint64_t stored_taken() const override { return stored_->taken(); }
  std::uint64_t stored_total() const override { return stored_->total(); }
  std::string sha256() const override { return stored_->sha256(); }

 protected:
  Error bad(const std::string& what) const {
    return Error{Code::kBadInput, spoken(stored_->path()) + " " + what};
  }
  Error cut_short(const char* packing) const {
    return bad(std::string("ends in the middle of its ") + packing + " data, after " +
               with_thousands(stored_->taken()) + " bytes: the rest is missing; fetch it again");
  }
  std::unique_ptr<Stored> stored_;
};

class PlainSource final : public StoredSource {
 public:
  using StoredSource::StoredSource;
  Result<std::size_t> unpack(std::span<char> into) override { return stored_->read_on(into); }
  bool is_plain_file() const override { return stored_->is_regular(); }
};

// gzip, RFC 1952: one member or several in a row; zero bytes after the last one are padding.
class GzipSource final : public StoredSource {
 public:
  explicit GzipSource(std::unique_ptr<Stored> stored) : StoredSource(std::move(stored)) {
    constexpr int kGzipOnly = 16;
    EVENHAND_CHECK(inflateInit2(&stream_, MAX_WBITS + kGzipOnly) == Z_OK);
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  Result<std::size_t> unpack(std::span<char> into) override {
    std::size_t filled = 0;
    while (filled < into.size()) {
      if (stream_.avail_in == 0) {
        EVENHAND_ASSIGN(const bool more, refill());
        if (!more) break;
      }
      if (between_members_ && !begin_member()) continue;
      const std::size_t room = std::min(into.size() - filled, std::size_t{1} << 30);
      stream_.next_out = reinterpret_cast<Bytef*>(into.data() + filled);
      stream_.avail_out = static_cast<uInt>(room);
      const int status = inflate(&stream_, Z_NO_FLUSH);
      filled += room - stream_.avail_out;
      if (status == Z_STREAM_END) {
        between_members_ = true;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return bad(std::string("is damaged: gzip says \"") +
                   (stream_.msg != nullptr ? stream_.msg : "cannot be unpacked") + "\"");
      }
    }
    if (filled < into.size() && !between_members_) return cut_short("gzip");
    return filled;
  }

 private:
  Result<bool> refill() {
    EVENHAND_ASSIGN(const std::size_t got, stored_->read_on(packed_));
    stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
    stream_.avail_in = static_cast<uInt>(got);
    return got > 0;
  }
  // Skips padding; true once a member can begin.
  bool begin_member() {
    while (any_member_ && stream_.avail_in > 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    if (any_member_) inflateReset(&stream_);
    any_member_ = true;
    between_members_ = false;
    return true;
  }

  z_stream stream_{};
  std::vector<char> packed_ = std::vector<char>(kStoredBlock);
  bool between_members_ = true;
  bool any_member_ = false;
};

// Zstandard, RFC 8878: one frame or several in a row.
class ZstdSource final : public StoredSource {
 public:
  explicit ZstdSource(std::unique_ptr<Stored> stored)
      : StoredSource(std::move(stored)), stream_(ZSTD_createDStream()) {
    EVENHAND_CHECK(stream_ != nullptr);
  }
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }

  Result<std::size_t> unpack(std::span<char> into) override {
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    while (out.pos < out.size) {
      const bool more = in_.pos < in_.size;
      if (!more) {
        EVENHAND_ASSIGN(const std::size_t got, stored_->read_on(packed_));
        in_ = {packed_.data(), got, 0};
        if (got == 0 && !inside_frame_) break;
      }
      const std::size_t out_before = out.pos;
      const std::size_t in_before = in_.pos;
      const std::size_t status = ZSTD_decompressStream(stream_, &out, &in_);
      if (ZSTD_isError(status) != 0) {
        return bad(std::string("is damaged: zstd says \"") + ZSTD_getErrorName(status) + "\"");
      }
      inside_frame_ = status != 0;
      if (in_.size == 0 && inside_frame_ && out.pos == out_before && in_.pos == in_before) {
        return cut_short("zstd");
      }
    }
    return out.pos;
  }

 private:
  ZSTD_DStream* stream_;
  std::vector<char> packed_ = std::vector<char>(kStoredBlock);
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool inside_frame_ = false;
};

Result<std::unique_ptr<ByteSource>> unpacking(std::unique_ptr<Stored> stored) {
  EVENHAND_TRY(stored->look());
  const std::string_view first = stored->first();
  const auto begins = [&](std::string_view magic) {
    return first.substr(0, magic.size()) == magic;
  };
  const auto refuse = [&](const char* what) {
    return Error{Code::kBadInput, spoken(stored->path()) + " is " + what};
  };
  std::unique_ptr<ByteSource> source;
  if (begins("\x1f\x8b")) {
    source = std::make_unique<GzipSource>(std::move(stored));
  } else if (begins("\x28\xb5\x2f\xfd")) {
    source = std::make_unique<ZstdSource>(std::move(stored));
  } else if (begins("PK\x03\x04")) {
    return refuse("a zip archive or an Excel workbook; unpack it, or save the sheet as CSV");
  } else if (begins("BZh") && first.substr(std::min<std::size_t>(4, first.size()), 6) == "1AY&SY") {
    return refuse(
        "packed with bzip2, which is not read here; unpack it, or pack it as .gz or .zst");
  } else if (begins("\xfd"
                    "7zXZ")) {
    return refuse("packed with xz, which is not read here; unpack it, or pack it as .gz or .zst");
  } else {
    source = std::make_unique<PlainSource>(std::move(stored));
  }
  return source;
}

}  // namespace

Result<std::string> ByteSource::peek(std::size_t size) {
  if (peeked_.size() < size) {
    const std::size_t had = peeked_.size();
    peeked_.resize(size);
    EVENHAND_ASSIGN(const std::size_t got, unpack(std::span<char>(peeked_).subspan(had)));
    peeked_.resize(had + got);
  }
  return peeked_.substr(0, size);
}

Result<std::size_t> ByteSource::read(std::span<char> into) {
  const std::size_t again = std::min(into.size(), peeked_.size());
  std::copy_n(peeked_.data(), again, into.data());
  peeked_.erase(0, again);
  if (again == into.size()) return again;
  EVENHAND_ASSIGN(const std::size_t more, unpack(into.subspan(again)));
  return again + more;
}

Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path) {
  if (path == "-") return unpacking(std::make_unique<Stored>(path, STDIN_FILENO, false, 0));
  if (path.find('\0') != std::string::npos || path.empty()) {
    return Error{Code::kInvalidArgument, "a file name is empty or holds a NUL byte"};
  }
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return no_such_file(path);
    return Error{Code::kIo, path + " cannot be opened: " + reason(errno)};
  }
  struct stat facts {};
  const bool known = ::fstat(descriptor, &facts) == 0;
  const bool regular = known && S_ISREG(facts.st_mode);
  auto stored = std::make_unique<Stored>(path, descriptor, regular,
                                         regular ? static_cast<std::uint64_t>(facts.st_size) : 0);
  if (known && S_ISDIR(facts.st_mode)) {
    return Error{Code::kBadInput, path + " is a folder; name a file in it, or all of a kind as \"" +
                                      path + (path.back() == '/' ? "" : "/") + "*.csv\""};
  }
  return unpacking(std::move(stored));
}

Result<void> drain(ByteSource& source) {
  std::vector<char> block(kStoredBlock);
  for (;;) {
    EVENHAND_ASSIGN(const std::size_t got, source.read(block));
    if (got == 0) return {};
  }
}

std::string spoken(const std::string& path) { return path == "-" ? "standard input" : path; }

Error no_such_file(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path asked(path);
  const fs::path folder = asked.has_parent_path() ? asked.parent_path() : fs::path(".");
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) {
    return Error{Code::kNotFound,
                 path + " does not exist: there is no folder \"" + folder.string() + "\""};
  }
  std::vector<std::string> names;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end;
       it.increment(failure)) {
    names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  std::string says = path + " does not exist";
  const std::string meant = nearest(asked.filename().string(), names);
  if (!meant.empty()) {
    const std::string beside = asked.has_parent_path() ? (folder / meant).string() : meant;
    says += "; did you mean " + beside + "?";
  }
  return Error{Code::kNotFound, says};
}

std::string with_thousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace evenhand::table
