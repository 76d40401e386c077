// What every operation on a table lets its user say about the files: section [data] of the project
// file. The words become table::ReadOptions here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/result.h"
#include "evenhand/table/reader.h"

namespace evenhand::api {

struct TableOptions {
  std::vector<std::string> files;
  std::string format = "auto";
  std::string separator, decimal = ".", comment;
  bool no_header = false;
  std::vector<std::string> missing;  // beside the usual marks
  std::string bad_rows = "fail";
  std::optional<std::string> join, on;
};

Result<table::ReadOptions> read_options(const TableOptions& options);

/// The files that the names stand for, globs matched, in the order given.
/// @error kNotFound when nothing matches; kInvalidArgument when one file is named twice.
Result<std::vector<std::string>> expand_all(const std::vector<std::string>& names);

/// Names of the columns of the first file (and of the joined one), to tell a column that is called
/// "a x b" from a crossing; none for standard input, which can be read only once.
Result<std::vector<std::string>> column_names(const TableOptions& options);

template <class O>
std::vector<FieldOf<O>> table_fields() {
  using T = TableOptions;
  return {
      field<O>(
          "files", &T::files,
          {.help = "tables to read as one: CSV, TSV, JSON Lines, Parquet or Arrow, also .gz and "
                   ".zst, a glob, or - for standard input",
           .value = "FILE",
           .example = "people.csv",
           .key = "data.files",
           .positional = true,
           .required = true,
           .is_path = true}),
      field<O>("format", &T::format,
               {.help = "format of the files; auto looks at the name and the first bytes",
                .value = "FORMAT",
                .example = "tsv",
                .choices = {"auto", "csv", "tsv", "jsonl", "parquet", "arrow"},
                .key = "data.format"}),
      field<O>("separator", &T::separator,
               {.help = "one character between the cells of a line, or tab",
                .value = "CHARACTER",
                .example = "';'",
                .fallback = "found among , ; tab |",
                .key = "data.separator"}),
      field<O>("decimal", &T::decimal,
               {.help = "decimal mark of numbers in text",
                .value = "MARK",
                .example = ",",
                .choices = {".", ","},
                .key = "data.decimal"}),
      field<O>("comment", &T::comment,
               {.help = "lines that begin with this character are skipped",
                .value = "CHARACTER",
                .example = "'#'",
                .fallback = "no line is",
                .key = "data.comment"}),
      field<O>(
          "no_header", &T::no_header,
          {.help = "the first line holds values; columns are called column_1, column_2 and so on",
           .key = "data.no_header"}),
      field<O>(
          "missing", &T::missing,
          {.help = "a further mark of a missing value, beside the empty cell, NA, N/A, NaN, null "
                   "and ?",
           .value = "MARK",
           .example = "-999",
           .key = "data.missing"}),
      field<O>(
          "bad_rows", &T::bad_rows,
          {.help = "what to do with a row that cannot be read: stop, or leave it out and count it",
           .value = "WHAT",
           .example = "skip",
           .choices = {"fail", "skip"},
           .key = "data.bad_rows"}),
      field<O>("join", &T::join,
               {.help = "another table whose columns are joined to the rows",
                .value = "FILE",
                .example = "attributes.parquet",
                .key = "data.join",
                .is_path = true}),
      field<O>("on", &T::on,
               {.help = "the column that both tables share",
                .value = "COLUMN",
                .example = "id",
                .key = "data.on"}),
  };
}

/// Fields that many operations have.
template <class O, class B>
FieldOf<O> threads_field(unsigned B::*member, std::string help) {
  return field<O>("threads", member,
                  {.help = std::move(help),
                   .value = "NUMBER",
                   .unit = "threads",
                   .example = "2",
                   .range = between(0, 1024)});
}
template <class O, class B>
FieldOf<O> level_field(double B::*member) {
  return field<O>("level", member,
                  {.help = "coverage of every interval",
                   .value = "NUMBER",
                   .unit = "share",
                   .example = "0.99",
                   .range = between(0.01, 0.999999)});
}
template <class O, class B>
FieldOf<O> rows_min_field(std::int64_t B::*member) {
  return field<O>("rows_min", member,
                  {.help = "a group with fewer rows in the denominator is called insufficient",
                   .value = "NUMBER",
                   .unit = "rows",
                   .example = "30",
                   .range = from(1)});
}
template <class O, class B>
FieldOf<O> keep_field(std::vector<std::string> B::*member) {
  return field<O>("keep", member,
                  {.help = "a column of the table to carry along",
                   .value = "COLUMN",
                   .example = "sex",
                   .fallback = "all"});
}
template <class O, class B>
FieldOf<O> table_out_field(std::string B::*member, std::string example) {
  return field<O>("out", member,
                  {.help = "the table to write: .parquet or .csv",
                   .value = "FILE",
                   .example = std::move(example),
                   .is_path = true});
}

/// The same for operations that join nothing.
template <class O>
std::vector<FieldOf<O>> lone_table_fields() {
  std::vector<FieldOf<O>> out = table_fields<O>();
  std::erase_if(out, [](const FieldOf<O>& each) {
    return each.field.name == "join" || each.field.name == "on";
  });
  return out;
}

}  // namespace evenhand::api
