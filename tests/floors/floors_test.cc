// The house stands: every #include of src/evenhand reaches a lower floor or its own room, and every
// library of others is met at its homes only. The two tables below are the whole rule; the text of
// the files is all that is read.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

struct Room {
  std::string_view name;
  int floor;
};

/// A room includes itself and rooms of lower floors; never a neighbour, never upward.
// clang-format off
constexpr Room kRooms[] = {
    {"base", 1},
    {"numeric", 2}, {"net", 2}, {"table", 2}, {"text", 2}, {"tally", 2},
    {"metric", 3},
    {"model", 4}, {"record", 4},
    {"data", 5}, {"train", 5}, {"adjust", 5}, {"evaluate", 5}, {"monitor", 5}, {"report", 5},
    {"api", 6},
    {"cli", 7}, {"server", 7}, {"python", 7}, {"verify", 7},
};
// clang-format on

/// A library is known by how its headers begin. Its homes are rooms, or files of a room that begin
/// with a word ("table/arrow_"); "" is the whole house; "*_test" are the files that end so.
struct Library {
  std::string_view headers;
  std::vector<std::string_view> homes;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> kLibraries = {
      {"arrow/", {"table/arrow_"}},
      {"parquet/", {"table/arrow_"}},
      {"simdjson", {"table/", "monitor/", "server/"}},
      {"zlib.h", {"table/"}},
      {"zstd.h", {"table/"}},
      {"torch/", {"model/torch_", "train/torch_"}},
      {"ATen/", {"model/torch_", "train/torch_"}},
      {"cblas.h", {"model/"}},
      {"xgboost/", {"model/"}},
      {"boost/math/", {"numeric/"}},
      {"coin/", {"numeric/"}},
      {"boost/asio", {"server/"}},
      {"boost/beast", {"server/"}},
      {"curl/", {"net/"}},
      {"sqlite3.h", {"monitor/"}},
      {"libpq-fe.h", {"monitor/"}},
      {"librdkafka/", {"monitor/"}},
      {"utf8proc.h", {"text/"}},
      {"openssl/", {"base/", "record/", "server/"}},
      {"nlohmann/",
       {"base/field", "record/", "model/", "adjust/", "report/", "api/", "cli/", "server/",
        "verify/"}},
      {"toml++/", {"api/"}},
      {"CLI/", {"cli/", "verify/"}},
      {"spdlog/", {"cli/", "server/"}},
      {"nanobind/", {"python/"}},
      {"fmt/", {""}},
      {"gtest/", {"*_test", "*/testing"}},
      {"benchmark/", {"*_bench"}},
  };
  return kLibraries;
}

/// Headers of the system, beside those of the standard library (which have neither dot nor slash).
constexpr std::string_view kSystem[] = {
    "sys/",    "netinet/", "arpa/",     "dirent.h",  "dlfcn.h",  "fcntl.h",  "glob.h",
    "link.h",  "malloc.h", "pthread.h", "sched.h",   "signal.h", "spawn.h",  "poll.h",
    "stdio.h", "stdlib.h", "string.h",  "termios.h", "time.h",   "unistd.h", "immintrin.h"};

std::optional<int> floor_of(std::string_view room) {
  for (const Room& r : kRooms) {
    if (r.name == room) return r.floor;
  }
  return std::nullopt;
}

std::string_view room_of(std::string_view path) { return path.substr(0, path.find('/')); }

/// Whether a file ("table/arrow_csv.cc") lies in a home ("table/arrow_").
bool lives_in(std::string_view file, std::string_view home) {
  if (!home.starts_with('*')) return file.starts_with(home);
  const std::string_view stem = file.substr(0, file.rfind('.'));
  return stem.ends_with(home.substr(1));
}

/// What is wrong with `file`, a path below src/evenhand, including `header`; "" if nothing is.
std::string fault(std::string_view file, std::string_view header) {
  const std::string where = std::string(file) + " includes " + std::string(header) + ": ";
  constexpr std::string_view kOurs = "evenhand/";
  if (header.starts_with(kOurs)) {
    const std::string_view room = room_of(file);
    const std::string_view other = room_of(header.substr(kOurs.size()));
    if (!floor_of(room)) return where + std::string(room) + " is no room of the house";
    if (!floor_of(other)) return where + std::string(other) + " is no room of the house";
    if (room == other || *floor_of(other) < *floor_of(room)) return "";
    return where + (*floor_of(other) == *floor_of(room) ? "sideways" : "upward");
  }
  if (header.find_first_of("./") == std::string_view::npos) return "";
  for (const std::string_view start : kSystem) {
    if (header.starts_with(start)) return "";
  }
  for (const Library& library : libraries()) {
    if (!header.starts_with(library.headers)) continue;
    const bool home = std::any_of(library.homes.begin(), library.homes.end(),
                                  [&](std::string_view h) { return lives_in(file, h); });
    return home ? "" : where + "this library has its home elsewhere";
  }
  return where + "no table here knows this library; a new one needs a page in docs/decisions/";
}

const fs::path kHouse = fs::path(EVENHAND_SOURCE_DIR) / "src" / "evenhand";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Every first group that `pattern` finds in `text`.
std::vector<std::string> found(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern, std::regex::ECMAScript | std::regex::multiline);
  std::vector<std::string> all;
  for (std::sregex_iterator i(text.begin(), text.end(), regex), end; i != end; ++i) {
    all.push_back((*i)[1]);
  }
  return all;
}

std::vector<std::string> words(const std::string& text) { return found(text, "([A-Za-z_:]+)"); }

TEST(Floors, EveryIncludeReachesALowerFloorOrItsOwnRoom) {
  int includes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(kHouse)) {
    if (!entry.is_regular_file()) continue;
    const std::string file = fs::relative(entry.path(), kHouse).generic_string();
    if (file.ends_with("CMakeLists.txt")) continue;
    for (const std::string& header :
         found(text_of(entry.path()), R"(^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"])")) {
      ++includes;
      EXPECT_EQ(fault(file, header), "");
    }
  }
  EXPECT_GT(includes, 100) << "too few includes were seen in " << kHouse;
}

TEST(Floors, EveryFolderIsARoom) {
  for (const auto& entry : fs::directory_iterator(kHouse)) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(floor_of(entry.path().filename().string())) << entry.path() << " has no floor";
  }
}

TEST(Floors, TheBuildAsksForLowerFloorsOnly) {
  for (const Room& room : kRooms) {
    const std::string rule = text_of(kHouse / room.name / "CMakeLists.txt");
    for (const std::string& after : found(rule, R"(DEPS\s([a-z\s]+))")) {
      for (const std::string& dep : words(after)) {
        ASSERT_TRUE(floor_of(dep)) << room.name << " asks for " << dep << ", which is no room";
        EXPECT_LT(*floor_of(dep), room.floor) << room.name << " asks for " << dep;
      }
    }
  }
}

TEST(Floors, TheBuildKnowsTheSameRoomsInTheSameOrder) {
  const auto lists = found(text_of(fs::path(EVENHAND_SOURCE_DIR) / "CMakeLists.txt"),
                           R"(EVENHAND_FLOORS[^\n]*\n([a-z\s]+)\))");
  ASSERT_EQ(lists.size(), 1U);
  std::vector<std::string> ours;
  for (const Room& room : kRooms) ours.emplace_back(room.name);
  EXPECT_EQ(words(lists[0]), ours);
}

// The rule itself, on made-up includes: a table that finds nothing wrong would be no test.
TEST(Floors, AWrongIncludeIsNamed) {
  const auto wrong = [](std::string_view file, std::string_view header, std::string_view why) {
    EXPECT_NE(fault(file, header).find(why), std::string::npos) << fault(file, header);
  };
  wrong("base/result.h", "evenhand/tally/confusion.h", "upward");
  wrong("table/csv.cc", "evenhand/tally/groups.h", "sideways");
  wrong("train/fit.cc", "evenhand/evaluate/evaluate.h", "sideways");
  wrong("common/strings.h", "evenhand/base/result.h", "no room");
  wrong("metric/rates.cc", "evenhand/utils/x.h", "no room");
  wrong("table/csv.cc", "arrow/api.h", "elsewhere");
  wrong("metric/normal.cc", "boost/math/distributions/normal.hpp", "elsewhere");
  wrong("tally/confusion.cc", "gtest/gtest.h", "elsewhere");
  wrong("tally/confusion.cc", "absl/strings/cord.h", "no table here knows");
}

TEST(Floors, ARightIncludeIsLeftAlone) {
  EXPECT_EQ(fault("metric/rates.cc", "evenhand/tally/confusion.h"), "");
  EXPECT_EQ(fault("metric/rates.cc", "evenhand/metric/rates.h"), "");
  EXPECT_EQ(fault("table/arrow_csv.cc", "arrow/csv/api.h"), "");
  EXPECT_EQ(fault("table/csv_test.cc", "gtest/gtest.h"), "");
  EXPECT_EQ(fault("base/result.h", "vector"), "");
  EXPECT_EQ(fault("base/result.cc", "sys/stat.h"), "");
}

}  // namespace
