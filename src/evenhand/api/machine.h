// What this machine has: processors, memory, the libraries that the program runs with. Asked by
// `doctor` and written into run.json; no number in a record depends on it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace evenhand::api {

struct Machine {
  unsigned threads = 1;            // that this process may use
  std::uint64_t memory_bytes = 0;  // of the machine, or what its container is held to; 0: unknown
  std::uint64_t memory_free_bytes = 0;
  std::string compiler;
  std::vector<std::string> libraries;  // files of the shared libraries in use, without folders
};

Machine look_at_machine();

/// The file of the BLAS that the loader finds, its links followed; "" when there is none. Cost: it
/// is loaded for that, some milliseconds.
std::string find_blas();

enum class Blas : std::uint8_t { kNone, kReference, kThreads, kGood };

/// How good is the BLAS in this file? kReference: Netlib's, some 60 times slower; kThreads: an
/// OpenBLAS whose own threads fight with ours.
Blas judge_blas(const std::string& file);

}  // namespace evenhand::api
