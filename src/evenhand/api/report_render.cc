// `evenhand report render record.json`: draws a record again, after it was verified.
#include <filesystem>
#include <optional>
#include <string>

#include "evenhand/api/operation.h"
#include "evenhand/api/outputs.h"
#include "evenhand/api/recompute.h"
#include "evenhand/api/record_file.h"
#include "evenhand/metric/all.h"
#include "evenhand/report/report.h"

namespace evenhand::api {

namespace {

struct Render {
  std::string record;
  std::optional<std::string> out;
};

Result<Outcome> run(const Render& asked, const Call& call) {
  EVENHAND_ASSIGN(const record::Record record, read_record(asked.record));
  const std::string path = record_path(asked.record);
  auto verified = computed_again(record, {}, 0, {});
  if (!verified) {
    return std::move(verified).error().within("verifying " + path + " before it is drawn");
  }
  std::string folder = asked.out.value_or(std::filesystem::path(path).parent_path().string());
  if (folder.empty()) folder = ".";
  EVENHAND_TRY(check_folder(folder));
  EVENHAND_ASSIGN(const Written written, write_report(folder, record));
  Json json;
  json["record"] = path;
  json["report"] = written.html;
  json["markdown"] = written.markdown;
  return Outcome{kMet,
                 report::table(record, metric::find, {.colour = call.colour}) +
                     "\nreport: " + written.html + "\nmarkdown: " + written.markdown + '\n',
                 json};
}

}  // namespace

Operation report_render() {
  using T = Render;
  return operation<T>({.name = "report render",
                       .says = "Verify a record, then draw its report.html and report.md again",
                       .section = {},
                       .examples = {"evenhand report render evenhand-out/record.json"},
                       .fields = {},
                       .run = {}},
                      {field<T>("record", &T::record,
                                {.help = "the record, or the folder that holds it",
                                 .value = "RECORD",
                                 .example = "evenhand-out/record.json",
                                 .positional = true,
                                 .required = true}),
                       field<T>("out", &T::out,
                                {.help = "folder for report.html and report.md",
                                 .value = "DIR",
                                 .example = "public",
                                 .fallback = "beside the record",
                                 .is_path = true})},
                      run);
}

}  // namespace evenhand::api
