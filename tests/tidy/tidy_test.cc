// The tree checks itself: what every file of the repository must look like, whoever wrote it.
// clang-format decides spaces and clang-tidy names; here stands what they do not see.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

struct File {
  std::string path;  // below the root, with '/'
  std::string text;
};

/// Folders that git ignores, or whose files are data and not ours to shape.
constexpr std::string_view kPassedOver[] = {".git/", ".deps/", ".cache/", "build", "evenhand-out/"};

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> ends) {
  for (const std::string_view end : ends) {
    if (path.ends_with(end)) return true;
  }
  return false;
}

bool is_cpp(std::string_view path) { return ends_with_any(path, {".cc", ".h"}); }

/// Files that people write: code, build, scripts, pages.
bool is_written(std::string_view path) {
  return is_cpp(path) || path.starts_with("tools/") || path.starts_with(".ci/") ||
         ends_with_any(path,
                       {".def", ".cmake", "CMakeLists.txt", "CMakePresets.json", "Makefile", ".md",
                        ".toml", ".sh", ".py", ".yml", ".clang-tidy", ".clang-format"});
}

/// Build rules and scripts: they break less gladly than code.
bool is_build_script(std::string_view path) {
  return path.starts_with("tools/") || path.starts_with(".ci/") ||
         ends_with_any(path, {".cmake", "CMakeLists.txt", "Makefile", ".sh", ".py"});
}

const std::vector<File>& written_files() {
  static const std::vector<File> kFiles = [] {
    std::vector<File> files;
    const fs::path root = EVENHAND_SOURCE_DIR;
    for (fs::recursive_directory_iterator i(root), end; i != end; ++i) {
      const std::string path = fs::relative(i->path(), root).generic_string();
      const bool folder = i->is_directory();
      for (const std::string_view passed : kPassedOver) {
        if (folder && (path + "/").starts_with(passed)) i.disable_recursion_pending();
      }
      if (folder || !is_written(path)) continue;
      std::ifstream in(i->path(), std::ios::binary);
      files.push_back({path, {std::istreambuf_iterator<char>(in), {}}});
    }
    return files;
  }();
  return kFiles;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all(1);
  for (const char c : text) {
    if (c == '\n') {
      all.emplace_back();
    } else {
      all.back() += c;
    }
  }
  return all;
}

/// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t width(const std::string& line) {
  std::size_t n = 0;
  for (const char c : line) n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return n;
}

/// Where `pattern` stands in `file`: "path:line: the line"; "" if nowhere.
std::string first_place(const File& file, const std::regex& pattern) {
  int number = 0;
  for (const std::string& line : lines(file.text)) {
    ++number;
    if (std::regex_search(line, pattern)) {
      return file.path + ":" + std::to_string(number) + ": " + line;
    }
  }
  return "";
}

void expect_nowhere(const std::string& pattern, bool (*looks_at)(std::string_view)) {
  const std::regex regex(pattern);
  for (const File& file : written_files()) {
    // The patterns themselves stand in this file.
    if (!looks_at(file.path) || file.path == "tests/tidy/tidy_test.cc") continue;
    EXPECT_EQ(first_place(file, regex), "");
  }
}

TEST(Tidy, TheFilesAreSeen) { EXPECT_GT(written_files().size(), 50U); }

TEST(Tidy, CodeFitsOneHundredColumnsAndScriptsOneHundredAndTwenty) {
  for (const File& file : written_files()) {
    const std::size_t most = is_cpp(file.path) ? 100 : is_build_script(file.path) ? 120 : 10'000;
    int number = 0;
    for (const std::string& line : lines(file.text)) {
      ++number;
      if (line.find("NOLINT") != std::string::npos || line.find("R\"") != std::string::npos)
        continue;
      EXPECT_LE(width(line), most) << file.path << ":" << number;
    }
  }
}

TEST(Tidy, NoMergeIsLeftHalfDone) {
  expect_nowhere("^(<<<<<<<|>>>>>>>) ", [](std::string_view) { return true; });
}

TEST(Tidy, NoTabsOutsideMakefiles) {
  expect_nowhere("\t", [](std::string_view path) { return !path.ends_with("Makefile"); });
}

TEST(Tidy, NoCarriageReturnsAndNoSpaceAtTheEndOfALine) {
  expect_nowhere("[ \r]$", [](std::string_view path) { return !path.ends_with(".md"); });
}

TEST(Tidy, EveryFileEndsWithANewline) {
  for (const File& file : written_files()) EXPECT_TRUE(file.text.ends_with('\n')) << file.path;
}

// x.cc and x_test.cc may open with their own header instead: that one says what they are for.
TEST(Tidy, EverySourceOpensWithWhatItIsFor) {
  const std::regex of_header(R"(^src/(.*?)(_test|_bench|_fuzz)?\.cc$)");
  for (const File& file : written_files()) {
    std::smatch part;
    const bool may_lean = std::regex_match(file.path, part, of_header);
    const std::string own = may_lean ? "#include \"" + part[1].str() + ".h\"\n" : "// ";
    if (is_cpp(file.path)) {
      EXPECT_TRUE(file.text.starts_with("// ") || file.text.starts_with(own)) << file.path;
    }
    if (file.path.ends_with(".cmake")) EXPECT_TRUE(file.text.starts_with("# ")) << file.path;
  }
}

TEST(Tidy, EveryHeaderIsGuardedByPragmaOnce) {
  for (const File& file : written_files()) {
    if (!file.path.ends_with(".h")) continue;
    EXPECT_NE(file.text.find("\n#pragma once\n"), std::string::npos) << file.path;
  }
}

TEST(Tidy, NoFolderForWhatHasNoName) {
  const std::regex nameless("(^|/)(common|utils?|helpers?|misc)/");
  for (const File& file : written_files()) {
    EXPECT_FALSE(std::regex_search(file.path, nameless)) << file.path;
  }
}

TEST(Tidy, NoTypeIsAManagerOrAHelper) {
  expect_nowhere(R"(\b(class|struct) \w*(Manager|Helper|Util|Utils)\b)", is_cpp);
}

TEST(Tidy, NoPathOfSomeonesMachine) {
  expect_nowhere(R"((^|[^\w.$}])/(root|home|work|Users|mnt|opt/conda)/\w)", is_written);
}

TEST(Tidy, NoPlaceIsNamedWherePackagesAreKept) {
  expect_nowhere(R"(pypi\.org|pythonhosted|npmjs|deb\.debian\.org|archive\.ubuntu)", is_written);
}

TEST(Tidy, TheCoreDoesNotPrintExitOrReadTheClock) {
  const auto core = [](std::string_view path) {
    return is_cpp(path) && path.starts_with("src/evenhand/") &&
           !path.starts_with("src/evenhand/cli/") && !path.ends_with("_test.cc") &&
           !path.ends_with("_bench.cc") && !path.ends_with("_fuzz.cc") &&
           path != "src/evenhand/base/check.cc";  // the one place where a broken invariant ends the
                                                  // program
  };
  expect_nowhere(R"(std::(cout|cerr|clog)\b|\bprintf\(|\bputs\(|std::_?[eE]xit\(|std::abort\()",
                 core);
  expect_nowhere(R"((system|steady|high_resolution)_clock::now|\btime\(nullptr\)|std::rand\b)",
                 core);
}

TEST(Tidy, TheBuildRulesStayUnderOneHundredAndFiftyLines) {
  std::size_t all = 0;
  for (const File& file : written_files()) {
    if (file.path.starts_with("cmake/")) all += lines(file.text).size() - 1;
  }
  EXPECT_GT(all, 0U);
  EXPECT_LT(all, 150U);
}

TEST(Tidy, ARoomsBuildRuleIsOneLine) {
  for (const File& file : written_files()) {
    if (file.path.starts_with("src/") && file.path.ends_with("CMakeLists.txt")) {
      EXPECT_EQ(lines(file.text).size(), 2U) << file.path;
    }
  }
}

}  // namespace
