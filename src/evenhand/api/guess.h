// Which column may play which role: guessed from names and shapes, each guess with its reason and
// whether it is sure. Only guesses: they are written into a file that a person reads and corrects.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evenhand/api/look.h"

namespace evenhand::api {

struct RoleGuess {
  std::string column;
  std::optional<std::string> favourable;  // of label and decision
  std::string reason;
  bool sure = false;
};

struct GroupGuess {
  std::string column;
  std::vector<double> edges;  // of a column of numbers
  std::string reason;
  bool sure = false;
};

struct Guesses {
  std::optional<RoleGuess> label, decision, score, cluster;
  std::vector<GroupGuess> groups;
  std::vector<RoleGuess> weights;        // columns that look like weights: only told
  std::vector<std::string> no_features;  // identifiers and the like, if a model must be fitted
};

Guesses guess(const std::vector<Shape>& shapes);

/// The words of a column's name in lower case: "is_recid2", "CreditScore" -> {is, recid2}, {credit,
/// score}.
std::vector<std::string> words_of(const std::string& name);

}  // namespace evenhand::api
