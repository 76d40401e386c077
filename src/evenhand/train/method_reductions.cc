// The method `reductions`: the mixture of classifiers with the least error among those whose rates
// differ between groups by at most eps.
#include <algorithm>
#include <utility>

#include "evenhand/model/linear.h"
#include "evenhand/train/linear_oracle.h"
#include "evenhand/train/method.h"
#include "evenhand/train/reductions.h"

namespace evenhand::train {

namespace {

constexpr double kEps = 0.02;  // where none was asked

Parity parity_of(const std::string& over) {
  if (over == "label_1") return Parity::kTruePositive;
  if (over == "label_0") return Parity::kFalsePositive;
  if (over == "both") return Parity::kEqualizedOdds;
  return over == "all" ? Parity::kErrorRate : Parity::kDemographic;
}

// Any learner, asked afresh each time; labels that are all alike need none.
Oracle oracle_of(const Learner& learner, const Lesson& lesson, const LearnOptions& options) {
  return [&learner, lesson, options](std::span<const std::uint8_t> labels,
                                     std::span<const double> weights) -> Result<Classifier> {
    Classifier out;
    const auto [least, most] = std::minmax_element(labels.begin(), labels.end());
    if (*least == *most) {
      out.model = model::constant_linear(lesson.design.columns.size(), *least == 1);
    } else {
      const Lesson asked{lesson.design, labels,          weights,
                         lesson.groups, lesson.crossing, lesson.favourable};
      EVENHAND_ASSIGN(Taught taught, learner.fit(asked, options, {}, {}));
      out.model = std::move(taught.model);
    }
    std::vector<double> scores(labels.size());
    out.model->score(lesson.design, scores);
    for (const double score : scores) out.decisions.push_back(score >= 0.5 ? 1 : 0);
    return out;
  };
}

ReductionsSample sample_of(const Lesson& lesson, std::vector<std::uint32_t>& groups) {
  ReductionsSample out{lesson.labels, {}, {}, lesson.weights};
  std::vector<std::uint32_t> known(lesson.crossing.groups.size(), kUnknownGroup);
  for (std::uint32_t g = 0; g < known.size(); ++g) {
    if (lesson.crossing.unknown(g)) continue;
    known[g] = static_cast<std::uint32_t>(out.names.size());
    out.names.push_back(table::spoken(lesson.crossing.groups[g]));
  }
  for (const std::uint32_t group : lesson.groups) groups.push_back(known[group]);
  out.groups = groups;
  return out;
}

Json facts_of(const ReductionsFit& fit, const ReductionsSample& sample) {
  Json out = {{"error", fit.error},
              {"violation", fit.violation},
              {"players_gap", fit.gap},
              {"error_least", fit.error_least},
              {"iterations", fit.iterations},
              {"learner_calls", fit.oracle_calls},
              {"classifiers", fit.members.size()},
              {"rates", Json::array()}};
  for (const RateOfGroup& each : fit.rates) {
    out["rates"].push_back({{"rate", each.rate},
                            {"group", sample.names[each.group]},
                            {"of_group", each.of_group},
                            {"of_all", each.of_all}});
  }
  return out;
}

Result<Taught> fit(const Learner& learner, const Lesson& lesson, const LearnOptions& options,
                   const Resume&, const OnProgress& progress) {
  std::vector<std::uint32_t> groups;
  const ReductionsSample sample = sample_of(lesson, groups);
  ReductionsOptions how;
  how.parity = parity_of(options.over);
  // Every group within half of it of everybody: then no two are farther apart than all of it.
  how.eps = options.eps.value_or(kEps) / 2;
  how.threads = options.threads;
  const Oracle oracle = learner.name == "linear"
                            ? linear_oracle(lesson.design, options.l2, options.threads)
                            : oracle_of(learner, lesson, options);
  EVENHAND_ASSIGN(const ReductionsFit fit, fit_reductions(sample, how, oracle, progress));
  Taught out;
  EVENHAND_ASSIGN(out.model, as_model(fit));
  out.facts = facts_of(fit, sample);
  out.notes.push_back(fit.says);
  out.notes.insert(out.notes.end(), fit.left_out.begin(), fit.left_out.end());
  const auto unknown = std::count(groups.begin(), groups.end(), kUnknownGroup);
  if (unknown > 0) {
    out.notes.push_back(std::to_string(unknown) +
                        " rows of unknown group take part in the error, not in the rates");
  }
  out.eps_reached = fit.reached;
  return out;
}

}  // namespace

extern const Method reductions;
const Method reductions{
    .name = "reductions",
    .says =
        "a mixture of classifiers with the least error among those whose rates lie within eps "
        "between groups; each row is decided by one of them, by lot",
    .source = "Agarwal, Beygelzimer, Dudik, Langford & Wallach 2018, arXiv:1803.02453",
    .reads = {"eps", "over"},
    .fit = fit,
};

}  // namespace evenhand::train
