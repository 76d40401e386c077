// SHA-256 of bytes that come in pieces: the name under which a record knows its inputs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace evenhand {

/// SHA-256, fed piece by piece (FIPS 180-4; OpenSSL, which uses the processor's SHA instructions).
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  /// Append bytes.
  void update(std::span<const char> bytes);
  /// The digest of everything so far, 64 lower-case hex digits; more may be appended afterwards.
  std::string hex() const;
  /// Its first 64 bits, the first of them the highest.
  std::uint64_t word() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of one run of bytes, 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

/// The first 64 bits of SHA-256 over the key, a zero byte and the text.
std::uint64_t sha256_word(std::string_view key, std::string_view text);

}  // namespace evenhand
