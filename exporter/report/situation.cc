#include "report/situation.h"

#include <algorithm>

namespace headroom::report {
namespace {

bool IsArmed(const Facts& facts, std::string_view type) {
  return std::ranges::any_of(facts.alarms,
                             [type](const AlarmFact& alarm) { return alarm.type == type; });
}

bool IsFuller(const MemberFact* a, const MemberFact* b) {
  const auto used_a = a->quota_used();
  const auto used_b = b->quota_used();
  if (used_a && used_b) return *used_a > *used_b;
  if (used_a || used_b) return used_a.has_value();
  return a->status->db_size_bytes > b->status->db_size_bytes;
}

bool IsFitForDisarm(const MemberFact& member) {
  if (member.quota_bytes == etcd::kQuotaDisabled) return true;
  const auto used = member.quota_used();
  return used && *used < kFitForDisarm;
}

}  // namespace

Situation::Situation(const Facts& facts) {
  corrupt = IsArmed(facts, "CORRUPT");
  nospace = IsArmed(facts, "NOSPACE");
  for (const MemberFact& member : facts.members) {
    if (!member.status) continue;
    answered.push_back(&member);
    const etcd::StatusReply& status = *member.status;
    if (status.leader_id != 0) has_leader = true;
    if (!status.is_learner) voters.push_back(&member);
    revision = std::max(revision, status.revision);
    if (member.compacted) {
      compacted = std::max({std::int64_t{0}, compacted.value_or(0), member.compacted->revision});
    }
    if (fullest == nullptr || IsFuller(&member, fullest)) fullest = &member;
  }
  std::stable_partition(voters.begin(), voters.end(),
                        [](const MemberFact* member) { return !member->is_leader(); });
  any_answer = !answered.empty();
  all_answered = any_answer && facts.is_list_known && answered.size() == facts.members.size();
  knows_quotas = std::ranges::all_of(
      answered, [](const MemberFact* member) { return member->quota_bytes.has_value(); });
  only_disarm_is_missing =
      nospace && !corrupt && all_answered &&
      std::ranges::all_of(answered, [](const MemberFact* m) { return IsFitForDisarm(*m); });

  if (facts.file && facts.file->complete()) {
    compaction_bytes = facts.file->compaction_bytes();
  } else if (compacted && history_revisions() == 0) {
    compaction_bytes = 0;
  }
  if (fullest == nullptr || !compaction_bytes) return;
  const auto in_use = static_cast<std::uint64_t>(fullest->status->db_in_use_bytes);
  least_bytes = in_use - std::min(in_use, *compaction_bytes);
  live_data_fill_it =
      fullest->quota_used() && static_cast<double>(*least_bytes) >=
                                   kFitForDisarm * static_cast<double>(*fullest->quota_bytes);
}

double DefragmentationSeconds(std::uint64_t in_use_bytes) {
  constexpr double kSecondsPerByte = 22 / 2.1e9;
  return std::max(1.0, static_cast<double>(in_use_bytes) * kSecondsPerByte);
}

}  // namespace headroom::report
