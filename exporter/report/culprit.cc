#include "report/culprit.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "accounting/resource_table.h"
#include "kubernetes/registry_key.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Count;
using text::Percent;

// Whose reports are made anew by what made them.
constexpr std::array<std::string_view, 5> kReporters = {"wgpolicyk8s.io", "openreports.io",
                                                        "reports.kyverno.io", "kyverno.io",
                                                        "aquasecurity.github.io"};

// Below the registry's prefix; empty for what may be of lasting use.
std::string DisposablePath(std::string_view resource) {
  if (resource == "events") return "events/";
  const auto dot = resource.find('.');
  if (dot == std::string_view::npos) return "";
  const std::string_view plural = resource.substr(0, dot);
  const std::string_view group = resource.substr(dot + 1);
  if (!plural.ends_with("reports") || std::ranges::find(kReporters, group) == kReporters.end()) {
    return "";
  }
  // Custom resources are stored at <group>/<plural>/.
  return absl::StrCat(std::string(group), "/", std::string(plural), "/");
}

std::vector<std::string> DisposablePrefixes(const Facts& facts, std::string_view resource) {
  const std::string path = DisposablePath(resource);
  if (path.empty() || !facts.file) return {};
  const std::string root = kubernetes::RegistryPrefix(facts.node.registry_prefix) + path;
  std::vector<std::string> prefixes;
  for (const analyze::Row& row : facts.file->breakdown) {
    if (row.resource != resource || row.usage.live_objects == 0) continue;
    // Without a namespace, or in one of very many: all at once.
    if (row.part.empty() || row.part == accounting::kOtherLabel) return {root};
    prefixes.push_back(absl::StrCat(root, row.part, "/"));
  }
  return prefixes;
}

// The row of the breakdown that has most of that resource; null when there is none.
const analyze::Row* Heaviest(const std::vector<analyze::Row>& rows, std::string_view resource) {
  const auto row = std::ranges::find(rows, resource, &analyze::Row::resource);
  return row == rows.end() ? nullptr : &*row;  // they are sorted
}

std::string ByFile(const Facts& facts, const analyze::Row& row) {
  const analyze::Usage& usage = row.usage;
  std::string text =
      absl::StrCat(row.resource, " take ", Percent(usage.stored_bytes, facts.file->file_bytes),
                   " of the file: ", Count(usage.live_objects), " live objects of ",
                   Bytes(usage.live_bytes), " and ", Count(usage.history_revisions()),
                   " old revisions of ", Bytes(usage.history_bytes()), ".");
  const auto part = [&](const std::vector<analyze::Row>& rows, const char* what) {
    const analyze::Row* heaviest = Heaviest(rows, row.resource);
    if (heaviest == nullptr || heaviest->part.empty()) return;
    absl::StrAppend(&text, " Most are ", what, " ", heaviest->part, ": ",
                    Bytes(heaviest->usage.stored_bytes), ".");
  };
  part(facts.file->breakdown, "in namespace");
  part(facts.event_components, "reported by");
  return text;
}

std::string BySample(const Sample& sample) {
  const Sample::Writer& writer = sample.resources.front();
  std::string text =
      absl::StrCat(writer.name, " were ", Percent(writer.bytes, sample.bytes()),
                   " of the bytes written in the ", sample.is_past ? "last " : "sample's ",
                   Count(static_cast<std::uint64_t>(sample.revisions)), " revisions.");
  if (!sample.namespaces.empty()) {
    absl::StrAppend(&text, " Most were ", sample.namespaces.front().name, ".");
  }
  return text;
}

}  // namespace

Culprit FindCulprit(const Facts& facts) {
  Culprit culprit;
  if (facts.file && !facts.file->resources.empty()) {
    const analyze::Row& row = facts.file->resources.front();
    culprit.resource = row.resource;
    culprit.evidence = ByFile(facts, row);
    // To delete what is mostly history would free nothing that compaction does not.
    if (2 * row.usage.live_bytes >= facts.file->total.live_bytes) {
      culprit.prefixes = DisposablePrefixes(facts, culprit.resource);
    }
  } else if (facts.sample.bytes() > 0) {
    culprit.resource = facts.sample.resources.front().name;
    culprit.evidence = BySample(facts.sample);
  }
  return culprit;
}

}  // namespace headroom::report
