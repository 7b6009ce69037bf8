#include "http/status_page.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "build_info/build_info.h"
#include "http/status_day.h"
#include "http/status_members.h"
#include "http/status_writers.h"
#include "text/human.h"

namespace headroom::http {
namespace {

constexpr const char* kHome = "https://github.com/etcd-headroom/etcd-headroom";

// Colour-blind people can distinguish blue, grey and vermilion, too.
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
svg{width:100%;background:var(--soft)}path{fill:none;stroke-width:1.5}path.file{stroke:var(--free)}path.use{stroke:var(--used)}
.bar.tight i{background:var(--tight)}.bar.full i{background:var(--bad)}.bar.tight i+i,.bar.full i+i{opacity:.55}
)";

// ", up 3 days".
std::string Uptime(const ProcessFacts& process) {
  if (!process.start_time_seconds) return "";
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return absl::StrCat(", up ",
                      text::Duration(std::max(0.0, now.count() - *process.start_time_seconds)));
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

std::string StatusPage(const Snapshot& snapshot, const DayView& day,
                       std::string_view metrics_path) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>etcd "
      "headroom</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<meta "
      "http-equiv=\"refresh\" content=\"30\">\n<style>",
      kStyle, "</style></head>\n<body>\n<header><h1>etcd headroom</h1><span>exporter ",
      build::kVersion, Uptime(snapshot.process), "</span> <a href=\"", std::string(metrics_path),
      "\">Metrics</a> <a href=\"/runbooks\">Runbooks</a> <a href=\"", kHome,
      "\">README</a></header>\n", StateBanner(snapshot, day), MembersSection(snapshot),
      DaySection(day),
      snapshot.churn ? WritersSections(*snapshot.churn, day) + Watch(*snapshot.churn) : "",
      "</body>\n</html>\n");
}

}  // namespace headroom::http
