#include "evenhand/api/outputs.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include "evenhand/api/machine.h"
#include "evenhand/metric/all.h"
#include "evenhand/record/record_json.h"
#include "evenhand/record/write.h"
#include "evenhand/report/report.h"

namespace evenhand::api {

namespace {

namespace fs = std::filesystem;

std::string in(const std::string& folder, const char* name) {
  return (fs::path(folder) / name).string();
}

std::string run_json(const record::Record& record, const RunFacts& facts) {
  const Machine machine = look_at_machine();
  Json out;
  out["version"] = 1;
  out["operation"] = record.operation;
  out["started"] = facts.started_ms ? Json(utc(*facts.started_ms)) : Json();
  out["finished"] = facts.finished_ms ? Json(utc(*facts.finished_ms)) : Json();
  if (facts.started_ms && facts.finished_ms) {
    out["seconds"] = static_cast<double>(*facts.finished_ms - *facts.started_ms) / 1000;
  }
  out["host"] = facts.host.empty() ? Json() : Json(facts.host);
  out["threads"] = facts.threads == 0 ? machine.threads : facts.threads;
  out["evenhand"] = EVENHAND_VERSION;
  out["compiler"] = machine.compiler;
  out["libraries"] = machine.libraries;
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<void> make_folder(const std::string& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    return Error{Code::kIo, "the folder " + folder + " cannot be made: " + failed.message()};
  return {};
}

}  // namespace

std::string utc(std::int64_t ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(ms)};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

Result<void> check_folder(const std::string& folder) {
  std::error_code ignored;
  if (folder.empty()) return Error{Code::kInvalidArgument, "--out names no folder"};
  fs::path place = folder;
  if (fs::exists(place, ignored) && !fs::is_directory(place, ignored)) {
    return Error{Code::kIo, "the output folder " + folder + " is a file; name a folder: --out DIR"};
  }
  while (!place.empty() && !fs::exists(place, ignored)) place = place.parent_path();
  if (place.empty()) place = ".";
  if (!fs::is_directory(place, ignored) || access(place.c_str(), W_OK | X_OK) != 0) {
    return Error{Code::kIo, "nothing can be written in " + place.string() +
                                "; name another folder: --out DIR"};
  }
  return {};
}

Result<void> spare_inputs(const std::string& folder, const std::vector<std::string>& inputs) {
  for (const char* name : {"record.json", "run.json", "report.html", "report.md"}) {
    for (const std::string& input : inputs) {
      std::error_code ignored;
      if (!fs::equivalent(input, in(folder, name), ignored)) continue;
      return Error{Code::kInvalidArgument, input + " is read, and would be overwritten by " + name +
                                               "; name another folder: --out DIR"};
    }
  }
  return {};
}

Result<Written> write_outputs(const std::string& folder, const record::Record& record,
                              const RunFacts& facts) {
  // The record comes last: where there is one, the files beside it are of its run.
  EVENHAND_ASSIGN(Written out, write_report(folder, record));
  out.run = in(folder, "run.json");
  out.record = in(folder, "record.json");
  EVENHAND_TRY(record::write_file(out.run, run_json(record, facts)));
  EVENHAND_TRY(record::write_file(out.record, record::to_json(record)));
  return out;
}

Result<Written> write_report(const std::string& folder, const record::Record& record) {
  return write_report(folder, std::span(&record, 1));
}

Result<Written> write_report(const std::string& folder, std::span<const record::Record> chapters) {
  EVENHAND_TRY(make_folder(folder));
  Written out;
  out.html = in(folder, "report.html");
  out.markdown = in(folder, "report.md");
  EVENHAND_TRY(record::write_file(out.html, report::html(chapters, metric::find)));
  EVENHAND_TRY(record::write_file(out.markdown, report::markdown(chapters, metric::find)));
  return out;
}

}  // namespace evenhand::api
