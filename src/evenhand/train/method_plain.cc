// No fairness in the objective: what every other method is held against.
#include "evenhand/train/method.h"

namespace evenhand::train {

extern const Method plain;
const Method plain{
    .name = "plain",
    .says = "the learner alone: lambda is 0, and groups are not looked at",
    .source = "",
    .reads = {},
    .needs_group = false,
    .fit =
        [](const Learner& learner, const Lesson& lesson, const LearnOptions& options,
           const Resume& resume,
           const OnProgress& progress) { return learner.fit(lesson, options, resume, progress); },
};

}  // namespace evenhand::train
