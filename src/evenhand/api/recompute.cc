#include "evenhand/api/recompute.h"

#include "evenhand/data/audit_verify.h"
#include "evenhand/evaluate/compare.h"
#include "evenhand/evaluate/verify.h"

namespace evenhand::api {

namespace {

/// Records that hold no counts to compute anything again from.
Result<void> can_be_computed_again(const record::Record& record) {
  if (record.operation == "train fit") {
    return Error{
        Code::kInvalidArgument,
        "it is the record of a training, which holds no counts to compute again; `evenhand "
        "train predict` checks the model beside it against its digest, and what `evenhand "
        "evaluate run` finds of its scores can be verified"};
  }
  if (record.operation == "adjust fit") {
    return Error{
        Code::kInvalidArgument,
        "it is the record of a policy's fit, which holds no counts to compute again; "
        "`evenhand adjust explain` checks the policy beside it against its digest, and what "
        "`evenhand evaluate run` finds of its decisions can be verified"};
  }
  return {};
}

}  // namespace

Result<record::Verified> computed_again(const record::Record& record,
                                        const std::vector<std::string>& files, unsigned threads,
                                        const OnProgress& progress) {
  EVENHAND_TRY(can_be_computed_again(record));
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
