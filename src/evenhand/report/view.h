// A record as it may be shown: sorted by question, with what suppression allows. Renderers take
// numbers and names from here only, so what is hidden cannot slip through them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/record/record.h"
#include "evenhand/report/report.h"
#include "evenhand/report/suppress.h"
#include "evenhand/report/words.h"

namespace evenhand::report {

enum class State : std::uint8_t { kShown, kUndefined, kHidden };

/// Why a number must not be shown: its group is small, or a cell of it is, or could be worked out.
enum class Hidden : std::uint8_t { kNo, kSmallGroup, kSmallCell };

/// One finding. Its numbers come from numbers(); `finding` itself is for names and verdicts.
class Shown {
 public:
  Shown(const record::Finding& finding, const metric::Metric* metric, Hidden hidden)
      : finding_(&finding), metric_(metric), hidden_(hidden) {}

  const metric::Metric* metric() const { return metric_; }
  const std::string& id() const { return finding_->metric; }
  const std::vector<std::string>& by() const { return finding_->by; }
  const std::optional<record::Bound>& bound() const { return finding_->bound; }
  const std::optional<record::Verdict>& verdict() const { return finding_->verdict; }
  bool about_group() const { return finding_->group.has_value(); }
  const std::optional<record::Group>& group() const { return finding_->group; }

  State state() const;
  bool unknown() const;                  // an attribute of the group is unknown
  bool on_curve() const;                 // a point of a curve
  bool everybody() const;                // about all rows of its stratum
  bool about_question() const;           // about all groups of a question together
  std::string axis() const, at() const;  // {"column", "age"} of a point; "" else
  bool lies(std::string_view axis, std::string_view where) const;  // as the record says it
  Numbers numbers() const;                                         // empty unless kShown
  std::optional<std::uint64_t> rows() const;                       // absent when hidden
  std::optional<std::uint64_t> rows_needed() const;  // likewise; two significant digits
  std::string test() const;                          // "p = 2.5e-10, stands out"; likewise
  std::optional<bool> stands_out() const;            // likewise
  std::optional<double> log10_p() const;             // likewise
  Scale scale() const;  // an AUC is no share of rows, and its gaps are none of shares
  const std::string& unit() const { return finding_->unit; }

  std::string name() const;  // of the metric: "Selection rate, widest gap"
  std::string about()
      const;  // "Female"; "Female (lower) and Male (higher)"; "groups that are not shown"
  std::string stratum_name() const;  // "dept = A"; "" for all rows
  std::string place() const;         // "column age", "the policy, rows kept from the fit"
  std::string within() const;        // "dept = A", with the place; "" for all rows
  int digits() const;                // after the point, that value() has
  std::string value(int digits) const;
  std::string value() const;      // "12.3 %"; "undefined"; "fewer than 11 rows"; "not shown"
  std::string plain() const;      // "9.1 to 15.5 %"; "" unless kShown
  std::string family() const;     // the interval that the verdict used; "" where there is none
  std::string left_open() const;  // what missing rows could change; "" where they cannot
  std::string reason() const;     // why it is not shown, as a sentence; "" for kShown

 private:
  bool counts_rows() const;

  const record::Finding* finding_;
  const metric::Metric* metric_;
  Hidden hidden_;
};

/// A group and how many rows it has; no number where that is hidden.
struct Size {
  record::Group group;
  std::string name;
  std::optional<std::uint64_t> rows;
  bool small = false;  // it has 1 to 10
};

/// A point of a calibration curve: people whose scores lie from `from` to `to`.
struct CurvePoint {
  double from = 0, to = 0;
  double score = 0;                     // mean score, from the middles of the bins
  double value = 0, low = 0, high = 0;  // share with the favourable label, Wilson 95 %
};
/// A step of a distribution of scores: share of the group's rows per unit of score.
struct Step {
  double from = 0, to = 0, density = 0;
};
struct Curve {
  Size size;
  std::vector<CurvePoint> calibration;  // empty: too few rows, or no labels
  std::vector<Step> scores;             // empty: too few rows
};

/// "0.012", "2.5e-10", and where a double would be 0, "10^-1392.9".
std::string p_value(double log10_p);

struct Question {
  std::vector<std::string> by;
  std::string name;
  std::vector<Size> sizes;          // intervals as on their axis, else largest first and hidden
                                    // sizes after them; unknown last
  std::vector<Shown> groups;        // about one group, in the order metric, stratum, sizes
  std::vector<Shown> gaps;          // between groups, and lowest and highest group
  std::vector<Curve> curves;        // of the largest groups, when scores were counted
  std::map<std::string, int> hues;  // of the groups by name; see hue()
};

/// A metric's numbers at one place, by group: looked up without a walk over all groups for each.
using ByGroup = std::map<record::Group, const Shown*>;
ByGroup by_group(const Question& question, std::string_view id, const std::string& at);

struct View {
  const record::Record* record = nullptr;
  std::vector<Question> questions;             // everybody last
  std::vector<Shown> judged;                   // with a bound, in the record's order
  std::vector<const metric::Metric*> metrics;  // used, each once
  std::vector<std::pair<std::string, std::string>> options;
  std::string level = "95 %";
  std::uint64_t rows = 0;
  std::size_t hidden = 0, undefined = 0;
  std::vector<std::pair<std::string, std::size_t>> reasons;  // why undefined, and how often
  bool labels = false, decisions = false, scores = false;    // what the findings read
};

/// The question about everybody; null if nothing was asked of them.
const Question* everybody(const View& view);

View view(const record::Record& record, const FindMetric& find);

}  // namespace evenhand::report
