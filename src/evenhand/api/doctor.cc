// `evenhand doctor`: what the program runs with, and what to do about what is missing.
#include <string>
#include <unistd.h>
#include <vector>

#include "evenhand/api/machine.h"
#include "evenhand/api/operation.h"

namespace evenhand::api {

namespace {

struct Doctor {};

std::string mib(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

std::string as_text(const Machine& machine, const BlasFound& blas,
                    const std::vector<Missing>& lacks) {
  std::string out = "evenhand   " EVENHAND_VERSION "\ncompiler   " + machine.compiler + '\n';
  out += "threads    " + std::to_string(machine.threads) + '\n';
  out +=
      "memory     " + mib(machine.memory_bytes) + ", " + mib(machine.memory_free_bytes) + " free\n";
  out += "BLAS       " + (blas.file.empty() ? "none" : blas.file) +
         (blas.core.empty() ? "" : ", kernels for " + blas.core) + '\n';
  out += "libraries  ";
  std::size_t at = 0;
  for (const std::string& each : machine.libraries) {
    if (at > 0 && at + each.size() > 80) {
      out += "\n           ";
      at = 0;
    }
    out += (at > 0 ? " " : "") + each;
    at += each.size() + 1;
  }
  out += "\n\n";
  if (lacks.empty()) return out + "nothing is missing\n";
  for (const Missing& each : lacks)
    out += "missing: " + each.what + "\n  mend it: " + each.mend + '\n';
  return out;
}

Result<Outcome> run(const Doctor&, const Call&) {
  const Machine machine = look_at_machine();
  const BlasFound blas = find_blas();
  std::vector<Missing> lacks = missing(machine, blas);
  if (access(".", W_OK) != 0) {
    lacks.push_back({"this folder is not writable, and evenhand-out/ would be made in it",
                     "go to another folder, or name one: --out DIR"});
  }
  Json json;
  json["version"] = EVENHAND_VERSION;
  json["compiler"] = machine.compiler;
  json["threads"] = machine.threads;
  json["memory_bytes"] = machine.memory_bytes;
  json["memory_free_bytes"] = machine.memory_free_bytes;
  json["blas"] = blas.file.empty() ? Json() : Json(blas.file);
  json["blas_kernels"] = blas.core.empty() ? Json() : Json(blas.core);
  json["libraries"] = machine.libraries;
  json["missing"] = Json::array();
  for (const Missing& each : lacks) {
    json["missing"].push_back({{"what", each.what}, {"mend", each.mend}});
  }
  return Outcome{kMet, as_text(machine, blas, lacks), json};
}

}  // namespace

Operation doctor() {
  return operation<Doctor>({.name = "doctor",
                            .says = "Print versions, BLAS, threads, memory, and what is missing "
                                    "with the command that mends it",
                            .section = {},
                            .examples = {"evenhand doctor"},
                            .fields = {},
                            .run = {}},
                           {}, run);
}

}  // namespace evenhand::api
