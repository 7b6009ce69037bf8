#pragma once

#include <cstdint>
#include <string>

#include "collectors/member_labels.h"
#include "collectors/metric.h"
#include "etcd/member.h"
#include "etcd/quota.h"

namespace headroom {

// What one endpoint's series are made of.
struct MemberReport {
  std::string label;
  std::string etcd_url;
  etcd::MemberFacts facts;
  etcd::QuotaSources configured_quota;  // manifest and flag; the live sources are in `facts`
  bool tells_quota = false;             // this member has told its own quota, now or before
  double seconds = 0;                   // until Status answered, or waited for it in vain
  std::uint64_t page_failures = 0;
};

// Every source of the quota of a member that answered.
etcd::QuotaSources QuotaOf(const MemberReport& report);

// Adds the member's series: the full set when it answered Status, else `up 0` and what is known
// without it. `members` names who raised an alarm.
void AddMemberFamilies(const MemberReport& report, const MemberList& members, FamilySet& families);

}  // namespace headroom
