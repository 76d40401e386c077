// How a model is made fair while it learns. A method is one file with its `Method` and one line in
// all.def; a learner (what kind of model is fitted) is one file and one line in learners.def. Every
// method works with every learner that it accepts; the command line, the schema and the lists walk
// the two families.
//
//   L_total = L_task + lambda * L_fairness
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"
#include "evenhand/model/design.h"
#include "evenhand/model/model.h"
#include "evenhand/table/crossing.h"

namespace evenhand::train {

/// The rows of one fit. The spans must outlive it.
struct Lesson {
  const model::Design& design;
  std::span<const std::uint8_t> labels;   // shape [rows]; 1 favourable, 0 not
  std::span<const double> weights;        // shape [rows], >= 0; empty: every row counts once
  std::span<const std::uint32_t> groups;  // shape [rows]; index into crossing.groups; or empty
  const table::Crossing& crossing;        // of the whole table; its codes are not read
  std::string_view favourable = "1";      // the label's value that 1 stands for, for sentences
};

/// What a learner and a method can be told. Each reads what concerns it; `Method::reads` and
/// `Learner::reads` name those options, so that one that would do nothing is refused.
struct LearnOptions {
  std::string learner = "linear";
  std::string method = "plain";
  double l2 = 1;  // >= 0; l2/2 times the squared coefficients; unit: rows
  std::vector<std::int64_t> widths{64, 64};  // of hidden layers; unit: neurons
  std::optional<std::int64_t> epochs;        // >= 1; how often each row is seen; absent: as fits
  std::int64_t batch = 256;                  // >= 1; unit: rows
  std::optional<double> learning_rate;       // > 0; of Adam; absent: as fits the learner
  double lambda = 1;                         // >= 0
  std::optional<double> eps;                 // > 0; the gap that is allowed, instead of lambda
  std::string over = "decision";             // which rows the gap is over, see kOver
  std::string surrogate = "soft_error";      // what stands in for counted errors
  double temperature = 1;                    // > 0; of the surrogate sigmoid_margin
  bool guard = true;                         // against levelling down
  std::uint64_t seed = 0;
  unsigned threads = 0;  // 0: as many as the machine has; the model is the same for any
};

/// What a gap is taken over: the decision rate (demographic parity); errors among label 1 (equal
/// opportunity), among label 0, among both (equalized odds), or among all rows.
inline constexpr const char* kOver[] = {"decision", "label_1", "label_0", "both", "all"};

/// A model with what there is to tell of how it was taught.
struct Taught {
  std::unique_ptr<model::Model> model;
  Json facts = Json::object();     // for model.json: numbers of the method
  std::vector<std::string> notes;  // sentences for people: levelled down, eps not reached, ...
  bool eps_reached = true;         // false: eps was asked and the nearest was returned
};

/// What a fit may leave and find again, so that one that was stopped goes on where it was.
struct Resume {
  std::string checkpoint;  // path; empty: nothing is left behind
};

struct Learner {
  std::string_view name, says;
  std::vector<std::string_view> reads;  // of LearnOptions
  bool one_thread = false;              // a fit runs on one thread, so several fits go side by side
  Result<Taught> (*fit)(const Lesson&, const LearnOptions&, const Resume&, const OnProgress&);
};

struct Method {
  std::string_view name, says;
  std::string_view source;
  std::vector<std::string_view> reads;
  bool needs_group = true;
  bool one_thread = false;
  Result<Taught> (*fit)(const Learner&, const Lesson&, const LearnOptions&, const Resume&,
                        const OnProgress&);
};

std::span<const Method* const> all_methods();
std::span<const Learner* const> all_learners();
/// By its name. @error kInvalidArgument with the names that there are.
Result<const Method*> method(std::string_view name);
Result<const Learner*> learner(std::string_view name);

/// The options that this learner and this method read, by name, as they are.
std::vector<std::pair<std::string, Json>> told(const LearnOptions& options);

}  // namespace evenhand::train
