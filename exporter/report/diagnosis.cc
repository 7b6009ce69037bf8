#include "report/diagnosis.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Count;
using text::Duration;

// As EtcdHeadroomFilesDiverge has it: two members that differ by a quarter differ.
constexpr double kDiffers = 0.25;
// Raft entries; etcd itself applies a few thousand a second.
constexpr std::uint64_t kLagging = 5'000;
class Findings {
 public:
  explicit Findings(std::vector<Finding>& list) : list_(list) {}

  template <typename... Parts>
  void Risk(const Parts&... parts) {
    list_.push_back({.is_risk = true, .text = absl::StrCat(parts...)});
  }
  template <typename... Parts>
  void Note(const Parts&... parts) {
    list_.push_back({.is_risk = false, .text = absl::StrCat(parts...)});
  }

 private:
  std::vector<Finding>& list_;
};

void AddMember(const Facts& facts, const MemberFact& member, const Situation& situation,
               Findings& findings) {
  if (!member.status) {
    if (member.is_defragmenting) {
      return findings.Risk(member.name, " defragments and answers nothing until it is done.");
    }
    return findings.Risk(member.name, " does not answer: ", member.problem, ".");
  }
  if (member.status->leader_id == 0) findings.Risk(member.name, " knows no leader.");
  if (!member.quota_bytes) {
    findings.Risk("The quota of ", member.name,
                  facts.armed_nospace(member) ? ", which armed NOSPACE," : "",
                  " is unknown: give --etcd.metrics-url, --etcd.config or --etcd.quota-bytes.");
  } else if (*member.quota_bytes == etcd::kQuotaDisabled) {
    findings.Note("The quota of ", member.name, " is disabled: its disk is the limit.");
  } else if (const double used = *member.quota_used(); used >= 1) {
    findings.Risk(member.name, " has reached its quota",
                  situation.nospace ? "." : ": the next put is refused and arms NOSPACE.");
  } else if (used >= kFitForDisarm) {
    findings.Risk(member.name, " has ", Bytes(*member.limit_bytes() - member.size_bytes()),
                  " left before its quota.");
  }
}

void AddAssumedQuotas(const Situation& situation, Findings& findings) {
  std::vector<std::string> assumed;
  for (const MemberFact* member : situation.answered) {
    if (member->quota_source == kAssumed) assumed.push_back(member->name);
  }
  if (assumed.empty()) return;
  findings.Note("The quota of ", absl::StrJoin(assumed, ", "),
                " is assumed to be this node's: before etcd 3.6 only a member's own metrics page "
                "has it, and theirs cannot be read from here.");
}

void AddDifferences(const Situation& situation, Findings& findings) {
  const auto& members = situation.answered;
  if (members.size() < 2) return;
  std::set<std::string> versions;
  std::set<std::string> quotas;
  for (const MemberFact* member : members) {
    versions.insert(member->status->server_version);
    if (member->quota_bytes) {
      quotas.insert(member->limit_bytes() ? Bytes(*member->limit_bytes()) : "disabled");
    }
  }
  if (versions.size() > 1) findings.Note("Versions differ: ", absl::StrJoin(versions, ", "), ".");
  if (quotas.size() > 1) {
    findings.Risk("Quotas differ: ", absl::StrJoin(quotas, ", "),
                  ". The smallest one decides when writes stop.");
  }
  const auto [smallest, largest] = std::ranges::minmax(
      members, {}, [](const MemberFact* member) { return member->size_bytes(); });
  const auto used = largest->quota_used();
  if (static_cast<double>(smallest->size_bytes()) <
          (1 - kDiffers) * static_cast<double>(largest->size_bytes()) &&
      used && *used > 0.5) {
    findings.Note("Files differ: ", smallest->name, " has ", Bytes(smallest->size_bytes()), ", ",
                  largest->name, " ", Bytes(largest->size_bytes()),
                  ". The fullest one stops the writes of all.");
  }
  std::uint64_t furthest = 0;
  for (const MemberFact* member : members) {
    furthest = std::max(furthest, member->status->raft_applied_index);
  }
  for (const MemberFact* member : members) {
    const std::uint64_t behind = furthest - member->status->raft_applied_index;
    if (behind > kLagging) {
      findings.Risk(member->name, " is ", Count(behind), " raft entries behind.");
    }
  }
}

void AddPinned(const Facts& facts, const Situation& situation, Findings& findings) {
  for (const MemberFact* member : situation.pinned) {
    const bool is_local = member == facts.local_member();
    findings.Risk(
        "A read transaction stays open on ", member->name, ", a snapshot or a backup that stalls: ",
        is_local ? Bytes(situation.pinned_bytes) : std::string("a large part"),
        " of its pages in use hold nothing and cannot be used again until it ends. Neither a "
        "delete nor a defragmentation helps before that.");
  }
}

void AddHistory(const Facts& facts, const Situation& situation, Findings& findings) {
  const auto& config = facts.node.config;
  if (config && config->auto_compaction_mode && config->auto_compaction_retention_seconds) {
    if (*config->auto_compaction_retention_seconds > 0) {
      findings.Note("etcd compacts by itself: ", *config->auto_compaction_mode, ", keeping ",
                    Duration(*config->auto_compaction_retention_seconds), ".");
    } else {
      findings.Note(
          "etcd's own auto-compaction is off on this node. Only the API server compacts, and "
          "its compaction is refused while NOSPACE is armed.");
    }
  }
  if (situation.nospace) {
    return findings.Note("While NOSPACE is armed the API server cannot compact.");
  }
  if (situation.nobody_compacts) {
    return findings.Risk(*situation.compacted == 0 ? "Nothing was ever compacted: "
                                                   : "Most of what is stored is history: ",
                         Count(Unsigned(situation.history_revisions())),
                         " revisions are kept, and every write adds to them.");
  }
  if (!situation.compaction_seems_stopped) return;
  const std::string text = absl::StrCat(
      "Compaction seems to have stopped, unless there was a burst just now: ",
      Count(Unsigned(situation.history_revisions())),
      " revisions are kept. At the present pace that is ", Duration(*situation.history_seconds),
      " of writes; usual here is up to ", Duration(UsualHistorySeconds(facts)), ".");
  if (situation.tight.empty()) return findings.Note(text);
  findings.Risk(text);
}

void AddRoom(const Facts& facts, const Situation& situation, Findings& findings) {
  const MemberFact* fullest = situation.fullest;
  if (fullest == nullptr) return;
  if (situation.disk_is_nearer) {
    const auto say = [&](auto&&... parts) {
      return situation.disk_is_short ? findings.Risk(parts...) : findings.Note(parts...);
    };
    say("The disk is the nearer limit: ", Bytes(facts.node.disk->free_bytes), " of ",
        Bytes(facts.node.disk->size_bytes), " are free at ",
        facts.node.data_dir.empty() ? "the data directory" : facts.node.data_dir,
        ". etcd ends when its disk is full.");
  }
  if (situation.forecast) findings.Risk(situation.forecast->basis);
  if (!fullest->limit_bytes()) return;
  if (*fullest->quota_bytes == etcd::kDefaultQuotaBytes) {
    findings.Note("The quota is etcd's default of 2 GiB. etcd is built for up to 8 GiB.");
  }
}

}  // namespace

Diagnosis Diagnose(const Facts& facts, const Situation& situation) {
  Diagnosis diagnosis;
  Findings findings(diagnosis.findings);
  for (const MemberFact& member : facts.members) AddMember(facts, member, situation, findings);
  for (const AlarmFact& alarm : facts.alarms) {
    if (alarm.type == "NOSPACE" || alarm.type == "CORRUPT") continue;
    findings.Risk("The alarm ", alarm.type, " is armed by ", alarm.raised_by,
                  ". This program does not know it.");
  }
  for (const std::string& fault : facts.other_faults) findings.Risk(fault);
  if (situation.any_answer && !facts.is_list_known) {
    findings.Note("The member list is unknown: there may be members that are not shown.");
  }
  if (facts.node.config) {
    for (const std::string& warning : facts.node.config->warnings) findings.Note(warning, ".");
  }
  AddAssumedQuotas(situation, findings);
  AddDifferences(situation, findings);
  AddPinned(facts, situation, findings);
  AddHistory(facts, situation, findings);
  AddRoom(facts, situation, findings);
  diagnosis.verdict = VerdictOf(facts, situation, diagnosis.findings);
  diagnosis.headline = HeadlineOf(facts, situation, diagnosis.verdict);
  return diagnosis;
}

}  // namespace headroom::report
