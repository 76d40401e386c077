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
  bool avx2 = false, avx512 = false;  // what the processor can
  std::string compiler;
  std::vector<std::string> libraries;  // files of the shared libraries in use, without folders
};

Machine look_at_machine();

/// A BLAS, and of OpenBLAS what it says of itself.
struct BlasFound {
  std::string file;    // links followed; "" when there is none
  std::string core;    // for which processor its kernels are: "Haswell"
  std::string config;  // how it was built: "OpenBLAS 0.3.26 DYNAMIC_ARCH ..."
};

/// The BLAS that the loader finds. Cost: it is loaded for that, some milliseconds.
BlasFound find_blas();

/// kReference: Netlib's, some 60 times slower; kThreads: an OpenBLAS whose own threads fight with
/// ours; kSlow: one that took kernels of an old processor on one that has AVX2.
enum class Blas : std::uint8_t { kNone, kReference, kThreads, kSlow, kGood };

Blas judge_blas(const BlasFound& blas, const Machine& machine);

/// What is missing, and what to do about it.
struct Missing {
  std::string what, mend;
};
std::vector<Missing> missing(const Machine& machine, const BlasFound& blas);

}  // namespace evenhand::api
