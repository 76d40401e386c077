#include "evenhand/model/json_text.h"

namespace evenhand::model {

Result<Json> parse_object(std::string_view text) {
  constexpr int kDepthMax = 32;
  bool deep = false;
  // What the callback refuses is never built, so that no deep tree stands even for a moment.
  const Json::parser_callback_t shallow = [&](int depth, Json::parse_event_t, Json&) {
    deep = deep || depth > kDepthMax;
    return !deep;
  };
  Json out = Json::parse(text, shallow, false);
  if (deep) return Error{Code::kBadInput, "is nested deeper than 32 levels"};
  if (!out.is_object()) return Error{Code::kBadInput, "is no JSON object"};
  return out;
}

}  // namespace evenhand::model
