#include "collectors/churn_collector.h"

#include <utility>

namespace headroom {

ChurnCollector::ChurnCollector(const ChurnOptions& options, CompactRevision compact_revision)
    : compact_revision_(std::move(compact_revision)),
      state_(options.prefixes, options.limits),
      watcher_(options.watch, state_) {
  if (!options.count_objects) return;
  counter_ =
      std::make_unique<ObjectCounter>(ObjectCounterOptions{.prefixes = options.prefixes,
                                                           .tls = options.watch.tls,
                                                           .timeout = options.watch.timeout,
                                                           .at_start = options.count_at_start},
                                      state_);
}

void ChurnCollector::Collect(Deadline, FamilySet& families) {
  state_.Collect(compact_revision_(), families);
}

void ChurnCollector::Peek(Deadline, FamilySet& families) {
  state_.Peek(compact_revision_(), families);
}

void ChurnCollector::Stop() {
  watcher_.Stop();
  if (counter_) counter_->Stop();
}

}  // namespace headroom
