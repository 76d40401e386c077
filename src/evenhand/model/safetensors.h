// Named arrays of numbers in one file, in the safetensors layout: the length of a JSON header (64
// bits, little endian), the header, the numbers. Written as F64; read as F64 or F32, from bytes
// that anybody may have made. Nothing here knows a model or a file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evenhand/base/result.h"

namespace evenhand::model {

struct Tensor {
  std::string name;
  std::vector<std::size_t> shape;  // its product is the number of values
  std::vector<double> values;
};

/// The bytes of a file: tensors in the order given, the header padded so that numbers stand at a
/// multiple of eight. The same tensors give the same bytes.
std::string pack_safetensors(const std::vector<Tensor>& tensors);

/// Tensors in the order of their bytes.
/// @error kBadInput if the header is not JSON of that form, if a range lies outside the file, is
/// not
///        what shape and type ask for, overlaps another or leaves a hole, or for other types.
Result<std::vector<Tensor>> unpack_safetensors(std::string_view bytes);

}  // namespace evenhand::model
