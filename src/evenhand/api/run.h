// `evenhand run [evenhand.toml]`: the stages that a project file names, in the order of the work:
// audit, train, predict, adjust, apply, evaluate, compare. What one stage writes is what the next
// one reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "evenhand/api/operation.h"

namespace evenhand::api {

struct Run {
  std::string project = "evenhand.toml";
  std::optional<std::string> out;
  std::optional<unsigned> threads;
  bool gate = false;
};

Result<Outcome> run_project(const Run& asked, const Call& call);

}  // namespace evenhand::api
