#include "evenhand/report/audit_evidence.h"

#include <cmath>

namespace evenhand::report {

using record::Verdict;

double alpha_of(const View& view) {
  const auto& options = view.record->options;
  constexpr double kUsual = 0.05;
  if (!options.is_object() || !options.contains("level") || !options["level"].is_number()) {
    return kUsual;
  }
  return 1 - options["level"].get<double>();
}

Shows shows(const View& view, const Shown& effect, const Shown* test) {
  Shows out;
  if (effect.bound()) out.within = asked(*effect.bound(), effect.scale());
  const auto p = (test == nullptr ? effect : *test).log10_p();
  // Of many columns some lie apart by chance: there all tests are looked at together.
  const auto stands_out = effect.on_curve() ? effect.stands_out() : std::nullopt;
  out.differs = stands_out ? *stands_out : p && *p < std::log10(alpha_of(view));
  out.beyond = effect.verdict() == Verdict::kBroken;
  if (effect.verdict() == Verdict::kMet) {
    out.evidence = Evidence::kAlike;
  } else if (out.differs || out.beyond) {
    out.evidence = Evidence::kApart;
  }
  return out;
}

std::string told(const Shows& s, const Nouns& nouns) {
  switch (s.evidence) {
    case Evidence::kAlike:
      return std::string("evidence of ") + nouns.alike + " (" + s.within + ")" +
             (s.differs ? ", with less than that beyond chance" : "");
    case Evidence::kApart:
      return std::string("evidence of ") + nouns.apart +
             (s.beyond ? ", beyond the tolerance (" : "; cannot tell whether within (") + s.within +
             ")";
    case Evidence::kNeither:
      break;
  }
  return std::string("no evidence of ") + nouns.apart + ", nor of " + nouns.alike + " (" +
         s.within + ")";
}

}  // namespace evenhand::report
