// What the tests of every room share: where the shared real data lie.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace evenhand::testing {

/// A file of the shared real data; empty where it is not there, and then its test is skipped. With
/// CI=true and the folder there, a missing file is a failure. EVENHAND_REAL_DATA names the folder;
/// without it, ../shared/data beside the repository.
inline std::string real_data(const std::string& file) {
  const char* named = std::getenv("EVENHAND_REAL_DATA");
  const std::filesystem::path folder =
      named != nullptr ? std::filesystem::path(named)
                       : std::filesystem::path(EVENHAND_SOURCE_DIR) / "../shared/data";
  if (std::filesystem::exists(folder / file)) return (folder / file).string();
  const char* ci = std::getenv("CI");
  if (std::filesystem::exists(folder) && ci != nullptr && std::string(ci) == "true") {
    ADD_FAILURE() << "the folder of real data is there, but it lacks " << file;
  }
  return "";
}

}  // namespace evenhand::testing

#define EVENHAND_REAL_DATA_OR_SKIP(variable, file)                 \
  const std::string variable = evenhand::testing::real_data(file); \
  if (variable.empty()) GTEST_SKIP() << "no real data here: " << (file)
