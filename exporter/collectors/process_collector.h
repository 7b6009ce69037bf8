#pragma once

#include "collectors/collector.h"

namespace headroom {

// This process: build and the standard process_* family, from /proc.
class ProcessCollector : public Collector {
 public:
  void Collect(Deadline deadline, FamilySet& families) override;
};

}  // namespace headroom
