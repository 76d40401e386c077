#include "evenhand/train/strata.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "evenhand/base/random.h"

namespace evenhand::train {

namespace {

constexpr std::size_t kRowsOfSmall = 4;  // of a small stratum, in each batch

// Fisher and Yates, from a stream of its own. The remainder's bias is below rows / 2^64.
void shuffle(std::span<std::uint32_t> rows, std::uint64_t seed, std::uint64_t stream) {
  Random random(seed, stream);
  for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random() % i]);
}

// Streams: drawing who is watched, then each pass through a stratum in each epoch.
constexpr std::uint64_t kWatchStream = 0x7761746368ULL << 20;
std::uint64_t stream_of(std::uint64_t epoch, std::uint64_t stratum, std::uint64_t pass) {
  return (epoch + 1) << 44 ^ stratum << 24 ^ pass;
}

}  // namespace

Strata stratify(std::span<const std::uint32_t> groups, std::span<const std::uint8_t> labels,
                std::span<const double> weights, const StrataOptions& options) {
  std::map<std::pair<std::uint32_t, std::uint8_t>, std::vector<std::uint32_t>> rows;
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    if (!weights.empty() && weights[i] == 0) continue;
    rows[{groups.empty() ? kNoGroup : groups[i], labels[i]}].push_back(i);
  }
  Strata out;
  std::uint64_t number = 0;
  for (auto& [key, all] : rows) {
    // One row is always left to learn from.
    const auto wanted = std::llround(options.held_out * static_cast<double>(all.size()));
    const auto watched = std::min(all.size() - 1, static_cast<std::size_t>(wanted));
    if (watched > 0) shuffle(all, options.seed, kWatchStream + number);
    ++number;
    const auto cut = all.begin() + static_cast<std::ptrdiff_t>(watched);
    std::sort(all.begin(), cut);
    std::sort(cut, all.end());
    const auto add = [&, of = key](auto begin, auto end, std::vector<Piece>& pieces,
                                   std::vector<std::uint32_t>& into) {
      Piece piece{of.first, of.second, into.size(), 0, 0};
      into.insert(into.end(), begin, end);
      piece.end = into.size();
      for (auto i = begin; i != end; ++i) piece.share += weights.empty() ? 1 : weights[*i];
      if (begin != end) pieces.push_back(piece);
    };
    add(all.begin(), cut, out.watch, out.watch_rows);
    add(cut, all.end(), out.train, out.train_rows);
  }
  for (const Piece& piece : out.train) out.weight += piece.share;
  for (Piece& piece : out.train) piece.share /= out.weight;
  const std::size_t n = out.train_rows.size();
  out.steps = std::max<std::size_t>(1, (n + options.batch - 1) / options.batch);
  // So few that at most half a batch goes to strata that are too small.
  const std::size_t least = std::clamp<std::size_t>(
      options.batch / (2 * std::max<std::size_t>(1, out.train.size())), 1, kRowsOfSmall);
  for (const Piece& piece : out.train) {
    const std::size_t size = piece.end - piece.begin;
    out.drawn.push_back(std::max(size, std::min(least, size) * out.steps));
  }
  return out;
}

std::vector<std::vector<std::uint32_t>> draw(const Strata& strata, std::uint64_t seed,
                                             std::uint64_t epoch) {
  std::vector<std::vector<std::uint32_t>> out(strata.train.size());
  for (std::size_t s = 0; s < out.size(); ++s) {
    const Piece& piece = strata.train[s];
    std::vector<std::uint32_t> rows(piece.end - piece.begin);
    for (std::uint64_t pass = 0; out[s].size() < strata.drawn[s]; ++pass) {
      std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(piece.begin));
      shuffle(rows, seed, stream_of(epoch, s, pass));
      const std::size_t wanted = std::min(rows.size(), strata.drawn[s] - out[s].size());
      out[s].insert(out[s].end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(wanted));
    }
  }
  return out;
}

void take(const Strata& strata, const std::vector<std::vector<std::uint32_t>>& drawn,
          std::span<const double> weights, std::size_t step, Batch& out) {
  out.pieces.clear();
  out.rows.clear();
  out.coefficients.clear();
  const double batches = static_cast<double>(strata.steps);
  for (std::size_t s = 0; s < drawn.size(); ++s) {
    Piece piece = strata.train[s];
    const std::size_t n = drawn[s].size();
    // Each of its rows comes up n / size times in an epoch.
    const double counts = static_cast<double>(piece.end - piece.begin) / static_cast<double>(n) *
                          batches / strata.weight;
    piece.begin = out.rows.size();
    for (std::size_t k = step * n / strata.steps; k < (step + 1) * n / strata.steps; ++k) {
      out.rows.push_back(drawn[s][k]);
      out.coefficients.push_back(counts * weights[drawn[s][k]]);
    }
    piece.end = out.rows.size();
    out.pieces.push_back(piece);
  }
}

}  // namespace evenhand::train
