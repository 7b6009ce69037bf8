#pragma once

#include <cstddef>
#include <cstdint>

namespace headroom::etcd {

// How far a watch of the whole key space has come, so that a new stream can go on where the last
// one was cut, and each change is counted exactly once. Revisions arrive in order; the events of
// one revision always in the same order, perhaps over several fragments.
class WatchPosition {
 public:
  // Everything from `first_revision` on is going to be seen.
  void Start(std::int64_t first_revision);
  bool started() const { return complete_ >= 0; }

  // The last revision all events of which have been counted; first_revision - 1 at the start.
  std::int64_t complete() const { return complete_; }

  // Where a new stream has to begin so that nothing is missed.
  std::int64_t resume_revision() const { return complete_ + 1; }
  // A new stream begins there: it will repeat what was counted of a revision that was cut.
  void Resumed() { repeated_ = 0; }

  // To be called for each event. False when it was counted before the last cut.
  bool Advance(std::int64_t mod_revision);
  // A response has ended and no fragment of it is to come.
  void EndOfResponse();

 private:
  std::int64_t complete_ = -1;
  std::int64_t current_ = 0;  // the revision whose events are coming
  std::size_t counted_ = 0;   // of its events
  std::size_t repeated_ = 0;  // of those, how many this stream has brought
};

}  // namespace headroom::etcd
