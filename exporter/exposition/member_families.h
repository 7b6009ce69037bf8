#pragma once

#include "exposition/metric.h"
#include "monitor/cluster.h"

namespace headroom {

// Adds the member's series: the full set when it answered Status, else `up 0` and what is known
// without it. `names` says who raised an alarm.
void AddMemberFamilies(const MemberReport& report, const MemberList& names, FamilySet& families);

// Adds the series of each member and those of the cluster.
void AddClusterFamilies(const ClusterReport& cluster, FamilySet& families);

}  // namespace headroom
