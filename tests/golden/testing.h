// What golden tests share: rows given as lists, evaluated as a user's file would be.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/testing.h"
#include "evenhand/evaluate/evaluate.h"

namespace evenhand::testing {

/// A file of the test's own that is gone afterwards.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text, const std::string& ending = ".csv") {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "evenhand-XXXXXX").string() + ending;
    const int handle = mkstemps(pattern.data(), static_cast<int>(ending.size()));
    EXPECT_GE(handle, 0);
    path_ = pattern;
    std::ofstream(path_) << text;
    ::close(handle);
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The one finding of this metric by these attributes (about everybody or a gap, or one group).
inline const record::Finding* find(const record::Record& record, const std::string& metric,
                                   const evaluate::By& by, const record::Group& group = {},
                                   const record::Group& strata = {}) {
  for (const record::Finding& f : record.findings) {
    if (f.metric == metric && f.by == by && f.strata == strata &&
        f.group.value_or(record::Group{}) == group) {
      return &f;
    }
  }
  return nullptr;
}

inline double value(const record::Record& record, const std::string& metric, const evaluate::By& by,
                    const record::Group& group = {}, const record::Group& strata = {}) {
  const record::Finding* f = find(record, metric, by, group, strata);
  if (f == nullptr || !f->value) {
    ADD_FAILURE() << metric
                  << (f == nullptr ? " is not in the record" : " is undefined: " + f->why);
    return -12345;
  }
  return *f->value;
}

/// evaluate() that must succeed.
inline record::Record evaluated(const evaluate::Options& options) {
  auto record = evaluate::evaluate(options, nullptr);
  if (!record) {
    ADD_FAILURE() << to_string(record.error());
    return {};
  }
  return std::move(*record);
}

}  // namespace evenhand::testing
