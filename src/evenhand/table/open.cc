// Which reader a file gets, by what was declared, its first bytes and its name; and globs.
#include <algorithm>
#include <array>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include <glob.h>

#include "evenhand/base/nearest.h"
#include "evenhand/table/bytes.h"
#include "evenhand/table/reader.h"

namespace evenhand::table {

using Open = Result<std::unique_ptr<Reader>>(std::unique_ptr<ByteSource>, const std::string&,
                                             const ReadOptions&);

#define EVENHAND_READER(name, extensions, magic, open) Open open;
#include "evenhand/table/all.def"
#undef EVENHAND_READER

namespace {

struct Format {
  std::string_view name, extensions, magic;
  Open* open;
};

constexpr auto kFormats = std::to_array<Format>({
#define EVENHAND_READER(name, extensions, magic, open) {name, extensions, magic, open},
#include "evenhand/table/all.def"
#undef EVENHAND_READER
});

bool lists(std::string_view words, std::string_view word) {
  const std::string padded = " " + std::string(words) + " ";
  return !word.empty() && padded.find(" " + std::string(word) + " ") != std::string::npos;
}

// The extension in lower case, behind .gz and .zst.
std::string extension(std::string_view path) {
  for (;;) {
    const std::size_t dot = path.find_last_of("./");
    if (dot == std::string_view::npos || path[dot] == '/') return "";
    std::string found(path.substr(dot + 1));
    for (char& c : found) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    if (found != "gz" && found != "zst") return found;
    path = path.substr(0, dot);
  }
}

Result<const Format*> find_format(const std::string& path, std::string_view first,
                                  const std::string& declared) {
  if (!declared.empty()) {
    std::vector<std::string> names;
    for (const Format& format : kFormats) {
      if (format.name == declared) return &format;
      names.emplace_back(format.name);
    }
    std::string says = "there is no format \"" + declared + "\"";
    const std::string meant = nearest(declared, names);
    if (!meant.empty()) says += "; did you mean \"" + meant + "\"?";
    return Error{Code::kInvalidArgument, says};
  }
  for (const Format& format : kFormats) {
    if (!format.magic.empty() && first.substr(0, format.magic.size()) == format.magic)
      return &format;
  }
  const std::string ending = extension(path);
  for (const Format& format : kFormats) {
    if (lists(format.extensions, ending)) return &format;
  }
  return &kFormats[0];
}

}  // namespace

Result<std::unique_ptr<Reader>> open(const std::string& path, const ReadOptions& options) {
  EVENHAND_ASSIGN(std::unique_ptr<ByteSource> source, open_bytes(path));
  constexpr std::size_t kLongestMagic = 16;
  EVENHAND_ASSIGN(const std::string first, source->peek(kLongestMagic));
  EVENHAND_ASSIGN(const Format* format, find_format(path, first, options.format));
  return format->open(std::move(source), path, options);
}

bool has_name_of_a_table(const std::string& path) {
  const std::string ending = extension(path);
  return std::any_of(kFormats.begin(), kFormats.end(),
                     [&](const Format& each) { return lists(each.extensions, ending); });
}

Result<std::vector<std::string>> expand(const std::string& path_or_glob) {
  struct stat facts {};
  const bool is_plain = path_or_glob.find_first_of("*?[") == std::string::npos;
  if (path_or_glob == "-" || ::stat(path_or_glob.c_str(), &facts) == 0) {
    return std::vector<std::string>{path_or_glob};  // a name that exists is no pattern
  }
  if (is_plain) return no_such_file(path_or_glob);
  glob_t found{};
  const int status = ::glob(path_or_glob.c_str(), GLOB_NOSORT | GLOB_ERR, nullptr, &found);
  std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (status != 0 && status != GLOB_NOMATCH) {
    return Error{Code::kIo, "the pattern \"" + path_or_glob +
                                "\" could not be followed: a folder cannot be read"};
  }
  if (paths.empty()) {
    return Error{Code::kNotFound, "no file matches the pattern \"" + path_or_glob + "\""};
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace evenhand::table
