#include "report/junk.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "accounting/resource_table.h"
#include "kubernetes/registry_key.h"
#include "kubernetes/resource_name.h"
#include "text/human.h"
#include "text/wrap.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Count;
using text::Percent;

// API groups of reports that their writers make again.
constexpr std::array<std::string_view, 5> kReporters = {"wgpolicyk8s.io", "openreports.io",
                                                        "reports.kyverno.io", "kyverno.io",
                                                        "aquasecurity.github.io"};

// Of the quota: less than this is not worth a deletion.
constexpr double kLargeShare = 0.2;

// Below the registry's prefix; empty for what may be of lasting use.
std::string DisposablePath(std::string_view resource) {
  if (resource == "events") return "events/";
  const auto [plural, group] = kubernetes::SplitResource(resource);
  if (!plural.ends_with("reports") || std::ranges::find(kReporters, group) == kReporters.end()) {
    return "";
  }
  // Custom resources are stored at <group>/<plural>/.
  return absl::StrCat(std::string(group), "/", std::string(plural), "/");
}

std::vector<std::string> PrefixesOf(const Facts& facts, std::string_view resource) {
  const std::string root =
      kubernetes::RegistryPrefix(facts.node.registry_prefix) + DisposablePath(resource);
  std::vector<std::string> prefixes;
  for (const analyze::Row& row : facts.file->breakdown) {
    if (row.resource != resource || row.usage.live_objects == 0) continue;
    // Without a namespace, or in one of very many: all of them.
    if (row.part.empty() || row.part == accounting::kOtherLabel) return {root};
    prefixes.push_back(absl::StrCat(root, row.part, "/"));
  }
  return prefixes;
}

}  // namespace

Junk FindJunk(const Facts& facts, const Situation& situation) {
  Junk junk;
  if (!situation.least_bytes || situation.fullest == nullptr) return junk;
  const auto quota = situation.fullest->limit_bytes();
  if (!quota) return junk;
  for (const analyze::Row& row : facts.file->resources) {
    const std::uint64_t bytes = row.usage.live_page_bytes;
    if (static_cast<double>(bytes) < kLargeShare * static_cast<double>(*quota)) continue;
    if (DisposablePath(row.resource).empty()) continue;
    const auto prefixes = PrefixesOf(facts, row.resource);
    junk.prefixes.insert(junk.prefixes.end(), prefixes.begin(), prefixes.end());
    junk.bytes += bytes;
    absl::StrAppend(&junk.resources, junk.resources.empty() ? "" : " and ", row.resource);
    absl::StrAppend(&junk.evidence, Count(row.usage.live_objects), " ", row.resource, " take ",
                    Bytes(bytes), ", ", Percent(bytes, *quota), " of the quota. ");
  }
  return junk;
}

std::string LargestObjects(const Facts& facts) {
  if (!facts.file) return "";
  constexpr std::size_t kMost = 3;
  constexpr std::size_t kKeyWidth = 72;
  const auto& largest = facts.file->largest_objects;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, largest.size()); ++i) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", text::Shorten(largest[i].key, kKeyWidth), " (",
                    Bytes(largest[i].bytes), ")");
  }
  return text;
}

}  // namespace headroom::report
