#include "monitor/inventory_walker.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "analyze/analysis.h"
#include "analyze/pinned.h"
#include "etcd/stoppable_sleep.h"
#include "logging/log.h"
#include "monitor/start_delay.h"

namespace headroom {
namespace {

// etcd commits to its file every 100 ms.
constexpr std::chrono::seconds kFileFollowsWithin{2};

// How far the file has come. Its newest revisions may be deletes that were compacted away.
std::int64_t RevisionOf(const analyze::Inventory::Notes& notes) {
  return std::max({notes.revision.value_or(1), notes.compacted_revision.value_or(1),
                   notes.scheduled_compaction.value_or(1)});
}

// The less of what the member said before the walk and after it: in between, it may have compacted
// or written much.
std::optional<std::uint64_t> LeastPinned(const analyze::Analysis& analysis,
                                         const std::optional<DatabaseSpace>& before,
                                         const std::optional<DatabaseSpace>& after) {
  if (!before || !after) return std::nullopt;
  const auto pinned = [&analysis](const DatabaseSpace& space) {
    return analyze::PinnedBytes(analysis, space.size_bytes, space.in_use_bytes);
  };
  const auto first = pinned(*before);
  const auto second = pinned(*after);
  return first && second ? std::optional(std::min(*first, *second)) : std::nullopt;
}

// Of this thread alone. What is not granted is not worth a word: it is paced besides.
void YieldToAllOthers() {
  constexpr int kLowest = 19;
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLowest);
  // The kernel's linux/ioprio.h, which is no C++ in some versions: of this thread, the class idle.
  constexpr int kWhoProcess = 1;
  constexpr int kClassIdle = 3 << 13;
  syscall(SYS_ioprio_set, kWhoProcess, 0, kClassIdle);
}

std::string WhatToDo(const absl::Status& failure) {
  switch (failure.code()) {
    case absl::StatusCode::kNotFound:
      return "mount etcd's data directory read-only, or give --inventory.db-file";
    case absl::StatusCode::kPermissionDenied:
      return "grant CAP_DAC_READ_SEARCH, or run as the user the file belongs to";
    case absl::StatusCode::kFailedPrecondition:
      return "restart after etcd's data directory was replaced, or give its --inventory.db-file";
    case absl::StatusCode::kResourceExhausted:
      return "raise --inventory.max-keys and the memory limit";
    default:
      return "wait for the next walk; analyze shows more";
  }
}

}  // namespace

InventoryWalker::InventoryWalker(InventoryWalkerOptions options)
    : options_(std::move(options)),
      resources_(options_.max_resources),
      namespaces_(options_.max_namespaces),
      thread_([this](const std::stop_token& stop) { Loop(stop); }) {}

std::shared_ptr<const ExactInventory> InventoryWalker::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

void InventoryWalker::Loop(const std::stop_token& stop) {
  YieldToAllOthers();
  auto wait = StartDelay(options_.at_start);
  while (etcd::StoppableSleep(wait, stop)) {
    wait = options_.interval;
    const auto reached = options_.watched_revision();
    if (reached && !etcd::StoppableSleep(kFileFollowsWithin, stop)) return;
    auto walked = Walk(reached, stop);
    if (stop.stop_requested()) return;
    Log(walked.status());
    if (!walked.ok()) {
      ++failures_;
      continue;
    }
    auto exact = std::make_shared<const ExactInventory>(*std::move(walked));
    const std::lock_guard lock(mutex_);
    latest_ = std::move(exact);
  }
}

absl::StatusOr<ExactInventory> InventoryWalker::Walk(std::optional<std::int64_t> reached,
                                                     const std::stop_token& stop) {
  using std::chrono::steady_clock;
  ExactInventory exact{.began = std::chrono::system_clock::now()};
  const auto start = steady_clock::now();
  const std::optional<DatabaseSpace> before = options_.member_space();
  const analyze::Background background{
      .bytes_per_second = kColdBytesPerSecond, .max_keys = options_.max_keys, .stop = stop};
  const auto analysis = analyze::Analyze(
      options_.file, {.prefixes = options_.prefixes, .namespaces = true},
      [](std::uint64_t, std::uint64_t) {}, &background);
  if (!analysis.ok()) return analysis.status();
  if (!analysis->complete()) {
    return absl::DataLossError(absl::StrCat(options_.file, ": ", analysis->problem));
  }
  if (const std::int64_t revision = RevisionOf(analysis->notes); reached && revision < *reached) {
    return absl::FailedPreconditionError(absl::StrCat(options_.file, ": ends at revision ",
                                                      revision, " where etcd has come to ",
                                                      *reached, ": etcd does not write to it"));
  }
  exact.took = steady_clock::now() - start;
  exact.pinned_bytes = LeastPinned(*analysis, before, options_.member_space());
  // The largest first, so that they have labels of their own.
  for (const analyze::Row& row : analysis->resources) {
    const accounting::ResourceId id = resources_.Find(row.resource);
    exact.resources.resize(resources_.size());
    ExactInventory::Stored& resource = exact.resources[id];
    resource.objects += row.usage.live_objects;
    resource.live_bytes += row.usage.live_bytes;
    resource.history_bytes += row.usage.history_bytes();
  }
  exact.resources.resize(resources_.size());
  for (std::size_t id = 0; id < exact.resources.size(); ++id) {
    exact.resources[id].name = resources_.Name(static_cast<accounting::ResourceId>(id));
  }
  exact.namespaces = Place(*analysis);
  return exact;
}

std::vector<ExactInventory::Stored> InventoryWalker::Place(const analyze::Analysis& analysis) {
  std::vector<accounting::PlacedNames::Candidate> candidates;
  for (const analyze::NamespaceRow& row : analysis.namespaces) {
    if (row.name.empty() || row.name == accounting::kOtherLabel) continue;
    candidates.push_back({.name = row.name, .weight = row.live_bytes + row.history_bytes});
  }
  namespaces_.Update(std::move(candidates));
  std::vector<ExactInventory::Stored> shown{{.name = std::string(accounting::kOtherLabel)},
                                            {.name = ""}};
  for (const analyze::NamespaceRow& row : analysis.namespaces) {
    const bool placed = namespaces_.Has(row.name);
    if (placed) shown.push_back({.name = row.name});
    ExactInventory::Stored& stored = placed ? shown.back() : shown[row.name.empty() ? 1 : 0];
    stored.objects += row.objects;
    stored.live_bytes += row.live_bytes;
    stored.history_bytes += row.history_bytes;
  }
  return shown;
}

void InventoryWalker::Log(const absl::Status& walked) {
  if (std::exchange(logged_, walked.code()) == walked.code()) return;
  if (walked.ok()) {
    log::Info("the database file is read", {{"file", options_.file}});
  } else {
    log::Warn("the database file is not read; the inventory before it stays",
              {{"error", std::string(walked.message())}, {"do", WhatToDo(walked)}});
  }
}

}  // namespace headroom
