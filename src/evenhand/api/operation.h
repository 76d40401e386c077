// What can be asked of Evenhand: a name, one line, its fields and a function from options (a JSON
// object) to an outcome. Every face walks the one list in all.def; so an operation is written once.
// Nothing here prints, exits or reads a clock: what an operation needs of its face is in Call.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/progress.h"
#include "evenhand/base/result.h"

namespace evenhand::api {

/// Exit statuses of what was found; errors have theirs by Code (cli/exit_status.h).
inline constexpr int kMet = 0, kBroken = 1, kCannotTell = 4;

struct Outcome {
  int status = kMet;
  std::string text;  // for a terminal: lines, the last one ended
  Json json;         // the same for machines
};

/// What the face lends to one call.
struct Call {
  OnProgress progress;                   // empty: nobody watches
  std::function<std::int64_t()> now_ms;  // since 1970-01-01 UTC; empty: run.json has no times
  std::string host;                      // empty: not written
  bool colour = false;                   // Outcome::text may hold ANSI colours
};

struct Operation {
  std::string name;                   // "evaluate run": the words of the command line
  std::string says;                   // one line
  std::string section;                // of the project file; empty: it is no stage
  std::vector<std::string> examples;  // whole command lines
  std::vector<Field> fields;
  std::function<Result<Outcome>(const Json& options, const Call& call)> run;
};

/// All operations, in the order of all.def.
const std::vector<Operation>& all();
/// By its name ("evaluate run"); null when there is none.
const Operation* find(std::string_view name);
const Field* find(const Operation& operation, std::string_view field);

/// Where a field stands in the project file: "evaluate.level", "data.files", "bounds"; empty:
/// nowhere.
std::string key(const Operation& operation, const Field& field);

/// Check names and that nothing required lacks. @error kInvalidArgument with the nearest name.
Result<void> check_names(const std::vector<Field>& fields, const Json& options);
/// The sentence for a name that no field has: ours for a foreign word, else the nearest.
std::string no_such_option(const std::vector<Field>& fields, std::string_view name);

/// Put an operation together; the face's JSON becomes an O before `run` sees it.
template <class O>
Operation operation(Operation named, std::vector<FieldOf<O>> fields,
                    Result<Outcome> (*run)(const O&, const Call&)) {
  for (const FieldOf<O>& each : fields) named.fields.push_back(each.field);
  const std::vector<Field> plain = named.fields;
  named.run = [fields = std::move(fields), plain, run](const Json& json,
                                                       const Call& call) -> Result<Outcome> {
    EVENHAND_TRY(check_names(plain, json));
    O options;
    for (const FieldOf<O>& each : fields) {
      if (!json.contains(each.field.name)) continue;
      auto set = each.set(options, json[each.field.name]);
      if (!set) return Error{set.error().code, in_shell(each.field) + ": " + set.error().says};
    }
    return run(options, call);
  };
  return named;
}

}  // namespace evenhand::api
