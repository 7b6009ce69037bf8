#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "report/facts.h"

namespace headroom::report {

// Below this share of its quota a member is fit for a disarm; from there on little is left.
inline constexpr double kFitForDisarm = 0.9;

// What follows from the facts and decides what to say and to do. Refers to the facts.
struct Situation {
  bool corrupt = false;
  bool nospace = false;
  bool any_answer = false;
  // The voter to turn to: the leader, else one that knows a leader. Null when there is none, so
  // that nothing can be written.
  const MemberFact* contact = nullptr;
  bool all_answered = false;
  bool knows_quotas = false;  // of all that answered
  bool at_quota = false;      // of a member that answered: the next put arms NOSPACE
  // NOSPACE is armed, and there is space: every member of the member list answered and is below
  // kFitForDisarm; and there is a contact.
  bool only_disarm_is_missing = false;

  std::vector<const MemberFact*> answered;
  std::vector<const MemberFact*> voters;  // of those; the leader last
  const MemberFact* fullest = nullptr;    // by share of its quota, else by size; null if none
  std::int64_t revision = 0;              // newest
  std::optional<std::int64_t> compacted;  // newest; 0 before the first compaction

  // What a compaction would free, as counted in the file.
  std::optional<std::uint64_t> compaction_bytes;
  // The fullest member's file as compaction and defragmentation would leave it, at most.
  std::optional<std::uint64_t> least_bytes;
  // Even then it would not be fit for a disarm.
  bool live_data_fill_it = false;

  // How long the history is that is kept, at the pace of the sample; unknown without one.
  std::optional<double> history_seconds;
  // It is longer than anybody keeps it, and takes room. After a burst that may be so for minutes.
  bool compaction_has_stopped = false;

  explicit Situation(const Facts& facts);

  std::int64_t history_revisions() const { return compacted ? revision - *compacted : 0; }

 private:
  void LookAtMembers(const Facts& facts);
  void LookAtFile(const Facts& facts);
  void LookAtHistory(const Facts& facts);
};

// The longest that Kubernetes keeps history, plus some, or twice what etcd itself is told to keep.
double UsualHistorySeconds(const Facts& facts);

// Sizes and revisions are never negative, but come as signed numbers.
inline std::uint64_t Unsigned(std::int64_t number) {
  return number < 0 ? 0 : static_cast<std::uint64_t>(number);
}

// How long a member answers nothing while it defragments, from what it has to copy: 2.1 GB took 16
// to 27 s.
double DefragmentationSeconds(std::uint64_t in_use_bytes);

}  // namespace headroom::report
