// The learner `linear`: logistic regression, to its one optimum.
#include <utility>

#include "evenhand/model/linear.h"
#include "evenhand/train/method.h"

namespace evenhand::train {

namespace {

Result<Taught> fit(const Lesson& lesson, const LearnOptions& options, const Resume&,
                   const OnProgress&) {
  Taught out;
  EVENHAND_ASSIGN(out.model, model::fit_linear({lesson.design, lesson.labels, lesson.weights},
                                               {.l2 = options.l2, .threads = options.threads}));
  return out;
}

}  // namespace

extern const Learner linear;
const Learner linear{
    .name = "linear",
    .says = "logistic regression with a quadratic penalty, fitted to its optimum",
    .reads = {"l2"},
    .one_thread = false,
    .fit = fit,
};

}  // namespace evenhand::train
