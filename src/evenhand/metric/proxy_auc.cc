// How well other columns tell a group: the AUC of a score that was fitted to tell it, asked of rows
// that the fit had not seen. The label of such a row is whether it is of the group.
#include <vector>

#include "evenhand/base/check.h"
#include "evenhand/metric/all.h"
#include "evenhand/metric/auc.h"
#include "evenhand/metric/measure.h"

namespace evenhand::metric {
namespace {

Result<std::vector<Measured>> measure_proxy(const Tallies& t, const ReadOptions&) {
  EVENHAND_CHECK(t.score_rows != nullptr);
  std::vector<Measured> out;
  for (std::size_t g = 0; g < t.groups->size(); ++g) out.push_back(auc_of(*t.score_rows, g));
  return out;
}

}  // namespace

const Measure proxy_auc{
    .name = "proxy_auc",
    .says = "How well do other columns tell who is of this group?",
    .formula =
        "P(score of a row of g > score of another row), scores of a logistic regression of "
        "\"is of g\", cross-fitted",
    .unit = "probability in [0,1]; 0.5 tells nothing",
    .better = Better::kNearIdeal,
    .ideal = 0.5,
    .misleads =
        "A linear model sees no interplay of columns, so a low value does not say that there is no "
        "proxy. A proxy may be there for good reasons; it says where a group can be read between "
        "the lines, even if its own column is left out.",
    .source =
        "Hanley & McNeil 1982; DeLong et al. 1988; leave-one-out proxies: Kilbertus et al. "
        "2017, arXiv:1706.02744",
    .from = From::kRows,
    .needs_label = false,
    .about = About::kData,
    .compares = Compares::kNone,
    .measure = measure_proxy,
};

}  // namespace evenhand::metric
