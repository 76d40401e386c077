// Several records as one report: a chapter for each, what holds for several of them said once, and
// a summary in the order of one who decides. Plain text, as in story.h.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "evenhand/report/comparison.h"
#include "evenhand/report/report.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report {

struct Chapter {
  View view;
  Story story;
  std::string id;  // of its heading, and before its pictures' ids: "c2"
};

std::vector<Chapter> chapters_of(std::span<const record::Record> records, const FindMetric& find);

/// A sentence with the chapters that it holds for.
struct Shared {
  std::string text;
  std::vector<std::size_t> chapters;
};
/// Each sentence of this list of the chapters' stories once, in the order in which they come.
std::vector<Shared> shared(const std::vector<Chapter>& chapters,
                           std::vector<std::string> Story::*list);
/// The chapters by their titles: "Data audit, Adjustment"; "" where it holds for all.
std::string holds_for(const Shared& sentence, const std::vector<Chapter>& chapters);

/// The metrics of all chapters, each once.
std::vector<const metric::Metric*> metrics_of(const std::vector<Chapter>& chapters);

/// One question of one who decides.
struct Answer {
  std::string question;  // "What does it cost?"
  std::vector<std::string> sentences;
  std::vector<std::size_t> chapters;  // where more of it stands
};

struct Summary {
  std::string lead;
  std::string beware;             // what must be known of the scores that were evaluated; or ""
  std::vector<Grid> tables;       // the bounds by ways of deciding, where they are compared
  std::vector<Sentence> judged;   // the bounds on the evaluated decisions, where they are not
  std::vector<Answer> answers;    // without those to which no chapter has an answer
  std::vector<std::string> done;  // of each chapter: one line of what was done
};
Summary summary_of(const std::vector<Chapter>& chapters);

/// To paste elsewhere, of all chapters.
std::string paragraph_of(const std::vector<Chapter>& chapters, const Summary& summary);

}  // namespace evenhand::report
