// The methods of all.def and the learners of learners.def, by name.
#include <algorithm>
#include <array>

#include "evenhand/base/nearest.h"
#include "evenhand/train/method.h"

namespace evenhand::train {

#define EVENHAND_METHOD(name) extern const Method name;
#include "evenhand/train/all.def"
#undef EVENHAND_METHOD
#define EVENHAND_LEARNER(name) extern const Learner name;
#include "evenhand/train/learners.def"
#undef EVENHAND_LEARNER

namespace {

constexpr std::array kMethods{
#define EVENHAND_METHOD(name) &name,
#include "evenhand/train/all.def"
#undef EVENHAND_METHOD
};
constexpr std::array kLearners{
#define EVENHAND_LEARNER(name) &name,
#include "evenhand/train/learners.def"
#undef EVENHAND_LEARNER
};

template <class T>
Result<const T*> find(std::span<const T* const> all, std::string_view name, const char* kind) {
  std::string known;
  std::vector<std::string> names;
  for (const T* each : all) {
    if (each->name == name) return each;
    names.emplace_back(each->name);
    known += (known.empty() ? "" : ", ") + names.back();
  }
  const std::string near = nearest(name, names);
  return Error{Code::kInvalidArgument,
               std::string("there is no ") + kind + " \"" + std::string(name) + '"' +
                   (near.empty() ? ";" : "; did you mean \"" + near + "\"?") + " there are " +
                   known};
}

}  // namespace

std::span<const Method* const> all_methods() { return kMethods; }
std::span<const Learner* const> all_learners() { return kLearners; }

Result<const Method*> method(std::string_view name) { return find(all_methods(), name, "method"); }
Result<const Learner*> learner(std::string_view name) {
  return find(all_learners(), name, "learner");
}

std::vector<std::pair<std::string, Json>> told(const LearnOptions& options) {
  const std::pair<const char*, Json> all[] = {
      {"l2", options.l2},
      {"widths", options.widths},
      {"epochs", options.epochs ? Json(*options.epochs) : Json()},
      {"batch", options.batch},
      {"learning_rate", options.learning_rate ? Json(*options.learning_rate) : Json()},
      {"lambda", options.lambda},
      {"eps", options.eps ? Json(*options.eps) : Json()},
      {"over", options.over},
      {"surrogate", options.surrogate},
      {"temperature", options.temperature},
      {"guard", options.guard},
  };
  const auto how = method(options.method);
  const auto what = learner(options.learner);
  std::vector<std::pair<std::string, Json>> out;
  const auto reads = [](const auto& each, std::string_view name) {
    return each && std::count((*each)->reads.begin(), (*each)->reads.end(), name) > 0;
  };
  for (const auto& [name, value] : all) {
    if (!value.is_null() && (reads(how, name) || reads(what, name))) out.emplace_back(name, value);
  }
  return out;
}

}  // namespace evenhand::train
