// Which column may play which role: guessed from names and shapes, each guess with its reason and
// whether it is sure. Only guesses: they are written into a file that a person reads and corrects.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evenhand/api/guess_words.h"
#include "evenhand/api/look.h"

namespace evenhand::api {

struct RoleGuess {
  std::string column;
  std::optional<std::string> favourable;  // of label and decision
  std::string reason;
  bool sure = false;
  std::vector<std::string> rivals;  // columns that might play this role as well
};

struct GroupGuess {
  std::string column;
  std::vector<double> edges;  // of a column of numbers
  std::string reason;
  bool sure = false;
};

/// A column that does not play a part which it might be thought to, and why.
struct LeftOut {
  std::string column, why;
};

struct Guesses {
  std::optional<RoleGuess> label, decision, score, cluster;
  std::vector<GroupGuess> groups;
  std::vector<LeftOut> no_groups;
  std::vector<RoleGuess> weights;     // columns that look like weights: only told
  std::vector<Shape> maybe_decision;  // a decision or score by name and not by shape: only told
  std::vector<LeftOut> no_features;   // if a model must be fitted
  std::vector<std::string> codes;     // features of few whole numbers, which may be codes

  /// Labels without decisions: a model makes decisions, so that there is something to judge.
  bool needs_model() const { return label && !decision && !score; }
};

Guesses guess(const std::vector<Shape>& shapes);

}  // namespace evenhand::api
