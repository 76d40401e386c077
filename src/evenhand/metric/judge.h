// A verdict on one reading: met, broken, or cannot tell.
//
// By the interval (the usual way), a bound is met when the whole family interval lies on its good
// side, broken when it lies on the bad side, and else the rows cannot tell. By the point, as some
// laws count, the value alone decides; equality meets, and counts are compared as whole numbers,
// so that four fifths is exactly four fifths.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "evenhand/base/result.h"
#include "evenhand/metric/metric.h"

namespace evenhand::metric {

enum class Verdict : std::uint8_t { kMet, kBroken, kCannotTell };
/// "met", "broken", "cannot_tell".
std::string_view name(Verdict verdict);

/// A decimal number exactly: units / 10^places.
struct Decimal {
  std::int64_t units = 0;
  int places = 0;
  double value() const;
};
/// "0.8", "-1", "1e-3". @error kInvalidArgument for anything else, or more than 17 digits.
Result<Decimal> decimal(std::string_view text);

enum class Side : std::uint8_t { kAtMost, kAtLeast };

struct Limit {
  Side side = Side::kAtMost;
  Decimal at;
  bool by_point = false;
};

/// How the parts of a reading make its value, for exact judging.
enum class Parts : std::uint8_t { kNone, kShare, kDifference, kRatio };
Parts parts_of(const Metric& metric, const Reading& reading);

/// @param reading  with its family interval, unless the limit is judged by the point. An undefined
///                 reading cannot tell.
Verdict judge(const Reading& reading, Parts parts, const Limit& limit);

/// How many times the rows would decide, if all shares stayed as they are: the smallest of
/// 1, 2, ... (to within 1 %) for which `read` gives a verdict, or nothing if a million would not.
/// @param read  the reading as though there were `scale` times as many rows.
std::optional<double> scale_to_decide(
    const std::function<std::optional<Reading>(double scale)>& read, const Limit& limit);

}  // namespace evenhand::metric
