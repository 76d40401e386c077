// Bytes written and read back, and bytes that nobody should have written.
#include "evenhand/base/bytes.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace evenhand {
namespace {

std::span<const std::byte> raw(const std::vector<std::uint8_t>& bytes) {
  return std::as_bytes(std::span(bytes));
}

TEST(Bytes, ReadsBackWhatWasWritten) {
  Writer writer;
  writer.u8(7);
  writer.u64(0x0102030405060708);
  writer.f64(-0.0);
  writer.text("gr\xc3\xbc\xc3\x9f");
  for (const std::uint64_t x : {0ULL, 127ULL, 128ULL, 1ULL << 63, ~0ULL}) writer.varint(x);
  const Bytes bytes = std::move(writer).take();
  ByteReader reader(bytes);
  EXPECT_EQ(*reader.u8(), 7);
  EXPECT_EQ(*reader.u64(), 0x0102030405060708U);
  EXPECT_TRUE(std::signbit(*reader.f64()));
  EXPECT_EQ(*reader.text(), "gr\xc3\xbc\xc3\x9f");
  for (const std::uint64_t x : {0ULL, 127ULL, 128ULL, 1ULL << 63, ~0ULL}) {
    EXPECT_EQ(*reader.varint(), x);
  }
  EXPECT_TRUE(reader.end().has_value());
}

TEST(Bytes, AreLittleEndianOnEveryMachine) {
  Writer writer;
  writer.u32(0x01020304);
  writer.varint(300);  // the example of the Protocol Buffers encoding page: AC 02
  const std::vector<std::uint8_t> expected{4, 3, 2, 1, 0xac, 0x02};
  EXPECT_TRUE(std::ranges::equal(writer.bytes(), raw(expected)));
}

TEST(Bytes, RefuseNumbersThatAreLongerThanTheyNeed) {
  for (const std::vector<std::uint8_t>& bytes : std::vector<std::vector<std::uint8_t>>{
           {0x80, 0x00},
           {0x81, 0x80, 0x00},
           {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02},
           {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01},
           {0x80},
           {}}) {
    EXPECT_FALSE(ByteReader(raw(bytes)).varint().has_value());
  }
}

TEST(Bytes, RefuseACountThatTheRestCannotHold) {
  const std::vector<std::uint8_t> bytes{0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2};
  const auto count = ByteReader(raw(bytes)).count(1);
  ASSERT_FALSE(count.has_value());
  EXPECT_EQ(count.error().code, Code::kBadInput);
  EXPECT_FALSE(ByteReader(raw(bytes)).text().has_value());
  const std::vector<std::uint8_t> two{2, 1, 2};
  EXPECT_EQ(*ByteReader(raw(two)).count(1), 2U);
  EXPECT_FALSE(ByteReader(raw(two)).count(2).has_value());
}

TEST(Bytes, RefuseWhatFollowsTheEnd) {
  const std::vector<std::uint8_t> bytes{1, 2};
  ByteReader reader(raw(bytes));
  EXPECT_EQ(*reader.u8(), 1);
  EXPECT_FALSE(reader.end().has_value());
}

}  // namespace
}  // namespace evenhand
