#include "report/culprit.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "kubernetes/registry_key.h"
#include "report/etcdctl.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Count;
using text::Percent;

std::string DeleteCommand(std::string_view resource, const NodeFact& node) {
  std::string path;
  if (resource == "events") {
    path = "events/";
  } else if (const auto dot = resource.find('.'); dot != std::string_view::npos) {
    // Custom resources are stored at <group>/<plural>/.
    const std::string_view plural = resource.substr(0, dot);
    if (!plural.ends_with("reports")) return "";
    path = absl::StrCat(std::string(resource.substr(dot + 1)), "/", std::string(plural), "/");
  } else {
    return "";
  }
  return absl::StrCat("del --prefix ",
                      ShellQuote(kubernetes::RegistryPrefix(node.registry_prefix) + path));
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
  } else if (facts.sample.bytes() > 0) {
    culprit.resource = facts.sample.resources.front().name;
    culprit.evidence = BySample(facts.sample);
  }
  culprit.delete_command = DeleteCommand(culprit.resource, facts.node);
  return culprit;
}

}  // namespace headroom::report
