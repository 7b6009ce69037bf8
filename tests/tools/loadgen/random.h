#pragma once

#include <cstddef>
#include <cstdint>

namespace headroom::loadgen {

// Scrambles 64 bits (the finalizer of splitmix64): what an object looks like follows from its
// number alone, so that the tool need not remember names.
constexpr std::uint64_t Scramble(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

// splitmix64: the same sequence for the same seed on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    const std::uint64_t value = Scramble(state_);
    state_ += 0x9e3779b97f4a7c15U;
    return value;
  }

  // Uniform in [0, bound); `bound` must not be 0.
  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }

 private:
  std::uint64_t state_;
};

}  // namespace headroom::loadgen
