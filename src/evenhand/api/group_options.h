// How values become groups, as every operation on groups lets its user say it: --edges
// and --rename in the shell, [groups.COLUMN] in the project file.
#pragma once

#include <vector>

#include "evenhand/api/grammar.h"
#include "evenhand/api/phrase.h"
#include "evenhand/base/field.h"
#include "evenhand/base/result.h"

namespace evenhand::api {

struct GroupOptions {
  std::vector<Phrase> edges, rename;
  Groupings groups;
};

/// All together. @error kInvalidArgument for a column or value that was given two ways.
Result<table::Groupings> groupings(const GroupOptions& asked, const Columns& columns);

/// Does a word of these need the columns' names to be understood?
bool needs_columns(const GroupOptions& asked);

template <class O>
void add_grouping_fields(std::vector<FieldOf<O>>& out) {
  using T = GroupOptions;
  out.push_back(
      field<O>("edges", &T::edges,
               {.help = "cut a column of numbers into groups; an edge belongs to the group "
                        "above it",
                .value = "COLUMN=NUMBERS",
                .example = "age=25,45",
                .key = "-"}));
  out.push_back(
      field<O>("rename", &T::rename,
               {.help = "give values of a column another name; several of one name are one group",
                .value = "COLUMN=VALUES=NAME",
                .example = "'race=Amer-Indian-Eskimo,Other=other'",
                .key = "-"}));
  out.push_back(field<O>("groups", &T::groups,
                         {.help = "how the values of a column become groups: [groups.COLUMN] with "
                                  "edges = [25, 45] or rename = { \"value\" = \"group\" }",
                          .value = "TABLE",
                          .key = "groups",
                          .in_shell = false}));
}

}  // namespace evenhand::api
