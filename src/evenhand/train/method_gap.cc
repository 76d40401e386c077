// The method `gap`: L_total = L_task + lambda * gap, or the least loss with a gap of at most eps.
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "evenhand/train/gap.h"
#include "evenhand/train/method.h"

namespace evenhand::train {

namespace {

Result<GapOptions> options_of(const Learner& learner, const LearnOptions& options,
                              const Resume& resume) {
  GapOptions out;
  if (learner.name == "linear") {
    // Convex, so large steps find the optimum where small ones would not get there.
    out.widths.clear();
    out.epochs = 60;
    out.learning_rate = 0.05;
    out.rate_left = 0.1;
  } else {
    out.widths.assign(options.widths.begin(), options.widths.end());
  }
  out.lambda = options.lambda;
  out.eps = options.eps;
  EVENHAND_ASSIGN(out.terms.over, over_named(options.over));
  EVENHAND_ASSIGN(out.terms.surrogate, surrogate_named(options.surrogate));
  out.terms.tau = options.temperature;
  out.terms.guard = options.guard;
  out.epochs = options.epochs.value_or(out.epochs);
  out.batch = static_cast<std::size_t>(options.batch);
  out.learning_rate = options.learning_rate.value_or(out.learning_rate);
  out.l2 = options.l2;
  out.seed = options.seed;
  out.checkpoint = resume.checkpoint;
  out.resume = true;
  return out;
}

Json history_of(const GapFit& fit) {
  Json out = Json::array();
  const auto number = [](double x) { return std::isfinite(x) ? Json(x) : Json(); };
  for (const GapEpoch& each : fit.history) {
    out.push_back(
        {{"loss", number(each.loss)}, {"gap", number(each.gap)}, {"lambda", number(each.lambda)}});
  }
  return out;
}

Json facts_of(const GapFit& fit) {
  Json out = {{"epoch", fit.epoch},
              {"loss", fit.loss},
              {"gap", fit.gap},
              {"least_derivative", fit.least_derivative},
              {"steps", fit.steps},
              {"steps_capped", fit.steps_capped},
              {"rows_trained", fit.rows_trained},
              {"rows_watched", fit.rows_watched},
              {"watched", Json::array()},
              {"history", history_of(fit)}};
  for (const GroupWatch& each : fit.groups) {
    out["watched"].push_back({{"group", each.name},
                              {"rows", each.rows},
                              {"plain_loss", each.plain_loss},
                              {"fair_loss", each.fair_loss},
                              {"worse", each.worse},
                              {"standard_error", each.standard_error},
                              {"levelled_down", each.levelled_down}});
  }
  if (fit.plain_gap && fit.fair_gap) {
    out["watched_gap"] = {{"plain", *fit.plain_gap}, {"fair", *fit.fair_gap}};
  }
  return out;
}

void note_watch(const GapFit& fit, std::optional<double> eps, std::vector<std::string>& notes) {
  if (fit.plain_gap && fit.fair_gap) {
    notes.push_back(fmt::format(
        "on {} watched rows that the model has not seen, the gap is {:.3f}, and {:.3f} under the "
        "plain model",
        fit.rows_watched, *fit.fair_gap, *fit.plain_gap));
    if (eps && fit.reached && *fit.fair_gap > *eps) {
      notes.push_back(fmt::format(
          "eps {} is met on the rows of the fit and not on those watched rows: ask for less, or "
          "give more rows",
          *eps));
    }
  }
}

Result<Taught> fit(const Learner& learner, const Lesson& lesson, const LearnOptions& options,
                   const Resume& resume, const OnProgress& progress) {
  GapSample sample{lesson.design, lesson.labels, lesson.weights, lesson.groups, {}, {}};
  for (std::uint32_t g = 0; g < lesson.crossing.groups.size(); ++g) {
    sample.names.push_back(table::spoken(lesson.crossing.groups[g]));
    sample.unknown.push_back(lesson.crossing.unknown(g));
  }
  EVENHAND_ASSIGN(const GapOptions how, options_of(learner, options, resume));
  EVENHAND_ASSIGN(GapFit fit, fit_gap(sample, how, progress));
  Taught out;
  out.facts = facts_of(fit);
  note_watch(fit, options.eps, out.notes);
  out.notes.insert(out.notes.end(), fit.notes.begin(), fit.notes.end());
  out.model = std::move(fit.model);
  out.eps_reached = fit.reached;
  return out;
}

}  // namespace

extern const Method gap;
const Method gap{
    .name = "gap",
    .says =
        "L_total = L_task + lambda * gap, the gap through a surrogate that has a gradient; or "
        "the least loss whose gap is at most eps",
    .source =
        "eps by dual ascent on the counted gap: "
        "Cotter, Jiang & Sridharan 2019, arXiv:1804.06500",
    .reads = {"lambda", "eps", "over", "surrogate", "temperature", "guard", "epochs", "batch",
              "learning_rate", "l2"},
    .one_thread = true,
    .fit = fit,
};

}  // namespace evenhand::train
