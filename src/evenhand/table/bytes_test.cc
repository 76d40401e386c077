#include "evenhand/table/bytes.h"

#include <fcntl.h>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "evenhand/base/digest.h"
#include "evenhand/table/testing.h"

namespace evenhand::table {
namespace {

using testing::Folder;

std::string gzipped(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()) + 64, '\0');
  std::string in = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstandard(const std::string& bytes) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 3));
  return packed;
}

// Text that packs badly enough to need several blocks.
std::string long_text() {
  std::string text;
  std::uint64_t x = 1;
  while (text.size() < 3'000'000) {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    text += std::to_string(x >> 20) + (x >> 63 != 0 ? "\n" : ",");
  }
  return text;
}

struct Got {
  std::string bytes, sha256;
  std::uint64_t stored = 0;
};

Result<Got> read_to_end(const std::string& path, std::size_t step = 100'000) {
  EVENHAND_ASSIGN(const std::unique_ptr<ByteSource> source, open_bytes(path));
  Got got;
  std::vector<char> block(step);
  for (;;) {
    EVENHAND_ASSIGN(const std::size_t size, source->read(block));
    got.bytes.append(block.data(), size);
    if (size == 0) break;
  }
  got.sha256 = source->sha256();
  got.stored = source->stored_taken();
  return got;
}

TEST(Bytes, ComeAsTheyWerePackedAndAreDigestedAsStored) {
  const Folder folder;
  const std::string text = long_text();
  for (const std::string& stored : {text, gzipped(text), zstandard(text),
                                    gzipped(text.substr(0, 100)) + gzipped(text.substr(100)),
                                    zstandard(text.substr(0, 100)) + zstandard(text.substr(100))}) {
    const std::string path = folder.write("file", stored);
    for (const std::size_t step :
         {std::size_t{1} << 12, std::size_t{99'991}, std::size_t{8} << 20}) {
      const Result<Got> got = read_to_end(path, step);
      ASSERT_TRUE(got) << to_string(got.error());
      EXPECT_TRUE(got->bytes == text);
      EXPECT_EQ(got->sha256, sha256_hex(stored));
      EXPECT_EQ(got->stored, stored.size());
    }
  }
}

TEST(Bytes, OfAnEmptyFileAreNone) {
  const Folder folder;
  for (const std::string& stored : {std::string(), gzipped(""), zstandard("")}) {
    const Result<Got> got = read_to_end(folder.write("file", stored));
    ASSERT_TRUE(got) << to_string(got.error());
    EXPECT_EQ(got->bytes, "");
  }
}

TEST(Bytes, ComeFromStandardInput) {
  const Folder folder;
  const std::string text = long_text();
  const int keep = ::dup(STDIN_FILENO);
  const int file = ::open(folder.write("file", gzipped(text)).c_str(), O_RDONLY);
  ASSERT_EQ(::dup2(file, STDIN_FILENO), STDIN_FILENO);
  const Result<Got> got = read_to_end("-");
  ::dup2(keep, STDIN_FILENO);
  ::close(keep);
  ::close(file);
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_TRUE(got->bytes == text);
}

TEST(Bytes, PeekedAtComeAgain) {
  const Folder folder;
  Result<std::unique_ptr<ByteSource>> source = open_bytes(folder.write("file", "abcdef"));
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->peek(4).value(), "abcd");
  std::string two(2, ' ');
  std::string rest(10, ' ');
  EXPECT_EQ((*source)->read(two).value(), 2U);
  EXPECT_EQ((*source)->read(rest).value(), 4U);
  EXPECT_EQ(two + rest.substr(0, 4), "abcdef");
}

// A packed file that is cut off anywhere gives a sentence, and never a part of the rows for all.
TEST(Bytes, CutShortAreRefusedWhereverTheCutIs) {
  const Folder folder;
  const std::string text = long_text().substr(0, 20'000);
  for (const std::string& whole : {gzipped(text), zstandard(text)}) {
    for (std::size_t keep = 8; keep < whole.size(); keep += 97) {
      const Result<Got> got = read_to_end(folder.write("cut", whole.substr(0, keep)));
      ASSERT_FALSE(got) << keep;
      EXPECT_EQ(got.error().code, Code::kBadInput);
      EXPECT_NE(got.error().says.find(" in the middle of its "), std::string::npos)
          << got.error().says;
    }
  }
  const std::string packed = gzipped(text);
  const Result<Got> got = read_to_end(folder.write("people.csv.gz", packed.substr(0, 1234)));
  EXPECT_EQ(
      folder.without(got.error().says),
      "people.csv.gz ends in the middle of its gzip data, after 1,234 bytes: the rest is missing; "
      "fetch it again");
}

TEST(Bytes, DamagedAreRefused) {
  const Folder folder;
  const std::string text = long_text().substr(0, 20'000);
  std::string gz = gzipped(text);
  gz[gz.size() - 6] = static_cast<char>(gz[gz.size() - 6] ^ 1);  // in the checksum
  EXPECT_EQ(folder.without(read_to_end(folder.write("a.gz", gz)).error().says),
            "a.gz is damaged: gzip says \"incorrect data check\"");
  EXPECT_EQ(
      folder.without(read_to_end(folder.write("b.gz", gzipped(text) + "rubbish")).error().says),
      "b.gz is damaged: gzip says \"incorrect header check\"");
  EXPECT_TRUE(read_to_end(folder.write("padded.gz", gzipped(text) + std::string(512, '\0'))));
  std::string zst = zstandard(text);
  zst[30] = static_cast<char>(zst[30] ^ 0x55);
  const Result<Got> got = read_to_end(folder.write("c.zst", zst));
  // zstd has no checksum unless asked for: a flipped byte is told only where it breaks the
  // structure.
  if (!got) {
    EXPECT_EQ(got.error().code, Code::kBadInput);
  }
}

TEST(Bytes, OfWhatIsNoFileAreRefusedWithASentence) {
  const Folder folder;
  folder.write("people.csv", "a\n");
  std::filesystem::create_directory(folder.at("folder"));
  const auto says = [&](const std::string& path) {
    const Result<Got> got = read_to_end(path);
    return got ? std::string("read") : folder.without(got.error().says);
  };
  EXPECT_EQ(says(folder.at("poeple.csv")), "poeple.csv does not exist; did you mean people.csv?");
  EXPECT_EQ(says(folder.at("zzzz")), "zzzz does not exist");
  EXPECT_EQ(says(folder.at("people.csv/x")).substr(0, 28), "people.csv/x does not exist:");
  EXPECT_EQ(says(folder.at("folder")),
            "folder is a folder; name a file in it, or all of a kind as \"folder/*.csv\"");
  EXPECT_EQ(says(folder.write("a.xlsx", "PK\x03\x04....")),
            "a.xlsx is a zip archive or an Excel workbook; unpack it, or save the sheet as CSV");
  EXPECT_EQ(
      says(folder.write("a.bz2", "BZh91AY&SY....")),
      "a.bz2 is packed with bzip2, which is not read here; unpack it, or pack it as .gz or .zst");
  EXPECT_EQ(says(folder.write("plain.csv", "BZhang,1\n")), "read");
  EXPECT_EQ(open_bytes("").error().code, Code::kInvalidArgument);
}

TEST(Bytes, OfAFileThatShrinksWhileReadAreRefused) {
  const Folder folder;
  const std::string path = folder.write("people.csv", std::string(1'000'000, 'x'));
  Result<std::unique_ptr<ByteSource>> source = open_bytes(path);
  ASSERT_TRUE(source);
  std::filesystem::resize_file(path, 600'000);
  std::vector<char> block(2'000'000);
  const Result<std::size_t> got = (*source)->read(block);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::kIo);
  EXPECT_EQ(folder.without(got.error().says),
            "people.csv shrank while it was read: it had 1,000,000 bytes, and ended after 600,000");
}

TEST(Bytes, OfAFileThatIsDeletedWhileReadStillCome) {
  const Folder folder;
  const std::string text = long_text();
  const std::string path = folder.write("people.csv", text);
  Result<std::unique_ptr<ByteSource>> source = open_bytes(path);
  ASSERT_TRUE(source);
  std::filesystem::remove(path);
  std::string all(text.size() + 1, ' ');
  EXPECT_EQ((*source)->read(all).value(), text.size());
  EXPECT_EQ((*source)->sha256(), sha256_hex(text));
}

}  // namespace
}  // namespace evenhand::table
