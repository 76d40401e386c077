#include "evenhand/api/machine.h"

#include <algorithm>
#include <cctype>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sched.h>
#include <string_view>
#include <system_error>

#include <link.h>

namespace evenhand::api {

namespace {

std::string real_file(const char* path) {
  std::error_code failed;
  const auto real = std::filesystem::canonical(path, failed);
  return failed ? std::string(path) : real.string();
}

int collect(dl_phdr_info* info, std::size_t, void* out) {
  const std::string path = info->dlpi_name == nullptr ? "" : info->dlpi_name;
  if (path.find(".so") != std::string::npos) {
    static_cast<std::vector<std::string>*>(out)->push_back(
        std::filesystem::path(real_file(path.c_str())).filename().string());
  }
  return 0;
}

/// "MemTotal:  24604716 kB"
std::uint64_t memory_line(const std::string& name) {
  std::ifstream file("/proc/meminfo");
  std::string word;
  std::uint64_t kilobytes = 0;
  while (file >> word) {
    if (word == name && file >> kilobytes) return kilobytes * 1024;
    file.ignore(1 << 12, '\n');
  }
  return 0;
}

/// What the container is held to; 0: no limit, or not known.
std::uint64_t memory_limit() {
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    std::uint64_t bytes = 0;
    if (file >> bytes && bytes < (std::uint64_t{1} << 50)) return bytes;
  }
  return 0;
}

unsigned usable_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

}  // namespace

Machine look_at_machine() {
  Machine out;
  out.threads = usable_threads();
  out.memory_bytes = memory_line("MemTotal:");
  out.memory_free_bytes = memory_line("MemAvailable:");
  if (const std::uint64_t limit = memory_limit(); limit != 0) {
    out.memory_bytes = std::min(out.memory_bytes, limit);
    out.memory_free_bytes = std::min(out.memory_free_bytes, limit);
  }
#if defined(__x86_64__)
  out.avx2 = __builtin_cpu_supports("avx2") != 0;
  out.avx512 = __builtin_cpu_supports("avx512f") != 0;
#endif
#if defined(__clang__)
  out.compiler = "clang " __clang_version__;
#else
  out.compiler = "g++ " __VERSION__;
#endif
  dl_iterate_phdr(collect, &out.libraries);
  std::sort(out.libraries.begin(), out.libraries.end());
  return out;
}

BlasFound find_blas() {
  for (const char* name : {"libopenblas.so.0", "libcblas.so.3", "libblas.so.3"}) {
    // It starts threads, so it stays: unloaded, they would run on nothing.
    void* library = dlopen(name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) continue;
    void* function = dlsym(library, "cblas_dgemm");
    Dl_info info{};
    BlasFound out;
    if (function != nullptr && dladdr(function, &info) != 0 && info.dli_fname != nullptr) {
      out.file = real_file(info.dli_fname);
    }
    const auto says = [&](const char* what) -> std::string {
      void* const at = dlsym(library, what);
      if (at == nullptr) return "";
      const char* const text = reinterpret_cast<const char* (*)()>(at)();
      return text == nullptr ? "" : text;
    };
    out.core = says("openblas_get_corename");
    out.config = says("openblas_get_config");
    dlclose(library);
    if (!out.file.empty()) return out;
  }
  return {};
}

namespace {

/// Kernels of OpenBLAS that know no AVX2, by its own names (kernel/x86_64, cpuid_x86.c of 0.3.26).
constexpr std::string_view kOldCores[] = {
    "generic", "katmai",    "coppermine", "northwood",    "prescott",    "banias",    "atom",
    "core2",   "penryn",    "dunnington", "nehalem",      "sandybridge", "athlon",    "opteron",
    "nano",    "barcelona", "bobcat",     "opteron_sse3", "bulldozer",   "piledriver"};

bool is_old(std::string core) {
  for (char& c : core) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(std::begin(kOldCores), std::end(kOldCores), core) != std::end(kOldCores);
}

}  // namespace

Blas judge_blas(const BlasFound& blas, const Machine& machine) {
  const std::string& file = blas.file;
  if (file.empty()) return Blas::kNone;
  const bool open = file.find("openblas") != std::string::npos;
  if (!open) return file.find("mkl") != std::string::npos ? Blas::kGood : Blas::kReference;
  if (machine.avx2 && is_old(blas.core)) return Blas::kSlow;
  if (file.find("openblas-openmp") != std::string::npos) return Blas::kGood;  // by its folder: the
  // file in it is called libopenblasp on Debian 12, as in the pthread build.
  const bool threads =
      file.find("pthread") != std::string::npos || file.find("openblasp-") != std::string::npos;
  return threads ? Blas::kThreads : Blas::kGood;
}

std::vector<Missing> missing(const Machine& machine, const BlasFound& blas) {
  const std::string mend = "sudo apt-get install libopenblas0-openmp";
  std::vector<Missing> out;
  switch (judge_blas(blas, machine)) {
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
    case Blas::kSlow:
      // A build for one processor has no other kernels to choose from.
      out.push_back({"OpenBLAS works with its kernels for " + blas.core +
                         ", and this processor has " + (machine.avx512 ? "AVX-512" : "AVX2") +
                         ": models train and score several times slower than they could",
                     blas.config.find("DYNAMIC_ARCH") == std::string::npos
                         ? mend + ", a build that chooses its kernels"
                         : std::string("export OPENBLAS_CORETYPE=") +
                               (machine.avx512 ? "SkylakeX" : "Haswell") +
                               ", or install a newer OpenBLAS, which knows this processor"});
      break;
  }
  constexpr std::uint64_t kLeast = 512ULL << 20;
  if (machine.memory_free_bytes != 0 && machine.memory_free_bytes < kLeast) {
    out.push_back(
        {"less than 512 MiB of memory are free", "end other programs, or use --threads 1"});
  }
  return out;
}

}  // namespace evenhand::api
