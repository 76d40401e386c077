// Numbers and names as people read them, each beside what was computed or decided by hand.
#include "evenhand/report/words.h"

#include <limits>

#include <gtest/gtest.h>

namespace evenhand::report {
namespace {

TEST(Words, ANumberHasAsManyDigitsAsItsIntervalBears) {
  const struct {
    double low, high;
    Scale scale;
    int decimals;
  } cases[] = {
      {0.091, 0.155, Scale::kPercent, 1},  // half-width 3.2 points: 12.3 %
      {0.1, 0.5, Scale::kPercent, 0},      // 20 points: 30 %
      {0.4, 0.41, Scale::kPercent, 2},     // 0.5 points
      {0.4, 0.40001, Scale::kPercent, 3},  // never more than 3
      {0.8, 0.99, Scale::kNumber, 3},      // 0.095
      {1, 25, Scale::kNumber, 0},
      {0.5, 0.5, Scale::kPercent, 1},  // no width: the usual
      {0.5, std::numeric_limits<double>::infinity(), Scale::kNumber, 3},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(decimals({0.3, c.low, c.high, {}, {}}, c.scale), c.decimals)
        << c.low << " " << c.high;
  }
}

TEST(Words, NumbersCarryTheirUnit) {
  EXPECT_EQ(number(0.12345, Scale::kPercent, 1), "12.3 %");
  EXPECT_EQ(number(-0.041, Scale::kPoints, 1), "-4.1 points");
  EXPECT_EQ(number(0.592, Scale::kNumber, 3), "0.592");
  EXPECT_EQ(number(-0.00001, Scale::kPercent, 1), "0.0 %");
  EXPECT_EQ(number(3.2e-9, Scale::kNumber, 3), "3.20e-09");
  EXPECT_EQ(number(1.5e300, Scale::kNumber, 6), "1.50e+300");
  EXPECT_EQ(interval(0.091, 0.155, Scale::kPercent, 1), "9.1 to 15.5 %");
  EXPECT_EQ(interval(0.41, std::nullopt, Scale::kNumber, 2), "0.41 or more");
  EXPECT_EQ(interval(std::nullopt, 0.41, Scale::kNumber, 2), "0.41 or less");
  EXPECT_EQ(interval(std::nullopt, std::nullopt, Scale::kNumber, 2), "no limits");
  EXPECT_EQ(thousands(0), "0");
  EXPECT_EQ(thousands(999), "999");
  EXPECT_EQ(thousands(7214), "7,214");
  EXPECT_EQ(thousands(18446744073709551615ULL), "18,446,744,073,709,551,615");
  EXPECT_EQ(count(1, "row", "rows"), "1 row");
}

TEST(Words, ABoundIsSaidInTheUnitOfItsMetricAndExactly) {
  record::Bound bound;
  bound.at_most = "0.10";
  EXPECT_EQ(asked(bound, Scale::kPoints), "at most 10 points");
  EXPECT_EQ(asked(bound, Scale::kNumber), "at most 0.10");
  bound.at_least = "0.0725";
  EXPECT_EQ(asked(bound, Scale::kPercent), "at least 7.25 % and at most 10 %");
}

TEST(Words, UnitsTellTheScale) {
  EXPECT_EQ(scale_of("share in [0,1]"), Scale::kPercent);
  EXPECT_EQ(scale_of("difference of shares, >= 0; 0 is parity"), Scale::kPoints);
  EXPECT_EQ(scale_of("signed difference of shares; 0 is parity"), Scale::kPoints);
  EXPECT_EQ(scale_of("quotient in [0,1]; 1 is parity"), Scale::kNumber);
}

TEST(Words, GroupsAreNamedInTheOrderOfTheQuestion) {
  const record::Group group{{"race", std::nullopt}, {"sex", "Female"}};
  EXPECT_EQ(name_of(group, {"sex", "race"}), "Female × unknown");
  EXPECT_EQ(name_of(record::Group{}, {}), "everybody");
  EXPECT_EQ(name_of(record::Group{{"sex", ""}}, {"sex"}), "(empty)");
  EXPECT_EQ(question({"sex", "race"}), "sex × race");
  EXPECT_EQ(stratum({{"dept", "A"}, {"year", std::nullopt}}), "dept = A, year = unknown");
}

TEST(Words, ReasonsAreSentences) {
  EXPECT_EQ(why("no_rows"), "nobody is in the denominator");
  EXPECT_EQ(why("something_new"), "something new");
}

TEST(Words, NamesFromDataCannotDisturbATerminalOrALine) {
  EXPECT_EQ(cleaned("a\x1b[31mb\n"), "a\xef\xbf\xbd[31mb\xef\xbf\xbd");
  EXPECT_EQ(cleaned("\xe2\x80\xae"
                    "abc"),
            "\xef\xbf\xbd"
            "abc");  // turns the direction around
  EXPECT_EQ(cleaned("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(cleaned("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // half of a pair
  EXPECT_EQ(cleaned("Zoë 女"), "Zoë 女");
  EXPECT_EQ(width(cleaned(std::string(200, 'x'))), 81u);
}

TEST(Words, HtmlIsEscaped) {
  EXPECT_EQ(html_escaped("<script>alert(\"1\" & '2')</script>"),
            "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
}

TEST(Words, MarkdownIsEscaped) {
  EXPECT_EQ(markdown_escaped("a|b *c* [d](e) `f` <g> h_i _j_"),
            "a\\|b \\*c\\* \\[d\\](e) \\`f\\` &lt;g> h_i \\_j\\_");
  EXPECT_EQ(markdown_escaped("- x"), "\\- x");
  EXPECT_EQ(markdown_escaped("12. x"), "12\\. x");
  EXPECT_EQ(markdown_escaped("# @me http://x"), "\\# &#64;me http&#58;//x");
  EXPECT_EQ(markdown_escaped("12.3 %"), "12\\.3 %");
}

}  // namespace
}  // namespace evenhand::report
