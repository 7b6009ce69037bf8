#pragma once

#include "collectors/metric.h"
#include "etcd/deadline.h"

namespace headroom {

// One metric area. Called by several scrapes at once.
class Collector {
 public:
  Collector() = default;
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  virtual ~Collector() = default;

  // Adds what is known by `deadline`. What is unknown is left out.
  virtual void Collect(Deadline deadline, FamilySet& families) = 0;

  // The same for a page that no scraper takes: without what tells one scrape from the next.
  virtual void Peek(Deadline deadline, FamilySet& families) { Collect(deadline, families); }

  // The page of the last Collect has reached its scraper.
  virtual void Served() {}
};

}  // namespace headroom
