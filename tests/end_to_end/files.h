// What a file of a test's folder holds.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "evenhand/base/field.h"

namespace evenhand {

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline Json json_of(const std::filesystem::path& path) { return Json::parse(text_of(path)); }

}  // namespace evenhand
