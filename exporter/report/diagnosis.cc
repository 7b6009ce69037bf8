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
// As long as the API server keeps what was written before it compacts that.
constexpr double kUncompactedSeconds = 10 * 60.0;

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

void OfMember(const MemberFact& member, const Situation& situation, Findings& findings) {
  if (!member.status) {
    if (member.is_defragmenting) {
      return findings.Risk(member.name, " defragments and answers nothing until it is done.");
    }
    return findings.Risk(member.name, " does not answer: ", member.problem, ".");
  }
  const etcd::StatusReply& status = *member.status;
  if (status.leader_id == 0) findings.Risk(member.name, " knows no leader.");
  if (!member.quota_bytes) {
    findings.Risk("The quota of ", member.name,
                  " is not known: give --etcd.metrics-url, --etcd.config or --etcd.quota-bytes.");
  } else if (*member.quota_bytes == etcd::kQuotaDisabled) {
    findings.Note("The quota of ", member.name, " is disabled: its disk is the limit.");
  } else if (const double used = *member.quota_used(); used >= 1) {
    findings.Risk(member.name, " has reached its quota",
                  situation.nospace ? "." : ": the next put is refused and arms NOSPACE.");
  } else if (used >= kFitForDisarm) {
    findings.Risk(member.name, " has ", Bytes(Unsigned(*member.quota_bytes - status.db_size_bytes)),
                  " left before its quota.");
  }
}

void OfDifferences(const Situation& situation, Findings& findings) {
  const auto& members = situation.answered;
  if (members.size() < 2) return;
  std::set<std::string> versions;
  std::set<std::string> quotas;
  for (const MemberFact* member : members) {
    versions.insert(member->status->server_version);
    if (member->quota_bytes) {
      quotas.insert(*member->quota_bytes == etcd::kQuotaDisabled
                        ? "disabled"
                        : Bytes(Unsigned(*member->quota_bytes)));
    }
  }
  if (versions.size() > 1) findings.Note("Versions differ: ", absl::StrJoin(versions, ", "), ".");
  if (quotas.size() > 1) {
    findings.Risk("Quotas differ: ", absl::StrJoin(quotas, ", "),
                  "; the smallest rules until the last one is changed.");
  }
  const auto [smallest, largest] =
      std::minmax_element(members.begin(), members.end(), [](const auto* a, const auto* b) {
        return a->status->db_size_bytes < b->status->db_size_bytes;
      });
  const auto least = static_cast<double>((*smallest)->status->db_size_bytes);
  const auto most = static_cast<double>((*largest)->status->db_size_bytes);
  const auto used = (*largest)->quota_used();
  if (least < (1 - kDiffers) * most && used && *used > 0.5) {
    findings.Note("Files differ: ", (*smallest)->name, " has ",
                  Bytes(Unsigned((*smallest)->status->db_size_bytes)), ", ", (*largest)->name, " ",
                  Bytes(Unsigned((*largest)->status->db_size_bytes)),
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

void OfHistory(const Facts& facts, const Situation& situation, Findings& findings) {
  const auto& config = facts.node.config;
  if (config && config->auto_compaction_mode && config->auto_compaction_retention_seconds) {
    if (*config->auto_compaction_retention_seconds > 0) {
      findings.Note("etcd compacts by itself: ", *config->auto_compaction_mode, ", keeping ",
                    Duration(*config->auto_compaction_retention_seconds), ".");
    } else {
      findings.Note(
          "etcd's own auto-compaction is off on this node: the API server's, which is refused "
          "while NOSPACE is armed, is the only one.");
    }
  }
  if (situation.nospace) {
    findings.Note("While NOSPACE is armed the API server cannot compact.");
  } else if (situation.compaction_has_stopped) {
    const std::string text = absl::StrCat(
        "Compaction seems to have stopped, unless there was a burst just now: ",
        Count(Unsigned(situation.history_revisions())),
        " revisions are kept, which at the pace seen now is ", Duration(*situation.history_seconds),
        "; usual here is up to ", Duration(UsualHistorySeconds(facts)), ".");
    const bool tight = situation.fullest->quota_used().value_or(0) >= kFitForDisarm;
    if (tight) {
      findings.Risk(text);
    } else {
      findings.Note(text);
    }
  }
}

void OfQuota(const Facts& facts, const Situation& situation, Findings& findings) {
  const MemberFact* fullest = situation.fullest;
  if (fullest == nullptr || !fullest->quota_used()) return;
  const std::int64_t quota = *fullest->quota_bytes;
  if (quota == etcd::kDefaultQuotaBytes) {
    findings.Note("The quota is etcd's default of 2 GiB; 8 GiB is what etcd is built for.");
  }
  const Sample& sample = facts.sample;
  if (!sample.has_pace() || sample.bytes() == 0) return;
  const double rate = static_cast<double>(sample.bytes()) / sample.seconds;
  const double seconds =
      static_cast<double>(Unsigned(quota - fullest->status->db_in_use_bytes)) / rate;
  std::string text = absl::StrCat(
      Bytes(static_cast<std::uint64_t>(rate)),
      " a second were written in the sample: until a compaction frees some of it, what is not in "
      "use of the quota would last about ",
      Duration(seconds), ".");
  if (quota < kUsualQuota) {
    absl::StrAppend(&text, " A quota of ", Bytes(Unsigned(kUsualQuota)), " would add about ",
                    Duration(static_cast<double>(kUsualQuota - quota) / rate), ".");
  }
  if (seconds < kUncompactedSeconds) {
    findings.Risk(text);
  } else {
    findings.Note(text);
  }
}

std::vector<std::string> AskedUrls(const Facts& facts) {
  std::vector<std::string> urls;
  for (const MemberFact& member : facts.members) urls.push_back(member.url);
  return urls;
}

std::string Headline(const Facts& facts, const Situation& situation, Verdict verdict) {
  std::set<std::string> raisers;
  for (const AlarmFact& alarm : facts.alarms) {
    if ((alarm.type == "CORRUPT") == situation.corrupt) raisers.insert(alarm.raised_by);
  }
  const std::string by = absl::StrJoin(raisers, ", ");
  if (facts.is_kine) return "What answers is kine, not etcd: it has no quota.";
  if (!situation.any_answer) {
    return absl::StrCat(
        "No etcd member answers of those that were asked: ", absl::StrJoin(AskedUrls(facts), ", "),
        ". Ask from another control-plane node, or give --etcd.endpoints.");
  }
  if (situation.corrupt) {
    return absl::StrCat("CORRUPT is armed by ", by,
                        ": the data of a member differ. Find the member and replace it; do not "
                        "disarm, compact or defragment.");
  }
  if (situation.only_disarm_is_missing) {
    return absl::StrCat("NOSPACE is armed by ", by,
                        ", yet every member is below 90 % of its quota: a disarm is all that is "
                        "missing.");
  }
  if (situation.nospace) {
    return absl::StrCat(
        "NOSPACE is armed by ", by, ": etcd refuses every write of the cluster",
        situation.contact == nullptr ? ", and no voter that answers knows a leader." : ".");
  }
  if (situation.contact == nullptr) {
    return situation.voters.empty() ? "Only learners answer: how the voters are cannot be told."
                                    : "There is no leader: etcd takes no writes.";
  }
  if (situation.at_quota) return "A member is at its quota: the next put stops all writes.";
  if (verdict == Verdict::kCannotTell) return "How much room is left cannot be told.";
  if (verdict == Verdict::kAtRisk) return "etcd takes writes, but not all is well.";
  return "etcd takes writes, and there is room.";
}

Verdict VerdictOf(const Facts& facts, const Situation& situation,
                  const std::vector<Finding>& findings) {
  if (!situation.any_answer || facts.is_kine) return Verdict::kCannotTell;
  if (situation.corrupt || situation.nospace) return Verdict::kWritesRefused;
  if (situation.contact == nullptr) {
    return situation.voters.empty() ? Verdict::kCannotTell : Verdict::kWritesRefused;
  }
  const bool tight = std::ranges::any_of(situation.answered, [](const MemberFact* member) {
    return member->quota_used().value_or(0) >= kFitForDisarm;
  });
  if (!situation.knows_quotas && !tight) return Verdict::kCannotTell;
  return std::ranges::any_of(findings, &Finding::is_risk) ? Verdict::kAtRisk : Verdict::kHealthy;
}

}  // namespace

Diagnosis Diagnose(const Facts& facts, const Situation& situation) {
  Diagnosis diagnosis;
  Findings findings(diagnosis.findings);
  for (const MemberFact& member : facts.members) OfMember(member, situation, findings);
  for (const AlarmFact& alarm : facts.alarms) {
    if (alarm.type == "NOSPACE" || alarm.type == "CORRUPT") continue;
    findings.Risk("The alarm ", alarm.type, ", which this program does not know, is armed by ",
                  alarm.raised_by, ".");
  }
  for (const std::string& fault : facts.other_faults) findings.Risk(fault);
  if (situation.any_answer && !facts.is_list_known) {
    findings.Note("No member told the member list: there may be members that are not here.");
  }
  OfDifferences(situation, findings);
  OfHistory(facts, situation, findings);
  OfQuota(facts, situation, findings);
  diagnosis.verdict = VerdictOf(facts, situation, diagnosis.findings);
  diagnosis.headline = Headline(facts, situation, diagnosis.verdict);
  return diagnosis;
}

}  // namespace headroom::report
