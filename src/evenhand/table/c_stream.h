// Tables that come through memory: the Arrow C data and C stream interfaces, which are four structs
// and no library. pandas, polars, DuckDB and Arrow itself hand out tables so; the readers of
// Parquet and Arrow files hand over to the same decoder.
//
// How a value is spelled as text: integers and decimals in digits, floats by the shortest digits
// that read back (1, 0.5), booleans true and false, dates 2024-01-31, times 2024-01-31T12:30:00.
// Null is missing, and so is text that is one of the missing marks, as in every other format.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "evenhand/base/result.h"
#include "evenhand/table/columns.h"
#include "evenhand/table/reader.h"

// The structs of the Arrow C data interface, under the guards that its specification asks for.
extern "C" {

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif  // ARROW_C_STREAM_INTERFACE

}  // extern "C"

namespace evenhand::table {

/// A schema that is released with its owner.
struct OwnedSchema {
  OwnedSchema() = default;
  ~OwnedSchema();
  OwnedSchema(const OwnedSchema&) = delete;
  OwnedSchema& operator=(const OwnedSchema&) = delete;
  ArrowSchema schema{};
};

/// One array of rows, released with its owner; `first_row` is the number of its first row in the
/// input, from 1.
struct ArrayPiece final : Piece {
  ArrayPiece() = default;
  ~ArrayPiece() override;
  ArrayPiece(const ArrayPiece&) = delete;
  ArrayPiece& operator=(const ArrayPiece&) = delete;
  ArrowArray array{};
  std::uint64_t first_row = 1;
};

/// The names of a table's columns. @error kBadInput if the schema is not a table's.
Result<Names> names_of(const ArrowSchema& schema, const std::string& input);

/// Can the chosen columns be read as they are wanted? @error kBadInput for nested and binary
/// values, and for dates that are wanted as numbers.
Result<void> check_types(const ArrowSchema& schema, const std::vector<Chosen>& chosen,
                         const std::string& input);

/// A piece as a batch: the columns that check_types passed. Thread-safe.
/// @error kBadInput naming input, row, column and value.
Result<Batch> decode_array(const ArrowSchema& schema, const ArrayPiece& piece,
                           const std::vector<Chosen>& chosen, const ReadOptions& options,
                           const std::string& input);

/// A reader of a stream in memory. Takes the stream over: `*stream` is released with the reader,
/// and marked as moved (`release` null) at once.
/// @param input  what sentences call it, for example "the table".
/// @return  a reader whose facts have neither bytes nor a digest: nothing was stored.
Result<std::unique_ptr<Reader>> open_c_stream(ArrowArrayStream* stream, const std::string& input,
                                              const ReadOptions& options);

}  // namespace evenhand::table
