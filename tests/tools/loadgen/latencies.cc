#include "latencies.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace headroom::loadgen {
namespace {

const double kStep = std::log(1.02);

}  // namespace

void Latencies::Add(std::chrono::nanoseconds took) {
  const double microseconds = std::max(1.0, static_cast<double>(took.count()) / 1e3);
  const auto bucket = static_cast<std::size_t>(std::log(microseconds) / kStep);
  ++buckets_.at(std::min(bucket, buckets_.size() - 1));
  ++count_;
}

double Latencies::Percentile(double share) const {
  if (count_ == 0) return 0;
  const double wanted = share * static_cast<double>(count_);
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  for (; bucket + 1 < buckets_.size(); ++bucket) {
    seen += buckets_.at(bucket);
    if (static_cast<double>(seen) >= wanted) break;
  }
  return std::exp(static_cast<double>(bucket + 1) * kStep) / 1e3;
}

}  // namespace headroom::loadgen
