// What a report says in sentences, the same on the page, in Markdown and in the terminal. Plain
// text: names in it come from data and are escaped by whoever renders them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "evenhand/report/view.h"

namespace evenhand::report {

/// Stands above tables in which something is hidden.
inline constexpr const char* kWhyHidden =
    "Not shown is a number that stands on a cell of fewer than 11 rows, or that would let such a "
    "cell "
    "be worked out.";

/// Of the provenance of a record without tallies.
inline constexpr const char* kFromRows =
    "Its numbers stand on rows, which the record does not hold, so they cannot be computed again "
    "from it.";

/// What the words of a verdict do not mean.
inline constexpr const char* kCaution =
    "Met speaks of this bound on these rows, not of fairness or law; broken is a measured "
    "difference, not discrimination.";

struct Sentence {
  std::optional<record::Verdict> verdict;
  std::string text;
};

struct Story {
  std::string title = "Fairness report";
  std::string headline;
  std::string done;                 // what was done, in one line
  std::vector<Sentence> judged;     // broken first, then cannot tell, then met
  std::size_t judged_left_out = 0;  // more of them, for which there is no room
  std::vector<std::string> asked;   // what was asked, of which rows
  std::vector<std::string> found;   // the range of each main rate
  std::vector<std::string> cannot_be_told;
  std::vector<std::string> meanings;   // of met, broken, cannot tell
  std::vector<std::string> intervals;  // how they were made
  std::vector<std::string> limitations;
  std::string paragraph;  // to paste elsewhere
};

Story story(const View& view);

/// That the scores which are judged are nobody's decisions: what a stage of ours fitted, to what;
/// "" where the record names no model.
std::string told_of_the_model(const View& view);

/// How a paragraph to paste begins and ends: what was looked at, and what the words do not mean.
std::string looked_at(const View& view);
std::string cautions(const View& view);

/// What an evaluation is called among other chapters: whose decisions it judges.
std::string evaluation_title(const record::Record& record);

/// The lowest and the highest of some findings of one metric: of known groups, over all rows, whose
/// numbers are shown. Null: there is none.
struct Ends {
  const Shown *lowest = nullptr, *highest = nullptr;
  bool hidden = false;  // a group whose number is not shown may lie beyond them
};
Ends ends_of(const std::vector<const Shown*>& findings);

/// Of many findings, those to show: all, or the lowest and the highest values.
struct Choice {
  std::vector<const Shown*> shown;
  std::size_t left_out = 0;
};
Choice choose(const std::vector<const Shown*>& all, std::size_t most);

/// "of 3,214 groups the 10 lowest and the 10 highest are shown".
std::string says_choice(const Choice& choice);

/// Findings of one metric in a row of them, as they follow each other.
std::vector<std::vector<const Shown*>> by_metric(const std::vector<Shown>& all);

/// Hue of a group: its place in the question's order, in a report of several records that of the
/// first that has it; -1 for everybody.
int hue(const Question& question, const std::string& group);

}  // namespace evenhand::report
