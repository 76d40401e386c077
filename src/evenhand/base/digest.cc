#include "evenhand/base/digest.h"

#include <array>
#include <cstddef>

#include <openssl/evp.h>

#include "evenhand/base/check.h"

namespace evenhand {

struct Sha256::State {
  struct Free {
    void operator()(EVP_MD_CTX* unused) const { EVP_MD_CTX_free(unused); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};

  // Finishing ends a context, so a copy is finished and ours stays open.
  std::array<unsigned char, 32> finished() const {
    const State copy;
    std::array<unsigned char, 32> out{};
    EVENHAND_CHECK(copy.context != nullptr);
    EVENHAND_CHECK(EVP_MD_CTX_copy_ex(copy.context.get(), context.get()) == 1);
    EVENHAND_CHECK(EVP_DigestFinal_ex(copy.context.get(), out.data(), nullptr) == 1);
    return out;
  }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  EVENHAND_CHECK(state_->context != nullptr);
  EVENHAND_CHECK(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const char> bytes) {
  EVENHAND_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() const {
  std::string text;
  for (const unsigned char byte : state_->finished()) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::uint64_t Sha256::word() const {
  const auto digest = state_->finished();
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8 | digest[i];
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.hex();
}

std::uint64_t sha256_word(std::string_view key, std::string_view text) {
  Sha256 digest;
  digest.update(key);
  digest.update(std::string_view("\0", 1));
  digest.update(text);
  return digest.word();
}

}  // namespace evenhand
