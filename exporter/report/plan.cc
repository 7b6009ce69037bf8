#include "report/plan.h"

#include "report/steps.h"
#include "report/traps.h"

namespace headroom::report {
namespace {

bool IsLarge(std::uint64_t bytes, const MemberFact& of) {
  constexpr std::uint64_t kTenth = 10;
  return of.limit_bytes() && bytes > *of.limit_bytes() / kTenth;
}

void Corrupt(const Situation& situation, Steps& steps) {
  if (situation.any_answer) steps.Prepare();
  steps.FindCorruptMember();
}

void EndReads(const Situation& situation, Steps& steps) {
  steps.StopTheWriter();
  if (situation.disk_is_short) steps.MakeRoomOnDisk();
  for (const MemberFact* member : situation.pinned) steps.EndRead(*member);
  steps.Compact();
  steps.ReportAgain("It plans what is left to do once in-use has fallen.");
}

// NOSPACE is armed, or the next put arms it.
void Recover(const Facts& facts, const Situation& situation, Steps& steps) {
  steps.Prepare();
  if (!situation.pinned.empty()) return EndReads(situation, steps);
  if (situation.disk_is_short) steps.MakeRoomOnDisk();
  if (!situation.short_of_quota.empty()) {
    steps.RaiseShortQuotas();
    steps.CheckRoom(situation.largest_quota);
    return steps.Disarm();
  }
  steps.SaveSnapshot();
  steps.StopTheWriter();
  const bool deletes = situation.live_data_fill_it && steps.Delete();
  if (situation.compacted && situation.history_revisions() == 0 && !deletes) {
    steps.Avoid("There is no history to compact.");
    steps.AwaitSettled();
  } else {
    steps.Compact();
  }
  steps.Defragment(situation.tight);
  steps.RaiseQuotaOfLearners();
  const bool may_not_suffice = situation.live_data_fill_it ? !deletes : !facts.file.has_value();
  if (may_not_suffice) steps.RaiseQuota(/*if_still_full=*/true);
  steps.CheckRoom(0);
  steps.Disarm();
  steps.Avoid("Do not disarm first: while a member is at its quota the next write arms it again.");
  steps.Avoid("A larger quota alone does not clear the alarm, and compacting shrinks no file.");
  AvoidTraps(situation, steps.avoid());
}

// Writes are accepted, and something is short or will be.
void Prevent(const Situation& situation, Steps& steps) {
  const MemberFact* fullest = situation.fullest;
  const bool is_filling = situation.forecast.has_value() || !situation.tight.empty();
  if (!is_filling && situation.pinned.empty() && !situation.nobody_compacts &&
      !situation.disk_is_short) {
    return;
  }
  steps.Prepare();
  if (!situation.pinned.empty()) return EndReads(situation, steps);
  if (situation.disk_is_short) steps.MakeRoomOnDisk();
  if (situation.forecast || (is_filling && situation.short_of_quota.empty())) steps.StopTheWriter();
  if (!situation.short_of_quota.empty()) return steps.RaiseShortQuotas();
  // Where the file cannot be read, a compaction shows how much history there is.
  const bool may_have_history = !situation.compacted || situation.history_revisions() > 0;
  const bool has_history =
      situation.nobody_compacts || (is_filling && situation.compaction_seems_stopped) ||
      (is_filling && may_have_history &&
       (!situation.compaction_bytes || IsLarge(*situation.compaction_bytes, *fullest)));
  if (has_history) steps.Compact();
  steps.DefragmentWhereItHelps(has_history);
  if (situation.nobody_compacts) steps.CompactByItself();
  if (is_filling && !situation.disk_is_short) steps.RaiseQuota(/*if_still_full=*/false);
  if (is_filling) AvoidTraps(situation, steps.avoid());
}

}  // namespace

Plan PlanFor(const Facts& facts, const Situation& situation) {
  Steps steps(facts, situation);
  if (facts.is_kine) return {};
  if (situation.corrupt) {
    Corrupt(situation, steps);
  } else if (!situation.any_answer) {
    if (situation.is_defragmenting) {
      steps.AwaitDefragmentation();
    } else if (situation.nospace || situation.file_is_full) {
      steps.StartWithLargerQuota();
    }
  } else if (situation.contact == nullptr || (!situation.majority_answers && !situation.nospace)) {
    steps.BringMembersBack();
  } else if (situation.only_disarm_is_missing) {
    steps.Prepare();
    steps.Disarm();
  } else if (situation.nospace || situation.at_quota) {
    Recover(facts, situation, steps);
  } else {
    Prevent(situation, steps);
  }
  return steps.Take();
}

}  // namespace headroom::report
