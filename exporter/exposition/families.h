#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "exposition/metric.h"
#include "monitor/snapshot.h"

namespace headroom {

// The metrics page of a snapshot. What is absent there has no sample.
std::vector<prometheus::MetricFamily> Families(const Snapshot& snapshot);

void AddChurnFamilies(const ChurnSnapshot& churn, FamilySet& families);
void AddInventoryFamilies(const InventorySnapshot& inventory, FamilySet& families);
void AddNodeFamilies(const node::EtcdConfig& config, FamilySet& families);

}  // namespace headroom
