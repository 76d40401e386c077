// Any bytes as the two files of a model: a model that scores, or a sentence. The first four bytes
// say how long model.json is; the rest is weights.safetensors.
#include "evenhand/model/artefact.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "evenhand/base/check.h"

namespace {

void score_one_row(const evenhand::model::Fit& fit) {
  evenhand::model::Design row;
  row.rows = 1;
  row.columns.resize(fit.model->columns());
  row.numbers = row.columns.size();
  row.values.assign(row.numbers, 1.0);
  double score = -1;
  fit.model->score(row, {&score, 1});
  EVENHAND_CHECK(std::isnan(score) || (score >= 0 && score <= 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::uint32_t length = 0;
  if (size < sizeof length) return 0;
  std::memcpy(&length, bytes, sizeof length);
  const std::string_view rest(reinterpret_cast<const char*>(bytes) + sizeof length,
                              size - sizeof length);
  if (length > rest.size()) return 0;
  const auto read = evenhand::model::unpack(rest.substr(0, length), rest.substr(length));
  if (!read) {
    EVENHAND_CHECK(!read.error().says.empty());
    return 0;
  }
  score_one_row(read->all);
  for (const evenhand::model::Fit& fold : read->folds) score_one_row(fold);
  return 0;
}
