#include "evenhand/report/view.h"

#include <cmath>

#include <gtest/gtest.h>

namespace evenhand::report {
namespace {

TEST(View, APValueReadsAsPeopleWriteIt) {
  EXPECT_EQ(p_value(0), "1.00");
  EXPECT_EQ(p_value(std::log10(0.0123)), "0.012");
  EXPECT_EQ(p_value(std::log10(2.539629e-10)), "2.5e-10");
  EXPECT_EQ(p_value(-1392.86), "10^-1392.9");  // no double is that small
}

}  // namespace
}  // namespace evenhand::report
