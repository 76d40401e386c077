// Which numbers would give away a cell of 1 to 10 rows, and which others have to go with them.
//
// A node is a group, a stratum of one, or everybody. Of each node, five kinds of counts can be read
// off published numbers; a kind is hidden when one of its cells is small, and also when a hidden
// cell could be worked out as total minus shown. The rule is written out in docs/formats/report.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/metric/metric.h"
#include "evenhand/record/record.h"

namespace evenhand::report {

inline constexpr std::int64_t kSmallest = 11;  // rows; fewer are suppressed

/// Which counts a number tells of.
enum class Kind : std::uint8_t { kSize, kDecision, kLabel, kBoth, kScore };
inline constexpr std::size_t kKinds = 5;

/// Counts of one node. Classes are named as in the tally; missing ones are left out of the cells.
struct Node {
  std::int64_t rows = 0;
  std::map<std::string, std::int64_t> decisions, labels, cells;  // cells: label, a bar, decision
  /// Of a comparison, for each change ("plain to fair"): rows by decision before and after, and
  /// under "plain to fair|label" by label as well.
  std::map<std::string, std::map<std::string, std::int64_t>> changes;
  std::array<bool, kKinds> hidden{};
};

class Suppression {
 public:
  /// @param record  outlives this; its findings tell which nodes are shown.
  explicit Suppression(const record::Record& record);

  bool hides(const record::Group& node, Kind kind) const;
  /// Whether the numbers, and of a comparison also the names of the groups, must not be shown.
  bool hides(const record::Finding& finding, const metric::Metric* metric) const;
  /// Whether it is about one group that itself has fewer than 11 rows.
  bool tiny(const record::Finding& finding) const;
  /// Counts of a node; null where no tally tells of it.
  const Node* node(const record::Group& group) const;

 private:
  bool hides_change(const record::Finding& finding, const metric::Metric& metric) const;
  bool solves_for_hidden(const record::Finding& finding) const;
  bool tells_of_hidden_point(const record::Finding& finding) const;
  void hide_small();
  bool hide_with_them();
  void hide_on_curves(const record::Record& record);
  bool mend_points(const std::vector<const record::Finding*>& line);

  // By set of attributes (sorted), then by values.
  std::map<std::vector<std::string>, std::map<record::Group, Node>> nodes_;
  std::set<const record::Finding*> points_;  // hidden points of curves
  /// Of the same points: question and place (a column, say); then the groups.
  using Place =
      std::pair<std::vector<std::string>, std::vector<std::pair<std::string, std::string>>>;
  std::map<Place, std::set<record::Group>> hidden_at_;

  /// Of the groups of a question, how many have a small cell of a change, and who would be next.
  struct FewChanged {
    std::size_t hidden = 0;
    const record::Group* next = nullptr;
  };
  FewChanged few_changed(const std::vector<std::string>& by, const std::string& change) const;
  mutable std::map<std::pair<std::vector<std::string>, std::string>, FewChanged> few_changed_;
};

}  // namespace evenhand::report
