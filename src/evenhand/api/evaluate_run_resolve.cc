// From what a user wrote to what `evaluate run` does: words of the grammar become typed options.
#include <algorithm>

#include "evenhand/api/evaluate_run.h"
#include "evenhand/api/grammar.h"

namespace evenhand::api {

namespace {

Error wrong(std::string says) { return {Code::kInvalidArgument, std::move(says)}; }

Result<void> fits_together(const EvaluateRun& asked) {
  if (asked.decision && asked.threshold) {
    return wrong(
        "--decision and --threshold were both given; a decision stands in its column, or it is "
        "score >= threshold: leave one of them out");
  }
  if (asked.threshold && !asked.score) {
    return wrong("--threshold cuts a score, and there is none; name its column: --score COLUMN");
  }
  if (!asked.label && !asked.decision && !asked.score) {
    return wrong(
        "nothing to judge: name the column of the decision (--decision d), or of the score "
        "(--score s), and of the label where it is known (--label y)");
  }
  if (!asked.decision && !asked.score) {
    return wrong(
        "a label alone was named; add the decision to judge (--decision d) or the score behind it "
        "(--score s). To look at the selection itself, name the column as the decision");
  }
  if (asked.group.empty()) {
    return wrong("no group was named; say by which columns people are compared: --group sex");
  }
  if (asked.weight && asked.weight_kind.empty()) {
    return wrong(
        "--weight needs --weight-kind: frequency (each row stands for that many rows like it) or "
        "sampling (each row stands for that many people of a population)");
  }
  if (!asked.weight && !asked.weight_kind.empty()) {
    return wrong("--weight-kind was given without --weight COLUMN");
  }
  if (asked.join.has_value() != asked.on.has_value()) {
    return wrong(asked.join ? "--join needs --on: the column that both tables share"
                            : "--on was given without --join FILE");
  }
  if (asked.gate && asked.bound.empty()) {
    return wrong(
        "--gate was given and no bound, so nothing would be judged; add one: --bound "
        "'selection_rate_difference by sex <= 0.1'");
  }
  return {};
}

Result<void> add_groups(const EvaluateRun& asked, const Columns& columns, evaluate::Options& out) {
  for (const Phrase& phrase : asked.group) {
    EVENHAND_ASSIGN(evaluate::By by, crossing(phrase, columns));
    if (std::find(out.by.begin(), out.by.end(), by) == out.by.end())
      out.by.push_back(std::move(by));
  }
  out.strata = asked.strata;
  EVENHAND_ASSIGN(out.groupings, groupings(asked, columns));
  for (const Phrase& phrase : asked.reference) {
    EVENHAND_ASSIGN(auto both, assignment(phrase, columns, "--reference"));
    const auto [at, is_new] = out.reference.emplace(both.first, both.second);
    if (!is_new && at->second != both.second) {
      return wrong("two groups of reference were named for \"" + both.first + "\": \"" +
                   at->second + "\" and \"" + both.second + '"');
    }
  }
  return {};
}

}  // namespace

bool needs_columns(const EvaluateRun& asked) {
  const auto unclear = [](const Phrase& phrase) {
    return !phrase.exact && !phrase.parts.empty() &&
           (phrase.parts.front().find('=') != std::string::npos ||
            phrase.parts.front().find(" x ") != std::string::npos);
  };
  const auto crossed_otherwise = [](const Phrase& phrase) {
    return !phrase.exact && !phrase.parts.empty() && looks_like_a_crossing(phrase.parts.front());
  };
  const auto any = [&](const std::vector<Phrase>& phrases) {
    return std::any_of(phrases.begin(), phrases.end(), unclear);
  };
  const auto crossed = [&](const BoundPhrase& each) {
    return each.typed.find(" x ") != std::string::npos || unclear(each.by);
  };
  return (asked.label && unclear(*asked.label)) || (asked.decision && unclear(*asked.decision)) ||
         any(asked.group) ||
         std::any_of(asked.group.begin(), asked.group.end(), crossed_otherwise) ||
         any(asked.reference) || needs_columns(static_cast<const GroupOptions&>(asked)) ||
         std::any_of(asked.bound.begin(), asked.bound.end(), crossed);
}

Result<evaluate::Options> resolve(const EvaluateRun& asked,
                                  const std::vector<std::string>& columns) {
  EVENHAND_TRY(fits_together(asked));
  evaluate::Options out;
  out.files = asked.files;
  EVENHAND_ASSIGN(out.read, read_options(asked));
  if (asked.label) {
    EVENHAND_ASSIGN(out.label, role(*asked.label, columns, "--label"));
  }
  if (asked.decision) {
    EVENHAND_ASSIGN(out.decision, role(*asked.decision, columns, "--decision"));
  }
  out.score = asked.score;
  out.threshold = asked.threshold;
  EVENHAND_TRY(add_groups(asked, columns, out));
  for (const BoundPhrase& phrase : asked.bound) {
    EVENHAND_ASSIGN(evaluate::BoundAsked each, bound(phrase, columns));
    out.bounds.push_back(std::move(each));
  }
  out.cluster = asked.cluster;
  out.weight = asked.weight;
  out.weight_kind = asked.weight_kind;
  out.join = asked.join;
  out.on = asked.on;
  out.convention = asked.convention;
  out.metrics = asked.metric;
  out.interval = asked.interval;
  out.scored_by = asked.scored_by.json;
  out.level = asked.level;
  out.rows_min = asked.rows_min;
  out.seed = asked.seed;
  out.threads = asked.threads;
  return out;
}

}  // namespace evenhand::api
