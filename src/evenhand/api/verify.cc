// `evenhand verify record.json [--data FILE]...`: trusts nobody's numbers, ours included.
#include <string>
#include <vector>

#include "evenhand/api/operation.h"
#include "evenhand/api/recompute.h"
#include "evenhand/api/record_file.h"
#include "evenhand/api/table_options.h"

namespace evenhand::api {

namespace {

struct Verify {
  std::string record;
  std::vector<std::string> data;
  unsigned threads = 0;
};

std::string as_text(const Verify& asked, const record::Verified& verified) {
  std::string out = record_path(asked.record) + ": " + std::to_string(verified.recomputed) +
                    " findings were computed again from the tallies, and all agree\n";
  if (verified.data_agree) out += "the data were counted again, and every cell agrees\n";
  if (!verified.digests_agree) {
    out += "the files are not the very bytes that the record names (their SHA-256 differs)\n";
  }
  if (verified.not_from_tallies > 0) {
    out += std::to_string(verified.not_from_tallies) + " findings do not stand on tallies" +
           (verified.data_agree ? "\n" : ": they need the rows (--data FILE)\n");
  }
  return out;
}

Result<Outcome> run(const Verify& asked, const Call& call) {
  EVENHAND_ASSIGN(const record::Record record, read_record(asked.record));
  EVENHAND_ASSIGN(const std::vector<std::string> files, expand_all(asked.data));
  auto verified = computed_again(record, files, asked.threads, call.progress);
  if (!verified) {
    return std::move(verified).error().within("verifying " + record_path(asked.record));
  }
  Json json;
  json["record"] = record_path(asked.record);
  json["agrees"] = true;
  json["recomputed"] = verified->recomputed;
  json["not_from_tallies"] = verified->not_from_tallies;
  json["data_agree"] = asked.data.empty() ? Json() : Json(verified->data_agree);
  json["digests_agree"] = asked.data.empty() ? Json() : Json(verified->digests_agree);
  return Outcome{kMet, as_text(asked, *verified), json};
}

}  // namespace

Operation verify() {
  using T = Verify;
  return operation<T>(
      {.name = "verify",
       .says =
           "Compute every finding of a record again from its tallies; with --data count the rows "
           "again too",
       .section = {},
       .examples = {"evenhand verify evenhand-out/record.json",
                    "evenhand verify evenhand-out --data people.csv"},
       .fields = {},
       .run = {}},
      {field<T>("record", &T::record,
                {.help = "the record, or the folder that holds it",
                 .value = "RECORD",
                 .example = "evenhand-out/record.json",
                 .positional = true,
                 .required = true}),
       field<T>("data", &T::data,
                {.help = "the table that the record was made from, in the order that it names them",
                 .value = "FILE",
                 .example = "people.csv",
                 .fallback = "the rows are not counted again",
                 .is_path = true}),
       threads_field<T>(&T::threads, "how many threads count; 0: as many as the machine has")},
      run);
}

}  // namespace evenhand::api
