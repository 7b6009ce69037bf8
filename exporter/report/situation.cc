#include "report/situation.h"

#include <algorithm>

namespace headroom::report {
namespace {

// Less in use than this share is no matter, however old.
constexpr double kMuchOfTheQuota = 0.25;

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
  LookAtMembers(facts);
  LookAtFile(facts);
  LookAtHistory(facts);
}

void Situation::LookAtMembers(const Facts& facts) {
  for (const MemberFact& member : facts.members) {
    if (!member.status) continue;
    answered.push_back(&member);
    const etcd::StatusReply& status = *member.status;
    if (!status.is_learner) voters.push_back(&member);
    revision = std::max(revision, status.revision);
    if (member.compacted) {
      compacted = std::max({std::int64_t{0}, compacted.value_or(0), member.compacted->revision});
    }
    if (fullest == nullptr || IsFuller(&member, fullest)) fullest = &member;
    if (member.quota_used().value_or(0) >= 1) at_quota = true;
  }
  std::stable_partition(voters.begin(), voters.end(),
                        [](const MemberFact* member) { return !member->is_leader(); });
  for (const MemberFact* member : voters) {
    if (member->status->leader_id != 0) contact = member;
  }
  any_answer = !answered.empty();
  all_answered = any_answer && facts.is_list_known && answered.size() == facts.members.size();
  knows_quotas = std::ranges::all_of(
      answered, [](const MemberFact* member) { return member->quota_bytes.has_value(); });
  only_disarm_is_missing =
      nospace && !corrupt && all_answered && contact != nullptr &&
      std::ranges::all_of(answered, [](const MemberFact* m) { return IsFitForDisarm(*m); });
}

void Situation::LookAtFile(const Facts& facts) {
  if (!facts.file || !facts.file->complete()) return;
  compaction_bytes = facts.file->compaction_bytes();
  if (fullest == nullptr) return;
  const std::uint64_t in_use = Unsigned(fullest->status->db_in_use_bytes);
  least_bytes = in_use - std::min(in_use, *compaction_bytes);
  live_data_fill_it =
      fullest->quota_used() && static_cast<double>(*least_bytes) >=
                                   kFitForDisarm * static_cast<double>(*fullest->quota_bytes);
}

void Situation::LookAtHistory(const Facts& facts) {
  const Sample& sample = facts.sample;
  if (!compacted || !sample.has_pace() || sample.revisions == 0) return;
  history_seconds = static_cast<double>(history_revisions()) * sample.seconds /
                    static_cast<double>(sample.revisions);
  const auto used = fullest->quota_used();
  const auto in_use = static_cast<double>(fullest->status->db_in_use_bytes);
  compaction_has_stopped = *history_seconds > UsualHistorySeconds(facts) && used &&
                           in_use > kMuchOfTheQuota * static_cast<double>(*fullest->quota_bytes);
}

double UsualHistorySeconds(const Facts& facts) {
  constexpr double kKubernetes = 15 * 60.0;  // it compacts every 5 min and keeps up to twice that
  const auto& config = facts.node.config;
  const double retention = config ? config->auto_compaction_retention_seconds.value_or(0) : 0;
  return std::max(kKubernetes, 2 * retention);
}

double DefragmentationSeconds(std::uint64_t in_use_bytes) {
  constexpr double kSecondsPerByte = 27 / 2.1e9;
  return std::max(1.0, static_cast<double>(in_use_bytes) * kSecondsPerByte);
}

}  // namespace headroom::report
