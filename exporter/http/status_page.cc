#include "http/status_page.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "build_info/build_info.h"
#include "monitor/thresholds.h"
#include "text/human.h"

namespace headroom::http {
namespace {

constexpr std::size_t kMaxMembers = 30;
constexpr std::size_t kMaxRecent = 5;
constexpr std::string_view kNoNamespace = "(no namespace)";
constexpr std::size_t kMaxResources = 10;
constexpr double kTightRoom = 0.25;  // share of the whole below which a bar is amber
constexpr const char* kHome = "https://github.com/etcd-headroom/etcd-headroom";

// Blue, grey and vermilion are told apart by colour-blind people, too.
constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--soft:#e4e4e4;--used:#0072b2;--free:#7fb8d8;--bad:#b33c00;--good:#005a8c;--tight:#c98500}
@media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--paper:#16181c;--soft:#33373e;--used:#3f9bd6;--free:#23577a;--bad:#ff8a5c;--good:#7cc4f2;--tight:#e0a030}}
body{font:16px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:56rem;margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.3rem;margin:0}h2{font-size:1.05rem;margin:1.6rem 0 .5rem}p{margin:.3rem 0}a{color:var(--good)}
header{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:baseline}
.state{border-left:.5rem solid var(--good);background:var(--soft);padding:.6rem .9rem;margin:1rem 0;font-weight:600}
.state.bad{border-color:var(--bad);color:var(--bad)}
.row{margin:.7rem 0;overflow-wrap:anywhere}.row b{margin-right:.6rem}small{opacity:.85}
.bar{display:flex;height:1rem;background:var(--soft);margin:.2rem 0;overflow:hidden}
.bar i{display:block;background:var(--used)}.bar i+i{background:var(--free)}
.bar.tight i{background:var(--tight)}.bar.full i{background:var(--bad)}.bar.tight i+i,.bar.full i+i{opacity:.55}
)";

// `parts` are shares of the whole. `look` colours it: " tight", " full" or nothing.
std::string Bar(std::string_view says, std::initializer_list<double> parts, const char* look = "") {
  std::string bar = absl::StrCat("<div class=\"bar", look, R"(" role="img" aria-label=")",
                                 text::EscapeHtml(says), "\">");
  for (const double part : parts) {
    absl::StrAppendFormat(&bar, "<i style=\"width:%.1f%%\"></i>", 100 * std::clamp(part, 0.0, 1.0));
  }
  return bar + "</div>";
}

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
  if (!quota) return "The quota of a member is not known: what is left cannot be told.";
  if (*quota < 0)
    return "The quota of a member is disabled: its database grows until the disk is full.";
  const auto limit = NearerLimit(member, disk);
  if (static_cast<double>(limit->bytes) >= kLeastRoom * static_cast<double>(*quota)) return "";
  return limit->name == std::string_view("disk")
             ? "The disk of a member has less room than 10 % of its quota. When it is full, etcd "
               "ends there."
             : "Less than 10 % of a member's quota is left. At its end etcd refuses every write.";
}

// The one thing to know, the worst first.
std::string State(const Snapshot& snapshot) {
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
    if (!fault.empty()) return Banner(true, fault);
  }
  const std::string of = cluster.list.empty() ? "" : absl::StrCat(" of ", cluster.list.size());
  return Banner(false, absl::StrCat("No alarm is armed. Members asked from here: ",
                                    cluster.members.size(), of, "; each answers."));
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

std::string Members(const Snapshot& snapshot) {
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

using Writers = std::vector<std::pair<std::uint64_t, std::string_view>>;

// The heaviest, at most `most`, with their shares of all; empty if nothing was written.
std::string HeaviestWriters(std::string_view title, std::string_view says, Writers writers,
                            std::size_t most) {
  double total = 0;
  for (const auto& [bytes, name] : writers) total += static_cast<double>(bytes);
  if (total == 0) return "";
  std::ranges::stable_sort(writers, std::ranges::greater(), &Writers::value_type::first);
  std::string section = absl::StrCat("<h2>", std::string(title), "</h2>\n<p><small>",
                                     std::string(says), "</small></p>\n");
  for (std::size_t i = 0; i < std::min(writers.size(), most); ++i) {
    const auto [bytes, name] = writers[i];
    if (bytes == 0) break;
    const double share = static_cast<double>(bytes) / total;
    const std::string amount = absl::StrFormat("%s, %.0f %%", text::Bytes(bytes), 100 * share);
    absl::StrAppend(&section, "<div class=\"row\"><b>", text::EscapeHtml(name), "</b>", amount,
                    Bar(amount, {share}), "</div>\n");
  }
  return section;
}

Writers Heaviest(const NamedBytes& named) {
  Writers writers;
  for (const auto& [name, bytes] : named)
    writers.emplace_back(bytes, name.empty() ? kNoNamespace : std::string_view(name));
  return writers;
}

std::string Recent(const RecentShares& recent) {
  double total = 0;
  for (const auto& [name, bytes] : recent.managers) total += static_cast<double>(bytes);
  const auto pace = static_cast<std::uint64_t>(total / std::max(1.0, recent.seconds));
  const std::string since = absl::StrCat("Bytes written in the ", text::Duration(recent.seconds),
                                         " before the last scrape, by ");
  return HeaviestWriters(
             "Who writes",
             absl::StrCat(since, "field manager. All together: ", text::Bytes(pace), " a second."),
             Heaviest(recent.managers), kMaxRecent) +
         HeaviestWriters("Where", since + "namespace.", Heaviest(recent.namespaces), kMaxRecent) +
         HeaviestWriters("Who reports Events", since + "component.", Heaviest(recent.reporters),
                         kMaxRecent);
}

// ", up 3 days".
std::string Uptime(const ProcessFacts& process) {
  if (!process.start_time_seconds) return "";
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return absl::StrCat(", up ",
                      text::Duration(std::max(0.0, now.count() - *process.start_time_seconds)));
}

// What compaction has not freed yet is what fills the file; until that is known, all since the
// start.
std::string Resources(const ChurnSnapshot& churn) {
  const bool known = std::ranges::any_of(
      churn.resources, [](const auto& resource) { return resource.uncompacted_bytes.has_value(); });
  Writers writers;
  for (const ChurnSnapshot::Resource& resource : churn.resources) {
    writers.emplace_back(known ? resource.uncompacted_bytes.value_or(0) : resource.write_bytes,
                         resource.name);
  }
  return HeaviestWriters(
      "What is written",
      absl::StrCat("Bytes written ",
                   known ? "since the last compaction" : "since this exporter started",
                   ", by resource."),
      std::move(writers), kMaxResources);
}

std::string Watch(const ChurnSnapshot& churn) {
  std::string section = absl::StrCat(
      "<h2>Watch</h2>\n<p>", churn.connected ? "Connected" : "Not connected: writes are not seen");
  if (churn.revision) {
    absl::StrAppend(&section, ", at revision ",
                    text::Count(static_cast<std::uint64_t>(*churn.revision)));
  }
  absl::StrAppend(&section, "; ", text::Count(static_cast<std::uint64_t>(churn.missed_revisions)),
                  " revisions were missed since the start.</p>\n");
  return section;
}

}  // namespace

std::string StatusPage(const Snapshot& snapshot, const RecentShares& recent,
                       std::string_view metrics_path) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>etcd "
      "headroom</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<meta "
      "http-equiv=\"refresh\" content=\"30\">\n<style>",
      kStyle, "</style></head>\n<body>\n<header><h1>etcd headroom</h1><span>exporter ",
      build::kVersion, Uptime(snapshot.process), "</span> <a href=\"", std::string(metrics_path),
      "\">Metrics</a> <a href=\"/runbooks\">Runbooks</a> <a href=\"", kHome,
      "\">README</a></header>\n", State(snapshot), Members(snapshot),
      snapshot.churn ? Recent(recent) + Resources(*snapshot.churn) + Watch(*snapshot.churn) : "",
      "</body>\n</html>\n");
}

}  // namespace headroom::http
