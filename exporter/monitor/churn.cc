#include "monitor/churn.h"

namespace headroom {

Churn::Churn(const ChurnOptions& options)
    : state_(options.prefixes, options.limits), watcher_(options.watch, state_) {
  if (!options.count_objects) return;
  counter_ =
      std::make_unique<ObjectCounter>(ObjectCounterOptions{.tls = options.watch.tls,
                                                           .timeout = options.watch.timeout,
                                                           .at_start = options.count_at_start},
                                      state_);
}

void Churn::Stop() {
  watcher_.Stop();
  if (counter_) counter_->Stop();
}

}  // namespace headroom
