#include "http/status_page.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "build_info.h"
#include "collectors/catalogue.h"
#include "collectors/sample_index.h"
#include "text/human.h"

namespace headroom::http {
namespace {

constexpr std::size_t kMaxMembers = 30;
constexpr std::size_t kMaxResources = 10;
constexpr double kLittleHeadroom = 0.1;
constexpr const char* kHome = "https://github.com/etcd-headroom/etcd-headroom";

// Blue, grey and vermilion are told apart by colour-blind people, too.
constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--soft:#e4e4e4;--used:#0072b2;--free:#7fb8d8;--bad:#b33c00;--good:#005a8c}
@media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--paper:#16181c;--soft:#33373e;--used:#3f9bd6;--free:#23577a;--bad:#ff8a5c;--good:#7cc4f2}}
body{font:16px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:56rem;margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.3rem;margin:0}h2{font-size:1.05rem;margin:1.6rem 0 .5rem}p{margin:.3rem 0}a{color:var(--good)}
header{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:baseline}
.state{border-left:.5rem solid var(--good);background:var(--soft);padding:.6rem .9rem;margin:1rem 0;font-weight:600}
.state.bad{border-color:var(--bad);color:var(--bad)}
.row{margin:.7rem 0;overflow-wrap:anywhere}.row b{margin-right:.6rem}small{opacity:.85}
.bar{display:flex;height:1rem;background:var(--soft);margin:.2rem 0;overflow:hidden}
.bar i{display:block;background:var(--used)}.bar i+i{background:var(--free)}
)";

// `parts` are shares of the whole.
std::string Bar(std::string_view says, std::initializer_list<double> parts) {
  std::string bar =
      absl::StrCat(R"(<div class="bar" role="img" aria-label=")", text::EscapeHtml(says), "\">");
  for (const double part : parts) {
    absl::StrAppendFormat(&bar, "<i style=\"width:%.1f%%\"></i>", 100 * std::clamp(part, 0.0, 1.0));
  }
  return bar + "</div>";
}

std::string Bytes(double bytes) {
  return text::Bytes(static_cast<std::uint64_t>(std::max(bytes, 0.0)));
}

// Who raised the alarm, "m1, m2"; nullopt when it is not armed, as far as is known.
std::optional<std::string> ArmedBy(const SampleIndex& page, std::string_view alarm) {
  std::set<std::string> raised_by;
  for (const auto& sample : page.Of(metrics::kAlarmActive)) {
    if (LabelOf(sample, "alarm") == alarm && sample.gauge.value == 1)
      raised_by.emplace(LabelOf(sample, "raised_by"));
  }
  if (raised_by.empty()) return std::nullopt;
  return text::EscapeHtml(absl::StrJoin(raised_by, ", "));
}

bool IsDefragmenting(const SampleIndex& page, std::string_view member) {
  return page.Value(metrics::kDefragInProgress, {{"member", member}}) == 1;
}

std::string Banner(bool bad, std::string_view says) {
  return absl::StrCat("<p class=\"state", bad ? R"( bad" role="alert)" : "", "\">",
                      absl::string_view(says.data(), says.size()), "</p>\n");
}

// What stops the member first.
struct Limit {
  double bytes = 0;       // until then
  const char* name = "";  // "quota" or "disk"; empty where the disk is not known
};

// Nothing where neither a quota nor the disk bounds it, as far as is known.
std::optional<Limit> NearerLimit(const SampleIndex& page, std::string_view member) {
  const auto quota = page.Value(metrics::kQuota, {{"member", member}});
  const auto size = page.Value(metrics::kDbSize, {{"member", member}});
  const auto disk = page.Value(metrics::kDataDiskFree, {{"member", member}});
  if (!quota || !size) return std::nullopt;
  if (*quota < 0) return disk ? std::optional<Limit>({*disk, "disk"}) : std::nullopt;
  const double left = *quota - *size;
  if (!disk) return Limit{left, ""};
  return *disk < left ? Limit{*disk, "disk"} : Limit{left, "quota"};
}

// What is wrong with the member that answers or does not; empty when nothing is.
std::string Fault(const SampleIndex& page, std::string_view member, bool answers) {
  if (!answers) {
    return IsDefragmenting(page, member)
               ? "A member defragments and answers nothing until it is done: wait, and do not "
                 "restart it."
               : "A member does not answer.";
  }
  const auto quota = page.Value(metrics::kQuota, {{"member", member}});
  if (!quota) return "The quota of a member is not known: what is left cannot be told.";
  if (*quota < 0)
    return "The quota of a member is disabled: its database grows until the disk is full.";
  const auto limit = NearerLimit(page, member);
  if (!limit || limit->bytes >= kLittleHeadroom * *quota) return "";
  return limit->name == std::string_view("disk")
             ? "The disk of a member has less room than 10 % of its quota. When it is full, etcd "
               "ends there."
             : "Less than 10 % of a member's quota is left. At its end etcd refuses every write.";
}

// The one thing to know, the worst first.
std::string State(const SampleIndex& page) {
  if (const auto by = ArmedBy(page, "CORRUPT")) {
    return Banner(true, absl::StrCat("CORRUPT is armed by ", *by,
                                     ": the data of a member differ. Do not disarm, compact or "
                                     "defragment; find the member and replace it."));
  }
  if (const auto by = ArmedBy(page, "NOSPACE")) {
    return Banner(true, absl::StrCat("NOSPACE is armed by ", *by,
                                     ": etcd refuses every write of the cluster. <a href=\"", kHome,
                                     "#your-cluster-just-stopped-writing\">What to do, in "
                                     "order</a>"));
  }
  const auto& asked = page.Of(metrics::kUp);
  if (asked.empty()) return Banner(false, "There is no etcd to watch on this node.");
  for (const auto& sample : asked) {
    const auto fault = Fault(page, LabelOf(sample, "member"), sample.gauge.value == 1);
    if (!fault.empty()) return Banner(true, fault);
  }
  double members = 0;
  for (const auto& sample : page.Of(metrics::kClusterMembers)) members += sample.gauge.value;
  return Banner(false,
                absl::StrCat("No alarm is armed. Members asked from here: ", asked.size(),
                             members > 0 ? absl::StrCat(" of ", members) : "", "; each answers."));
}

std::string Role(const SampleIndex& page, std::string_view member) {
  if (page.Value(metrics::kUp, {{"member", member}}) != 1) {
    return IsDefragmenting(page, member) ? "defragmenting" : "does not answer";
  }
  if (page.Value(metrics::kMemberIsLearner, {{"member", member}}) == 1) return "learner";
  return page.Value(metrics::kMemberIsLeader, {{"member", member}}) == 1 ? "leader" : "follower";
}

std::string Member(const SampleIndex& page, std::string_view member) {
  const auto of = [&page, member](const Metric& metric) {
    return page.Value(metric, {{"member", member}});
  };
  std::string row =
      absl::StrCat("<div class=\"row\"><b>", text::EscapeHtml(member), "</b>", Role(page, member));
  const auto size = of(metrics::kDbSize);
  const auto disk = of(metrics::kDataDiskFree);
  const std::string room = disk ? absl::StrCat("; free on its disk: ", Bytes(*disk)) : "";
  if (!size) return absl::StrCat(row, "<p>Its size is not known", room, ".</p></div>\n");
  const auto in_use = of(metrics::kDbInUse).value_or(*size);
  const auto quota = of(metrics::kQuota);
  const bool has_quota = quota && *quota > 0;
  std::string says = absl::StrCat("File ", Bytes(*size), ": ", Bytes(in_use), " in use and ",
                                  Bytes(*size - in_use), " free pages");
  if (has_quota) {
    absl::StrAppend(&says, "; quota ", Bytes(*quota));
  } else {
    absl::StrAppend(&says, quota ? "; the quota is disabled" : "; the quota is not known");
  }
  if (!quota) says += room;
  const auto limit = NearerLimit(page, member);
  if (limit) absl::StrAppend(&says, ", headroom ", Bytes(limit->bytes));
  if (limit && has_quota)
    absl::StrAppendFormat(&says, " (%.1f %%)", 100 * std::max(0.0, limit->bytes / *quota));
  if (limit && *limit->name != '\0') absl::StrAppend(&says, " until the ", limit->name, " is full");
  const double whole = limit ? *size + std::max(0.0, limit->bytes) : std::max(*size, 1.0);
  return absl::StrCat(row, Bar(says, {in_use / whole, (*size - in_use) / whole}), "<small>", says,
                      "</small></div>\n");
}

std::string Members(const SampleIndex& page) {
  const auto& members = page.Of(metrics::kUp);
  if (members.empty()) return "";
  std::string section =
      "<h2>Headroom</h2>\n<p><small>The bar is the quota, or what the disk allows if that is less. "
      "Filled dark: in use. Filled light: free pages in the file, which do not help: etcd compares "
      "the file.</small></p>\n";
  for (std::size_t i = 0; i < std::min(members.size(), kMaxMembers); ++i)
    section += Member(page, LabelOf(members[i], "member"));
  if (members.size() > kMaxMembers) {
    absl::StrAppend(&section, "<p>and ", members.size() - kMaxMembers,
                    " more on the metrics page</p>\n");
  }
  return section;
}

struct Writer {
  std::string_view resource;
  double bytes = 0;
};

// What compaction has not freed yet is what fills the file; until that is known, all since the
// start.
std::string Writers(const SampleIndex& page) {
  const bool known = !page.Of(metrics::kUncompactedWriteBytes).empty();
  const Metric& metric = known ? metrics::kUncompactedWriteBytes : metrics::kWriteBytes;
  std::vector<Writer> writers;
  double total = 0;
  for (const auto& sample : page.Of(metric)) {
    writers.push_back({LabelOf(sample, "resource"), ValueOf(metric, sample)});
    total += writers.back().bytes;
  }
  if (total == 0) return "";
  std::ranges::sort(writers, std::ranges::greater(), &Writer::bytes);
  std::string section =
      absl::StrCat("<h2>Who writes</h2>\n<p><small>Bytes written ",
                   known ? "since the last compaction" : "since this exporter started",
                   ", by resource.</small></p>\n");
  for (std::size_t i = 0; i < std::min(writers.size(), kMaxResources); ++i) {
    if (writers[i].bytes == 0) break;
    const std::string name = text::EscapeHtml(writers[i].resource);
    const std::string says =
        absl::StrFormat("%s, %.0f %%", Bytes(writers[i].bytes), 100 * writers[i].bytes / total);
    absl::StrAppend(&section, "<div class=\"row\"><b>", name, "</b>", says,
                    Bar(says, {writers[i].bytes / total}), "</div>\n");
  }
  return section;
}

std::string Watch(const SampleIndex& page) {
  const auto connected = page.Value(metrics::kWatchConnected);
  if (!connected) return "";
  std::string section = absl::StrCat(
      "<h2>Watch</h2>\n<p>", *connected == 1 ? "Connected" : "Not connected: writes are not seen");
  if (const auto revision = page.Value(metrics::kWatchRevision))
    absl::StrAppend(&section, ", at revision ", text::Count(static_cast<std::uint64_t>(*revision)));
  const auto missed = page.Value(metrics::kWatchMissedRevisions).value_or(0);
  absl::StrAppend(&section, "; ", text::Count(static_cast<std::uint64_t>(missed)),
                  " revisions were missed since the start.</p>\n");
  return section;
}

}  // namespace

std::string StatusPage(const std::vector<prometheus::MetricFamily>& families,
                       std::string_view metrics_path) {
  const SampleIndex page(families);
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>etcd "
      "headroom</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<meta "
      "http-equiv=\"refresh\" content=\"30\">\n<style>",
      kStyle, "</style></head>\n<body>\n<header><h1>etcd headroom</h1><span>exporter ",
      build::kVersion, "</span> <a href=\"", std::string(metrics_path), "\">Metrics</a> <a href=\"",
      kHome, "\">README</a></header>\n", State(page), Members(page), Writers(page), Watch(page),
      "</body>\n</html>\n");
}

}  // namespace headroom::http
