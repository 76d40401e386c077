// `evenhand schema`: the JSON schema of the project file, for editors and checkers.
#include "evenhand/api/operation.h"
#include "evenhand/api/project_file.h"

namespace evenhand::api {

namespace {

struct Schema {};

Result<Outcome> run(const Schema&, const Call&) {
  const Json schema = project_schema();
  return Outcome{kMet, schema.dump(2) + '\n', schema};
}

}  // namespace

Operation schema() {
  return operation<Schema>({.name = "schema",
                            .says = "Print the JSON schema of the project file",
                            .section = {},
                            .examples = {"evenhand schema > evenhand.schema.json"},
                            .fields = {},
                            .run = {}},
                           {}, run);
}

}  // namespace evenhand::api
