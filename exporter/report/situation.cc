#include "report/situation.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "kubernetes/registry_key.h"

namespace headroom::report {
namespace {

// Less in use than this share of the quota does not matter, however old it is.
constexpr double kMuchOfTheQuota = 0.25;
// The same where nothing was ever compacted.
constexpr double kSomeOfTheQuota = 0.1;
// An etcd that was started this long ago had time to compact.
constexpr double kTimeToCompact = 15 * 60.0;
// k3s and RKE2 have the longest election timeout, 5 s. A member without a majority knows no leader
// after that.
constexpr double kLongestWithoutMajority = 5.5;
// Pages of a transaction that has just ended are free a commit later.
constexpr std::uint64_t kPendingBytes = std::uint64_t{4} << 20U;

bool IsArmed(const Facts& facts, std::string_view type) {
  return std::ranges::any_of(facts.alarms,
                             [type](const AlarmFact& alarm) { return alarm.type == type; });
}

bool IsFuller(const MemberFact* a, const MemberFact* b) {
  const auto used_a = a->quota_used();
  const auto used_b = b->quota_used();
  if (used_a && used_b) return *used_a > *used_b;
  if (used_a || used_b) return used_a.has_value();
  return a->size_bytes() > b->size_bytes();
}

bool IsFitForDisarm(const MemberFact& member) {
  if (member.quota_bytes == etcd::kQuotaDisabled) return true;
  return member.quota_bytes && IsFit(member.size_bytes(), *member.quota_bytes);
}

std::uint64_t Less(std::uint64_t from, std::uint64_t what) { return from - std::min(from, what); }

// Whether an API server keeps its objects here, as far as the file shows.
bool HasKubernetes(const analyze::Analysis& file) {
  return std::ranges::any_of(
      file.resources, [](const analyze::Row& row) { return kubernetes::IsBuiltIn(row.resource); });
}

}  // namespace

bool IsFit(std::uint64_t size_bytes, std::int64_t quota_bytes) {
  return static_cast<double>(size_bytes) < kFitForDisarm * static_cast<double>(quota_bytes);
}

Situation::Situation(const Facts& facts) {
  corrupt = IsArmed(facts, "CORRUPT");
  nospace = IsArmed(facts, "NOSPACE");
  FindMembers(facts);
  CompareQuotas();
  FindPinned(facts);
  ReadFile(facts);
  FindRoom(facts);
  JudgeHistory(facts);
  CountGrowthSince(facts.sample);
  FindForecast(facts);
}

void Situation::FindMembers(const Facts& facts) {
  std::size_t listed_voters = 0;
  for (const MemberFact& member : facts.members) {
    if (!member.is_learner) ++listed_voters;
    if (member.is_defragmenting && !member.status) is_defragmenting = true;
    if (!member.status) {
      const bool was_asked = !member.url.empty();
      if (!member.is_learner && was_asked && !member.is_defragmenting) silent.push_back(&member);
      continue;
    }
    answered.push_back(&member);
    if (!member.status->is_learner) voters.push_back(&member);
    revision = std::max(revision, member.status->revision);
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
    const bool unknown_and_armed = nospace && !member->quota_bytes;
    if (member->quota_used().value_or(0) >= kFitForDisarm || unknown_and_armed) {
      tight.push_back(member);
    }
  }
  for (const MemberFact* member : answered) {
    const bool is_full = member->quota_used().value_or(0) >= kFitForDisarm;
    if (member->status->is_learner && is_full) full_learners.push_back(member);
  }
  any_answer = !answered.empty();
  const bool writes_seen = facts.sample.has_pace() && facts.sample.revisions > 0;
  majority_answers = writes_seen || facts.sample.led_seconds > kLongestWithoutMajority ||
                     !facts.is_list_known || 2 * silent.size() < listed_voters;
  all_answered = any_answer && facts.is_list_known && answered.size() == facts.members.size();
  knows_quotas = std::ranges::all_of(
      answered, [](const MemberFact* member) { return member->quota_bytes.has_value(); });
  only_disarm_is_missing =
      nospace && !corrupt && all_answered && contact != nullptr &&
      std::ranges::all_of(answered, [](const MemberFact* m) { return IsFitForDisarm(*m); });
}

void Situation::CompareQuotas() {
  for (const MemberFact* member : answered) {
    largest_quota = std::max(largest_quota, member->limit_bytes().value_or(0));
  }
  for (const MemberFact* member : tight) {
    const auto largest = static_cast<std::int64_t>(largest_quota);
    const bool helps = member->quota_bytes && *member->quota_bytes < largest &&
                       IsFit(member->size_bytes(), largest);
    if (!helps) return short_of_quota.clear();
    short_of_quota.push_back(member);
  }
}

// Peers have the same data, but may keep them in sparser pages: the excess alone proves nothing
// there. More open read transactions than this node's member has do.
void Situation::FindPinned(const Facts& facts) {
  const MemberFact* local = facts.local_member();
  if (!facts.file || !facts.file->complete() || local == nullptr) return;
  const auto is_much = [](std::uint64_t bytes, const MemberFact& member, std::uint64_t part) {
    return bytes > kPendingBytes && bytes > member.size_bytes() / part;
  };
  if (facts.pinned_bytes && is_much(*facts.pinned_bytes, *local, 20)) {
    pinned_bytes = *facts.pinned_bytes;
    pinned.push_back(local);
  }
  for (const MemberFact* member : answered) {
    if (member == local || !member->open_read_transactions || !local->open_read_transactions) {
      continue;
    }
    const std::uint64_t excess = Less(member->in_use_bytes(), facts.file->used_bytes());
    if (is_much(excess, *member, 4) &&
        *member->open_read_transactions > *local->open_read_transactions) {
      pinned.push_back(member);
    }
  }
}

void Situation::ReadFile(const Facts& facts) {
  if (!facts.file || !facts.file->complete()) return;
  compaction_bytes = facts.file->compaction_bytes();
  least_bytes = facts.file->defragmented_bytes();
  if (fullest != nullptr) {
    live_data_fill_it = fullest->limit_bytes() && !IsFit(*least_bytes, *fullest->quota_bytes);
  } else if (const auto quota = facts.node.configured_quota_bytes; quota.value_or(0) > 0) {
    file_is_full = !IsFit(facts.file->size_bytes, *quota);
  }
}

void Situation::JudgeHistory(const Facts& facts) {
  const Sample& sample = facts.sample;
  if (!compacted || fullest == nullptr) return;
  if (sample.has_pace() && sample.revisions > 0) {
    history_seconds = static_cast<double>(history_revisions()) * sample.seconds /
                      static_cast<double>(sample.revisions);
  }
  if (nospace || !room_bytes) return;
  const auto used = static_cast<double>(fullest->in_use_bytes());
  const double in_use = used / (used + static_cast<double>(*room_bytes));
  // An API server compacts for the first time ten minutes after its start.
  const bool had_time = std::ranges::any_of(answered, [&facts](const MemberFact* member) {
    return member->start_time_seconds &&
           facts.now_seconds - *member->start_time_seconds > kTimeToCompact;
  });
  const bool is_age_known = std::ranges::any_of(
      answered, [](const MemberFact* member) { return member->start_time_seconds.has_value(); });
  const auto& config = facts.node.config;
  const bool compacts_itself =
      config && (config->auto_compaction_retention_seconds.value_or(0) > 0 ||
                 config->auto_compaction_mode.value_or("") == "revision");
  const bool never = *compacted == 0 && !compacts_itself && in_use > kSomeOfTheQuota &&
                     (had_time || (!is_age_known && in_use > kMuchOfTheQuota));
  const bool only_history = compaction_bytes && !compacts_itself &&
                            2 * *compaction_bytes > facts.file->used_bytes() &&
                            !HasKubernetes(*facts.file) && in_use > kMuchOfTheQuota;
  nobody_compacts = never || only_history;
  compaction_seems_stopped = !nobody_compacts && history_seconds &&
                             *history_seconds > UsualHistorySeconds(facts) &&
                             in_use > kMuchOfTheQuota;
}

void Situation::FindRoom(const Facts& facts) {
  for (const MemberFact* member : answered) {
    if (!member->limit_bytes()) continue;
    const std::uint64_t room = Less(*member->limit_bytes(), member->in_use_bytes());
    room_bytes = std::min(room_bytes.value_or(room), room);
  }
  const MemberFact* local = facts.local_member();
  const auto& disk = facts.node.disk;
  if (local == nullptr || !disk) return;
  const bool has_quota = local->limit_bytes().has_value();
  disk_is_nearer =
      !has_quota || disk->free_bytes < Less(*local->limit_bytes(), local->size_bytes());
  if (!disk_is_nearer) return;
  const std::uint64_t room = disk->free_bytes + local->free_bytes();
  disk_is_nearer = room < room_bytes.value_or(room + 1);
  if (!disk_is_nearer) return;
  room_bytes = room;
  // A disk that also holds much else is not etcd's to fill.
  disk_is_short = disk->free_bytes < std::max(local->size_bytes(), disk->size_bytes / 10);
}

// All members store the same writes.
void Situation::CountGrowthSince(const Sample& sample) {
  if (!room_bytes || contact == nullptr || !sample.last_in_use_bytes) return;
  room_bytes = Less(*room_bytes, Less(*sample.last_in_use_bytes, contact->in_use_bytes()));
  if (*room_bytes == 0 && !disk_is_nearer) at_quota = true;
}

std::string Names(const std::vector<const MemberFact*>& members) {
  return absl::StrJoin(
      members, ", ", [](std::string* out, const MemberFact* member) { out->append(member->name); });
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
