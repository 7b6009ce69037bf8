#include "report/pace.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace headroom::report {
namespace {

constexpr std::size_t kParts = 3;
constexpr double kShortest = 1.5;
constexpr double kAgree = 2;

double Rate(const Reading& from, const Reading& to) {
  return (static_cast<double>(to.in_use_bytes) - static_cast<double>(from.in_use_bytes)) /
         (to.seconds - from.seconds);
}

}  // namespace

std::optional<Growth> GrowthOf(const std::vector<Reading>& readings) {
  if (readings.size() <= kParts) return std::nullopt;
  const Reading& first = readings.front();
  const Reading& last = readings.back();
  if (last.seconds - first.seconds < kShortest) return std::nullopt;
  std::array<double, kParts> rates{};
  for (std::size_t i = 0; i < kParts; ++i) {
    const std::size_t most = readings.size() - 1;
    rates.at(i) = Rate(readings[i * most / kParts], readings[(i + 1) * most / kParts]);
  }
  const auto [lowest, highest] = std::ranges::minmax(rates);
  if (lowest <= 0 || highest > kAgree * lowest) return std::nullopt;
  return Growth{.bytes_per_second = Rate(first, last), .lowest = lowest, .highest = highest};
}

}  // namespace headroom::report
