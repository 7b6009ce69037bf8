#include "etcd/watch_position.h"

#include <algorithm>

namespace headroom::etcd {

void WatchPosition::Start(std::int64_t first_revision) {
  complete_ = first_revision - 1;
  current_ = complete_;
  counted_ = repeated_ = 0;
}

bool WatchPosition::Advance(std::int64_t mod_revision) {
  if (mod_revision <= complete_) return false;
  if (mod_revision != current_) {
    // Revisions are in order, so the one before has been seen to its end.
    complete_ = std::max(complete_, current_);
    current_ = mod_revision;
    counted_ = repeated_ = 0;
  }
  ++repeated_;
  if (repeated_ <= counted_) return false;
  counted_ = repeated_;
  return true;
}

void WatchPosition::EndOfResponse() { complete_ = std::max(complete_, current_); }

}  // namespace headroom::etcd
