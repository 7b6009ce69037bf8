#include "http/status_writers.h"

#include <algorithm>
#include <cstdint>
#include <map>
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

using accounting::WriterKind;
using Writers = std::vector<std::pair<std::uint64_t, std::string_view>>;

// The heaviest, at most `most`, with their shares of `total`; empty if nothing was written.
std::string HeaviestWriters(std::string_view title, std::string_view says, Writers writers,
                            std::uint64_t total, std::size_t most) {
  if (total == 0) return "";
  std::ranges::stable_sort(writers, std::ranges::greater(), &Writers::value_type::first);
  std::string section = absl::StrCat("<h2>", std::string(title), "</h2>\n<p><small>",
                                     std::string(says), "</small></p>\n");
  for (std::size_t i = 0; i < std::min(writers.size(), most); ++i) {
    const auto [bytes, name] = writers[i];
    if (bytes == 0) break;
    const double share = static_cast<double>(bytes) / static_cast<double>(total);
    const std::string amount = absl::StrFormat("%s, %.0f %%", text::Bytes(bytes), 100 * share);
    absl::StrAppend(&section, "<div class=\"row\"><b>", text::EscapeHtml(name), "</b>", amount,
                    Bar(amount, {share}), "</div>\n");
  }
  return section;
}

// Of one kind in a while, over all resources.
std::string Recent(std::string_view title, std::string_view by, const WriterWindow& window,
                   WriterKind kind) {
  const accounting::WriterSum& sum = window.Of(kind);
  std::map<std::string_view, std::uint64_t> by_name;
  for (const auto& [writer, bytes] : sum.heaviest) {
    by_name[writer.name.empty() ? kNoNamespace : std::string_view(writer.name)] += bytes;
  }
  Writers writers;
  for (const auto& [name, bytes] : by_name) writers.emplace_back(bytes, name);
  const auto pace = static_cast<double>(sum.total_bytes) / std::max(1.0, window.seconds);
  return HeaviestWriters(
      title,
      absl::StrCat("Bytes written in the last ", text::Duration(window.seconds), ", by ",
                   std::string(by), ". All together: ", text::Bytes(sum.total_bytes),
                   pace < 1 ? "."
                            : absl::StrCat(", ", text::Bytes(static_cast<std::uint64_t>(pace)),
                                           " a second.")),
      std::move(writers), sum.total_bytes, kMaxRecent);
}

// What compaction has not freed yet is what fills the file; until that is known, all since the
// start.
std::string Resources(const ChurnSnapshot& churn) {
  const bool known = std::ranges::any_of(
      churn.resources, [](const auto& resource) { return resource.uncompacted_bytes.has_value(); });
  Writers writers;
  std::uint64_t total = 0;
  for (const ChurnSnapshot::Resource& resource : churn.resources) {
    const auto bytes = known ? resource.uncompacted_bytes.value_or(0) : resource.write_bytes;
    writers.emplace_back(bytes, resource.name);
    total += bytes;
  }
  return HeaviestWriters(
      "What is written",
      absl::StrCat("Bytes written ",
                   known ? "since the last compaction" : "since this exporter started",
                   ", by resource."),
      std::move(writers), total, kMaxResources);
}

}  // namespace

std::string WritersSections(const ChurnSnapshot& churn, const DayView& day) {
  std::string sections =
      Recent("Who writes", "field manager", day.quarter_hour, WriterKind::kManager) +
      Recent("Where", "namespace", day.quarter_hour, WriterKind::kNamespace) +
      Recent("Who reports Events", "component", day.quarter_hour, WriterKind::kReporter);
  // Before that they are the same.
  if (day.day.seconds > 2 * day.quarter_hour.seconds)
    sections += Recent("Who wrote most", "field manager", day.day, WriterKind::kManager);
  return sections + Resources(churn);
}

}  // namespace headroom::http
