// Random numbers that are the same on every machine and for any number of threads: a counter goes
// in, bits come out (no state to share). The seed and the stream are arguments, never the clock.
#pragma once

#include <cstdint>

namespace evenhand {

/// A small generator: SplitMix64 over a counter (Steele, Lea & Flood 2014, OOPSLA). Meets
/// UniformRandomBitGenerator. Streams of one seed are independent for practical purposes.
class Random {
 public:
  using result_type = std::uint64_t;
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
      : counter_(mix(seed ^ mix(stream + 0x9e3779b97f4a7c15ULL))) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() { return mix(counter_ += 0x9e3779b97f4a7c15ULL); }

  /// Uniform in [0,1), 53 bits.
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

 private:
  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t counter_;
};

}  // namespace evenhand
