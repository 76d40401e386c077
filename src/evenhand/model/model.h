// What every model can do, whatever it is made of: score the rows of a design, and be kept in a
// folder. A backend is one file x.cc with its `Backend`, and one line in all.def.
// How a table becomes a design is encoding.h; how a model becomes a folder, artefact.h.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/result.h"
#include "evenhand/model/design.h"
#include "evenhand/model/safetensors.h"

namespace evenhand::model {

/// A fitted model. Does not change; many threads may ask it at once.
class Model {
 public:
  virtual ~Model() = default;
  /// The name of its backend.
  virtual std::string_view kind() const = 0;
  /// How many columns a design must have.
  virtual std::size_t columns() const = 0;
  /// @param scores  shape [design.rows]; unit: probability of the favourable label, in [0,1].
  virtual void score(const Design& design, std::span<double> scores) const = 0;
  /// How it was fitted, for people (model.json).
  virtual Json describe() const = 0;
  /// What it learnt, by name.
  virtual std::vector<Tensor> tensors() const = 0;
};

/// A kind of model, and how one of it comes back from what `describe` and `tensors` gave.
struct Backend {
  std::string_view name;
  std::string_view says;  // one line
  /// @error kBadInput naming what is missing or of the wrong shape.
  Result<std::unique_ptr<Model>> (*load)(const Json& described, std::vector<Tensor> tensors);
};

/// All backends, in the order of all.def.
std::span<const Backend* const> all_backends();
/// By its name; null when there is none.
const Backend* find_backend(std::string_view name);

}  // namespace evenhand::model
