// A record made readable: one self-contained page, the same numbers as Markdown, and a short table
// for the terminal. Cells of fewer than 11 rows are suppressed in all three
// (docs/formats/report.md), and what comes from data is escaped. Nothing here counts, judges, reads
// a file or a clock.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "evenhand/metric/metric.h"
#include "evenhand/record/record.h"

namespace evenhand::report {

/// What is known of a metric by its id: its question, formula, source. metric::find serves. An id
/// that it does not know (null) is still shown, without method, and suppressed most carefully.
using FindMetric = std::function<const metric::Metric*(std::string_view id)>;

/// The page: summary, pictures, tables, methods, limitations, provenance. Below 1 MB whatever the
/// number of groups: then the lowest and the highest are shown, and the page says so.
std::string html(const record::Record& record, const FindMetric& find);
/// One page of several records, a chapter each, in the order of the work; the summary of all first.
std::string html(std::span<const record::Record> chapters, const FindMetric& find);

/// The same numbers for a merge request, an e-mail or a wiki.
std::string markdown(const record::Record& record, const FindMetric& find);
std::string markdown(std::span<const record::Record> chapters, const FindMetric& find);

struct TableOptions {
  bool colour = false;      // ANSI colours for verdicts; the words say the same without
  std::size_t groups = 12;  // at most so many groups of a question; the rest is counted
};

/// The terminal table: each group's rates with intervals and rows, then what was asked and found.
std::string table(const record::Record& record, const FindMetric& find,
                  const TableOptions& options = {});

/// One sentence: "Of 3 bounds, 1 is broken, 1 is met and 1 cannot be told", or that nothing was
/// judged.
std::string headline(const record::Record& record);

}  // namespace evenhand::report
