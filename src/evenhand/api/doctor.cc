// `evenhand doctor`: what the program runs with, and what to do about what is missing.
#include <string>
#include <unistd.h>
#include <vector>

#include "evenhand/api/machine.h"
#include "evenhand/api/operation.h"

namespace evenhand::api {

namespace {

struct Doctor {};

struct Missing {
  std::string what, mend;
};

std::vector<Missing> missing(const Machine& machine, const std::string& blas) {
  const std::string mend = "sudo apt-get install libopenblas0-openmp";
  std::vector<Missing> out;
  switch (judge_blas(blas)) {
    case Blas::kGood:
      break;
    case Blas::kNone:
      out.push_back({"no OpenBLAS was found, the library for matrix products of models", mend});
      break;
    case Blas::kReference:
      out.push_back({"the BLAS is the reference one, some 60 times slower than OpenBLAS", mend});
      break;
    case Blas::kThreads:
      out.push_back({"the OpenBLAS is the pthread build, whose threads fight with ours", mend});
      break;
  }
  constexpr std::uint64_t kLeast = 512ULL << 20;
  if (machine.memory_free_bytes != 0 && machine.memory_free_bytes < kLeast) {
    out.push_back(
        {"less than 512 MiB of memory are free", "end other programs, or use --threads 1"});
  }
  if (access(".", W_OK) != 0) {
    out.push_back({"this folder is not writable, and evenhand-out/ would be made in it",
                   "go to another folder, or name one: --out DIR"});
  }
  return out;
}

std::string mib(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

std::string as_text(const Machine& machine, const std::string& blas,
                    const std::vector<Missing>& lacks) {
  std::string out = "evenhand   " EVENHAND_VERSION "\ncompiler   " + machine.compiler + '\n';
  out += "threads    " + std::to_string(machine.threads) + '\n';
  out +=
      "memory     " + mib(machine.memory_bytes) + ", " + mib(machine.memory_free_bytes) + " free\n";
  out += "BLAS       " + (blas.empty() ? "none" : blas) + '\n';
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
  const std::string blas = find_blas();
  const std::vector<Missing> lacks = missing(machine, blas);
  Json json;
  json["version"] = EVENHAND_VERSION;
  json["compiler"] = machine.compiler;
  json["threads"] = machine.threads;
  json["memory_bytes"] = machine.memory_bytes;
  json["memory_free_bytes"] = machine.memory_free_bytes;
  json["blas"] = blas.empty() ? Json() : Json(blas);
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
