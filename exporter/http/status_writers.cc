#include "http/status_writers.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "http/bar.h"
#include "text/human.h"

namespace headroom::http {
namespace {

constexpr std::size_t kMaxRecent = 5;
constexpr std::size_t kMaxResources = 10;
constexpr std::string_view kNoNamespace = "(no namespace)";

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

}  // namespace

std::string WritersSections(const ChurnSnapshot& churn, const RecentShares& recent) {
  return Recent(recent) + Resources(churn);
}

}  // namespace headroom::http
