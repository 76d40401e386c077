// Real files, against the counts that were published for them. Origin: ProPublica's COMPAS analysis
// (rows by race), the UCI descriptions of Adult, the column totals in the data folder's own page.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evenhand/base/testing.h"
#include "evenhand/table/testing.h"

namespace evenhand::table {
namespace {

using testing::read_all;
using testing::Whole;

using Counts = std::map<std::string, std::size_t>;

Counts counts_of(const std::vector<std::string>& values) {
  Counts counts;
  for (const std::string& value : values) ++counts[value];
  return counts;
}

struct Real {
  const char* file;
  const char* column;
  Counts counts;  // of some of its values
  std::size_t rows;
  ReadOptions options = {};
};

ReadOptions adult_options() {
  ReadOptions options;
  options.header = false;
  options.comment = '|';  // adult.test begins with such a line
  return options;
}

std::vector<Real> real_files() {
  return {
      {"tabular/compas/compas-scores-two-years.csv",
       "race",
       {{"African-American", 3696}, {"Caucasian", 2454}},
       7214},
      // UCI, adult.names: 32,561 and 16,281 instances; women by the data folder's page (16,192).
      {"tabular/adult/adult.data", "column_10", {{"Female", 10771}}, 32561, adult_options()},
      {"tabular/adult/adult.test",
       "column_10",
       {{"Female", 16192 - 10771}},
       16281,
       adult_options()},
      {"tabular/bank_marketing/bank-full.csv", "y", {{"yes", 4667}}, 40004},
      {"tabular/law_school/law_school_clean.csv",
       "race",
       {{"White", 17491}, {"Non-White", 3307}},
       20798},
      {"tabular/resume_names/ResumeNames.csv", "ethnicity", {{"cauc", 2435}, {"afam", 2435}}, 4870},
      {"tabular/student/student_por.csv", "sex", {}, 649},
      {"tabular/student/student_mat.csv", "sex", {}, 395},
      {"tabular/hmda/HMDA.csv", "afam", {{"yes", 339}, {"no", 2041}}, 2380},
      {"tabular/acs_income/acs_income_60k.csv", "SEX", {{"1", 31406}, {"2", 28594}}, 60000},
  };
}

TEST(CsvRealData, HasThePublishedCounts) {
  std::size_t read = 0;
  for (const Real& real : real_files()) {
    const std::string path = evenhand::testing::real_data(real.file);
    if (path.empty()) continue;
    ++read;
    const Result<Whole> whole = read_all(path, real.options, {{real.column, As::kText}});
    ASSERT_TRUE(whole) << to_string(whole.error());
    EXPECT_EQ(whole->rows, real.rows) << real.file;
    const Counts counts = counts_of(whole->columns[0]);
    for (const auto& [value, count] : real.counts) {
      EXPECT_EQ(counts.count(value) != 0 ? counts.at(value) : 0, count)
          << real.file << ": " << value;
    }
  }
  if (read == 0) GTEST_SKIP() << "no real data here";
}

}  // namespace
}  // namespace evenhand::table
