// The steps that set a quota.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "report/commands.h"
#include "report/distribution.h"
#include "report/steps.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;

}  // namespace

std::uint64_t LargerQuota(const Facts& facts, std::uint64_t at_least) {
  std::uint64_t largest = std::max(kUsualQuota, at_least);
  if (facts.node.disk && !facts.node.data_dir.empty()) {
    const MemberFact* local = facts.local_member();
    const std::uint64_t size = local != nullptr ? local->size_bytes()
                               : facts.file     ? facts.file->size_bytes
                                                : 0;
    // The file and its copy while it is defragmented.
    const std::uint64_t fits = (facts.node.disk->free_bytes + size) / 2;
    largest = std::min(largest, fits > kGiB ? fits / kGiB * kGiB : fits);
  }
  return largest;
}

void Steps::RaiseShortQuotas() {
  const std::string setting = absl::StrCat("quota-backend-bytes=", situation_.largest_quota);
  const std::string who = Names(situation_.short_of_quota);
  Add(absl::StrCat("Raise the quota of ", who, " to the others', ",
                   Bytes(situation_.largest_quota)),
      absl::StrCat("Only a smaller quota stops it: nothing has to be deleted or defragmented. ",
                   HowToSet(facts_.node, setting)),
      commands::ByHand(absl::StrCat("raise the quota of ", who, " and restart it")));
}

void Steps::RaiseQuota(bool if_still_full) {
  const std::uint64_t quota = LargerQuota(facts_, 0);
  std::vector<const MemberFact*> smaller;
  for (const MemberFact* member : situation_.answered) {
    if (member->limit_bytes() && *member->limit_bytes() < quota) smaller.push_back(member);
  }
  const std::string where =
      facts_.file ? ""
                  : " Run this report as root on a control-plane node, where it can read etcd's "
                    "database file, or with --inventory.db-file: then it shows what can be "
                    "deleted.";
  if (smaller.empty()) {
    return Add("Delete, or split",
               absl::StrCat("A larger quota is no way out: it is unknown, as large as etcd is "
                            "built for, or the disk has no room for more.",
                            where));
  }
  const bool all = smaller.size() == situation_.answered.size();
  const std::string whose = all ? "every member" : Names(smaller);
  Add(if_still_full ? "If a member stays full: raise the quota of " + whose
                    : "Raise the quota of " + whose,
      absl::StrCat("One at a time, the leader last, to ", Bytes(quota),
                   ". The smallest quota decides until the last one is changed. ",
                   HowToSet(facts_.node, absl::StrCat("quota-backend-bytes=", quota)),
                   if_still_full ? " Then run this report again." : "", where));
}

void Steps::StartWithLargerQuota() {
  const std::uint64_t now = Unsigned(facts_.node.configured_quota_bytes.value_or(0));
  const std::uint64_t quota = LargerQuota(facts_, now + now / 4);
  if (quota <= now) {
    Add("Make room on the disk", absl::StrCat("It has no room for a larger quota: ",
                                              Bytes(facts_.node.disk->free_bytes), " are free."));
  } else {
    Add("Raise the quota",
        absl::StrCat("An etcd that refuses every write may not stay up. ",
                     HowToSet(facts_.node, absl::StrCat("quota-backend-bytes=", quota)),
                     " The same on every member."));
  }
  Add("Start etcd", HowToStart(facts_.node));
  ReportAgain("With etcd up it plans the compaction and the disarm, which are still to do.");
}

void Steps::RaiseQuotaOfLearners() {
  for (const MemberFact* member : situation_.full_learners) {
    Add(absl::StrCat("Raise the quota of the learner ", member->name,
                     ", or remove it and add it again"),
        "A learner refuses to defragment, and one that is full arms the alarm, too. " +
            HowToSet(facts_.node, absl::StrCat("quota-backend-bytes=", LargerQuota(facts_, 0))));
  }
}

}  // namespace headroom::report
