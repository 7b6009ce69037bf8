#include "monitor/journal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "etcd/quota.h"
#include "logging/log.h"
#include "monitor/member_labels.h"

namespace headroom {
namespace {

bool Answered(const MemberReport& member) { return member.facts.status.ok(); }

std::string QuotaText(std::int64_t bytes) {
  return bytes == etcd::kQuotaDisabled ? "disabled" : absl::StrCat(bytes, " bytes");
}

}  // namespace

std::vector<JournalLine> Journal::Compare(const ClusterReport& report) {
  std::vector<JournalLine> lines;
  if (std::ranges::any_of(report.members, Answered)) {
    CompareAlarms(report, lines);
    CompareLeader(report, lines);
  }
  for (const MemberReport& member : report.members) CompareMember(member, lines);
  return lines;
}

void Journal::CompareAlarms(const ClusterReport& report, std::vector<JournalLine>& lines) {
  decltype(alarms_) now;
  for (const MemberReport& member : report.members) {
    if (!Answered(member)) continue;
    for (const etcd::Alarm& alarm : member.facts.status->alarms) {
      now.emplace(alarm.type, alarm.member_id);
    }
  }
  for (const auto& [type, raised_by] : now) {
    if (alarms_.contains({type, raised_by})) continue;
    lines.push_back(
        {.warning = true,
         .message = type + (type == "NOSPACE" ? " is armed: etcd refuses writes" : " is armed"),
         .member = LabelOf(raised_by, report.names)});
  }
  for (const auto& [type, raised_by] : alarms_) {
    if (now.contains({type, raised_by})) continue;
    lines.push_back({.message = type + " is disarmed", .member = LabelOf(raised_by, report.names)});
  }
  alarms_ = std::move(now);
}

void Journal::CompareLeader(const ClusterReport& report, std::vector<JournalLine>& lines) {
  std::uint64_t leader = 0;
  for (const MemberReport& member : report.members) {
    if (Answered(member)) leader = std::max(leader, member.facts.status->leader_id);
  }
  const auto before = std::exchange(leader_, leader);
  if (!before || *before == leader) return;
  if (leader == 0) {
    lines.push_back({.warning = true, .message = "no member that answers knows a leader"});
  } else {
    lines.push_back({.message = "the leader has changed", .member = LabelOf(leader, report.names)});
  }
}

void Journal::CompareMember(const MemberReport& member, std::vector<JournalLine>& lines) {
  Known& known = members_[member.label];
  if (const auto quota = member.quota_bytes()) {
    if (known.quota_bytes && known.quota_bytes != quota) {
      lines.push_back(
          {.message = absl::StrCat("the quota has changed from ", QuotaText(*known.quota_bytes),
                                   " to ", QuotaText(*quota)),
           .member = member.label});
    }
    known.quota_bytes = quota;
  }
  if (member.facts.page) CompareDefragmentation(member, known, lines);
}

// Most end between two reports: the counter has them all.
void Journal::CompareDefragmentation(const MemberReport& member, Known& known,
                                     std::vector<JournalLine>& lines) {
  const etcd::PageFacts& page = *member.facts.page;
  const bool is_running = page.defrag_in_progress.value_or(0) > 0;
  if (is_running && !std::exchange(known.is_defragmenting, true)) {
    lines.push_back({.message = "a defragmentation has begun", .member = member.label});
  }
  const auto before = std::exchange(known.defragmentations, page.defragmentations);
  const bool was_counted = before && page.defragmentations && *page.defragmentations > *before;
  const bool has_stopped = !is_running && std::exchange(known.is_defragmenting, false);
  if (!was_counted && !has_stopped) return;
  JournalLine line{.message = "a defragmentation has ended", .member = member.label};
  if (Answered(member)) line.db_size_bytes = member.facts.status->db_size_bytes;
  lines.push_back(std::move(line));
}

void LogLines(const std::vector<JournalLine>& lines) {
  for (const JournalLine& line : lines) {
    const auto write = line.warning ? log::Warn : log::Info;
    if (line.member.empty()) {
      write(line.message, {});
    } else if (!line.db_size_bytes) {
      write(line.message, {{"member", line.member}});
    } else {
      write(line.message, {{"member", line.member}, {"db_size_bytes", *line.db_size_bytes}});
    }
  }
}

}  // namespace headroom
