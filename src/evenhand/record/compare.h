// Do two records say the same? One is what somebody handed on, the other what comes out when it is
// computed again. Whatever differs is named: what is given, what comes out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/record/finding.h"
#include "evenhand/record/record.h"

namespace evenhand::record {

struct Verified {
  std::int64_t recomputed = 0;  // findings computed again, and equal
  std::int64_t not_from_tallies = 0;
  bool data_agree = false;    // rows were counted again, and every cell agrees
  bool digests_agree = true;  // the inputs are the very bytes that the record names
};

/// "selection_rate of sex=Female".
std::string spoken(const Finding& finding);
/// "met", "none"; "<= 0.1, judged by the interval, ...", "none".
std::string spelled(const std::optional<Verdict>& verdict);
std::string spelled(const std::optional<Bound>& bound);

/// The sentences for a number or word that differs, and for a finding that is not there.
Error differs(const Finding& finding, const std::string& what, const std::string& says,
              const std::string& is);
Error lacks(const Finding& found);

/// What both say of one place, word by word and number by number (to 1e-9: other compilers may
/// round otherwise). @error kBadInput with the first difference.
Result<void> compare(const Finding& said, const Finding& found);

/// Cell by cell. @error kBadInput with the first that differs.
Result<void> compare_tallies(const Record& said, const Record& again);
/// What stands out is told by the p-values of the record itself.
Result<void> compare_discoveries(const Record& record, double level,
                                 Explored explored = Explored::kUnbound);
/// Words of a metric are those of the program that wrote the record.
Result<void> compare_words(const Record& record);
/// The same files may have other names here, and a reason may name one: it is not compared.
Result<void> compare_left_out(const Record& said, const Record& again);
/// Without the data: what follows from the record's own counts must stand in its `left_out`, in
/// this order; what else stands there must be of a kind that only the rows can tell.
/// @param needs_rows  is it of that kind? By its `what`. @error kBadInput.
Result<void> compare_left_out(const Record& said, const std::vector<LeftOut>& due,
                              const std::function<bool(const std::string&)>& needs_rows);
/// @param digests_agree  false where the bytes are others; then their numbers may differ.
Result<void> compare_inputs(const Record& said, const Record& again, bool& digests_agree);

}  // namespace evenhand::record
