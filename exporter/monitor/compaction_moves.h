#pragma once

#include <chrono>
#include <optional>

#include "etcd/compact_revision.h"

namespace headroom {

// Remembers when the compacted revision of one member was last seen to move. Not thread-safe.
class CompactionMoves {
 public:
  using TimePoint = std::chrono::system_clock::time_point;

  // Takes what the member reports at `now`. Another source lags or leads by itself: a change of
  // source is no move. A revision that goes back, as after a restore, is one.
  void Saw(const etcd::CompactRevision& compacted, TimePoint now) {
    if (last_ && last_->source == compacted.source && last_->revision != compacted.revision)
      moved_ = now;
    last_ = compacted;
  }

  // Nothing until a move has been seen: the first revision seen may be of any age.
  std::optional<TimePoint> moved() const { return moved_; }

 private:
  std::optional<etcd::CompactRevision> last_;
  std::optional<TimePoint> moved_;
};

}  // namespace headroom
