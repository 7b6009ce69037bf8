#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "etcd/member.h"
#include "etcd/quota.h"
#include "monitor/member_labels.h"

namespace headroom {

// What is known of one member, or of an endpoint that did not answer.
struct MemberReport {
  std::string label;
  std::string etcd_url;
  etcd::MemberFacts facts;
  etcd::QuotaSources configured_quota;  // manifest and flag; the live sources are in `facts`
  bool reports_quota = false;           // this member has reported its own quota, now or before
  double seconds = 0;                   // until Status answered or timed out
  std::uint64_t page_failures = 0;
  // When its compacted revision was last seen to move; nothing until it has.
  std::optional<std::chrono::system_clock::time_point> compacted_at;

  // Every source of the quota of a member that answered.
  etcd::QuotaSources quota() const;
  // The one in force; absent also where the member did not answer.
  std::optional<std::int64_t> quota_bytes() const;
};

// What is known of a cluster, as of one moment.
struct ClusterReport {
  // One for each member that answered, however many endpoints reach it, then one for each endpoint
  // that did not; labels differ.
  std::vector<MemberReport> members;
  MemberList list;   // as a member has it now; empty when none answered
  MemberList names;  // the last list that a member had
  std::size_t endpoints = 0;
  std::string node_datastore;  // "none" or "kine" where `members` is empty

  // Of the members that answered; nothing where none is known, or all are disabled.
  std::optional<std::uint64_t> smallest_quota_bytes() const;
};

}  // namespace headroom
