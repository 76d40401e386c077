// The three renderings of one record, held against what they must show and must not give away.
#include "evenhand/report/report.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "evenhand/metric/all.h"
#include "evenhand/report/chapters.h"
#include "evenhand/report/compas_test_record.h"
#include "evenhand/report/curves.h"
#include "evenhand/report/story.h"
#include "evenhand/report/svg.h"
#include "evenhand/report/view.h"

namespace evenhand::report {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

std::vector<std::string> all_three(const record::Record& record) {
  return {html(record, metric::find), markdown(record, metric::find), table(record, metric::find)};
}

std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), expression), end; it != end; ++it)
    out.push_back((*it)[1]);
  return out;
}

TEST(Report, ShowsTheSharesOfCompas) {
  // 591 of 1,395 and 2,726 of 5,819 by hand.
  for (const std::string& text : all_three(compas())) {
    EXPECT_TRUE(has(text, "42.4")) << text.substr(0, 500);
    EXPECT_TRUE(has(text, "46.8"));
    EXPECT_TRUE(has(text, "1,395"));
  }
}

TEST(Report, GivesNoSmallCellAway) {
  // 8/32 and 12/18 selected; of the wronged 6/9 and 9/10; the gap between Native American and
  // Other.
  for (const std::string& text : all_three(compas())) {
    for (const char* secret : {"25.0 %", "25 %", "66.7 %", "67 %", "90 %", "45.7", "0.457"}) {
      EXPECT_FALSE(has(text, secret)) << secret;
    }
    // Who is widest apart would tell, too.
    EXPECT_FALSE(has(text, "Other (lower)"));
    EXPECT_FALSE(std::regex_search(text, std::regex("[^0-9,](395|32 rows)[^0-9,]")));
  }
  EXPECT_TRUE(has(html(compas(), metric::find), "not shown"));
}

TEST(Report, HiddenNumbersLeaveNoTraceInPictures) {
  // Two records that differ only within the two small groups give the same page.
  record::Record other = compas();
  for (record::Finding& f : other.findings) {
    if (!f.group || !f.group->contains("race")) continue;
    const std::string race = *f.group->at("race");
    if ((race != "Asian" && race != "Native American") || f.metric == "selection_rate") continue;
    f.value = 0.5;
    f.low = 0.4;
    f.high = 0.6;
  }
  EXPECT_EQ(html(compas(), metric::find), html(other, metric::find));
  EXPECT_EQ(markdown(compas(), metric::find), markdown(other, metric::find));
}

TEST(Report, SaysFewerThan11OnlyOfGroupsThatHaveFewer) {
  record::Record record;
  add_sheet(record, "race", {{"A", 300, 300, 300, 300}, {"B", 40, 40, 40, 40}, {"C", 2, 2, 2, 2}});
  for (const CompasCounts& c : std::vector<CompasCounts>{
           {"A", 300, 300, 300, 300}, {"B", 40, 40, 40, 40}, {"C", 2, 2, 2, 2}}) {
    add_group(record, "race", c);
  }
  const std::string text = table(record, metric::find);
  EXPECT_TRUE(std::regex_search(text, std::regex("C +fewer than 11 +fewer than 11 rows"))) << text;
  EXPECT_TRUE(std::regex_search(text, std::regex("B +not shown +not shown"))) << text;
}

TEST(Report, NamesTheGroupsThatAreTooSmallAndHowToMergeThem) {
  record::Record record;
  add_sheet(record, "race", {{"A", 300, 300, 300, 300}, {"B", 40, 40, 40, 40}, {"C", 2, 2, 2, 2}});
  for (const CompasCounts& c : std::vector<CompasCounts>{
           {"A", 300, 300, 300, 300}, {"B", 40, 40, 40, 40}, {"C", 2, 2, 2, 2}}) {
    add_group(record, "race", c);
  }
  for (const std::string& text : all_three(record)) {
    EXPECT_TRUE(has(text,
                    "By race, C has fewer than 11 rows, so numbers are held back. Merged with a "
                    "larger group, more could be shown"))
        << text;
    EXPECT_FALSE(has(text, "B has fewer")) << text;
  }
  EXPECT_TRUE(has(table(record, metric::find),
                  "[groups.race] rename = { \"C\" = \"NAME\" } (or --rename 'race=C=NAME'), where "
                  "NAME is that of a larger group."));
  // Where no group has fewer than 11 rows, nobody is told which one hides for its own cells.
  const std::string compas_text = table(compas(), metric::find);
  EXPECT_TRUE(has(compas_text,
                  "By race, numbers of some groups are held back for small cells. Fewer and larger "
                  "groups of race would show more: merge some of them with rename in [groups.race] "
                  "or --rename."))
      << compas_text;
}

record::Record with_groups(const std::vector<CompasCounts>& groups) {
  record::Record record;
  add_sheet(record, "race", groups);
  for (const CompasCounts& each : groups) add_group(record, "race", each);
  return record;
}

TEST(Report, AdviceOnSmallGroupsIsWhatCanBeTyped) {
  const CompasCounts a{"A", 300, 300, 300, 300}, b{"B", 40, 40, 40, 40};
  const auto of = [&](const std::string& name) { return CompasCounts{name, 2, 2, 2, 2}; };
  const auto said = [](const record::Record& record) { return table(record, metric::find); };
  // "other" is there, and joined; quotes and a group that was renamed from others.
  record::Record record = with_groups({a, b, of("say \"x\""), of("Rest"), of("other")});
  record.options["groupings"] = {
      {"race", {{"edges", record::Sheet::array()}, {"rename", {{"X", "Rest"}, {"Y", "Rest"}}}}}};
  EXPECT_TRUE(has(said(record), "\"say \\\"x\\\"\" = \"other\"")) << said(record);
  EXPECT_TRUE(has(said(record), "\"X\" = \"other\", \"Y\" = \"other\"")) << said(record);
  EXPECT_FALSE(has(said(record), "--rename '")) << said(record);
  // Of the group "other" alone there is nothing to rename.
  const std::string other = said(with_groups({a, b, of("other")}));
  EXPECT_FALSE(has(other, "rename = {")) << other;
  EXPECT_TRUE(has(other, "other has fewer than 11 rows, so numbers are held back. Fewer and"));
  // A name that cannot be shown as it is cannot be typed.
  EXPECT_FALSE(has(said(with_groups({a, b, of(std::string(90, 'x'))})), "rename = {"));
  EXPECT_FALSE(has(said(with_groups({a, b, of("")})), "rename = {"));
  // Intervals are cut wider.
  record =
      with_groups({{"below 30", 300, 300, 300, 300}, {"30 to 60", 40, 40, 40, 40}, of("60 up")});
  record.options["groupings"] = {
      {"race", {{"edges", {30, 60}}, {"rename", record::Sheet::object()}}}};
  EXPECT_TRUE(has(said(record),
                  "Wider intervals of race would show more: fewer edges in "
                  "[groups.race] or --edges."))
      << said(record);
  // Shells quote once.
  EXPECT_TRUE(has(said(with_groups({a, b, of("Native X"), of("C")})),
                  "(or --rename 'race=C,Native X=other')") ||
              has(said(with_groups({a, b, of("Native X"), of("C")})),
                  "(or --rename 'race=Native X,C=other')"));
}

// By hand from ProPublica's counts: selected are 2,174 of 3,696 African-Americans (58.8 %) and 79
// of 377 others (21.0 %). The widest gap lies between groups of which one is hidden.
TEST(Report, AHiddenGapSaysBetweenWhomOfTheShownGroupsItIsWidest) {
  record::Record record = compas();
  for (record::Finding& f : record.findings) {
    if (!f.between || f.by != std::vector<std::string>{"race"}) continue;
    f.bound.emplace().at_most = "0.1";
    f.verdict = record::Verdict::kBroken;
  }
  for (const std::string& text : all_three(record)) {
    EXPECT_TRUE(std::regex_search(
        text, std::regex("of the groups that are shown, 21.0[^0-9]{1,3}% .Other; [^)]*. and "
                         "58.8[^0-9]{1,3}% .African-American; [^)]*. lie furthest apart")))
        << text.substr(0, 1500);
    EXPECT_FALSE(has(text, "by race: from"));  // a range of all groups is not known here
  }
}

TEST(Report, SaysWhichVerdictOnlyWarns) {
  record::Record record = compas();
  for (record::Finding& f : record.findings) {
    if (!f.between) continue;
    f.bound.emplace().at_most = "0.1";
    f.bound->severity = "warn";
    f.verdict = record::Verdict::kBroken;
  }
  for (const std::string& text : all_three(record)) EXPECT_TRUE(has(text, "a warning only"));
}

// What was left out is told in full, but for the rows of groups: a table may have to hide them.
TEST(Report, LeftOutReasonsAreWholeAndCountNoGroup) {
  record::Record record = compas();
  const std::string why =
      "a rate with nobody in its denominator is 0; one group has a gap of 0 and a ratio of 1";
  record.left_out = {{"convention fairlearn", why, 0},
                     {"unknown groups of race", "never compared", 4321},
                     {"bad rows", "skipped as asked", 3}};
  for (const std::string& text : all_three(record)) {
    EXPECT_TRUE(has(text, "Convention fairlearn: " + why)) << text;
    EXPECT_FALSE(has(text, "4,321"));
    EXPECT_TRUE(has(text, "Bad rows (3): skipped as asked"));
  }
}

TEST(Report, WhatMissingRowsLeaveOpenHasItsInterval) {
  record::Record record = compas();
  for (record::Finding& f : record.findings) {
    if (f.group && f.group->contains("sex")) f.open = record::Open{0.31, 0.52, 0.28, 0.55, 40};
  }
  for (const std::string& text : {html(record, metric::find), markdown(record, metric::find)}) {
    EXPECT_TRUE(std::regex_search(text, std::regex("31.0 to 52.0[^0-9]{1,3}% if what is missing "
                                                   "were known [^0-9]*28.0 to 55.0[^0-9]{1,3}%")));
  }
}

TEST(Report, EscapesWhatComesFromData) {
  record::Record record = compas();
  const std::string evil = "<script>alert(1)</script>";
  for (record::Finding& f : record.findings) {
    if (f.group && f.group->contains("sex") && f.group->at("sex") == "Female")
      (*f.group)["sex"] = evil;
  }
  for (auto& cell : record.tallies[0]["cells"]) {
    if (cell[0] == "Female") cell[0] = evil;
  }
  record.inputs[0].path = "\"><img src=x onerror=alert(1)>";
  record.options["label"] = "</code><script>";
  record.code_version = "<b>";
  record.left_out.push_back({"<i>", "</li>", 50});
  const std::string page = html(record, metric::find);
  EXPECT_TRUE(has(page, "&lt;script&gt;alert(1)"));
  for (const char* tag : {"<script", "<img", "<b>", "<i>"}) EXPECT_FALSE(has(page, tag)) << tag;
  const std::string text = markdown(record, metric::find);
  EXPECT_TRUE(has(text, "&lt;script>"));
  for (const std::string& line : matches(text, "([^\\n]*<[^\\n]*)")) {
    EXPECT_TRUE(has(line, "`")) << line;  // only as code, where nothing is markup
  }
}

TEST(Report, ControlCharactersDoNotReachTheTerminal) {
  record::Record record = compas();
  for (record::Finding& f : record.findings) {
    if (f.group && f.group->contains("sex") && f.group->at("sex") == "Female")
      (*f.group)["sex"] = "\x1b[2J";
  }
  EXPECT_FALSE(has(table(record, metric::find), "\x1b"));
  EXPECT_TRUE(has(table(record, metric::find, {.colour = true}), "\x1b[1;31mbroken"));
}

TEST(Report, IsOneFileThatAsksForNothing) {
  const std::string page = html(compas(), metric::find);
  for (const std::string& link : matches(page, "(?:href|src)=\"([^\"]*)\"")) {
    EXPECT_TRUE(link.starts_with('#') || link == "data:,") << link;
  }
  for (const char* outside :
       {"http:", "https:", "@import", "<script", "<link rel=\"stylesheet", "url(//"}) {
    EXPECT_FALSE(has(page, outside)) << outside;
  }
}

void expect_structure(const std::string& page) {
  EXPECT_TRUE(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
  EXPECT_TRUE(has(page, "<meta name=\"viewport\""));
  EXPECT_TRUE(has(page, "class=\"skip\" href=\"#summary\""));
  EXPECT_EQ(times(page, "<h1>"), 1u);
  int before = 1;
  for (const std::string& level : matches(page, "<h([1-6])[ >]")) {
    const int now = std::stoi(level);
    EXPECT_LE(now, before + 1);
    before = now;
  }
  EXPECT_GT(times(page, "<svg role=\"img\""), 5u);
  EXPECT_EQ(times(page, "<svg role=\"img\""), times(page, "<title id="));
  EXPECT_EQ(times(page, "<svg role=\"img\""), times(page, "<desc id="));
  EXPECT_EQ(times(page, "<table>"), times(page, "<caption>"));
  EXPECT_EQ(times(page, "<th>"), 0u);
  EXPECT_EQ(times(page, "<th "), times(page, "scope=\"") - 0u);
  std::set<std::string> ids;
  for (const std::string& id : matches(page, " id=\"([^\"]*)\""))
    EXPECT_TRUE(ids.insert(id).second) << id;
  for (const std::string& link : matches(page, "href=\"#([^\"]*)\""))
    EXPECT_TRUE(ids.contains(link)) << link;
}

void expect_closed(const std::string& page) {
  std::vector<std::string> open{"html"};  // from <body> on
  const std::set<std::string> alone{"meta",   "link", "line", "rect",
                                    "circle", "path", "br",   "!doctype"};
  for (const std::string& tag : matches(page.substr(page.find("<body>")), "<(/?[a-z0-9]+)")) {
    if (alone.contains(tag)) continue;
    if (tag[0] != '/') {
      open.push_back(tag);
    } else {
      ASSERT_FALSE(open.empty()) << tag;
      ASSERT_EQ("/" + open.back(), tag);
      open.pop_back();
    }
  }
  EXPECT_EQ(open, std::vector<std::string>{});
}

TEST(Report, HasTheStructureThatScreenReadersNeed) {
  expect_structure(html(compas(), metric::find));
}

TEST(Report, OpensAndClosesEveryElement) { expect_closed(html(compas(), metric::find)); }

// --- Several records --------------------------------------------------------------------------

/// A model, what it decides, and the same decisions judged again: two chapters share all methods.
std::vector<record::Record> several() {
  record::Record training;
  training.operation = "train fit";
  training.options = {{"label", "<b>y</b>"},
                      {"favourable", "1"},
                      {"training", {{"learner", "linear"}, {"method", "gap"}}},
                      {"features", {"age", "<i>trade</i>"}}};
  record::Record again = compas();
  again.options["decision"] = {{"column", "high_risk_again"}};
  return {training, compas(), again};
}

TEST(ReportOfSeveral, SaysMethodsLimitationsAndProvenanceOnce) {
  const std::vector<record::Record> records = several();
  const std::string page = html(records, metric::find), text = markdown(records, metric::find);
  for (const std::string& each : {page, text}) {
    for (const char* once :
         {"A paragraph to paste", "Labels may be seen only for the accepted",
          "The plain interval of a share is Wilson at 95", "It does not mean fair",
          "A label that is itself unfair teaches unfairness", "What the words mean"}) {
      EXPECT_EQ(times(each, once), 1u) << once;
    }
  }
  // Each metric is explained once; two of three chapters use it, and the sentence says which.
  const std::string formula = metric::find("selection_rate")->formula;
  EXPECT_EQ(times(text, "`" + formula + "`"), 1u);
}

/// Page and Markdown hold every number of the record that is shown. Returns how many there are.
std::size_t expect_numbers(const record::Record& record, const std::string& page,
                           const std::string& text) {
  std::size_t looked = 0;
  const View shown = view(record, metric::find);
  for (const Question& q : shown.questions) {
    for (const auto* list : {&q.groups, &q.gaps}) {
      for (const Shown& s : *list) {
        if (s.state() != State::kShown) continue;
        EXPECT_TRUE(has(page, html_escaped(s.value()))) << s.value();
        EXPECT_TRUE(has(page, html_escaped(s.plain()))) << s.plain();
        EXPECT_TRUE(has(text, markdown_escaped(s.value(), false))) << s.value();
        EXPECT_TRUE(has(text, markdown_escaped(s.plain(), false))) << s.plain();
        ++looked;
      }
    }
  }
  return looked;
}

TEST(ReportOfSeveral, CarriesEveryNumberThatTheChaptersShow) {
  const std::vector<record::Record> records = several();
  const std::string page = html(records, metric::find), text = markdown(records, metric::find);
  std::size_t looked = 0;
  for (const record::Record& record : records) {
    looked += expect_numbers(record, page, text);
  }
  EXPECT_GT(looked, 40u);
}

TEST(ReportOfSeveral, GivesNoSmallCellAway) {
  const std::vector<record::Record> records = several();
  for (const std::string& text : {html(records, metric::find), markdown(records, metric::find)}) {
    for (const char* secret : {"25.0 %", "25 %", "66.7 %", "67 %", "90 %", "45.7", "0.457"}) {
      EXPECT_FALSE(has(text, secret)) << secret;
    }
    EXPECT_FALSE(has(text, "Other (lower)"));
    EXPECT_FALSE(std::regex_search(text, std::regex("[^0-9,](395|32 rows)[^0-9,]")));
  }
}

TEST(ReportOfSeveral, SaysFirstThatScoresOfAModelAreNobodysDecisions) {
  std::vector<record::Record> records = several();
  records[1].options["scored_by"] = {{"model", "logistic regression"},
                                     {"label", "income"},
                                     {"favourable", ">50K"},
                                     {"features", {"age"}},
                                     {"held_out", true}};
  records.pop_back();
  const std::string text = markdown(records, metric::find);
  const std::size_t said = text.find("The scores are nobody's decisions: Evenhand fitted");
  ASSERT_NE(said, std::string::npos);
  EXPECT_LT(said, text.find("## Training"));
  const std::string paragraph = text.substr(text.find("### A paragraph to paste"));
  EXPECT_TRUE(has(paragraph, "The scores are nobody's decisions"));
  EXPECT_TRUE(has(paragraph, "not discrimination"));
}

// In the first record A is the larger group, in the second B is, and C is new.
TEST(ReportOfSeveral, AGroupHasOneHueInAllChapters) {
  const std::vector<std::vector<CompasCounts>> people{
      {{"A", 300, 300, 300, 300}, {"B", 90, 90, 90, 90}},
      {{"A", 90, 90, 90, 90}, {"B", 300, 300, 300, 300}, {"C", 400, 400, 400, 400}}};
  std::vector<record::Record> records(2);
  for (std::size_t r = 0; r < 2; ++r) {
    add_sheet(records[r], "race", people[r]);
    for (const CompasCounts& c : people[r]) add_group(records[r], "race", c);
  }
  const std::vector<Chapter> chapters = chapters_of(records, metric::find);
  const Question &first = chapters[0].view.questions[0], &second = chapters[1].view.questions[0];
  EXPECT_EQ(second.sizes[0].name, "C");
  for (const char* group : {"A", "B"}) EXPECT_EQ(hue(first, group), hue(second, group)) << group;
  const std::set<int> all{hue(second, "A"), hue(second, "B"), hue(second, "C")};
  EXPECT_EQ(all.size(), 3U);
  EXPECT_EQ(hue(second, "everybody"), -1);
}

TEST(ReportOfSeveral, HasTheStructureThatScreenReadersNeed) {
  const std::string page = html(several(), metric::find);
  expect_structure(page);
  expect_closed(page);
  for (const char* tag : {"<b>", "<i>"}) EXPECT_FALSE(has(page, tag)) << tag;
}

TEST(Report, MarkdownCarriesTheNumbersOfThePage) {
  const record::Record record = compas();
  const std::string page = html(record, metric::find), text = markdown(record, metric::find);
  EXPECT_GT(expect_numbers(record, page, text), 20u);
}

TEST(Report, SaysThatMetIsNotLawfulAndBrokenIsNotDiscrimination) {
  const std::string page = html(compas(), metric::find), text = markdown(compas(), metric::find);
  for (const std::string& t : {page, text}) {
    EXPECT_TRUE(has(t, "It does not mean fair, and it does not mean lawful."));
    EXPECT_TRUE(has(t, "It is not by itself discrimination"));
    EXPECT_TRUE(has(t, "Labels may be seen only for the accepted"));
    EXPECT_TRUE(has(t, "Labels may carry old bias"));
    EXPECT_EQ(times(t, "discrimination"),
              2u);  // the other in the paragraph to paste: "not discrimination"
    EXPECT_TRUE(has(t, "not discrimination"));
  }
}

TEST(Report, HeadlineCountsVerdicts) {
  record::Record record = compas();
  EXPECT_EQ(headline(record), "Of 3 bounds, 1 is broken, 1 is met and 1 cannot be told.");
  for (record::Finding& f : record.findings) {
    if (f.verdict) f.verdict = record::Verdict::kMet;
  }
  EXPECT_EQ(headline(record), "Of 3 bounds, 3 are met.");
  record.findings.resize(record.findings.size() - 2);
  EXPECT_EQ(headline(record), "The one bound that was asked for is met.");
  record.findings.resize(3);
  EXPECT_EQ(headline(record), "Nothing was judged: no bound was asked for.");
}

TEST(Report, RowsThatWouldDecideHaveTwoDigits) {
  EXPECT_TRUE(has(html(compas(), metric::find),
                  "about 52,000 rows with the favourable label, of the two groups "
                  "together, would decide"));
}

TEST(Report, UndefinedIsShownWithItsReasonAndUnknownIsHollow) {
  record::Record record;
  add_sheet(record, "sex", {{"Female", 0, 0, 100, 100}, {"Male", 50, 50, 50, 50}});
  record.tallies[0]["cells"].push_back({nullptr, 1, 1, 40});
  record.tallies[0]["cells"].push_back({nullptr, 1, 0, 40});
  record.findings = {share("precision", "sex", "Female", 0, 0),
                     share("precision", "sex", "Male", 50, 100),
                     share("precision", "sex", "", 20, 40)};
  record.findings[2].group = record::Group{{"sex", std::nullopt}};
  const std::string page = html(record, metric::find);
  EXPECT_TRUE(has(page, "undefined: nobody is in the denominator"));
  EXPECT_TRUE(has(page, "class=\"x und\""));
  EXPECT_TRUE(has(page, "class=\"d o\""));
  EXPECT_TRUE(has(page, ">unknown<"));
  // Unknown is never the lowest or the highest of a title.
  EXPECT_TRUE(has(page, "<strong>Precision: 50.0\u00a0% (Male)</strong>"))
      << page.substr(page.find("<strong>"), 200);
}

TEST(Report, AValueDoesNotLookLikeTheBoundThatItMisses) {
  record::Record record;
  record.findings = {gap("selection_rate_difference", "sex", "A", "B", 0.10004, 0.05, 0.15, 1000,
                         "0.1", record::Verdict::kBroken)};
  record.findings[0].bound->judge = "point";
  EXPECT_TRUE(has(table(record, metric::find), "10.004 points"));
}

TEST(Report, StaysBelowAMegabyteWithThousandsOfGroups) {
  record::Record record;
  std::vector<CompasCounts> groups;
  for (int i = 0; i < 5000; ++i) {
    groups.push_back({"zip " + std::to_string(10000 + i) + " of a long name", 20 + i % 97,
                      20 + i % 89, 20 + i % 83, 20 + i % 79});
  }
  for (const char* by : {"zip", "second_zip", "third_zip"}) {
    add_sheet(record, by, groups);
    for (const CompasCounts& c : groups) add_group(record, by, c);
  }
  const std::string page = html(record, metric::find);
  EXPECT_LT(page.size(), 1'000'000u);
  EXPECT_GT(page.size(), 100'000u);
  EXPECT_TRUE(has(page, "Only the lowest and the highest values are shown"));
  EXPECT_TRUE(has(table(record, metric::find), "... and 4,988 more groups, in the report"));
}

TEST(Report, IntervalsOfANumberStandFromLeftToRight) {
  record::Record record;
  record.options["groupings"]["age"]["edges"] = {9, 25, 45};
  for (const char* name : {"25 to 45", "45 or more", "9 to 25", "under 9"}) {
    record::Finding f;
    f.metric = "selection_rate";
    f.by = {"age"};
    f.group = record::Group{{"age", name}};
    record.findings.push_back(f);
  }
  std::vector<std::string> order;
  for (const Size& size : view(record, metric::find).questions.at(0).sizes) {
    order.push_back(size.name);
  }
  EXPECT_EQ(order, (std::vector<std::string>{"under 9", "9 to 25", "25 to 45", "45 or more"}));
}

TEST(Report, AnEmptyRecordHasAPage) {
  const std::string page = html(record::Record{}, metric::find);
  EXPECT_TRUE(has(page, "Nothing was judged: no bound was asked for."));
  EXPECT_FALSE(markdown(record::Record{}, {}).empty());
  EXPECT_FALSE(table(record::Record{}, {}).empty());
}

TEST(Report, SameRecordSameBytes) {
  EXPECT_EQ(html(compas(), metric::find), html(compas(), metric::find));
}

// --- Stages before the evaluation -------------------------------------------------------------

std::string beside_another(const record::Record& record) {
  const std::vector<record::Record> both{record, compas()};
  return markdown(both, metric::find) + html(both, metric::find);
}

record::Record training_with(nlohmann::ordered_json training) {
  record::Record out;
  out.operation = "train fit";
  out.options = {{"label", "income"},
                 {"favourable", ">50K"},
                 {"training", std::move(training)},
                 {"features", {"age", "hours"}}};
  return out;
}

/// What a fit by the method "gap" tells of rows that it kept from itself: 1 of 5.
nlohmann::ordered_json watched_by_fit(int fewest) {
  return {{"gap", 0.0213},
          {"rows_trained", 8000},
          {"rows_watched", 2000},
          {"watched_gap", {{"plain", 0.1234}, {"fair", 0.0345}}},
          {"watched",
           {{{"group", "Q"},
             {"rows", fewest},
             {"plain_loss", 0.3},
             {"fair_loss", 0.4127},
             {"levelled_down", true}},
            {{"group", "M"},
             {"rows", 2000 - fewest},
             {"plain_loss", 0.3},
             {"fair_loss", 0.3},
             {"levelled_down", false}}}}};
}

TEST(Stages, ATrainingSaysWhatItIsWhatItPromisesAndWhatWasReached) {
  const std::string text = beside_another(training_with({{"learner", "linear"},
                                                         {"method", "gap"},
                                                         {"eps", 0.025},
                                                         {"over", "decision"},
                                                         {"group", {"sex"}},
                                                         {"facts", watched_by_fit(600)}}));
  for (const char* said :
       {"from 2 columns. It was to be right as often as it can while the share that is selected "
        "differs by at most 2.5 points between groups of sex, on the rows of the fit.",
        "On the rows of the fit the gap is 2.13 points.",
        "On rows kept from the fit the gap is 3.45 points, and 12.34 points under the plain model.",
        "“Q” is predicted worse than by the plain model: on 600 rows kept from the fit its loss is "
        "0.413 and was 0.300.",
        "It sees 2 columns: age and hours."}) {
    EXPECT_TRUE(has(text, said)) << said << text.substr(0, 3000);
  }
  EXPECT_TRUE(has(beside_another(training_with({{"method", "plain"}})),
                  "nothing was asked of it about groups."));
}

// A fit counts rows of groups: in its facts, and in its notes.
TEST(Stages, ATrainingGivesNoFewRowsOfAGroupAway) {
  record::Record record = training_with(
      {{"method", "reweigh"},
       {"facts", {{"cells", {{{"group", "X"}, {"rows", {3, 8765}}, {"factor", {1.5, 0.7}}}}}}}});
  const std::vector<std::string> few{
      "group \"X\" is predicted worse: on 7 held-out rows its loss is 0.4",
      "column \"age\": 7 of 1,234 values are no numbers", "3 people (of 900) were left out",
      "seen:2 of them"};
  const std::vector<std::string> fractions{"eps 0.02 was not reached: the nearest gap is 0.0345"};
  const std::vector<std::string> shown{
      "1,234 rows of unknown group keep their own weight",
      "group \"Y\" has no training rows with label 1 and is left out of the gap"};
  for (const auto* notes : {&few, &fractions, &shown}) {
    for (const std::string& note : *notes) record.options["notes"].push_back(note);
  }
  record.options["stages"] = {{{"facts", {{"rows", 4321}}}}};  // in an array, too
  const std::string text = beside_another(record);
  for (const char* secret : {"8765", "its loss is 0.4", "factor", "7 of 1,234", "3 people",
                             "seen:2", "0.0345", "4321"}) {
    EXPECT_FALSE(has(text, secret)) << secret;
  }
  EXPECT_TRUE(has(text, "1,234 rows of unknown group keep their own weight."));
  EXPECT_TRUE(has(text, "has no training rows with label 1 and is left out of the gap."));
  EXPECT_TRUE(has(text, "4 notes of the fit count fewer than 11 and are not shown"));
}

TEST(Stages, ATrainingTellsAGapOnlyWhereNoFewRowsFollowFromIt) {
  nlohmann::ordered_json training = {
      {"method", "gap"}, {"eps", 0.03}, {"over", "decision"}, {"facts", watched_by_fit(40)}};
  // 0.0213 of 160 rows are 3.
  const std::string text = beside_another(training_with(training));
  EXPECT_FALSE(has(text, "2.13 points"));
  EXPECT_FALSE(has(text, "3.45 points"));
  EXPECT_TRUE(has(text, "On the rows of the fit the gap that was asked for is reached."));
  EXPECT_TRUE(has(text, "On rows kept from the fit the gap is more than was asked for."));
  EXPECT_TRUE(has(text, "on 40 rows kept from the fit its loss is 0.413"));
  training["facts"] = watched_by_fit(7);
  EXPECT_FALSE(has(beside_another(training_with(training)), "its loss is"));
  // Of those with the favourable label only, nobody knows how many there are.
  training["facts"] = watched_by_fit(600);
  training["over"] = "label_1";
  EXPECT_FALSE(has(beside_another(training_with(training)), "2.13 points"));
}

TEST(Stages, AnAdjustmentSaysWhatItWasToMakeAlikeAndHowFarItCame) {
  record::Record record;
  record.operation = "adjust fit";
  record.options = {{"equalise", "selection_rate"},
                    {"tolerance", 0.1},
                    {"group", {"sex"}},
                    {"group_aware", false}};
  add_sheet(record, "sex", {{"F", 300, 300, 300, 300}, {"M", 300, 300, 300, 300}});
  for (const auto& [rule, value] : {std::pair("plain", 0.192), std::pair("policy", 0.1056)}) {
    record.findings.push_back(
        gap("selection_rate_difference", "sex", "F", "M", value, value - 0.01, value + 0.01, 2400));
    record.findings.back().at = {{"rule", rule}, {"rows", "held_out"}};
  }
  const std::string text = beside_another(record);
  for (const char* said :
       {"It was to make the share that is selected alike between groups of sex, to within 10 "
        "points, on the rows of the fit.",
        "On rows kept from the fit the gap by sex is 10.56 points (9.56 to 11.56 points); with one "
        "threshold at the least cost it is 19.2 points (18.2 to 20.2 points)."}) {
    EXPECT_TRUE(has(text, said)) << said << text.substr(0, 3000);
  }
}

// A rule of an adjustment: the numbers of two groups on rows kept from the fit, without a tally.
record::Record adjustment() {
  record::Record record;
  record.operation = "adjust fit";
  record.options = {{"equalise", "selection_rate"}, {"group", {"sex"}}, {"group_aware", false}};
  for (const auto& [rule, women] : {std::pair("plain", 200), std::pair("policy", 320)}) {
    record.findings.push_back(share("selection_rate", "sex", "F", women, 1000));
    record.findings.back().at = {{"rule", rule}, {"rows", "held_out"}};
    record.findings.push_back(share("selection_rate", "sex", "M", 350, 1000));
    record.findings.back().at = {{"rule", rule}, {"rows", "held_out"}};
    record.findings.push_back(
        gap("selection_rate_difference", "sex", "F", "M", 0.35 - women / 1000.0, 0.02, 0.2, 2000));
    record.findings.back().at = {{"rule", rule}, {"rows", "held_out"}};
  }
  return record;
}

TEST(Stages, GapsOfAnAdjustmentAreDrawnAndItsRulesNamedInWords) {
  const std::string page = html(adjustment(), metric::find);
  EXPECT_FALSE(has(page, "None of the gaps can be drawn"));
  EXPECT_TRUE(has(page, "Gaps between groups of sex"));
  EXPECT_TRUE(has(page, "one threshold, rows kept from the fit"));
  for (const char* raw : {"rule plain", "rows held_out", "held_out"}) {
    EXPECT_FALSE(has(page, raw)) << raw;
  }
}

TEST(Report, SaysThatVerifyComputesAgainOnlyWhereItCan) {
  for (const std::string& text : {markdown(compas(), metric::find), html(compas(), metric::find)}) {
    EXPECT_TRUE(has(text, "evenhand verify record.json"));
    EXPECT_TRUE(has(text, "Every number can be recomputed from record.json"));
  }
  for (const std::string& text :
       {markdown(adjustment(), metric::find), html(adjustment(), metric::find)}) {
    EXPECT_FALSE(has(text, "evenhand verify"));
    EXPECT_FALSE(has(text, "can be recomputed"));
    EXPECT_TRUE(has(text, "cannot be computed again from it"));
  }
}

/// The change of a true positive rate from "old" to "new".
record::Finding change(const char* group, double value) {
  record::Finding f = share("true_positive_rate_change", "race", group, 100, 1000);
  f.at = {{"change", "old to new"}};
  f.value = value;
  f.low = value - 0.01;
  f.high = value + 0.01;
  f.unit = "signed difference of shares; 0 is no change";
  return f;
}

// Of C, 5 of those with the favourable label are newly selected or no longer: it loses more than B
// and must not be named; so A goes along. Then B loses most only of those that are shown.
TEST(Comparison, WhoLosesMostIsARankOfTheGroupsThatAreShown) {
  record::Record record;
  record.operation = "compare run";
  record.options = {{"decisions", {{{"name", "old"}}, {{"name", "new"}}}}};
  record::Sheet sheet = {{"tally", "crosstab"},
                         {"by", {"race", "= label", "= old", "= new"}},
                         {"strata", record::Sheet::array()},
                         {"columns", {"race", "= label", "= old", "= new", "n"}},
                         {"cells", record::Sheet::array()}};
  const auto add = [&](const char* race, int back, int forth) {
    for (const char* label : {"0", "1"}) {
      for (const auto& [before, after, n] :
           {std::tuple("0", "0", 300), {"1", "1", 300}, {"1", "0", back}, {"0", "1", forth}}) {
        sheet["cells"].push_back({race, label, before, after, n});
      }
    }
  };
  add("A", 20, 20), add("B", 200, 20), add("D", 100, 20), add("C", 500, 5);
  record.tallies = {sheet};
  record.findings = {change("A", -0.001), change("B", -0.2), change("D", -0.1), change("C", -0.4)};
  const std::string text = markdown(record, metric::find);
  EXPECT_TRUE(has(text, "B loses most of the groups that are shown: of those")) << text;
  EXPECT_FALSE(has(text, "C loses"));
  sheet["cells"] = record::Sheet::array();
  add("A", 20, 20), add("B", 200, 20), add("D", 100, 20), add("C", 500, 50);
  record.tallies = {sheet};
  EXPECT_TRUE(has(markdown(record, metric::find), "C loses most: of those"));
}

TEST(Curves, EachPointStandsOnElevenRowsOfEachLabel) {
  record::Record record;
  record::Sheet sheet = {{"tally", "score_grid"},
                         {"by", {"sex"}},
                         {"strata", record::Sheet::array()},
                         {"bins", 100},
                         {"columns", {"sex", "label", "bin", "n"}},
                         {"cells", record::Sheet::array()}};
  std::array<std::int64_t, 2> all{};
  for (int bin = 0; bin < 100; ++bin) {
    for (int y = 0; y < 2; ++y) {
      const int n = (bin * (y + 3)) % 7;
      sheet["cells"].push_back({"Female", y, bin, n});
      all[static_cast<std::size_t>(y)] += n;
    }
  }
  record.tallies = {sheet};
  const std::vector<Size> sizes{{{{"sex", "Female"}}, "Female", 600, false}};
  const auto got = curves(record, {"sex"}, sizes);
  ASSERT_EQ(got.size(), 1u);
  double area = 0, favourable = 0;
  for (const Step& s : got[0].scores) area += s.density * (s.to - s.from);
  EXPECT_NEAR(area, 1, 1e-12);
  // Counted again, bin by bin, from the ranges that the curve names.
  for (const CurvePoint& p : got[0].calibration) {
    std::array<double, 2> n{};
    for (int bin = static_cast<int>(std::lround(p.from * 100));
         bin < static_cast<int>(std::lround(p.to * 100)); ++bin) {
      for (int y = 0; y < 2; ++y) n[static_cast<std::size_t>(y)] += (bin * (y + 3)) % 7;
    }
    EXPECT_GE(n[0], 11);
    EXPECT_GE(n[1], 11);
    EXPECT_DOUBLE_EQ(p.value, n[1] / (n[0] + n[1]));
    favourable += n[1];
  }
  EXPECT_EQ(favourable, static_cast<double>(all[1]));  // nobody is left out
}

TEST(Svg, PlacesValuesOnTheAxis) {
  Dot dot;
  dot.label = "<x>";
  dot.numbers = {0.5, 0.25, 0.75, 0.0, std::nullopt};
  const std::string svg = dots({"p", "t", "d"}, {dot}, {0, 1, Scale::kPercent, 0.0});
  // The axis goes from 14 to 426 of 440.
  EXPECT_TRUE(has(svg, "cx=\"220\"")) << svg;
  EXPECT_TRUE(has(svg, "class=\"w\" x1=\"117\" y1=\"36\" x2=\"323\""));
  EXPECT_TRUE(has(svg, "M14 36H426"));  // no upper limit: to the end
  EXPECT_TRUE(has(svg, "&lt;x&gt;"));
  EXPECT_FALSE(has(svg, "nan"));
}

TEST(Svg, APlaneHasBothWhiskersOfEachDotAndJoinsThoseThatAreJoined) {
  const Spot plain{"plain", {0.4, 0.2, 0.6, {}, {}}, {0.8, 0.7, 0.9, {}, {}}, false};
  const Spot weak{"<0>", {0.2, 0.0, {}, {}, {}}, {0.75, 0.7, 0.9, {}, {}}, true};
  const Spot strong{"3", {0.0, 0.0, 0.1, {}, {}}, {0.7, 0.7, 0.7, {}, {}}, true};
  const std::string svg = plane({"p", "t", "d"}, {plain, weak, strong}, "gap", "accuracy");
  // Across 0 to 0.6 lies from 38 to 426, up 0.7 to 0.9 from 282 to 22: by hand.
  EXPECT_TRUE(has(svg, "<circle class=\"d o\" cx=\"296.7\" cy=\"152\"")) << svg;
  EXPECT_TRUE(has(svg, "x1=\"167.3\" y1=\"152\" x2=\"426\" y2=\"152\""));
  EXPECT_TRUE(has(svg, "x1=\"296.7\" y1=\"282\" x2=\"296.7\" y2=\"22\""));
  EXPECT_TRUE(
      has(svg, "x1=\"38\" y1=\"217\" x2=\"426\" y2=\"217\""));  // no upper limit: to the end
  EXPECT_TRUE(has(svg, "class=\"c\" d=\"M167.3 217L38 282\"")) << svg;
  EXPECT_TRUE(has(svg, "&lt;0&gt;"));
}

TEST(Svg, LabelsOfDotsInOnePlaceStandApart) {
  std::vector<Spot> spots;
  for (int i = 0; i < 8; ++i) {
    spots.push_back({"lambda", {0.3, 0.0, 0.6, {}, {}}, {0.8, 0.7, 0.9, {}, {}}, true});
  }
  const std::string svg = plane({"p", "t", "d"}, spots, "gap", "accuracy");
  std::set<std::string> places;
  for (const std::string& place : matches(svg, "(x=\"[^\"]*\" y=\"[^\"]*\")>lambda<")) {
    EXPECT_TRUE(places.insert(place).second) << place;
  }
  EXPECT_EQ(places.size(), 8U);
}

TEST(Svg, AxesAreRoundAndHoldEverything) {
  const auto axis = [](double low, double high) {
    Dot dot;
    dot.numbers = {(low + high) / 2, low, high, {}, {}};
    return axis_for({dot}, Scale::kPoints, 0.0);
  };
  EXPECT_DOUBLE_EQ(axis(0.01, 0.124).high, 0.14);
  EXPECT_DOUBLE_EQ(axis(0.01, 0.124).low, 0);
  EXPECT_DOUBLE_EQ(axis(-0.3, 0.9).low, -0.4);
  EXPECT_DOUBLE_EQ(axis(0, 0).high, 1);
}

}  // namespace
}  // namespace evenhand::report
