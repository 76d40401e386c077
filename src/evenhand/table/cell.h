// One cell of a text format: what it is worth as a number, how it is shown in a sentence, and the
// coding of a text column. Shared by every reader whose cells arrive as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evenhand/table/batch.h"

namespace evenhand::table {

/// The number that the whole of `text` spells; nothing if it spells none, or one that is not
/// finite. Digits, one decimal mark, an exponent, a sign; no thousands marks, no hexadecimal.
/// Too small for a double is 0.
std::optional<double> parse_number(std::string_view text, char decimal);

/// A cell for a sentence: in quotes, at most 40 bytes of it, what cannot be printed as \xNN.
std::string shown(std::string_view cell);

/// The plain spelling of a double: 1, 0.5, 1e+300; the shortest that reads back as the same number;
/// NaN.
std::string spelled(double number);

/// Codes the values of one text column of one batch: 0 is missing, else the order of appearance
/// + 1. Cost: one probe of a small table a cell, no allocation for a value that was seen before.
class Coder {
 public:
  /// @param missing  the marks that stand for no value; must outlive the coder.
  explicit Coder(const std::vector<std::string>& missing);
  /// @param readable  how many bytes from cell.data() on may be read: 8 or more is faster.
  std::uint32_t code(std::string_view cell, std::size_t readable);
  /// The values in the order of their codes; ends the coder's use.
  std::vector<std::string> take_values() { return std::move(values_); }

 private:
  struct Slot {
    std::uint64_t word = 0;  // up to 8 bytes: the cell itself; longer: its hash
    std::uint32_t size = 0;
    std::uint32_t code = kFree;
  };
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};

  std::uint32_t add(std::string_view cell, std::uint64_t word, std::size_t at);
  void grow();

  const std::vector<std::string>& missing_;
  std::vector<std::string> values_;
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::vector<std::string> long_missing_;  // missing marks of more than 8 bytes that were met
};

}  // namespace evenhand::table
