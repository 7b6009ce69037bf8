#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "monitor/thresholds.h"
#include "report/facts.h"

namespace headroom::report {

// Below this share of its quota a member is fit for a disarm; from there on little is left.
inline constexpr double kFitForDisarm = 1 - kLeastRoom;

// `quota_bytes`: a quota in force, above 0.
bool IsFit(std::uint64_t size_bytes, std::int64_t quota_bytes);

// Quotas of up to this are usual; above it etcd warns. Bytes.
inline constexpr std::uint64_t kUsualQuota = std::uint64_t{8} << 30U;

// When the nearer limit is reached at the pace of the sample, in seconds.
struct TimeToFull {
  double earliest = 0;
  double latest = 0;
  std::string basis;  // a sentence: what was measured and assumed
};

// What follows from the facts and decides what to say and to do. Refers to the facts.
struct Situation {
  bool corrupt = false;
  bool nospace = false;
  bool any_answer = false;
  bool is_defragmenting = false;  // a member, and so it answers nothing
  // False if half of the listed voters or more did not answer, and neither a write was seen nor
  // a leader for longer than one stays without a majority.
  bool majority_answers = false;
  bool all_answered = false;
  bool knows_quotas = false;  // of all that answered
  bool at_quota = false;      // of a member that answered: the next put arms NOSPACE
  // NOSPACE is armed, and there is space: every member of the member list answered and is below
  // kFitForDisarm; and there is a contact.
  bool only_disarm_is_missing = false;
  // After a compaction and a defragmentation the fullest member would not be fit for a disarm.
  bool live_data_fill_it = false;
  // Nothing was ever compacted, or most of what a cluster without an API server stores is history;
  // and it takes room.
  bool nobody_compacts = false;
  // History is longer than anybody keeps it at the pace of the sample, and takes room. A burst
  // just now looks alike.
  bool compaction_seems_stopped = false;
  bool disk_is_nearer = false;  // than the quota
  bool disk_is_short = false;   // and half of what the disk allows is used
  // While no member answers, by this node's file and configuration: the file is at its quota.
  bool file_is_full = false;

  // The voter to turn to: the leader, else one that knows a leader. Null when there is none, so
  // that nothing can be written.
  const MemberFact* contact = nullptr;
  const MemberFact* fullest = nullptr;  // by share of its quota, else by size; null if none
  std::vector<const MemberFact*> answered;
  std::vector<const MemberFact*> silent;  // of the listed voters: no answer
  std::vector<const MemberFact*> voters;  // of those that answered; the leader last
  // Of the voters: at kFitForDisarm or above; with NOSPACE also those of an unknown quota.
  std::vector<const MemberFact*> tight;
  std::vector<const MemberFact*> full_learners;  // as full; a learner cannot be defragmented
  // Members whose quota is below the largest one, and no tight one besides: with that quota each
  // would have room. Empty otherwise.
  std::vector<const MemberFact*> short_of_quota;
  std::uint64_t largest_quota = 0;  // of the members that answered; 0 if none is known
  // Members of whose pages in use a large part holds nothing, because a read transaction is open.
  // `pinned_bytes` is that of this node's member, if it is one of them.
  std::vector<const MemberFact*> pinned;
  std::uint64_t pinned_bytes = 0;

  std::int64_t revision = 0;              // newest
  std::optional<std::int64_t> compacted;  // newest; 0 before the first compaction
  // By the file walk: what a compaction would free, and the file's size after that and a
  // defragmentation. Nothing if the file could not be read whole.
  std::optional<std::uint64_t> compaction_bytes;
  std::optional<std::uint64_t> least_bytes;
  // How long the history is that is kept, at the pace of the sample; unknown without one.
  std::optional<double> history_seconds;
  // Until the nearer limit is used up, by what is in use at the end of the sample. Nothing if no
  // limit is known.
  std::optional<std::uint64_t> room_bytes;
  std::optional<TimeToFull> forecast;

  explicit Situation(const Facts& facts);

  std::int64_t history_revisions() const { return compacted ? revision - *compacted : 0; }

 private:
  void FindMembers(const Facts& facts);
  void CompareQuotas();
  void FindPinned(const Facts& facts);
  void ReadFile(const Facts& facts);
  void JudgeHistory(const Facts& facts);
  void FindRoom(const Facts& facts);
  void CountGrowthSince(const Sample& sample);
  void FindForecast(const Facts& facts);
  void ForecastBySample(const Facts& facts);
  void ForecastByDay(const Facts& facts);
};

// Of members, for a sentence: "m1, m2".
std::string Names(const std::vector<const MemberFact*>& members);

// The longest that Kubernetes keeps history, plus some, or twice what etcd itself is set to keep.
double UsualHistorySeconds(const Facts& facts);

// How long a member answers nothing while it defragments, from what it has to copy: 2.1 GB took 16
// to 27 s.
double DefragmentationSeconds(std::uint64_t in_use_bytes);

}  // namespace headroom::report
