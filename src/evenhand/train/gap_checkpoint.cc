#include "evenhand/train/gap_checkpoint.h"

#include <bit>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "evenhand/base/bytes.h"
#include "evenhand/base/digest.h"
#include "evenhand/record/write.h"

namespace evenhand::train {

namespace {

constexpr std::string_view kMagic = "EHGC";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kDigest = 64;

void write(Writer& out, const std::vector<float>& values) {
  out.varint(values.size());
  for (const float x : values) out.u32(std::bit_cast<std::uint32_t>(x));
}

Result<std::vector<float>> floats(ByteReader& in) {
  EVENHAND_ASSIGN(const std::size_t n, in.count(4));
  std::vector<float> out;
  out.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    EVENHAND_ASSIGN(const std::uint32_t bits, in.u32());
    out.push_back(std::bit_cast<float>(bits));
  }
  return out;
}

void write(Writer& out, const Training& training) {
  write(out, training.parameters);
  write(out, training.adam.first);
  write(out, training.adam.second);
  out.u64(training.adam.steps);
  out.varint(training.means.sums.size());
  for (const double x : training.means.sums) out.f64(x);
  out.f64(training.means.weight);
  out.f64(training.lambda);
  out.varint(training.history.size());
  for (const GapEpoch& epoch : training.history) {
    for (const double x : {epoch.loss, epoch.gap, epoch.surrogate, epoch.lambda}) out.f64(x);
  }
  write(out, training.best);
  out.u64(training.best_epoch);
  out.f64(training.least_derivative);
  out.u64(training.steps_capped);
}

Result<Training> training(ByteReader& in) {
  Training out;
  EVENHAND_ASSIGN(out.parameters, floats(in));
  EVENHAND_ASSIGN(out.adam.first, floats(in));
  EVENHAND_ASSIGN(out.adam.second, floats(in));
  EVENHAND_ASSIGN(out.adam.steps, in.u64());
  EVENHAND_ASSIGN(const std::size_t means, in.count(8));
  for (std::size_t i = 0; i < means; ++i) {
    EVENHAND_ASSIGN(const double mean, in.f64());
    out.means.sums.push_back(mean);
  }
  EVENHAND_ASSIGN(out.means.weight, in.f64());
  EVENHAND_ASSIGN(out.lambda, in.f64());
  EVENHAND_ASSIGN(const std::size_t epochs, in.count(32));
  for (std::size_t i = 0; i < epochs; ++i) {
    GapEpoch epoch;
    for (double* x : {&epoch.loss, &epoch.gap, &epoch.surrogate, &epoch.lambda}) {
      EVENHAND_ASSIGN(*x, in.f64());
    }
    out.history.push_back(epoch);
  }
  EVENHAND_ASSIGN(out.best, floats(in));
  EVENHAND_ASSIGN(out.best_epoch, in.u64());
  EVENHAND_ASSIGN(out.least_derivative, in.f64());
  EVENHAND_ASSIGN(out.steps_capped, in.u64());
  return out;
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string pack_checkpoint(const std::string& digest, const std::vector<Training>& trainings) {
  Writer out;
  out.raw(kMagic);
  out.u32(kVersion);
  out.raw(digest);
  out.varint(trainings.size());
  for (const Training& one : trainings) write(out, one);
  out.raw(sha256_hex(text_of(out.bytes())));
  return std::string(text_of(out.bytes()));
}

Result<std::vector<Training>> unpack_checkpoint(std::string_view bytes, const std::string& digest) {
  ByteReader in(std::as_bytes(std::span(bytes.data(), bytes.size())));
  EVENHAND_ASSIGN(const std::string_view magic, in.raw(kMagic.size()));
  if (magic != kMagic) return Error{Code::kBadInput, "it is no checkpoint of a training"};
  EVENHAND_ASSIGN(const std::uint32_t version, in.u32());
  if (version != kVersion) {
    return Error{Code::kBadInput, "it has version " + std::to_string(version) +
                                      "; this program goes on from version " +
                                      std::to_string(kVersion)};
  }
  EVENHAND_ASSIGN(const std::string_view of, in.raw(kDigest));
  if (of != digest) {
    return Error{Code::kBadInput,
                 "it is of another training: its options or its data are not those asked for now; "
                 "ask as before, or train without resuming"};
  }
  const std::size_t body = bytes.size() < kDigest ? 0 : bytes.size() - kDigest;
  if (sha256_hex(bytes.substr(0, body)) != bytes.substr(body)) {
    return Error{Code::kBadInput, "it is damaged; delete it to train from the start"};
  }
  EVENHAND_ASSIGN(const std::size_t n, in.count(1));
  std::vector<Training> out;
  for (std::size_t i = 0; i < n; ++i) {
    EVENHAND_ASSIGN(Training one, training(in));
    out.push_back(std::move(one));
  }
  EVENHAND_TRY(in.raw(kDigest));
  EVENHAND_TRY(in.end());
  return out;
}

Result<void> write_checkpoint(const std::string& path, const std::string& digest,
                              const std::vector<Training>& trainings) {
  return record::write_file_for_now(path, pack_checkpoint(digest, trainings));
}

Result<std::optional<std::vector<Training>>> read_checkpoint(const std::string& path,
                                                             const std::string& digest) {
  if (!std::filesystem::exists(path)) return std::optional<std::vector<Training>>();
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (!file) return Error{Code::kIo, "could not read the checkpoint " + path};
  auto out = unpack_checkpoint(bytes, digest);
  if (!out) return std::move(out).error().within("reading the checkpoint " + path);
  return std::optional(std::move(out).value());
}

}  // namespace evenhand::train
