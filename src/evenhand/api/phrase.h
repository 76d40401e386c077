// Values that have a grammar when they are typed and a plain form in the project file: a column
// with its favourable value, a crossing, a group of reference, cut points, a bound. They are only
// held here; grammar.h reads them once the names of the columns are known.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "evenhand/base/field.h"
#include "evenhand/base/result.h"
#include "evenhand/evaluate/evaluate.h"

namespace evenhand::api {

/// "sex x race" or "income=>50K" as typed: one part, to be read by the grammar; or a list, whose
/// parts stand as they are: ["sex", "race"], ["income", ">50K"].
struct Phrase {
  std::vector<std::string> parts;
  bool exact = false;
};

/// A bound as typed: "selection_rate_difference by sex <= 0.1"; or a table of the project file.
struct BoundPhrase {
  std::string typed;  // empty: the members below
  std::string metric;
  Phrase by;
  record::Bound bound;
};

using table::Groupings;

/// An object that one stage hands to another as it is; null: nothing was handed over.
struct Handed {
  Json json;
};

/// A number as it was written, for exact decimals: "0.8". @error kInvalidArgument.
Result<std::string> decimal(const Json& json);

}  // namespace evenhand::api

namespace evenhand {

template <>
struct FieldType<api::Phrase> {
  static constexpr Kind kKind = Kind::kShaped;
  static constexpr bool kRepeatable = false;
  static Result<void> read(const Json& json, const Says& says, api::Phrase& out);
  static Json write(const api::Phrase& phrase);
  static Json schema(const Says& says);
};

template <>
struct FieldType<api::BoundPhrase> {
  static constexpr Kind kKind = Kind::kShaped;
  static constexpr bool kRepeatable = false;
  static Result<void> read(const Json& json, const Says& says, api::BoundPhrase& out);
  static Json write(const api::BoundPhrase& bound);
  static Json schema(const Says& says);
};

template <>
struct FieldType<api::Groupings> {
  static constexpr Kind kKind = Kind::kShaped;
  static constexpr bool kRepeatable = false;
  static Result<void> read(const Json& json, const Says& says, api::Groupings& out);
  static Json write(const api::Groupings& groupings);
  static Json schema(const Says& says);
};

template <>
struct FieldType<api::Handed> {
  static constexpr Kind kKind = Kind::kShaped;
  static constexpr bool kRepeatable = false;
  static Result<void> read(const Json& json, const Says& says, api::Handed& out);
  static Json write(const api::Handed& handed) { return handed.json; }
  static Json schema(const Says&) { return {{"type", "object"}}; }
};

}  // namespace evenhand
