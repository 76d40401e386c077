// The pieces of a page, for one record and for a report of several: each is HTML that is closed and
// escaped. Headings inside stand at the level that is asked for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/report/grid.h"
#include "evenhand/report/pictures.h"
#include "evenhand/report/story.h"
#include "evenhand/report/view.h"

namespace evenhand::report::page {

std::string esc(std::string_view text);
/// @param text  HTML; @param id  of the heading, may be empty.
std::string heading(int level, const std::string& text, const std::string& id = "");
/// A part with its heading, which has this id; "" where there is nothing inside.
std::string section(int level, const std::string& id, const std::string& title,
                    const std::string& inside);
/// A list of sentences; "" of none.
std::string list(const std::vector<std::string>& sentences);
/// "met" with a sign that screen readers skip.
std::string verdict(const std::optional<record::Verdict>& verdict);
/// A table in a box that scrolls by itself. @param inside  thead and tbody.
std::string table(const std::string& caption, const std::string& inside);
/// One below the other; "" of none.
std::string grids(const std::vector<Grid>& all);

/// The verdicts with their sentences; "" of none.
std::string judged(const Story& story);
/// What was found, and what cannot be told.
std::string found(const Story& story, int level);
std::string pictures(const View& view, const Room& room, int level, Counter& counter);
std::string tables(const View& view, const Room& room, int level);
/// Question, formula, unit and source of a metric.
std::string method(const metric::Metric& metric, int level);
/// By what the record was made, its inputs and its options.
std::string provenance(const View& view);

/// "income.csv · 48,842 rows".
std::string rows_of(const View& view);
/// Of the page: "Fairness report: income.csv".
std::string title_of(const View& view, const std::string& title);
/// From the first byte to below the page's own heading.
std::string opening(const std::string& title, const std::string& heading, const std::string& below);
/// Links to the parts: {"tables", "Tables"}.
std::string contents(const std::vector<std::pair<std::string, std::string>>& links);
std::string closing(const View& view);

/// Less and less is listed until the page is small enough.
/// @param page  from Room to the whole page.
template <class Page>
std::string fitted(const Page& page) {
  constexpr std::size_t kBytesMax = 1'000'000;
  Room room;
  std::string out = page(room);
  while (out.size() >= kBytesMax && room.questions > 1) {
    if (room.listed > 10) {
      room.listed /= 2;
      room.drawn = std::min(room.drawn, std::max<std::size_t>(room.listed, 10));
    } else {
      room.questions /= 2;
      room.panels = std::max<std::size_t>(room.panels / 2, 2);
    }
    out = page(room);
  }
  return out;
}

}  // namespace evenhand::report::page
