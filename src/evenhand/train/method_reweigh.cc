// The method `reweigh`: each row counts so often that label and group are independent among the
// rows of the fit; then the learner alone.
#include <utility>

#include "evenhand/table/reweigh.h"
#include "evenhand/train/method.h"

namespace evenhand::train {

namespace {

Result<Taught> fit(const Learner& learner, const Lesson& lesson, const LearnOptions& options,
                   const Resume& resume, const OnProgress& progress) {
  const table::Labels labels{std::string(lesson.favourable),
                             {lesson.labels.begin(), lesson.labels.end()}};
  const table::Crossing groups{
      lesson.crossing.by, lesson.crossing.groups, {lesson.groups.begin(), lesson.groups.end()}};
  EVENHAND_ASSIGN(const table::Reweighing balanced, table::reweigh(labels, groups, lesson.weights));
  Lesson weighted = lesson;
  weighted.weights = balanced.weights;
  EVENHAND_ASSIGN(Taught out, learner.fit(weighted, options, resume, progress));
  Json cells = Json::array();
  for (const table::ReweighedGroup& each : balanced.groups) {
    cells.push_back({{"group", table::spoken(groups.groups[each.group])},
                     {"rows", each.rows},
                     {"factor", each.factor}});
  }
  out.facts["cells"] = std::move(cells);
  if (balanced.rows_of_unknown_group > 0) {
    out.notes.push_back(std::to_string(balanced.rows_of_unknown_group) +
                        " rows of unknown group keep their own weight");
  }
  return out;
}

}  // namespace

extern const Method reweigh;
const Method reweigh{
    .name = "reweigh",
    .says =
        "before the fit, rows are weighted so that every group has the same share of "
        "favourable labels",
    .source = "Kamiran & Calders, Knowl. Inf. Syst. 33 (2012) 1",
    .reads = {},
    .fit = fit,
};

}  // namespace evenhand::train
