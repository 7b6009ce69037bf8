#include "report/culprit.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "accounting/resource_table.h"
#include "kubernetes/resource_name.h"
#include "kubernetes/write_attribution.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Count;
using text::Percent;

// Whose resource it is, if several resources are one program's; else the resource itself.
std::string_view ProgramOf(std::string_view resource) {
  const std::string_view group = kubernetes::SplitResource(resource).group;
  const bool is_the_engines = group == "kyverno.io" || group.ends_with(".kyverno.io") ||
                              group == "wgpolicyk8s.io" || group == "openreports.io";
  return is_the_engines ? kPolicyEngine : resource;
}

// They mostly do what others ask for.
constexpr std::array<std::string_view, 4> kServants = {"kube-apiserver", "kube-controller-manager",
                                                       "kube-scheduler", "kubelet"};

struct Share {
  std::uint64_t bytes = 0;
  std::vector<const Sample::Writer*> resources;

  bool has(std::string_view resource) const {
    return std::ranges::any_of(resources,
                               [resource](const auto* writer) { return writer->name == resource; });
  }
};

bool IsTheEngines(std::string_view manager) { return manager.starts_with("kyverno"); }

// The bytes of the sample by program, without those past the cap of resources. Events that Kyverno
// reports are its own.
std::map<std::string, Share> ByProgram(const Sample& sample) {
  std::uint64_t engine_events = 0;
  for (const Sample::Writer& writer : sample.event_objects) {
    if (IsTheEngines(writer.name)) engine_events += writer.bytes;
  }
  std::map<std::string, Share> programs;
  for (const Sample::Writer& writer : sample.resources) {
    if (writer.name == accounting::kOtherLabel) continue;
    Share& share = programs[std::string(ProgramOf(writer.name))];
    share.bytes += writer.bytes;
    share.resources.push_back(&writer);
  }
  const auto events = programs.find("events");
  const auto engine = programs.find(std::string(kPolicyEngine));
  if (events == programs.end() || engine == programs.end()) return programs;
  engine_events = std::min(engine_events, events->second.bytes);
  if (2 * engine_events < events->second.bytes) return programs;
  engine->second.bytes += engine_events;
  engine->second.resources.push_back(events->second.resources.front());
  events->second.bytes -= engine_events;
  return programs;
}

// With the subresource it wrote most: "kubelet (status)". Of Events only the engine's are the
// engine's.
Part LargestManager(const Sample& sample, const std::string& program, const Share& share) {
  std::map<std::string, std::uint64_t> bytes;
  std::map<std::string, std::map<std::string, std::uint64_t>> subresources;
  for (const Sample::Manager& of : sample.managers) {
    if (!share.has(of.resource) || IsNobody(of.manager)) continue;
    if (of.resource == "events" && program == kPolicyEngine && !IsTheEngines(of.manager)) continue;
    bytes[of.manager] += of.bytes;
    subresources[of.manager][of.subresource] += of.bytes;
  }
  Part largest = LargestOf(bytes);
  const std::string subresource = LargestOf(subresources[largest.name]).name;
  if (!subresource.empty()) absl::StrAppend(&largest.name, " (", subresource, ")");
  return largest;
}

// Without objects of the whole cluster.
Part LargestNamespace(const Sample& sample, const Share& share) {
  std::map<std::string, std::uint64_t> bytes;
  for (const Sample::Namespace& of : sample.namespaces) {
    const std::string& where = of.object_namespace;
    if (!where.empty() && where != accounting::kOtherLabel && share.has(of.resource)) {
      bytes[where] += of.bytes;
    }
  }
  return LargestOf(bytes);
}

// "Most were by kubelet (status) in shop."; where nobody has most, whose part is the largest.
std::string WhoAndWhere(const Part& manager, const Part& where, std::uint64_t all) {
  std::string most;
  std::string rest;
  const auto add = [&](const Part& part, const char* preposition, const char* kind) {
    if (part.name.empty()) return;
    if (2 * part.bytes > all) {
      absl::StrAppend(&most, " ", preposition, " ", part.name);
    } else {
      absl::StrAppend(&rest, " The largest ", kind, " is ", part.name, " with ",
                      Percent(part.bytes, all), " of that.");
    }
  };
  add(manager, "by", "manager");
  add(where, "in", "namespace");
  return absl::StrCat(most.empty() ? "" : " Most were" + most + ".", rest);
}

// What the exporter saw, as a sample.
Sample SampleOf(const WriterWindow& window) {
  using accounting::WriterKind;
  Sample sample{.seconds = window.seconds};
  std::map<std::string, std::uint64_t> resources;
  for (const auto& [writer, bytes] : window.Of(WriterKind::kManager).heaviest) {
    sample.managers.push_back(
        {.manager = writer.name, .resource = writer.resource, .bytes = bytes});
    resources[writer.resource] += bytes;
  }
  std::uint64_t named = 0;
  for (const auto& [resource, bytes] : resources) {
    sample.resources.push_back({.name = resource, .bytes = bytes});
    named += bytes;
  }
  // Of those that were never among the heaviest.
  const std::uint64_t all = window.Of(WriterKind::kManager).total_bytes;
  sample.resources.push_back(
      {.name = std::string(accounting::kOtherLabel), .bytes = all - std::min(all, named)});
  for (const auto& [writer, bytes] : window.Of(WriterKind::kNamespace).heaviest) {
    sample.namespaces.push_back(
        {.resource = writer.resource, .object_namespace = writer.name, .bytes = bytes});
  }
  for (const auto& [writer, bytes] : window.Of(WriterKind::kReporter).heaviest)
    sample.event_objects.push_back({.name = writer.name, .bytes = bytes});
  return sample;
}

// A sample of seconds may fall between two bursts: what an exporter saw for minutes is better.
bool DayIsBetter(const Facts& facts) {
  constexpr double kLeastSeconds = 300;
  if (!facts.day || facts.sample.is_past) return false;
  const WriterWindow& seen = facts.day->quarter_hour;
  return seen.seconds >= kLeastSeconds &&
         seen.Of(accounting::WriterKind::kManager).total_bytes > facts.sample.bytes();
}

// `when`: "the sample's 1,234 revisions".
Writer BySample(const Sample& sample, const std::string& when) {
  const auto programs = ByProgram(sample);
  if (programs.empty()) return {};
  const auto most = std::ranges::max_element(
      programs, {}, [](const auto& program) { return program.second.bytes; });
  const std::string& name = most->first;
  const Share& share = most->second;
  const Part manager = LargestManager(sample, name, share);
  Writer writer{.name = name, .manager = 2 * manager.bytes > share.bytes ? manager.name : ""};
  writer.evidence =
      absl::StrCat(name == kPolicyEngine ? "It wrote " : name + " were ",
                   Percent(share.bytes, sample.bytes()), " of the bytes in the ", when);
  if (share.resources.size() > 1) {
    absl::StrAppend(
        &writer.evidence, ": ",
        absl::StrJoin(share.resources, ", ", [&](std::string* out, const Sample::Writer* resource) {
          absl::StrAppend(out, resource->name, " ", Percent(resource->bytes, sample.bytes()));
        }));
  }
  writer.evidence += ".";
  writer.evidence += WhoAndWhere(manager, LargestNamespace(sample, share), share.bytes);
  const std::string program = writer.manager.substr(0, writer.manager.find(' '));
  if (std::ranges::find(kServants, program) != kServants.end()) {
    absl::StrAppend(&writer.evidence, " ", program,
                    " mostly does what others ask for: find the object that it works on.");
  }
  return writer;
}

Writer ByHistory(const analyze::Analysis& file) {
  const auto& rows = file.resources;
  const auto most = std::ranges::max_element(
      rows, {}, [](const analyze::Row& row) { return row.usage.history_page_bytes; });
  if (most == rows.end() || most->usage.history_page_bytes == 0) return {};
  return {.name = most->resource,
          .evidence = absl::StrCat("Old versions of ", most->resource, " take ",
                                   Bytes(most->usage.history_page_bytes), " of the file, ",
                                   Percent(most->usage.history_page_bytes, file.size_bytes), ".")};
}

}  // namespace

Part LargestOf(const std::map<std::string, std::uint64_t>& bytes) {
  const auto most = std::ranges::max_element(bytes, {}, [](const auto& one) { return one.second; });
  return most == bytes.end() ? Part() : Part{most->first, most->second};
}

bool IsNobody(std::string_view name) {
  return kubernetes::IsNobody(name) || name == accounting::kOtherLabel;
}

Sample RecentWrites(const Facts& facts) {
  return DayIsBetter(facts) ? SampleOf(facts.day->quarter_hour) : facts.sample;
}

Writer FindWriter(const Facts& facts) {
  if (DayIsBetter(facts)) {
    const WriterWindow& seen = facts.day->quarter_hour;
    return BySample(SampleOf(seen), "last " + text::Duration(seen.seconds));
  }
  const Sample& sample = facts.sample;
  if (sample.bytes() > 0) {
    return BySample(sample, absl::StrCat(sample.is_past ? "last " : "sample's ",
                                         Count(Unsigned(sample.revisions)), " revisions"));
  }
  return facts.file ? ByHistory(*facts.file) : Writer();
}

std::string TopWriter(const Facts& facts) {
  const Writer writer = FindWriter(facts);
  if (writer.name == kPolicyEngine) return absl::StrCat("Top writer: ", writer.name, ".");
  if (writer.manager.empty()) return "";
  return absl::StrCat("Top writer: ", writer.manager, ", of ", writer.name, ".");
}

}  // namespace headroom::report
