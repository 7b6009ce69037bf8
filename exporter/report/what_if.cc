#include "report/what_if.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "report/culprit.h"
#include "report/steps.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using analyze::Removable;
using text::Bytes;
using text::Percent;

// Less than this share of the file, or of what is written, changes nothing.
constexpr double kNextToNothing = 0.02;
// How far what a compaction or a defragmentation frees is off: test_page_forecast.
constexpr double kUncertain = 0.1;
// What Events may live instead of the API server's hour.
constexpr double kShortTtlSeconds = 15 * 60.0;
constexpr double kUsualTtlSeconds = 3600.0;

const analyze::Row* RowOf(const Facts& facts, std::string_view resource) {
  if (!facts.file) return nullptr;
  const auto row = std::ranges::find(facts.file->resources, resource, &analyze::Row::resource);
  return row == facts.file->resources.end() ? nullptr : &*row;
}

double Over(std::uint64_t part, std::uint64_t whole, double otherwise) {
  return whole == 0 ? otherwise : static_cast<double>(part) / static_cast<double>(whole);
}

// Bytes of pages for a byte of keys and values. Small objects share pages, large ones fill some.
double PagesForAByte(const Facts& facts, std::string_view resource) {
  const analyze::Row* const row = RowOf(facts, resource);
  const analyze::Usage& usage = row != nullptr ? row->usage : facts.file->total;
  return Over(usage.page_bytes(), usage.live_bytes + usage.history_bytes(), 1);
}

struct TopWriterOf {
  Part top;
  std::uint64_t bytes = 0;  // by all
};

// The manager that wrote most, in pages if the file says what a byte takes; the resource if no
// manager is known.
TopWriterOf FindTop(const Facts& facts, const Sample& writes) {
  std::map<std::string, std::uint64_t> managers;
  std::map<std::string, std::uint64_t> resources;
  std::uint64_t all = 0;
  const auto pages = [&](const std::string& resource, std::uint64_t bytes) {
    return facts.file ? analyze::Scaled(bytes, PagesForAByte(facts, resource)) : bytes;
  };
  for (const Sample::Writer& of : writes.resources) {
    const std::uint64_t bytes = pages(of.name, of.bytes);
    all += bytes;
    if (!IsNobody(of.name)) resources[of.name] += bytes;
  }
  for (const Sample::Manager& of : writes.managers) {
    if (!IsNobody(of.manager)) managers[of.manager] += pages(of.resource, of.bytes);
  }
  return {.top = LargestOf(managers.empty() ? resources : managers), .bytes = all};
}

std::optional<Answer> Pace(const Situation& situation) {
  if (!situation.forecast) return std::nullopt;
  const auto& [earliest, latest, basis] = *situation.forecast;
  return Answer{.id = "pace",
                .premise = "the pace goes on",
                .full = Answer::Seconds{earliest, latest},
                .assumes = basis};
}

std::optional<Answer> TopWriterStops(const Facts& facts, const Situation& situation) {
  if (!situation.forecast) return std::nullopt;
  const auto [top, all] = FindTop(facts, RecentWrites(facts));
  const double share = std::min(1.0, Over(top.bytes, all, 0));
  if (share < kNextToNothing) return std::nullopt;
  Answer answer{.id = "top_writer_stops", .premise = top.name + " stops writing"};
  const double rest = 1 - share;
  answer.fills = rest >= kNextToNothing;
  if (answer.fills) {
    answer.full = {situation.forecast->earliest / rest, situation.forecast->latest / rest};
  }
  answer.assumes =
      absl::StrCat("It wrote ", Percent(top.bytes, all),
                   " of what was written. The others go on as before, and of what they write as "
                   "much stays.");
  return answer;
}

std::optional<Answer> ShortEventTtl(const Facts& facts, const Situation& situation) {
  const analyze::Row* const events = RowOf(facts, "events");
  if (!situation.least_bytes || events == nullptr) return std::nullopt;
  const auto live = static_cast<double>(events->usage.live_page_bytes);
  if (live < kNextToNothing * static_cast<double>(facts.file->size_bytes)) return std::nullopt;
  double least = live * (1 - kShortTtlSeconds / kUsualTtlSeconds);
  double most = least;
  const auto& writers = facts.sample.resources;
  const auto written = std::ranges::find(writers, "events", &Sample::Writer::name);
  if (facts.sample.has_pace() && written != writers.end()) {
    const double young = static_cast<double>(written->bytes) * PagesForAByte(facts, "events") *
                         kShortTtlSeconds / facts.sample.seconds;
    least = std::min(least, live - std::min(live, young));
    most = std::max(most, live - std::min(live, young));
  }
  return Answer{
      .id = "event_ttl",
      .premise = "kube-apiserver runs with --event-ttl=15m",
      .frees = Answer::Bytes{static_cast<std::uint64_t>(least), static_cast<std::uint64_t>(most)},
      .assumes =
          "Events live for an hour now. Those of before keep their hour, so that "
          "it takes as long."};
}

// What the objects of a kind are stored as; empty if that varies.
std::string_view ResourceOf(Removable::Kind kind) {
  switch (kind) {
    case Removable::Kind::kFinishedJobs:
      return "jobs.batch";
    case Removable::Kind::kFinishedPods:
      return "pods";
    case Removable::Kind::kEmptyReplicaSets:
      return "replicasets.apps";
    case Removable::Kind::kSupersededReleases:
      return "secrets";
    case Removable::Kind::kExpiredEvents:
      return "events";
    case Removable::Kind::kOrphans:
      return "";
  }
  return "";
}

std::optional<Answer> DeleteRemovable(const Facts& facts, const Situation& situation) {
  if (!situation.least_bytes || !facts.file->removable) return std::nullopt;
  double pages = 0;
  std::uint64_t objects = 0;
  for (const Removable::Row& row : facts.file->removable->rows) {
    pages += static_cast<double>(row.bytes) * PagesForAByte(facts, ResourceOf(row.kind));
    objects += row.objects;
  }
  if (pages < kNextToNothing * static_cast<double>(facts.file->size_bytes)) return std::nullopt;
  return Answer{.id = "delete_removable",
                .premise = "what has done its work is deleted",
                .frees = Answer::Bytes{static_cast<std::uint64_t>(pages * (1 - kUncertain)),
                                       static_cast<std::uint64_t>(pages * (1 + kUncertain))},
                .assumes = absl::StrCat(
                    "These are ", text::Count(objects),
                    " objects. `analyze --removable` lists them with the commands. The space is "
                    "free after a compaction and a defragmentation.")};
}

Answer::Bytes About(std::uint64_t bytes) {
  return {.least = analyze::Scaled(bytes, 1 - kUncertain),
          .most = analyze::Scaled(bytes, 1 + kUncertain)};
}

std::optional<Answer> Compact(const Facts& facts, const Situation& situation) {
  if (!situation.compaction_bytes) return std::nullopt;
  if (Over(*situation.compaction_bytes, facts.file->size_bytes, 0) < kNextToNothing) {
    return std::nullopt;
  }
  return Answer{.id = "compact",
                .premise = "everything up to now is compacted",
                .frees = About(*situation.compaction_bytes),
                .assumes = "These pages are free for new writes, and the file stays as large."};
}

std::optional<Answer> Defragment(const Facts& facts, const Situation& situation) {
  if (!situation.least_bytes) return std::nullopt;
  const std::uint64_t size = facts.file->size_bytes;
  const std::uint64_t least = *situation.least_bytes;
  const auto after = About(least);
  if (after.most >= size) return std::nullopt;  // perhaps nothing
  return Answer{.id = "defragment",
                .premise = "it is defragmented after that",
                .frees = Answer::Bytes{size - after.most, size - after.least},
                .assumes = absl::StrCat("The file is then about ", Bytes(least), ".")};
}

std::optional<Answer> RaiseQuota(const Facts& facts, const Situation& situation) {
  if (situation.disk_is_nearer || situation.fullest == nullptr || !situation.room_bytes) {
    return std::nullopt;
  }
  const std::uint64_t quota = LargerQuota(facts, 0);
  const auto now = situation.fullest->limit_bytes();
  if (!now || quota <= *now) return std::nullopt;
  Answer answer{.id = "quota", .premise = absl::StrCat("the quota is ", Bytes(quota))};
  if (situation.forecast && *situation.room_bytes > 0) {
    const double more = 1 + Over(quota - *now, *situation.room_bytes, 0);
    answer.full = {situation.forecast->earliest * more, situation.forecast->latest * more};
  }
  answer.assumes = absl::StrCat(
      "etcd keeps its file in memory, up to ", Bytes(quota), " of it",
      facts.node.memory_bytes > 0
          ? absl::StrCat(". This node has ", Bytes(facts.node.memory_bytes), " of memory")
          : "",
      ". A defragmentation needs as much disk again",
      facts.node.disk ? absl::StrCat(", and ", Bytes(facts.node.disk->free_bytes), " are free")
                      : "",
      ".");
  return answer;
}

}  // namespace

std::string Answer::Outcome() const {
  std::vector<std::string> parts;
  if (full) parts.push_back("full in " + text::DurationRange(full->earliest, full->latest));
  if (!fills) parts.push_back("it no longer fills");
  if (frees) {
    const std::uint64_t middle = frees->least + (frees->most - frees->least) / 2;
    parts.push_back("frees about " + text::Bytes(middle));
  }
  return absl::StrJoin(parts, ", ");
}

std::vector<Answer> WhatIf(const Facts& facts, const Situation& situation) {
  std::vector<Answer> answers;
  for (std::optional<Answer> answer :
       {Pace(situation), TopWriterStops(facts, situation), ShortEventTtl(facts, situation),
        DeleteRemovable(facts, situation), Compact(facts, situation), Defragment(facts, situation),
        RaiseQuota(facts, situation)}) {
    if (answer) answers.push_back(*std::move(answer));
  }
  return answers;
}

}  // namespace headroom::report
