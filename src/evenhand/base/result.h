// How anything in Evenhand fails: an Error with a code, a sentence and the chain of what was being
// done. Functions that can fail return Result<T>, which has the interface of std::expected (C++23).
// Nothing here prints, exits or throws; undefined statistics are not errors (see
// metric/estimate.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "evenhand/base/check.h"

namespace evenhand {

/// What kind of wrong: one table in cli/ turns a code into an exit status.
enum class Code : std::uint8_t {
  kInvalidArgument,  // wrong usage: an option, a name, a combination            -> exit 2
  kBadInput,         // a file or a value in it is not what was declared          -> exit 3
  kNotFound,         // a file, column or id that was named does not exist        -> exit 3
  kIo,               // the system refused to read or write                       -> exit 3
  kAxesDiffer,       // tallies over other groups or classes cannot be merged      -> exit 3
  kEndpoint,         // a remote end point failed                                  -> exit 5
  kInterrupted,      // the user asked to stop                                     -> exit 130
  kBug,              // our mistake: an invariant did not hold                     -> exit 70
};

/// A failure that helps its reader: what was asked, what was found, what to do.
struct Error {
  Code code = Code::kBug;
  std::string says;                      // one sentence, without a full stop at its end
  std::vector<std::string> while_doing;  // outermost last: "reading people.csv"

  Error(Code c, std::string sentence) : code(c), says(std::move(sentence)) {}

  /// The same failure, seen from one level further out.
  Error within(std::string doing) && {
    while_doing.push_back(std::move(doing));
    return std::move(*this);
  }
};

/// The sentence with what was being done: "says (while reading people.csv)".
std::string to_string(const Error& error);

/// Either a T or an Error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: as expected
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: as expected

  bool has_value() const { return held_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() & { return *checked(std::get_if<0>(&held_)); }
  const T& value() const& { return *checked(std::get_if<0>(&held_)); }
  T&& value() && { return std::move(*checked(std::get_if<0>(&held_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() & { return *checked(std::get_if<1>(&held_)); }
  const Error& error() const& { return *checked(std::get_if<1>(&held_)); }
  Error&& error() && { return std::move(*checked(std::get_if<1>(&held_))); }

 private:
  template <class P>
  static P checked(P pointer) {
    EVENHAND_CHECK(pointer != nullptr);
    return pointer;
  }
  std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: as expected

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace evenhand

/// Return the error of `expression`, or go on.
#define EVENHAND_TRY(expression)                               \
  do {                                                         \
    if (auto evenhand_tried = (expression); !evenhand_tried) { \
      return std::move(evenhand_tried).error();                \
    }                                                          \
  } while (false)

/// `EVENHAND_ASSIGN(auto table, read(path));`: bind the value, or return the error.
#define EVENHAND_ASSIGN(declaration, expression) \
  EVENHAND_ASSIGN_NAMED(EVENHAND_JOIN(evenhand_tried_, __LINE__), declaration, expression)
#define EVENHAND_ASSIGN_NAMED(tried, declaration, expression) \
  auto tried = (expression);                                  \
  if (!tried) return std::move(tried).error();                \
  declaration = std::move(tried).value()
#define EVENHAND_JOIN(a, b) EVENHAND_JOIN_INNER(a, b)
#define EVENHAND_JOIN_INNER(a, b) a##b
