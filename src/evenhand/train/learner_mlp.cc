// The learner `mlp`: a fully connected network, by Adam.
#include <utility>

#include "evenhand/train/gap.h"
#include "evenhand/train/method.h"

namespace evenhand::train {

namespace {

Result<Taught> fit(const Lesson& lesson, const LearnOptions& options, const Resume& resume,
                   const OnProgress& progress) {
  const GapSample sample{lesson.design, lesson.labels, lesson.weights, {}, {}, {}};
  GapOptions how;
  how.widths.assign(options.widths.begin(), options.widths.end());
  how.epochs = options.epochs.value_or(how.epochs);
  how.batch = static_cast<std::size_t>(options.batch);
  how.learning_rate = options.learning_rate.value_or(how.learning_rate);
  how.l2 = options.l2;
  how.seed = options.seed;
  how.held_out = 0;
  how.checkpoint = resume.checkpoint;
  how.resume = true;
  EVENHAND_ASSIGN(GapFit fit, fit_gap(sample, how, progress));
  Taught out;
  out.model = std::move(fit.model);
  out.notes = std::move(fit.notes);
  return out;
}

}  // namespace

extern const Learner mlp;
const Learner mlp{
    .name = "mlp",
    .says = "a fully connected network with hidden layers of rectified units, by Adam",
    .reads = {"l2", "widths", "epochs", "batch", "learning_rate"},
    .one_thread = true,
    .fit = fit,
};

}  // namespace evenhand::train
