#include "evenhand/api/foreign_words.h"

#include <array>
#include <string>
#include <utility>

namespace evenhand::api {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// From fairlearn, AIF360, Aequitas, scikit-learn and What-If; a foreign word that is also ours
// (threshold, seed) does not stand here.
constexpr std::array kWords{
    Pair{"sensitive_features", "group"},
    Pair{"sensitive_feature", "group"},
    Pair{"sensitive_attribute", "group"},
    Pair{"sensitive_attributes", "group"},
    Pair{"sensitive", "group"},
    Pair{"protected_attribute", "group"},
    Pair{"protected_attributes", "group"},
    Pair{"protected_attribute_names", "group"},
    Pair{"protected_class", "group"},
    Pair{"protected", "group"},
    Pair{"attribute", "group"},
    Pair{"attributes", "group"},
    Pair{"by", "group"},
    Pair{"facet", "group"},
    Pair{"y_true", "label"},
    Pair{"ytrue", "label"},
    Pair{"target", "label"},
    Pair{"target_column", "label"},
    Pair{"ground_truth", "label"},
    Pair{"label_name", "label"},
    Pair{"label_value", "label"},
    Pair{"actual", "label"},
    Pair{"outcome", "label"},
    Pair{"truth", "label"},
    Pair{"y", "label"},
    Pair{"y_pred", "decision"},
    Pair{"ypred", "decision"},
    Pair{"prediction", "decision"},
    Pair{"predictions", "decision"},
    Pair{"predicted", "decision"},
    Pair{"predicted_label", "decision"},
    Pair{"y_score", "score"},
    Pair{"y_prob", "score"},
    Pair{"y_proba", "score"},
    Pair{"probability", "score"},
    Pair{"probabilities", "score"},
    Pair{"proba", "score"},
    Pair{"scores", "score"},
    Pair{"control_features", "strata"},
    Pair{"control_feature", "strata"},
    Pair{"stratify", "strata"},
    Pair{"sample_weight", "weight"},
    Pair{"sample_weights", "weight"},
    Pair{"instance_weights", "weight"},
    Pair{"weights", "weight"},
    Pair{"privileged", "reference"},
    Pair{"privileged_groups", "reference"},
    Pair{"privileged_group", "reference"},
    Pair{"privileged_classes", "reference"},
    Pair{"unprivileged_groups", "reference"},
    Pair{"ref_groups_dict", "reference"},
    Pair{"reference_group", "reference"},
    Pair{"favorable", "label"},
    Pair{"favourable", "label"},
    Pair{"favorable_label", "label"},
    Pair{"favorable_classes", "label"},
    Pair{"pos_label", "label"},
    Pair{"positive_class", "label"},
    Pair{"positive_label", "label"},
    Pair{"metrics", "metric"},
    Pair{"bounds", "bound"},
    Pair{"constraint", "bound"},
    Pair{"constraints", "bound"},
    Pair{"tolerance", "bound"},
    Pair{"confidence", "level"},
    Pair{"confidence_level", "level"},
    Pair{"alpha", "level"},
    Pair{"ci", "level"},
    Pair{"random_state", "seed"},
    Pair{"random_seed", "seed"},
    Pair{"n_jobs", "threads"},
    Pair{"jobs", "threads"},
    Pair{"workers", "threads"},
    Pair{"min_rows", "rows_min"},
    Pair{"min_group_size", "rows_min"},
    Pair{"output", "out"},
    Pair{"output_dir", "out"},
    Pair{"outdir", "out"},
    Pair{"delimiter", "separator"},
    Pair{"sep", "separator"},
    Pair{"na_values", "missing"},
    Pair{"bins", "edges"},
    Pair{"fail_on", "bound"},
    Pair{"groups", "group"},
};

}  // namespace

std::optional<std::string_view> our_word(std::string_view foreign) {
  std::string plain;
  for (const char c : foreign) {
    if (c == '-' || c == ' ') {
      plain += '_';
    } else {
      plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  for (const auto& [theirs, ours] : kWords) {
    if (plain == theirs) return ours;
  }
  return std::nullopt;
}

}  // namespace evenhand::api
