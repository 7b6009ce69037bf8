#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "report/culprit.h"
#include "report/diagnosis.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;

// A forecast below this leaves no time for anything else.
constexpr double kWithinMinutes = 5 * 60.0;

std::string AskedUrls(const Facts& facts) {
  return absl::StrJoin(facts.members, ", ",
                       [](std::string* out, const MemberFact& member) { out->append(member.url); });
}

std::string RaisedBy(const Facts& facts, const char* type) {
  std::vector<std::string> by;
  for (const AlarmFact& alarm : facts.alarms) {
    if (alarm.type == type) by.push_back(alarm.raised_by);
  }
  return absl::StrJoin(by, ", ");
}

// A sentence that follows another; nothing if it is empty.
std::string WithSpace(const std::string& sentence) {
  return sentence.empty() ? "" : " " + sentence;
}

std::string HeadlineWithoutAnswer(const Facts& facts, const Situation& situation) {
  if (situation.is_defragmenting) {
    return "etcd defragments and answers nothing until it is done. Wait for it.";
  }
  if (!facts.file || (!situation.nospace && !situation.file_is_full)) {
    return absl::StrCat("No etcd member answers. Asked: ", AskedUrls(facts),
                        ". Run this on another control-plane node, or give --etcd.endpoints.");
  }
  std::string text = "etcd does not answer";
  if (situation.nospace) absl::StrAppend(&text, ", and NOSPACE is armed in its file");
  if (situation.file_is_full) {
    absl::StrAppend(
        &text, situation.nospace ? ": " : ", and its file is full: ", Bytes(facts.file->size_bytes),
        " of a quota of ", Bytes(Unsigned(*facts.node.configured_quota_bytes)));
  }
  return text + ".";
}

std::string HeadlineOfNospace(const Facts& facts, const Situation& situation) {
  const std::string by = RaisedBy(facts, "NOSPACE");
  if (situation.only_disarm_is_missing) {
    return absl::StrCat("NOSPACE is armed by ", by,
                        ", yet every member is below 90 % of its quota: a disarm is all that is "
                        "missing.");
  }
  if (!situation.short_of_quota.empty()) {
    return absl::StrCat("NOSPACE is armed by ", by, ": the quota of ",
                        Names(situation.short_of_quota), " is smaller than the others' ",
                        Bytes(situation.largest_quota), ", and etcd refuses every write.");
  }
  if (!situation.pinned.empty()) {
    return absl::StrCat("NOSPACE is armed by ", by, ": a read that stays open on ",
                        Names(situation.pinned),
                        " keeps free pages from being used, and etcd refuses every write.");
  }
  return absl::StrCat(
      "NOSPACE is armed by ", by, ": etcd refuses every write of the cluster",
      situation.contact == nullptr ? ", and no voter that answers knows a leader." : ".",
      WithSpace(TopWriter(facts)));
}

}  // namespace

std::string HeadlineOf(const Facts& facts, const Situation& situation, Verdict verdict) {
  if (facts.is_kine) return "This endpoint is kine over SQL, not etcd: it has no quota.";
  if (situation.corrupt) {
    return absl::StrCat("CORRUPT is armed by ", RaisedBy(facts, "CORRUPT"),
                        ": a member's data differ. Find the member and replace it. Do not "
                        "disarm, compact or defragment.");
  }
  if (!situation.any_answer) return HeadlineWithoutAnswer(facts, situation);
  if (situation.nospace) return HeadlineOfNospace(facts, situation);
  if (situation.contact == nullptr) {
    return situation.voters.empty() ? "Only learners answer: the state of the voters is unknown."
                                    : "There is no leader: etcd takes no writes.";
  }
  if (!situation.majority_answers) {
    return absl::StrCat(Names(situation.silent), situation.silent.size() == 1 ? " does" : " do",
                        " not answer: without a majority etcd takes no writes.");
  }
  if (situation.at_quota) return "A member is at its quota: the next put stops all writes.";
  if (situation.forecast) {
    return absl::StrCat(
        "Full in ", text::DurationRange(situation.forecast->earliest, situation.forecast->latest),
        " at this pace: then ",
        situation.disk_is_nearer ? "the disk is full and etcd ends." : "etcd refuses every write.",
        WithSpace(TopWriter(facts)));
  }
  if (situation.disk_is_short) {
    return absl::StrCat("The disk is the nearer limit: ", Bytes(facts.node.disk->free_bytes),
                        " are free, less than the quota allows.");
  }
  if (verdict == Verdict::kCannotTell) {
    return "The quota of a member is unknown, and so is the room that is left.";
  }
  if (situation.nobody_compacts) return "Nobody compacts: every write stays stored.";
  if (verdict == Verdict::kAtRisk) return "etcd takes writes, but not all is well.";
  return "etcd takes writes, and there is room.";
}

Verdict VerdictOf(const Facts& facts, const Situation& situation,
                  const std::vector<Finding>& findings) {
  if (facts.is_kine) return Verdict::kCannotTell;
  if (situation.corrupt || situation.nospace || situation.file_is_full) {
    return Verdict::kWritesRefused;
  }
  if (!situation.any_answer) return Verdict::kCannotTell;
  if (situation.contact == nullptr) {
    return situation.voters.empty() ? Verdict::kCannotTell : Verdict::kWritesRefused;
  }
  if (!situation.majority_answers) return Verdict::kWritesRefused;
  if (situation.forecast && situation.forecast->earliest < kWithinMinutes) {
    return Verdict::kWritesRefused;
  }
  if (situation.forecast || situation.disk_is_short) return Verdict::kAtRisk;
  if (!situation.knows_quotas && situation.tight.empty()) return Verdict::kCannotTell;
  return std::ranges::any_of(findings, &Finding::is_risk) ? Verdict::kAtRisk : Verdict::kHealthy;
}

}  // namespace headroom::report
