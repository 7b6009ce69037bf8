#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace headroom {

// What some files say, in their newest valid state. Who replaces them may truncate, replace or
// remove one after another: until all of them fit together again, the last state that did stays.
// `Value` has `bool SameAs(const Value&) const`. Not thread-safe.
template <typename Value>
class LastGood {
 public:
  using Clock = std::chrono::steady_clock;
  using Load = std::function<absl::StatusOr<std::shared_ptr<const Value>>()>;

  // How old the value may be before the files are looked at again.
  static constexpr std::chrono::seconds kMaxAge{10};

  // What a look at the files has brought, once each: a renewal under way is nobody's concern, files
  // that stay unusable for kMaxAge are.
  enum class News { kNone, kOtherValue, kUnusable, kUsableAgain };

  LastGood(Load load, std::shared_ptr<const Value> first)
      : load_(std::move(load)), value_(std::move(first)), read_at_(Clock::now()) {}

  const std::shared_ptr<const Value>& value() const { return value_; }
  // Why the files were unusable when last read.
  const std::string& problem() const { return problem_; }

  // Reads the files when the last look is kMaxAge ago.
  News ReadWhenDue(Clock::time_point now = Clock::now()) {
    return now - read_at_ < kMaxAge ? News::kNone : Read(now);
  }

  News Read(Clock::time_point now = Clock::now()) {
    read_at_ = now;
    auto loaded = load_();
    if (!loaded.ok()) {
      problem_ = std::string(loaded.status().message());
      unusable_since_ = std::min(unusable_since_, read_at_);
      const bool lasts = read_at_ - unusable_since_ >= kMaxAge;
      return lasts && !std::exchange(reported_, true) ? News::kUnusable : News::kNone;
    }
    unusable_since_ = Clock::time_point::max();
    const bool reported = std::exchange(reported_, false);
    if ((*loaded)->SameAs(*value_)) return reported ? News::kUsableAgain : News::kNone;
    value_ = *std::move(loaded);
    return News::kOtherValue;
  }

 private:
  Load load_;
  std::shared_ptr<const Value> value_;
  Clock::time_point read_at_;
  Clock::time_point unusable_since_ = Clock::time_point::max();
  bool reported_ = false;  // that the files are unusable
  std::string problem_;
};

}  // namespace headroom
