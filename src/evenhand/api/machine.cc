#include "evenhand/api/machine.h"

#include <algorithm>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <sched.h>
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
#if defined(__clang__)
  out.compiler = "clang " __clang_version__;
#else
  out.compiler = "g++ " __VERSION__;
#endif
  dl_iterate_phdr(collect, &out.libraries);
  std::sort(out.libraries.begin(), out.libraries.end());
  return out;
}

std::string find_blas() {
  for (const char* name : {"libopenblas.so.0", "libcblas.so.3", "libblas.so.3"}) {
    // It starts threads, so it stays: unloaded, they would run on nothing.
    void* library = dlopen(name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) continue;
    void* function = dlsym(library, "cblas_dgemm");
    Dl_info info{};
    std::string file;
    if (function != nullptr && dladdr(function, &info) != 0 && info.dli_fname != nullptr) {
      file = real_file(info.dli_fname);
    }
    dlclose(library);
    if (!file.empty()) return file;
  }
  return {};
}

Blas judge_blas(const std::string& file) {
  if (file.empty()) return Blas::kNone;
  const bool open = file.find("openblas") != std::string::npos;
  if (!open) return file.find("mkl") != std::string::npos ? Blas::kGood : Blas::kReference;
  if (file.find("openblas-openmp") != std::string::npos) return Blas::kGood;  // by its folder: the
  // file in it is called libopenblasp on Debian 12, as in the pthread build.
  const bool threads =
      file.find("pthread") != std::string::npos || file.find("openblasp-") != std::string::npos;
  return threads ? Blas::kThreads : Blas::kGood;
}

}  // namespace evenhand::api
