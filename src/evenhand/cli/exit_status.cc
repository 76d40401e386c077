#include "evenhand/cli/exit_status.h"

namespace evenhand::cli {

namespace {

struct Row {
  Code code;
  std::string_view name;
  int status;
};

constexpr Row kTable[] = {
    {Code::kInvalidArgument, "invalid_argument", kWrongUsage},
    {Code::kBadInput, "bad_input", 3},
    {Code::kNotFound, "not_found", 3},
    {Code::kIo, "io", 3},
    {Code::kAxesDiffer, "axes_differ", 3},
    {Code::kEndpoint, "endpoint", 5},
    {Code::kInterrupted, "interrupted", kInterrupted},
    {Code::kBug, "bug", kBug},
};

const Row& row(Code code) {
  for (const Row& each : kTable) {
    if (each.code == code) return each;
  }
  return kTable[7];
}

}  // namespace

int exit_status(Code code) { return row(code).status; }
std::string_view name(Code code) { return row(code).name; }

}  // namespace evenhand::cli
