#include "report/file_survey.h"

#include <sys/sysinfo.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "analyze/format.h"
#include "analyze/pinned.h"
#include "files/disk_space.h"
#include "monitor/inventory_walker.h"
#include "monitor/member_labels.h"
#include "report/printable.h"

namespace headroom::report {
namespace {

// The data directory of a database file where etcd keeps it, else its folder.
std::filesystem::path DataFolder(const std::filesystem::path& file) {
  const auto folder = file.parent_path();
  const bool is_etcds = folder.filename() == "snap" && folder.parent_path().filename() == "member";
  return is_etcds ? folder.parent_path().parent_path() : folder;
}

// To know what is removable takes about 70 bytes an object, and a pod has little memory.
constexpr std::size_t kMostToJudge = 100'000;

// In bytes; 0 if it is unknown.
std::uint64_t MachineMemory() {
  struct sysinfo machine {};
  if (::sysinfo(&machine) != 0) return 0;
  return std::uint64_t{machine.totalram} * machine.mem_unit;
}

// This node's member: the one its configuration describes, else the only endpoint given.
std::optional<std::size_t> FindLocal(const Options& options, const Facts& facts) {
  std::optional<std::size_t> endpoint;
  if (facts.node.config) endpoint = ConfiguredEndpoint(options.endpoints, *facts.node.config);
  if (!endpoint && options.endpoints.size() == 1) endpoint = 0;
  if (!endpoint) return std::nullopt;
  const std::string url = options.endpoints[*endpoint].Url();
  const auto member = std::ranges::find(facts.members, url, &MemberFact::url);
  if (member == facts.members.end() || !member->status) return std::nullopt;
  return static_cast<std::size_t>(member - facts.members.begin());
}

void ReadFile(const Options& options, const std::stop_token& stop, Facts& facts) {
  const analyze::Background gently{.bytes_per_second = InventoryWalker::kColdBytesPerSecond,
                                   .max_keys = options.inventory_max_keys,
                                   .stop = stop};
  const bool etcd_runs = std::ranges::any_of(
      facts.members, [](const MemberFact& member) { return member.status.has_value(); });
  const auto quiet = [](std::uint64_t, std::uint64_t) {};
  const auto read = [&](analyze::Question question) {
    question.prefixes = options.registry_prefixes;
    return analyze::Analyze(options.db_file, question, quiet, etcd_runs ? &gently : nullptr);
  };
  auto file = read({.by = analyze::Breakdown::kNamespace,
                    .namespaces = options.budgets != nullptr,
                    .removable = true,
                    .most_judged = kMostToJudge});
  if (!file.ok()) {
    facts.file_problem = OneLine(file.status());
    if (absl::IsResourceExhausted(file.status())) {
      facts.file_problem += "; raise --inventory.max-keys";
    }
    return;
  }
  facts.file = *std::move(file);
  const auto& rows = facts.file->resources;
  if (rows.empty() || rows.front().resource != "events") return;
  if (auto events = read({.by = analyze::Breakdown::kComponent}); events.ok()) {
    facts.event_components = std::move(events->breakdown);
  }
}

void AddAlarmsOfFile(Facts& facts) {
  for (const bbolt::StoredAlarm& alarm : facts.file->notes.alarms) {
    facts.alarms.push_back(
        {.type = analyze::AlarmName(alarm), .raised_by = analyze::MemberId(alarm.member)});
  }
}

}  // namespace

void AddOverBudget(const budgets::Budgets& budgets, Facts& facts) {
  if (facts.file && !facts.file->complete()) return;
  if (!facts.file) return;
  std::optional<std::uint64_t> quota;
  for (const MemberFact& member : facts.members) {
    if (const auto limit = member.limit_bytes()) quota = std::min(quota.value_or(*limit), *limit);
  }
  for (const analyze::NamespaceRow& row : facts.file->namespaces) {
    const budgets::Budget* const budget =
        row.name.empty() ? nullptr : budgets::Find(budgets, row.name);
    if (budget == nullptr) continue;
    const auto bytes = budget->BytesOf(quota);
    const std::uint64_t stored = row.live_bytes + row.history_bytes;
    if (!bytes || stored <= *bytes) continue;
    facts.over_budget.push_back({.object_namespace = row.name,
                                 .owner = budget->owner,
                                 .stored_bytes = stored,
                                 .budget_bytes = *bytes});
  }
  std::ranges::sort(facts.over_budget, std::greater(),
                    [](const BudgetFact& fact) { return fact.stored_bytes - fact.budget_bytes; });
}

void AddFile(const Options& options, const std::stop_token& stop, const AskInUse& ask_in_use,
             Facts& facts) {
  if (options.db_file.empty()) return;
  const bool is_down = std::ranges::none_of(
      facts.members, [](const MemberFact& member) { return member.status.has_value(); });
  ReadFile(options, stop, facts);
  facts.was_interrupted = stop.stop_requested();
  if (facts.file && is_down) AddAlarmsOfFile(facts);
  facts.local = FindLocal(options, facts);
  if (const MemberFact* local = facts.local_member(); local != nullptr && facts.file) {
    // The walk is of a moment between two answers.
    const std::uint64_t before = local->in_use_bytes();
    const std::uint64_t in_use = std::min(before, ask_in_use(*local).value_or(before));
    facts.pinned_bytes = analyze::PinnedBytes(*facts.file, local->size_bytes(), in_use);
    // Then the file is another member's.
    if (facts.file->complete() && !facts.pinned_bytes) facts.local.reset();
  }
  if (!facts.local && !is_down) return;
  facts.node.data_dir = OnNode(DataFolder(options.db_file), options.rootfs);
  facts.node.disk = ReadDiskSpace(options.db_file);
  facts.node.memory_bytes = MachineMemory();
}

}  // namespace headroom::report
