// The laws that every tally of tally/all.def keeps: zero, commutes, associates, splits anywhere,
// packs and unpacks, reads the bytes of earlier versions, refuses hostile ones. Bytes are compared,
// not numbers: what is equal must be equal for everybody.
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <new>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/bytes.h"
#include "evenhand/base/random.h"
#include "evenhand/base/rows.h"
#include "evenhand/tally/all.h"
#include "evenhand/tally/sealed.h"

namespace {

// Bytes that are allocated now, and their highest number: to hold unpack() to its word.
std::atomic<std::size_t> allocated{0}, most_allocated{0};

}  // namespace

#if defined(__has_feature)  // clang
#if __has_feature(address_sanitizer)
#define EVENHAND_ADDRESS_SANITIZER 1
#endif
#elif defined(__SANITIZE_ADDRESS__)  // gcc
#define EVENHAND_ADDRESS_SANITIZER 1
#endif

#ifndef EVENHAND_ADDRESS_SANITIZER  // which brings its own operator new
#define EVENHAND_COUNTS_MEMORY 1
// Each block carries its size in front of it.
void* operator new(std::size_t size) {
  void* block = std::malloc(size + 16);
  if (block == nullptr) throw std::bad_alloc();
  *static_cast<std::size_t*>(block) = size;
  const std::size_t now = allocated += size;
  if (now > most_allocated) most_allocated = now;
  return static_cast<char*>(block) + 16;
}
void operator delete(void* pointer) noexcept {
  if (pointer == nullptr) return;
  void* block = static_cast<char*>(pointer) - 16;
  allocated -= *static_cast<std::size_t*>(block);
  std::free(block);
}
void operator delete(void* pointer, std::size_t) noexcept { operator delete(pointer); }
#endif

namespace evenhand::tally {
namespace {

constexpr std::array kWeightings{Weighting::kFrequency, Weighting::kSampling};

/// Rows with everything that a tally reads. Clusters are five rows in a row.
struct Columns {
  std::vector<std::uint32_t> group, cluster;
  std::vector<std::uint8_t> label, decision;
  std::vector<double> score, weight;

  Rows rows(std::size_t first, std::size_t last) const {
    const std::size_t size = last - first;
    Rows out;
    out.size = size;
    out.group = std::span(group).subspan(first, size);
    out.cluster = std::span(cluster).subspan(first, size);
    out.label = std::span(label).subspan(first, size);
    out.decision = std::span(decision).subspan(first, size);
    out.score = std::span(score).subspan(first, size);
    out.weight = std::span(weight).subspan(first, size);
    return out;
  }
  std::size_t size() const { return group.size(); }
};

constexpr std::size_t kRowsPerCluster = 5;

Columns random_rows(std::size_t size, std::uint32_t groups, Weighting weighting,
                    std::uint64_t seed) {
  Random random(seed);
  const auto code = [&] {
    const std::array<std::uint8_t, 5> codes{0, 0, 1, 1, kMissingClass};
    return codes[random() % codes.size()];
  };
  Columns out;
  for (std::size_t i = 0; i < size; ++i) {
    out.group.push_back(static_cast<std::uint32_t>(random() % groups));
    out.cluster.push_back(static_cast<std::uint32_t>(i / kRowsPerCluster));
    out.label.push_back(code());
    out.decision.push_back(code());
    const bool edge = random() % 8 == 0;  // 0, 1/4, ..., 1: the closed end and edges of bins
    out.score.push_back(edge ? 0.25 * static_cast<double>(random() % 5) : random.uniform());
    if (random() % 10 == 0) out.score.back() = NAN;
    out.weight.push_back(weighting == Weighting::kFrequency
                             ? static_cast<double>(random() % 4)
                             : std::ldexp(random.uniform(), static_cast<int>(random() % 40) - 20));
  }
  return out;
}

/// Groups by two attributes and a stratum, among them unknown ones, not in canonical order.
Groups some_groups() {
  return {{"sex", "race"},
          {"dept"},
          {{"M", "y", "A"},
           {"F", "x", "A"},
           {"F", std::nullopt, "B"},
           {std::nullopt, "x", "A"},
           {"", "x", "B"}}};
}
constexpr std::uint32_t kGroups = 5;

template <class T>
T observed(const Columns& rows, std::size_t first, std::size_t last, Weighting weighting,
           const Groups& groups = some_groups()) {
  T tally = fresh<T>(groups, weighting);
  const auto done = tally.observe(rows.rows(first, last));
  EXPECT_TRUE(done.has_value());
  return tally;
}

/// law(type, weighting) for every tally and weighting.
template <class Law>
void for_each_law(Law law) {
  for_each_tally([&](auto type) {
    using T = typename decltype(type)::type;
    for (const Weighting weighting : kWeightings) {
      SCOPED_TRACE(std::string(T::kName) +
                   (weighting == Weighting::kSampling ? ", sampling" : ", frequency"));
      law(type, weighting);
    }
  });
}

TEST(TallyLaws, NamesAreDifferent) {
  std::set<std::string> names;
  for_each_tally([&](auto type) {
    EXPECT_TRUE(names.insert(std::string(decltype(type)::type::kName)).second);
  });
  EXPECT_GE(names.size(), 5U);
}

TEST(TallyLaws, AFreshTallyIsZero) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const Columns rows = random_rows(500, kGroups, weighting, 1);
    const T tally = observed<T>(rows, 0, 500, weighting);
    T left = fresh<T>(some_groups(), weighting), right = tally;
    ASSERT_TRUE(left.merge(tally).has_value());
    ASSERT_TRUE(right.merge(fresh<T>(some_groups(), weighting)).has_value());
    EXPECT_EQ(left.pack(), tally.pack());
    EXPECT_EQ(right.pack(), tally.pack());
    EXPECT_NE(tally.pack(), fresh<T>(some_groups(), weighting).pack());
  });
}

TEST(TallyLaws, MergingCommutesAndAssociates) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const Columns rows = random_rows(1'500, kGroups, weighting, 2);
    const T a = observed<T>(rows, 0, 400, weighting), b = observed<T>(rows, 400, 405, weighting),
            c = observed<T>(rows, 405, 1'500, weighting);
    const auto sum = [](T first, const T& second) {
      EXPECT_TRUE(first.merge(second).has_value());
      return first;
    };
    EXPECT_EQ(sum(a, b).pack(), sum(b, a).pack());
    EXPECT_EQ(sum(sum(a, b), c).pack(), sum(a, sum(b, c)).pack());
  });
}

TEST(TallyLaws, PartsOfAnyNumberGiveTheSameBytes) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    constexpr std::size_t kRows = 10'000;
    const Columns rows = random_rows(kRows, kGroups, weighting, 3);
    const Bytes whole = observed<T>(rows, 0, kRows, weighting).pack();
    Random random(4);
    for (const std::size_t parts : {1U, 2U, 7U, 64U}) {
      std::vector<std::size_t> cuts{0, kRows};  // anywhere, but not within a cluster
      while (cuts.size() < parts + 1) {
        cuts.push_back(kRowsPerCluster * (random() % (kRows / kRowsPerCluster)));
      }
      std::sort(cuts.begin(), cuts.end());
      T sum = fresh<T>(some_groups(), weighting);
      for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const T part = observed<T>(rows, cuts[i], cuts[i + 1], weighting);
        const auto back = T::unpack(part.pack());  // as from another machine
        ASSERT_TRUE(back.has_value());
        ASSERT_TRUE(sum.merge(*back).has_value());
      }
      EXPECT_EQ(sum.pack(), whole) << parts << " parts";
    }
  });
}

TEST(TallyLaws, BatchesOfAnySizeGiveTheSameBytes) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const Columns rows = random_rows(9'000, kGroups, weighting, 5);
    const Bytes whole = observed<T>(rows, 0, rows.size(), weighting).pack();
    for (const std::size_t batch : {1U, 3U, 4'096U, 5'000U}) {
      T tally = fresh<T>(some_groups(), weighting);
      for (std::size_t first = 0; first < rows.size(); first += batch) {
        const std::size_t last = std::min(first + batch, rows.size());
        ASSERT_TRUE(tally.observe(rows.rows(first, last)).has_value());
      }
      EXPECT_EQ(tally.pack(), whole) << batch;
    }
  });
}

TEST(TallyLaws, RowsInAnyOrderGiveTheSameBytes) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    Columns rows = random_rows(3'000, kGroups, weighting, 6);
    const Bytes before = observed<T>(rows, 0, rows.size(), weighting).pack();
    Random random(7);
    for (std::size_t i = rows.size() - 1; i > 0; --i) {
      const std::size_t j = random() % (i + 1);
      std::swap(rows.group[i], rows.group[j]);
      std::swap(rows.cluster[i], rows.cluster[j]);
      std::swap(rows.label[i], rows.label[j]);
      std::swap(rows.decision[i], rows.decision[j]);
      std::swap(rows.score[i], rows.score[j]);
      std::swap(rows.weight[i], rows.weight[j]);
    }
    EXPECT_EQ(observed<T>(rows, 0, rows.size(), weighting).pack(), before);
  });
}

TEST(TallyLaws, GroupsInAnyOrderGiveTheSameBytes) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    Columns rows = random_rows(2'000, kGroups, weighting, 8);
    const T before = observed<T>(rows, 0, rows.size(), weighting);
    const Regrouping how = canonical(some_groups());
    for (std::uint32_t& group : rows.group) group = how.to[group];
    const T after = observed<T>(rows, 0, rows.size(), weighting, how.groups);
    EXPECT_EQ(after.pack(), before.pack());
    T sum = before;  // and parts may know the groups in different orders
    T twice = after;
    ASSERT_TRUE(sum.merge(after).has_value());
    ASSERT_TRUE(twice.merge(after).has_value());
    EXPECT_EQ(sum.pack(), twice.pack());
  });
}

TEST(TallyLaws, GroupsThatGrowGiveTheSameBytes) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const Columns rows = random_rows(300, kGroups, weighting, 9);
    const Groups groups = some_groups();
    T growing = fresh<T>({groups.by, groups.strata, {}}, weighting);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint32_t code = growing.group(groups.keys[rows.group[i]]);
      Rows row = rows.rows(i, i + 1);
      row.group = std::span(&code, 1);
      ASSERT_TRUE(growing.observe(row).has_value());
    }
    EXPECT_EQ(growing.pack(), observed<T>(rows, 0, rows.size(), weighting).pack());
  });
}

TEST(TallyLaws, PartsThatSawOtherGroupsAlignToTheWhole) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const Columns rows = random_rows(1'000, kGroups, weighting, 10);
    Columns low = rows, high = rows;  // parts that know groups 0..2 and 1..4
    Groups low_groups = some_groups(), high_groups = some_groups();
    low_groups.keys.resize(3);
    high_groups.keys.erase(high_groups.keys.begin());
    for (std::uint32_t& g : low.group) g %= 3;
    for (std::uint32_t& g : high.group) g %= 4;
    const T a = observed<T>(low, 0, 500, weighting, low_groups);
    const T b = observed<T>(high, 500, 1'000, weighting, high_groups);
    T unaligned = a;
    const auto refused = unaligned.merge(b);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::kAxesDiffer);
    const auto ab = merge_aligned(a, b), ba = merge_aligned(b, a);
    ASSERT_TRUE(ab.has_value() && ba.has_value());

    Columns whole = low;
    for (std::size_t i = 500; i < 1'000; ++i) whole.group[i] = high.group[i] + 1;
    const Bytes expected = observed<T>(whole, 0, 1'000, weighting).pack();
    EXPECT_EQ(ab->pack(), expected);
    EXPECT_EQ(ba->pack(), expected);
  });
}

TEST(TallyLaws, CollapsedEqualsCountedByFewerAttributes) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const Columns rows = random_rows(2'000, kGroups, weighting, 11);
    const T fine = observed<T>(rows, 0, rows.size(), weighting);
    const std::array<std::string, 1> sex{"sex"};
    const auto coarse = collapse(fine, sex);
    ASSERT_TRUE(coarse.has_value());
    const auto how = collapse(some_groups(), sex);
    Columns fewer = rows;
    for (std::uint32_t& group : fewer.group) group = how->to[group];
    EXPECT_EQ(coarse->pack(), observed<T>(fewer, 0, fewer.size(), weighting, how->groups).pack());
    for (std::uint32_t& group : fewer.group) group = 0;
    EXPECT_EQ(collapse(fine, {})->pack(),
              observed<T>(fewer, 0, fewer.size(), weighting, everybody()).pack());
  });
}

TEST(TallyLaws, ABadBatchLeavesTheTallyAsItWas) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    Columns rows = random_rows(100, kGroups, weighting, 12);
    T tally = observed<T>(rows, 0, 100, weighting);
    const Bytes before = tally.pack();
    rows.weight[99] = -1;
    const auto refused = tally.observe(rows.rows(0, 100));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::kBadInput);
    EXPECT_EQ(tally.pack(), before);
  });
}

TEST(TallyLaws, PackedAndUnpackedIsTheSame) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    for (const std::size_t size : {0U, 1U, 2'000U}) {
      const Columns rows = random_rows(size, kGroups, weighting, 13);
      const Bytes bytes = observed<T>(rows, 0, size, weighting).pack();
      auto back = T::unpack(bytes);
      ASSERT_TRUE(back.has_value());
      EXPECT_EQ(back->pack(), bytes);
      EXPECT_EQ(*packed_name(bytes), T::kName);
    }
    const T nobody = fresh<T>({{"sex"}, {}, {}}, weighting);
    EXPECT_TRUE(T::unpack(nobody.pack()).has_value());
  });
}

TEST(TallyLaws, BytesOfOneTallyAreNotReadAsAnother) {
  for_each_tally([](auto type) {
    using T = typename decltype(type)::type;
    for_each_tally([](auto other) {
      using U = typename decltype(other)::type;
      const Bytes bytes = fresh<T>(some_groups(), Weighting::kFrequency).pack();
      EXPECT_EQ(U::unpack(bytes).has_value(), (std::is_same_v<T, U>));
    });
  });
}

// Golden bytes: written once by an earlier version, to be read forever.

/// Rows by hand: three groups, something missing, two rows a cluster.
Columns golden_rows(Weighting weighting) {
  Columns out;
  out.group = {0, 0, 1, 1, 2, 2, 0, 1};
  out.cluster = {0, 0, 1, 1, 2, 2, 3, 3};
  out.label = {1, 0, 1, kMissingClass, 0, 1, 1, 0};
  out.decision = {1, 1, 0, 1, kMissingClass, 1, 0, 0};
  out.score = {0.9, 0.25, 1, 0.5, 0, NAN, 0.75, 0.125};
  out.weight = {1, 2, 3, 1, 0, 1, 5, 1};
  if (weighting == Weighting::kSampling) {
    out.weight = {1.5, 2, 0.1, 0x1p40, 0, 3, 0x1p-30, 7};
  }
  return out;
}

Groups golden_groups() {
  return {{"sex"}, {"dept"}, {{"F", "A"}, {"M\xc3\xa4", "A"}, {std::nullopt, "B"}}};
}

std::string golden_path(std::string_view name, Weighting weighting) {
  return std::string(EVENHAND_SOURCE_DIR) + "/tests/golden/tally/" + std::string(name) +
         (weighting == Weighting::kSampling ? "_sampling.bin" : "_frequency.bin");
}

Bytes file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  Writer writer;
  writer.raw(text);
  return std::move(writer).take();
}

TEST(TallyLaws, ReadsGoldenBytes) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const std::string path = golden_path(T::kName, weighting);
    const T expected = observed<T>(golden_rows(weighting), 0, 8, weighting, golden_groups());
    // Only for a new tally: existing files are never written again.
    if (std::getenv("EVENHAND_WRITE_GOLDEN") != nullptr && !std::ifstream(path).good()) {
      const Bytes bytes = expected.pack();
      std::ofstream(path, std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    }
    const Bytes bytes = file(path);
    const auto back = T::unpack(bytes);
    ASSERT_TRUE(back.has_value()) << path;
    EXPECT_EQ(*back, expected);
    EXPECT_EQ(back->pack(), bytes);
  });
}

// Hostile bytes: refused with a sentence, without a crash and without much memory.

template <class T>
Bytes sample(Weighting weighting) {
  return observed<T>(golden_rows(weighting), 0, 8, weighting, golden_groups()).pack();
}

/// The body of packed bytes, between name and checksum.
std::string body(const Bytes& bytes, std::string_view name) {
  const std::size_t head = open_seal(name).bytes().size();
  return {reinterpret_cast<const char*>(bytes.data()) + head, bytes.size() - head - 8};
}

/// Bytes with a good head and checksum around any body.
Bytes sealed(std::string_view name, std::string_view text) {
  Writer writer = open_seal(name);
  writer.raw(text);
  return close_seal(std::move(writer));
}

template <class T>
void expect_harmless(const Bytes& bytes) {
  const std::size_t before = allocated;
  most_allocated = before;
  const auto read = T::unpack(bytes);
#ifdef EVENHAND_COUNTS_MEMORY
  // Names of groups and cells take up to some hundred bytes for two or three; an array of small
  // tallies up to 2 MB.
  EXPECT_LE(most_allocated - before, 200 * bytes.size() + (std::size_t{2} << 20));
#endif
  if (read) {
    EXPECT_EQ(read->pack(), bytes);  // what is read has one form
  } else {
    EXPECT_EQ(read.error().code, Code::kBadInput);
    EXPECT_FALSE(read.error().says.empty());
  }
}

TEST(TallyLaws, RefusesBytesThatAreCutShort) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const Bytes bytes = sample<T>(weighting);
    const std::string text = body(bytes, T::kName);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(T::unpack(std::span(bytes).first(size)).has_value()) << size;
    }
    for (std::size_t size = 0; size < text.size(); ++size) {  // with a good checksum
      const Bytes cut = sealed(T::kName, text.substr(0, size));
      EXPECT_FALSE(T::unpack(cut).has_value()) << size;
      expect_harmless<T>(cut);
    }
    EXPECT_FALSE(T::unpack(sealed(T::kName, text + '\0')).has_value());
  });
}

TEST(TallyLaws, SeesEveryFlippedBit) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    Bytes bytes = sample<T>(weighting);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
      EXPECT_FALSE(T::unpack(bytes).has_value()) << bit;
      bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    }
  });
}

TEST(TallyLaws, FlippedBitsUnderAGoodChecksumAreHarmless) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const std::string text = body(sample<T>(weighting), T::kName);
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
      std::string flipped = text;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      expect_harmless<T>(sealed(T::kName, flipped));
    }
  });
}

TEST(TallyLaws, HugeNumbersAnywhereAreHarmless) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const std::string text = body(sample<T>(weighting), T::kName);
    const std::vector<std::string> numbers{"\xff\xff\xff\xff\x0f",
                                           "\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
                                           "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                                           std::string(300, '\x7f'), std::string(300, '\0')};
    for (const std::string& huge : numbers) {
      for (std::size_t at = 0; at < text.size(); ++at) {
        expect_harmless<T>(sealed(T::kName, text.substr(0, at) + huge + text.substr(at)));
        expect_harmless<T>(sealed(T::kName, text.substr(0, at) + huge + text.substr(at + 1)));
      }
    }
  });
}

TEST(TallyLaws, RandomBodiesAreHarmless) {
  for_each_law([](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const std::string text = body(sample<T>(weighting), T::kName);
    Random random(14);
    for (int round = 0; round < 2'000; ++round) {
      std::string mixed = text;
      for (std::uint64_t k = 0; k < 1 + random() % 6; ++k) {
        mixed[random() % mixed.size()] = static_cast<char>(random() % (round % 2 == 0 ? 256 : 6));
      }
      expect_harmless<T>(sealed(T::kName, mixed));
    }
  });
}

TEST(TallyLaws, SaysWhatIsWrongWithBytes) {
  Bytes bytes = sample<Confusion>(Weighting::kFrequency);
  EXPECT_EQ(Moments::unpack(bytes).error().says,
            "a tally \"moments\" was asked for; these bytes hold another");
  EXPECT_EQ(Confusion::unpack(Bytes(3)).error().says, "these bytes are not a packed tally");
  bytes[4] = std::byte{2};
  EXPECT_EQ(Confusion::unpack(bytes).error().says,
            "the tally is packed in format 2; this program reads 1 (was it written by a newer "
            "one?)");
  bytes[4] = std::byte{1};
  bytes[20] ^= std::byte{1};
  EXPECT_EQ(Confusion::unpack(bytes).error().says,
            "the packed tally is damaged: its checksum is wrong");
}

TEST(TallyLaws, TenThousandGroupsFit) {
  Groups many{{"g"}, {}, {}};
  for (int i = 0; i < 10'000; ++i) many.keys.push_back({std::to_string(i)});
  for_each_law([&](auto type, Weighting weighting) {
    using T = typename decltype(type)::type;
    const Columns rows = random_rows(40'000, 10'000, weighting, 15);
    const std::size_t before = allocated;
    most_allocated = before;
    const T tally = observed<T>(rows, 0, rows.size(), weighting, many);
#ifdef EVENHAND_COUNTS_MEMORY
    EXPECT_LE(most_allocated - before, std::size_t{80} << 20);
#endif
    const auto back = T::unpack(tally.pack());
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, tally);
  });
}

}  // namespace
}  // namespace evenhand::tally
