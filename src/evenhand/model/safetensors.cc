#include "evenhand/model/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "evenhand/base/check.h"
#include "evenhand/base/field.h"
#include "evenhand/model/json_text.h"

namespace evenhand::model {

namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kHeaderMax = 100'000'000;  // the limit of the format's own readers

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

struct Place {
  std::string name;
  std::vector<std::size_t> shape;
  bool single = false;  // F32
  std::size_t begin = 0, end = 0;
};

Error damaged(const std::string& why) {
  return {Code::kBadInput, "this is no safetensors file: " + why};
}

Result<std::size_t> whole(const Json& json, const std::string& what) {
  if (!json.is_number_unsigned()) return damaged(what + " is not a whole number");
  return json.get<std::size_t>();
}

// The product of the shape times the bytes of a number; nothing when it exceeds what fits.
Result<std::size_t> bytes_asked(const Place& place, std::size_t most) {
  std::size_t bytes = place.single ? sizeof(float) : sizeof(double);
  for (const std::size_t extent : place.shape) {
    if (extent != 0 && bytes > most / extent)
      return damaged('"' + place.name + "\" is larger than the file");
    bytes *= extent;
  }
  return bytes;
}

Result<Place> read_place(const std::string& name, const Json& json, std::size_t data_bytes) {
  Place out;
  out.name = name;
  if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets")) {
    return damaged('"' + name + "\" lacks dtype, shape or data_offsets");
  }
  if (json["dtype"] != "F64" && json["dtype"] != "F32") {
    return damaged('"' + name + "\" is of type " + json["dtype"].dump() + "; F64 and F32 are read");
  }
  out.single = json["dtype"] == "F32";
  if (!json["shape"].is_array()) return damaged("the shape of \"" + name + "\" is no list");
  for (const Json& extent : json["shape"]) {
    EVENHAND_ASSIGN(const std::size_t size, whole(extent, "the shape of \"" + name + '"'));
    out.shape.push_back(size);
  }
  const Json& offsets = json["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2) {
    return damaged("data_offsets of \"" + name + "\" are not two numbers");
  }
  EVENHAND_ASSIGN(out.begin, whole(offsets[0], "data_offsets of \"" + name + '"'));
  EVENHAND_ASSIGN(out.end, whole(offsets[1], "data_offsets of \"" + name + '"'));
  if (out.begin > out.end || out.end > data_bytes) {
    return damaged('"' + name + "\" lies outside the file");
  }
  EVENHAND_ASSIGN(const std::size_t bytes, bytes_asked(out, data_bytes));
  if (bytes != out.end - out.begin) {
    return damaged('"' + name + "\" has " + std::to_string(out.end - out.begin) +
                   " bytes, its shape asks for " + std::to_string(bytes));
  }
  return out;
}

Tensor read_numbers(Place place, std::string_view data) {
  Tensor out{std::move(place.name), std::move(place.shape), {}};
  const std::string_view bytes = data.substr(place.begin, place.end - place.begin);
  if (place.single) {
    std::vector<float> singles(bytes.size() / sizeof(float));
    if (!singles.empty()) std::memcpy(singles.data(), bytes.data(), bytes.size());
    out.values.assign(singles.begin(), singles.end());
  } else {
    out.values.resize(bytes.size() / sizeof(double));
    if (!out.values.empty()) std::memcpy(out.values.data(), bytes.data(), bytes.size());
  }
  return out;
}

}  // namespace

std::string pack_safetensors(const std::vector<Tensor>& tensors) {
  Json header = Json::object();
  std::size_t at = 0;
  for (const Tensor& tensor : tensors) {
    const std::size_t end = at + tensor.values.size() * sizeof(double);
    header[tensor.name] = {{"dtype", "F64"}, {"shape", tensor.shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');
  const std::uint64_t length = text.size();
  std::string out(kLengthBytes, '\0');
  std::memcpy(out.data(), &length, kLengthBytes);
  out += text;
  for (const Tensor& tensor : tensors) {
    if (tensor.values.empty()) continue;
    out.append(reinterpret_cast<const char*>(tensor.values.data()),
               tensor.values.size() * sizeof(double));
  }
  return out;
}

Result<std::vector<Tensor>> unpack_safetensors(std::string_view bytes) {
  std::uint64_t length = 0;
  if (bytes.size() < kLengthBytes)
    return damaged("it has " + std::to_string(bytes.size()) + " bytes");
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > std::min(bytes.size() - kLengthBytes, kHeaderMax)) {
    return damaged("its header is longer than the file");
  }
  const std::string_view data = bytes.substr(kLengthBytes + length);
  auto parsed = parse_object(bytes.substr(kLengthBytes, length));
  if (!parsed) return damaged("its header " + parsed.error().says);
  const Json& header = *parsed;

  std::vector<Place> places;
  for (const auto& [name, json] : header.items()) {
    if (name == "__metadata__") continue;
    EVENHAND_ASSIGN(Place place, read_place(name, json, data.size()));
    places.push_back(std::move(place));
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.begin < b.begin; });
  std::size_t at = 0;
  std::vector<Tensor> out;
  for (Place& place : places) {
    if (place.begin != at)
      return damaged("bytes before \"" + place.name + "\" are shared or unused");
    at = place.end;
    out.push_back(read_numbers(std::move(place), data));
  }
  if (at != data.size()) return damaged("bytes after the last tensor are unused");
  return out;
}

}  // namespace evenhand::model
