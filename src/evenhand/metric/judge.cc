// Verdicts.
#include "evenhand/metric/judge.h"

#include <cmath>
#include <string>

#include "evenhand/base/int128.h"
#include "evenhand/metric/compare.h"

namespace evenhand::metric {
namespace {

int sign(Int128 x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

Int128 power_of_ten(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// Whether a product chain is certain to fit in 127 bits.
bool fits(std::int64_t a, std::int64_t b, Int128 c) {
  const double size = std::abs(static_cast<double>(a)) * std::abs(static_cast<double>(b)) *
                      std::abs(static_cast<double>(c));
  return size < 8e37;
}

/// Sign of value - limit with whole numbers; nothing if there are no counts or they are too large.
std::optional<int> compare_exactly(const Reading& r, Parts parts, const Decimal& at) {
  const std::int64_t a = r.parts[0], m = r.parts[1], b = r.parts[2], n = r.parts[3];
  const Int128 ten = power_of_ten(at.places);
  if (parts == Parts::kShare && a >= 0 && m > 0 && fits(a, 1, ten) && fits(at.units, m, 1)) {
    return sign(Int128{a} * ten - Int128{at.units} * m);
  }
  if (a < 0 || b < 0 || m <= 0 || n <= 0) return std::nullopt;
  if (parts == Parts::kRatio && b > 0 && fits(a, n, ten) && fits(b, m, at.units)) {
    // (a/m) / (b/n) against u/10^p:  a n 10^p  against  u b m
    return sign(Int128{a} * n * ten - Int128{at.units} * b * m);
  }
  if (parts == Parts::kDifference && fits(b, m, ten) && fits(a, n, ten) && fits(m, n, at.units)) {
    // b/n - a/m against u/10^p:  (b m - a n) 10^p  against  u m n
    return sign((Int128{b} * m - Int128{a} * n) * ten - Int128{at.units} * m * n);
  }
  return std::nullopt;
}

Verdict by_point(const Reading& r, Parts parts, const Limit& limit) {
  int side = 0;
  if (const auto exact = compare_exactly(r, parts, limit.at)) {
    side = *exact;
  } else {
    const double gap = r.estimate.value - limit.at.value();
    side = gap > 0 ? 1 : gap < 0 ? -1 : 0;
  }
  const bool met = limit.side == Side::kAtMost ? side <= 0 : side >= 0;
  return met ? Verdict::kMet : Verdict::kBroken;
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMet:
      return "met";
    case Verdict::kBroken:
      return "broken";
    case Verdict::kCannotTell:
      return "cannot_tell";
  }
  return "cannot_tell";
}

double Decimal::value() const {
  return std::stod(std::to_string(units) + "e-" + std::to_string(places));
}

Result<Decimal> decimal(std::string_view text) {
  const auto wrong = [&](std::string_view what) {
    return Error{Code::kInvalidArgument, "\"" + std::string(text) + "\" " + std::string(what)};
  };
  Decimal out;
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++i;
  int digits = 0, exponent = 0;
  bool point = false, any = false;
  for (; i < text.size() && (text[i] == '.' || (text[i] >= '0' && text[i] <= '9')); ++i) {
    if (text[i] == '.') {
      if (point) return wrong("is not a number");
      point = true;
      continue;
    }
    any = true;
    if (digits > 0 || text[i] != '0') ++digits;
    if (digits > 17) return wrong("has more than 17 digits");
    out.units = out.units * 10 + (text[i] - '0');
    if (point) ++out.places;
  }
  if (!any) return wrong("is not a number");
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    const std::string tail(text.substr(i + 1));
    if (tail.empty() || tail.size() > 3 ||
        tail.find_first_not_of("0123456789+-") != std::string::npos ||
        tail.find_first_of("0123456789") == std::string::npos) {
      return wrong("is not a number");
    }
    exponent = static_cast<int>(std::strtol(tail.c_str(), nullptr, 10));
    i = text.size();
  }
  if (i != text.size()) return wrong("is not a number");
  if (negative) out.units = -out.units;
  out.places -= exponent;
  for (; out.places < 0; ++out.places) {
    if (std::abs(out.units) > 99'999'999'999'999'999) return wrong("is too large");
    out.units *= 10;
  }
  if (out.places > 18) return wrong("is smaller than 18 decimal places can say");
  return out;
}

Parts parts_of(const Metric& metric, const Reading& reading) {
  if (metric.measure == nullptr) return Parts::kNone;
  if (metric.comparison == nullptr || metric.comparison->keeps_unit) {
    return reading.parts[0] >= 0 ? Parts::kShare : Parts::kNone;
  }
  if (reading.parts[0] < 0 || reading.parts[2] < 0) return Parts::kNone;
  return metric.comparison->ratio ? Parts::kRatio : Parts::kDifference;
}

Verdict judge(const Reading& r, Parts parts, const Limit& limit) {
  if (!r.estimate.defined()) return Verdict::kCannotTell;
  if (limit.by_point) return by_point(r, parts, limit);
  if (!r.family) return Verdict::kCannotTell;
  const double at = limit.at.value();
  const bool below = r.family->high <= at, above = r.family->low >= at;
  const bool beyond_below = r.family->high<at, beyond_above = r.family->low> at;
  if (limit.side == Side::kAtMost) {
    if (below) return Verdict::kMet;
    return beyond_above ? Verdict::kBroken : Verdict::kCannotTell;
  }
  if (above) return Verdict::kMet;
  return beyond_below ? Verdict::kBroken : Verdict::kCannotTell;
}

std::optional<double> scale_to_decide(
    const std::function<std::optional<Reading>(double scale)>& read, const Limit& limit) {
  const auto decides = [&](double scale) {
    const auto reading = read(scale);
    return reading && judge(*reading, Parts::kNone, limit) != Verdict::kCannotTell;
  };
  double enough = 1;
  while (!decides(enough)) {
    if (enough > 1e6) return std::nullopt;
    enough *= 2;
  }
  double too_few = enough / 2;
  while (enough / too_few > 1.01) {
    const double middle = std::sqrt(enough * too_few);
    (decides(middle) ? enough : too_few) = middle;
  }
  return enough;
}

}  // namespace evenhand::metric
