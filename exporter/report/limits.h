#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/facts.h"
#include "report/situation.h"

namespace headroom::report {

// What would stop a namespace from filling etcd, as a manifest for kubectl: a ResourceQuota if it
// fills by new objects, else a ValidatingAdmissionPolicy.
struct Limit {
  std::string object_namespace;
  std::string resource;  // what it has or writes most of; empty if it is unknown
  std::string why;       // a sentence or two
  std::string manifest;  // YAML; empty if the resource is, and in namespaces of Kubernetes' own
};

// For namespaces over their budget, the furthest over it first. While etcd fills up, also for the
// one that wrote more than half of the sample. At most kMostLimits.
inline constexpr std::size_t kMostLimits = 5;
std::vector<Limit> LimitsFor(const Facts& facts, const Situation& situation);

}  // namespace headroom::report
