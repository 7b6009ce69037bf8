#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace headroom::accounting {

using TimePoint = std::chrono::steady_clock::time_point;

// What `Combine` (plus, larger) makes of all values added lately. Time is cut into buckets of
// kWidthSeconds; the current one and the kBuckets - 1 before it count, so values are forgotten
// after (kBuckets - 1) to kBuckets widths. A time before the newest seen counts as the newest.
template <typename Combine, std::size_t kBuckets, std::int64_t kWidthSeconds>
class SlidingWindow {
 public:
  void Add(std::uint64_t value, TimePoint now) {
    MoveTo(BucketOf(now));
    std::uint64_t& bucket = buckets_[Index(newest_)];
    bucket = Combine()(bucket, value);
  }

  // 0 when nothing was added.
  std::uint64_t Value(TimePoint now) const {
    const std::int64_t last = std::max(BucketOf(now), newest_);
    std::uint64_t value = 0;
    for (std::int64_t bucket = last - kCount + 1; bucket <= newest_; ++bucket) {
      value = Combine()(value, buckets_[Index(bucket)]);
    }
    return value;
  }

 private:
  static constexpr auto kCount = static_cast<std::int64_t>(kBuckets);

  // Counted from the clock's start; never negative.
  static std::int64_t BucketOf(TimePoint now) {
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    return std::max<std::int64_t>(since.count(), 0) / kWidthSeconds + kCount;
  }
  static std::size_t Index(std::int64_t bucket) {
    return static_cast<std::size_t>(bucket) % kBuckets;
  }

  void MoveTo(std::int64_t bucket) {
    if (bucket <= newest_) return;
    const std::int64_t first_stale = std::max(newest_ + 1, bucket - kCount + 1);
    for (std::int64_t stale = first_stale; stale <= bucket; ++stale) buckets_[Index(stale)] = 0;
    newest_ = bucket;
  }

  std::array<std::uint64_t, kBuckets> buckets_ = {};
  std::int64_t newest_ = kCount;
};

template <std::size_t kBuckets, std::int64_t kWidthSeconds>
using SlidingSum = SlidingWindow<std::plus<>, kBuckets, kWidthSeconds>;

struct Larger {
  std::uint64_t operator()(std::uint64_t a, std::uint64_t b) const { return std::max(a, b); }
};
template <std::size_t kBuckets, std::int64_t kWidthSeconds>
using SlidingMax = SlidingWindow<Larger, kBuckets, kWidthSeconds>;

}  // namespace headroom::accounting
