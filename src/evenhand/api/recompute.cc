#include "evenhand/api/recompute.h"

#include "evenhand/data/audit_verify.h"
#include "evenhand/evaluate/compare.h"
#include "evenhand/evaluate/verify.h"

namespace evenhand::api {

Result<record::Verified> computed_again(const record::Record& record,
                                        const std::vector<std::string>& files, unsigned threads,
                                        const OnProgress& progress) {
  if (record.operation == "data audit") {
    return files.empty() ? data::verify_audit(record)
                         : data::verify_audit_with_data(record, files, threads, progress);
  }
  if (record.operation == "compare run") {
    return files.empty() ? evaluate::verify_comparison(record)
                         : evaluate::verify_comparison_with_data(record, files, threads, progress);
  }
  const auto keep_going = [&](std::uint64_t done, std::uint64_t all) {
    return !progress || progress({"counting again", Counts::kBytes, done, all});
  };
  return files.empty() ? evaluate::verify(record, threads)
                       : evaluate::verify_with_data(record, files, threads, keep_going);
}

}  // namespace evenhand::api
