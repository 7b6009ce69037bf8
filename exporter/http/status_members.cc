#include "http/status_members.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "http/bar.h"
#include "http/status_day.h"
#include "monitor/thresholds.h"
#include "text/human.h"

namespace headroom::http {
namespace {

constexpr std::size_t kMaxMembers = 30;
constexpr double kTightRoom = 0.25;  // share of the whole below which a bar is amber

std::string Bytes(std::int64_t bytes) {
  return text::Bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(bytes, 0)));
}

// Who raised the alarm, "m1, m2"; nullopt when it is not armed, as far as is known.
std::optional<std::string> ArmedBy(const ClusterReport& cluster, std::string_view type) {
  std::set<std::string> raised_by;
  for (const MemberReport& member : cluster.members) {
    if (!member.facts.status.ok()) continue;
    for (const etcd::Alarm& alarm : member.facts.status->alarms) {
      if (alarm.type != type) continue;
      const bool own = alarm.member_id == member.facts.status->member_id;
      raised_by.insert(own ? member.label : LabelOf(alarm.member_id, cluster.names));
    }
  }
  if (raised_by.empty()) return std::nullopt;
  return text::EscapeHtml(absl::StrJoin(raised_by, ", "));
}

bool IsDefragmenting(const MemberReport& member) {
  return member.facts.page && member.facts.page->defrag_in_progress == 1;
}

std::string Banner(bool bad, std::string_view says) {
  return absl::StrCat("<p class=\"state", bad ? R"( bad" role="alert)" : "", "\">",
                      absl::string_view(says.data(), says.size()), "</p>\n");
}

std::optional<std::int64_t> DiskFree(const Snapshot& snapshot, const MemberReport& member) {
  if (!snapshot.disk || snapshot.disk->member != member.label) return std::nullopt;
  return static_cast<std::int64_t>(snapshot.disk->space.free_bytes);
}

// What stops the member first.
struct Limit {
  std::int64_t bytes = 0;  // until then
  const char* name = "";   // "quota" or "disk"; empty where the disk is not known
};

// Nothing where neither a quota nor the disk bounds it, as far as is known.
std::optional<Limit> NearerLimit(const MemberReport& member, std::optional<std::int64_t> disk) {
  const auto quota = member.quota_bytes();
  if (!quota) return std::nullopt;
  if (*quota < 0) return disk ? std::optional<Limit>({*disk, "disk"}) : std::nullopt;
  const std::int64_t left = *quota - member.facts.status->db_size_bytes;
  if (!disk) return Limit{left, ""};
  return *disk < left ? Limit{*disk, "disk"} : Limit{left, "quota"};
}

// What is wrong with the member; empty when nothing is.
std::string Fault(const MemberReport& member, std::optional<std::int64_t> disk) {
  if (!member.facts.status.ok()) {
    return IsDefragmenting(member)
               ? "A member defragments and answers nothing until it is done: wait, and do not "
                 "restart it."
               : "A member does not answer.";
  }
  const auto quota = member.quota_bytes();
  if (!quota) return "The quota of a member is not known, and so is what is left.";
  if (*quota < 0)
    return "The quota of a member is disabled: its database grows until the disk is full.";
  const auto limit = NearerLimit(member, disk);
  if (static_cast<double>(limit->bytes) >= kLeastRoom * static_cast<double>(*quota)) return "";
  return limit->name == std::string_view("disk")
             ? "The disk of a member has less room than 10 % of its quota. When it is full, etcd "
               "ends there."
             : "Less than 10 % of a member's quota is left. At its end etcd refuses every write.";
}

std::string Role(const MemberReport& member) {
  const auto& status = member.facts.status;
  if (!status.ok()) return IsDefragmenting(member) ? "defragmenting" : "does not answer";
  if (status->is_learner) return "learner";
  return status->is_leader() ? "leader" : "follower";
}

std::string Member(const MemberReport& member, std::optional<std::int64_t> disk) {
  std::string row =
      absl::StrCat("<div class=\"row\"><b>", text::EscapeHtml(member.label), "</b>", Role(member));
  const std::string room = disk ? absl::StrCat("; free on its disk: ", Bytes(*disk)) : "";
  if (!member.facts.status.ok()) {
    return absl::StrCat(row, "<p>Its size is not known", room, ".</p></div>\n");
  }
  const std::int64_t size = member.facts.status->db_size_bytes;
  const std::int64_t in_use = member.facts.status->db_in_use_bytes;
  const auto quota = member.quota_bytes();
  const bool has_quota = quota && *quota > 0;
  std::string says = absl::StrCat("File ", Bytes(size), ": ", Bytes(in_use), " in use and ",
                                  Bytes(size - in_use), " free pages");
  if (has_quota) {
    absl::StrAppend(&says, "; quota ", Bytes(*quota));
  } else {
    absl::StrAppend(&says, quota ? "; the quota is disabled" : "; the quota is not known");
  }
  if (!quota) says += room;
  const auto limit = NearerLimit(member, disk);
  if (limit) absl::StrAppend(&says, ", headroom ", Bytes(limit->bytes));
  if (limit && has_quota) {
    absl::StrAppendFormat(
        &says, " (%.1f %%)",
        std::max(0.0, 100.0 * static_cast<double>(limit->bytes) / static_cast<double>(*quota)));
  }
  if (limit && *limit->name != '\0') absl::StrAppend(&says, " until the ", limit->name, " is full");
  const auto whole = static_cast<double>(limit ? size + std::max<std::int64_t>(0, limit->bytes)
                                               : std::max<std::int64_t>(size, 1));
  const double room_left = limit ? 1 - static_cast<double>(size) / whole : 1;
  const char* look = room_left < kLeastRoom ? " full" : room_left < kTightRoom ? " tight" : "";
  return absl::StrCat(
      row,
      Bar(says, {static_cast<double>(in_use) / whole, static_cast<double>(size - in_use) / whole},
          look),
      "<small>", says, "</small></div>\n");
}

}  // namespace

std::string StateBanner(const Snapshot& snapshot, const DayView& day) {
  if (!snapshot.cluster || snapshot.cluster->members.empty()) {
    return Banner(false, "There is no etcd to watch on this node.");
  }
  const ClusterReport& cluster = *snapshot.cluster;
  if (const auto by = ArmedBy(cluster, "CORRUPT")) {
    return Banner(true, absl::StrCat("CORRUPT is armed by ", *by,
                                     ": the data of a member differ. Do not disarm, compact or "
                                     "defragment; find the member and replace it."));
  }
  if (const auto by = ArmedBy(cluster, "NOSPACE")) {
    return Banner(true, absl::StrCat("NOSPACE is armed by ", *by,
                                     ": etcd refuses every write of the cluster. <a "
                                     "href=\"/runbooks/EtcdHeadroomWritesRefused.md\">What to do, "
                                     "in order</a>"));
  }
  for (const MemberReport& member : cluster.members) {
    const auto fault = Fault(member, DiskFree(snapshot, member));
    const char* space = day.forecast ? " " : "";
    if (!fault.empty()) return Banner(true, absl::StrCat(fault, space, ForecastSentence(day)));
  }
  if (day.forecast) {
    return Banner(day.forecast->earliest_seconds < kPageWithinSeconds, ForecastSentence(day));
  }
  const std::string of = cluster.list.empty() ? "" : absl::StrCat(" of ", cluster.list.size());
  return Banner(false, absl::StrCat("No alarm is armed. Members asked from here: ",
                                    cluster.members.size(), of, "; each answers."));
}

std::string MembersSection(const Snapshot& snapshot) {
  if (!snapshot.cluster || snapshot.cluster->members.empty()) return "";
  const auto& members = snapshot.cluster->members;
  std::string section =
      "<h2>Headroom</h2>\n<p><small>The bar is the quota, or what the disk allows if that is less. "
      "Filled dark: in use. Filled light: free pages in the file, which do not help: etcd compares "
      "the file.</small></p>\n";
  for (std::size_t i = 0; i < std::min(members.size(), kMaxMembers); ++i)
    section += Member(members[i], DiskFree(snapshot, members[i]));
  if (members.size() > kMaxMembers) {
    absl::StrAppend(&section, "<p>and ", members.size() - kMaxMembers,
                    " more on the metrics page</p>\n");
  }
  return section;
}

}  // namespace headroom::http
