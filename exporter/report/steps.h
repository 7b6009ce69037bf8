#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "report/culprit.h"
#include "report/facts.h"
#include "report/plan.h"
#include "report/situation.h"

namespace headroom::report {

// The largest quota worth setting in bytes: what etcd is built for or `at_least`, if this node's
// disk has room for it and a defragmentation.
std::uint64_t LargerQuota(const Facts& facts, std::uint64_t at_least);

// Writes the steps of a plan down, each with its reason and its commands. What is called first is
// done first. Refers to the facts and the situation.
class Steps {
 public:
  Steps(const Facts& facts, const Situation& situation)
      : facts_(facts), situation_(situation), writer_(FindWriter(facts)) {}

  void Prepare();
  void SaveSnapshot();
  void StopTheWriter();
  // What is of no lasting use, if the file walk proves that it frees space. Returns whether it
  // deletes something; else asks the operator to.
  bool Delete();
  void EndRead(const MemberFact& member);
  // And waits until in-use has settled.
  void Compact();
  void AwaitSettled();
  // Those that have not enough in use to need it, after a compaction; the leader last.
  void Defragment(const std::vector<const MemberFact*>& members);
  // The tight members that it would shrink by a quarter of the quota, or might once `compacted`.
  void DefragmentWhereItHelps(bool compacted);
  // `quota_bytes` of all members; 0: each member's own.
  void CheckRoom(std::uint64_t quota_bytes);
  // And see that writes are accepted.
  void Disarm();
  void RaiseShortQuotas();
  void RaiseQuota(bool if_still_full);
  void RaiseQuotaOfLearners();
  void StartWithLargerQuota();
  void AwaitDefragmentation();
  void MakeRoomOnDisk();
  void CompactByItself();
  void FindCorruptMember();
  void BringMembersBack();
  void ReportAgain(const std::string& why);
  void Avoid(std::string sentence) { plan_.avoid.push_back(std::move(sentence)); }

  std::vector<std::string>& avoid() { return plan_.avoid; }
  // With the functions that the commands call in the first step, which is Prepare.
  Plan Take();

 private:
  void Add(std::string title, std::string why, std::string command = "") {
    plan_.steps.push_back({std::move(title), std::move(why), std::move(command)});
  }
  // Of the step that was added last.
  void EndsWith(Milestone milestone, std::string member = "") {
    plan_.steps.back().milestone = milestone;
    plan_.steps.back().member = std::move(member);
  }
  const std::string& contact() const { return situation_.contact->url; }
  // Of this node's data directory if `member` is this node's.
  std::string DataFolder(const MemberFact& member) const;
  bool HasKubernetes() const;

  const Facts& facts_;
  const Situation& situation_;
  const Writer writer_;
  Plan plan_;
};

}  // namespace headroom::report
