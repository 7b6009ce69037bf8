#include "test_facts.h"

#include <utility>

namespace headroom::report {

MemberFact MemberOf(const std::string& name, std::int64_t size, std::int64_t in_use,
                    std::int64_t quota) {
  MemberFact member{.name = name, .url = "https://" + name + ".example:2379"};
  member.status = etcd::StatusReply{.member_id = static_cast<std::uint64_t>(name.front()),
                                    .revision = 5000,
                                    .server_version = "3.6.7",
                                    .db_size_bytes = size,
                                    .db_in_use_bytes = in_use,
                                    .leader_id = 'a',
                                    .raft_applied_index = 10'000};
  member.quota_bytes = quota;
  member.quota_source = "status";
  member.compacted = etcd::CompactRevision{.revision = 4000};
  return member;
}

Facts ThreeMembers(std::int64_t size, std::int64_t in_use) {
  Facts facts;
  for (const char* name : {"a", "b", "c"}) {
    facts.members.push_back(MemberOf(name, size, in_use));
  }
  facts.is_list_known = true;
  facts.sample.seconds = 10;
  return facts;
}

Facts Full(std::int64_t size, std::int64_t in_use) {
  Facts facts = ThreeMembers(size, in_use);
  facts.alarms = {{.type = "NOSPACE", .raised_by = "b"}};
  facts.sample.is_past = true;
  return facts;
}

analyze::Analysis FileOf(const std::string& resource, std::uint64_t live_bytes,
                         std::uint64_t history_bytes) {
  analyze::Analysis file{
      .path = "/var/lib/etcd/member/snap/db", .file_bytes = kQuota, .size_bytes = kQuota};
  file.walk.meta.page_bytes = 4096;
  file.walk.reached_pages = (live_bytes + history_bytes) / 4096;
  file.forecast = {.compaction_bytes = history_bytes, .defragmented_bytes = live_bytes};
  file.resources = {{.resource = resource,
                     .part = "",
                     .usage = {.live_objects = 10,
                               .live_bytes = live_bytes,
                               .superseded_revisions = 20,
                               .superseded_bytes = history_bytes,
                               .history_stored_bytes = history_bytes,
                               .stored_bytes = live_bytes + history_bytes}}};
  file.resources.front().usage.live_page_bytes = live_bytes;
  file.resources.front().usage.history_page_bytes = history_bytes;
  file.total = file.resources.front().usage;
  return file;
}

void MakeLocal(Facts& facts, analyze::Analysis file) {
  facts.file = std::move(file);
  facts.local = 0;
  facts.pinned_bytes = 0;
}

}  // namespace headroom::report
