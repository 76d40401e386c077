#include "evenhand/model/safetensors.h"

#include <bit>
#include <cstring>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "evenhand/base/random.h"
#include "evenhand/base/testing.h"

namespace evenhand::model {
namespace {

std::string file_of(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &length, 8);
  return out + header + data;
}

std::string refusal(const std::string& bytes) {
  const auto read = unpack_safetensors(bytes);
  return read ? "no refusal" : read.error().says;
}

// By hand from the format's page: length 64, the header padded with blanks, 1.5 as a little-endian
// double.
TEST(Safetensors, HasTheseBytes) {
  const std::string header = R"({"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  const std::string expected = file_of(padded, std::string("\0\0\0\0\0\0\xf8\x3f", 8));
  EXPECT_EQ(pack_safetensors({{"b", {1}, {1.5}}}), expected);
}

TEST(Safetensors, ComesBackAsItWas) {
  const std::vector<Tensor> tensors{{"all/coefficients", {3}, {1, -2.5e-300, 7}},
                                    {"none", {0, 4}, {}},
                                    {"matrix", {2, 2}, {1, 2, 3, 4}}};
  const auto back = unpack_safetensors(pack_safetensors(tensors));
  ASSERT_TRUE(back.has_value()) << back.error().says;
  ASSERT_EQ(back->size(), 3U);
  for (const Tensor& tensor : *back) {
    const Tensor& was = tensors[tensor.name == "matrix" ? 2 : tensor.name == "none" ? 1 : 0];
    EXPECT_EQ(tensor.shape, was.shape);
    EXPECT_EQ(tensor.values, was.values);
  }
}

TEST(Safetensors, ReadsSingles) {
  const auto read = unpack_safetensors(
      file_of(R"({"__metadata__":{"by":"x"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
              std::string("\0\0\xc0\x3f\0\0\0\xc0", 8)));
  ASSERT_TRUE(read.has_value()) << read.error().says;
  EXPECT_EQ(read->at(0).values, (std::vector<double>{1.5, -2}));
}

TEST(Safetensors, RefusesWhatLiesOutsideOrOverlaps) {
  const std::string eight(8, '\0');
  EXPECT_EQ(refusal("abc"), "this is no safetensors file: it has 3 bytes");
  EXPECT_EQ(refusal(std::string(8, '\xff')),
            "this is no safetensors file: its header is longer than the file");
  EXPECT_EQ(refusal(file_of("[1]", "")),
            "this is no safetensors file: its header is no JSON object");
  const auto one = [&](const std::string& rest) {
    return refusal(file_of("{\"w\":{" + rest + "}}", eight));
  };
  EXPECT_EQ(one(R"("dtype":"F64")"),
            "this is no safetensors file: \"w\" lacks dtype, shape or data_offsets");
  EXPECT_EQ(one(R"("dtype":"I64","shape":[1],"data_offsets":[0,8])"),
            "this is no safetensors file: \"w\" is of type \"I64\"; F64 and F32 are read");
  EXPECT_EQ(one(R"("dtype":"F64","shape":[2],"data_offsets":[0,16])"),
            "this is no safetensors file: \"w\" lies outside the file");
  EXPECT_EQ(one(R"("dtype":"F64","shape":[1],"data_offsets":[8,0])"),
            "this is no safetensors file: \"w\" lies outside the file");
  EXPECT_EQ(one(R"("dtype":"F64","shape":[-1],"data_offsets":[0,8])"),
            "this is no safetensors file: the shape of \"w\" is not a whole number");
  EXPECT_EQ(one(R"("dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,8])"),
            "this is no safetensors file: \"w\" is larger than the file");
  EXPECT_EQ(one(R"("dtype":"F32","shape":[1],"data_offsets":[0,8])"),
            "this is no safetensors file: \"w\" has 8 bytes, its shape asks for 4");
  EXPECT_EQ(refusal(file_of(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},)"
                            R"("b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})",
                            eight)),
            "this is no safetensors file: bytes before \"b\" are shared or unused");
  EXPECT_EQ(refusal(file_of("{}", eight)),
            "this is no safetensors file: bytes after the last tensor are unused");
}

// No hostile file crashes it, and none makes it reserve more than the file's size.
TEST(Safetensors, SurvivesDamage) {
  const std::string good = pack_safetensors({{"a", {2}, {1, 2}}, {"b", {1, 3}, {3, 4, 5}}});
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(unpack_safetensors(good.substr(0, size)).has_value()) << size;
  }
  Random random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string bad = good;
    bad[random() % bad.size()] = static_cast<char>(random() & 0xff);
    bad[random() % bad.size()] = static_cast<char>(random() & 0xff);
    const auto read = unpack_safetensors(bad);
    if (!read) continue;
    std::size_t values = 0;
    for (const Tensor& tensor : *read) values += tensor.values.size();
    EXPECT_LE(values, bad.size() / 4);
  }
}

// A file that another program wrote: the weights of stories260K (64 wide, 512 tokens, five layers
// of hidden size 172, four key/value heads of 8), whose numbers add up to these parts by its
// config.
TEST(SafetensorsRealData, ReadsAFileOfAnotherProgram) {
  EVENHAND_REAL_DATA_OR_SKIP(path, "models/stories260K/hf/model.safetensors");
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const auto read = unpack_safetensors(bytes);
  ASSERT_TRUE(read.has_value()) << read.error().says;
  std::size_t values = 0;
  for (const Tensor& tensor : *read) {
    values += tensor.values.size();
    if (tensor.name == "model.embed_tokens.weight") {
      EXPECT_EQ(tensor.shape, (std::vector<std::size_t>{512, 64}));
    }
  }
  const std::size_t layer = 2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 172 + 2 * 64;
  EXPECT_EQ(values, 512 * 64 + 5 * layer + 64);
}

}  // namespace
}  // namespace evenhand::model
