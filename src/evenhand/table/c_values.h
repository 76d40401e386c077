// The values of one column in the Arrow C data interface: which types there are, and one value as
// text or as a number. Layouts as in the Arrow columnar format 1.5; nothing is copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ArrowSchema;
struct ArrowArray;

namespace evenhand::table {

/// What a format string of the interface says.
struct ValueKind {
  enum Type : std::uint8_t {
    kNull,
    kBool,
    kInt8,
    kInt16,
    kInt32,
    kInt64,
    kUint8,
    kUint16,
    kUint32,
    kUint64,
    kHalf,
    kFloat,
    kDouble,
    kText,
    kLargeText,
    kTextView,
    kDecimal,
    kDate32,
    kDate64,
    kTime,
    kTimestamp,
    kOther
  };
  Type type = kOther;
  int scale = 0;                // decimals: digits behind the point
  std::size_t bytes = 0;        // of one value, for types of fixed width
  std::int64_t per_second = 1;  // times and timestamps: the unit
  bool has_zone = false;        // timestamps: counted from 1970 in UTC, not in local time

  bool is_text() const { return type == kText || type == kLargeText || type == kTextView; }
  bool is_time() const { return type >= kDate32 && type <= kTimestamp; }
};

ValueKind kind_of(const ArrowSchema& schema);

/// Whether value `row` (offset added already) is null by the array's own bitmap.
bool is_null_at(const ArrowArray& array, std::size_t row);

/// Whether the array has the buffers that its type needs for `rows_needed` values, and its offsets
/// and dictionary indices stay inside.
bool values_fit(const ArrowSchema& schema, const ArrowArray& array, std::int64_t rows_needed);

/// One column of a table, read value by value. A dictionary is looked through.
class ValueView {
 public:
  /// @param parent_offset  rows of the table that come before its first one.
  ValueView(const ArrowSchema& schema, const ArrowArray& array, std::int64_t parent_offset);

  bool is_null(std::size_t row) const;
  /// Whether the values are text themselves, so that they may be anything.
  bool spells_text() const { return values_kind().is_text(); }
  /// @return  the value's spelling, in the array or in `scratch`; not for nulls.
  std::string_view text(std::size_t row, std::string& scratch) const;
  /// @return  the value of a type that is not text; not for nulls.
  double number(std::size_t row) const;
  /// Entries of the dictionary; 0: there is none.
  std::size_t dictionary_size() const;
  std::size_t dictionary_index(std::size_t row) const;

 private:
  const ValueKind& values_kind() const { return dictionary_ ? dictionary_->kind_ : kind_; }
  std::int64_t integer(std::size_t at) const;

  ValueKind kind_;
  const ArrowArray* array_;
  std::size_t offset_;
  std::shared_ptr<const ValueView> dictionary_;
};

}  // namespace evenhand::table
