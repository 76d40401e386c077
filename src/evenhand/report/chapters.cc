// What several records say together. Sentences come from the stories and numbers from the views, so
// what suppression hides in a chapter is hidden here.
#include "evenhand/report/chapters.h"

#include <algorithm>
#include <map>

#include "evenhand/report/audit.h"
#include "evenhand/report/comparison.h"
#include "evenhand/report/stages.h"

namespace evenhand::report {
namespace {

bool is_evaluation(const View& view) { return view.record->operation == "evaluate run"; }

using Sentences = std::vector<std::string>;

void add(Answer& to, const Sentences& sentences, std::size_t chapter) {
  if (sentences.empty()) return;
  to.sentences.insert(to.sentences.end(), sentences.begin(), sentences.end());
  if (to.chapters.empty() || to.chapters.back() != chapter) to.chapters.push_back(chapter);
}

/// Of all that an audit found, the first sentences: who is missing comes first there.
Sentences of_the_data(const Story& story) {
  constexpr std::size_t kMost = 3;
  Sentences out{story.headline};
  for (const std::string& each : story.found) {
    if (out.size() < kMost) out.push_back(each);
  }
  return out;
}

/// The verdicts on the decisions that are evaluated come first; without them, how the ways of
/// deciding compare.
std::string lead_of(const std::vector<Chapter>& chapters) {
  std::string out;
  for (const Chapter& each : chapters) {
    if (is_evaluation(each.view)) {
      out += (out.empty() ? "" : " ") + each.story.title + ": " + each.story.headline;
    }
  }
  for (const Chapter& each : chapters) {
    const bool compares = is_comparison(each.view) && !is_frontier(each.view);
    if (out.empty() && compares) out = each.story.headline;
  }
  return out.empty() ? chapters.front().story.headline : out;
}

/// A group has one hue throughout: the one that the first chapter with it gives it.
void share_hues(std::vector<Chapter>& chapters) {
  std::map<std::vector<std::string>, std::map<std::string, int>> known;
  for (Chapter& chapter : chapters) {
    for (Question& q : chapter.view.questions) {
      std::map<std::string, int>& hues = known[q.by];
      for (const Size& size : q.sizes) hues.emplace(size.name, static_cast<int>(hues.size()));
      q.hues = hues;
    }
  }
}

}  // namespace

std::vector<Chapter> chapters_of(std::span<const record::Record> records, const FindMetric& find) {
  std::vector<Chapter> out;
  for (const record::Record& record : records) {
    Chapter each{view(record, find), {}, "c" + std::to_string(out.size() + 1)};
    each.story = story(each.view);
    if (each.story.title == Story().title) each.story.title = evaluation_title(record);
    out.push_back(std::move(each));
  }
  share_hues(out);
  return out;
}

std::vector<Shared> shared(const std::vector<Chapter>& chapters,
                           std::vector<std::string> Story::*list) {
  std::vector<Shared> out;
  for (std::size_t c = 0; c < chapters.size(); ++c) {
    for (const std::string& text : chapters[c].story.*list) {
      const auto same =
          std::find_if(out.begin(), out.end(), [&](const Shared& s) { return s.text == text; });
      if (same == out.end()) {
        out.push_back({text, {c}});
      } else if (same->chapters.back() != c) {
        same->chapters.push_back(c);
      }
    }
  }
  return out;
}

std::string holds_for(const Shared& sentence, const std::vector<Chapter>& chapters) {
  std::string out;
  if (sentence.chapters.size() == chapters.size()) return out;
  for (const std::size_t c : sentence.chapters) {
    out += (out.empty() ? "" : ", ") + chapters[c].story.title;
  }
  return out;
}

std::vector<const metric::Metric*> metrics_of(const std::vector<Chapter>& chapters) {
  std::vector<const metric::Metric*> out;
  for (const Chapter& each : chapters) {
    for (const metric::Metric* m : each.view.metrics) {
      if (std::find(out.begin(), out.end(), m) == out.end()) out.push_back(m);
    }
  }
  return out;
}

namespace {

/// The bounds in one table, where a comparison judges them beside the evaluation.
std::vector<Grid> bounds_of(const std::vector<Chapter>& chapters) {
  const View *evaluation = nullptr, *comparison = nullptr;
  for (const Chapter& each : chapters) {
    if (is_evaluation(each.view)) evaluation = &each.view;
    if (is_comparison(each.view) && !is_frontier(each.view)) comparison = &each.view;
  }
  if (comparison == nullptr) return {};
  Grid out =
      evaluation == nullptr ? bounds_by_way(*comparison) : bounds_by_way(*evaluation, *comparison);
  return out.rows.empty() ? std::vector<Grid>{} : std::vector<Grid>{std::move(out)};
}

}  // namespace

Summary summary_of(const std::vector<Chapter>& chapters) {
  Summary out;
  out.lead = lead_of(chapters);
  out.tables = bounds_of(chapters);
  Answer gains{"What does a fairer way gain?", {}, {}}, costs{"What does it cost?", {}, {}},
      who{"Who is decided differently, and who loses?", {}, {}},
      between{"What could be had in between?", {}, {}},
      data{"What does the audit say about the data?", {}, {}};
  for (std::size_t c = 0; c < chapters.size(); ++c) {
    const auto& [view, story, id] = chapters[c];
    if (is_evaluation(view)) out.beware = told_of_the_model(view);
    if (is_evaluation(view) && out.tables.empty()) {
      out.judged.insert(out.judged.end(), story.judged.begin(), story.judged.end());
    }
    if (is_comparison(view)) {
      const Weighed weighed = weigh(view);
      add(gains, weighed.gained, c);
      add(costs, weighed.cost, c);
      add(who, weighed.who, c);
      add(between, weighed.between, c);
    }
    if (is_audit(view)) add(data, of_the_data(story), c);
    out.done.push_back(story.done);
  }
  for (Answer* each : {&gains, &costs, &who, &between, &data}) {
    if (!each->sentences.empty()) out.answers.push_back(std::move(*each));
  }
  return out;
}

std::string paragraph_of(const std::vector<Chapter>& chapters, const Summary& summary) {
  std::string out = looked_at(chapters.front().view) + " " + summary.lead;
  if (!summary.beware.empty()) out += " " + summary.beware;
  constexpr std::size_t kQuoted = 2;  // of each answer
  for (const Answer& each : summary.answers) {
    for (std::size_t i = 0; i < std::min(kQuoted, each.sentences.size()); ++i) {
      out += " " + each.sentences[i];
    }
  }
  return out + " " + kCaution +
         " Every number stands in the record of its stage, with what it was "
         "made from and by.";
}

}  // namespace evenhand::report
