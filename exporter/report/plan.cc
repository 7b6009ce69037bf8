#include "report/plan.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "etcd/server_version.h"
#include "report/culprit.h"
#include "report/etcdctl.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Duration;

std::uint64_t Unsigned(std::int64_t number) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number));
}

std::string Seconds(const MemberFact& member) {
  return Duration(DefragmentationSeconds(Unsigned(member.status->db_in_use_bytes)));
}

class Planner {
 public:
  Planner(const Facts& facts, const Situation& situation)
      : facts_(facts), situation_(situation), any_(" --endpoints=" + AnyUrl()) {}

  Plan Run() {
    if (!situation_.any_answer || facts_.is_kine) return {};
    if (situation_.corrupt) {
      Corrupt();
    } else if (!situation_.has_leader) {
      NoLeader();
    } else if (situation_.only_disarm_is_missing) {
      Prepare();
      Disarm();
    } else if (situation_.nospace) {
      Prepare();
      Recover();
      Disarm();
      Avoid("Do not disarm first: while a member is at its quota the next write arms it again.");
      Avoid("A larger quota alone does not clear the alarm, nor does compacting shrink a file.");
    } else if (const auto tight = Tight(); !tight.empty()) {
      Relieve(tight);
    }
    return std::move(plan_);
  }

 private:
  void AddStep(std::string title, std::string why, std::string command = "") {
    plan_.steps.push_back({std::move(title), std::move(why), std::move(command)});
  }
  void Avoid(std::string sentence) { plan_.avoid.push_back(std::move(sentence)); }

  // A member that takes requests; one that leads has every revision.
  std::string AnyUrl() const {
    if (!situation_.voters.empty()) return situation_.voters.back()->url;
    return situation_.any_answer ? situation_.answered.front()->url : "";
  }

  std::string AllUrls() const {
    std::vector<std::string> urls;
    for (const MemberFact* member : situation_.answered) urls.push_back(member->url);
    return absl::StrJoin(urls, ",");
  }

  void Prepare() {
    const auto etcdctl =
        EtcdctlOn(facts_.node, situation_.answered.front()->status->server_version);
    AddStep("Have etcdctl, in one shell as root", etcdctl.comes_from, etcdctl.preparation);
  }

  void Corrupt() {
    Prepare();
    AddStep(
        "Find the member whose data differ",
        "The one whose hash differs at the same revision is the bad one; it is to be removed, "
        "emptied and added again. Runbook: EtcdHeadroomCorrupt.",
        absl::StrCat("etcdctl --endpoints=", AllUrls(), " endpoint hashkv --write-out=table\n"));
    Avoid(
        "Do not disarm, compact or defragment while CORRUPT is armed: it would spread or hide the "
        "damage.");
  }

  void NoLeader() {
    std::vector<std::string> down;
    for (const MemberFact& member : facts_.members) {
      if (!member.status) down.push_back(member.name);
    }
    AddStep(
        "Bring the members back that do not answer",
        absl::StrCat("Without a majority there is no leader, and nothing can be written, compacted "
                     "or disarmed. Down: ",
                     down.empty() ? "none that is known; look at the network between the members"
                                  : absl::StrJoin(down, ", "),
                     "."));
    Avoid("Do not restore or re-create the cluster while a majority can still be started.");
  }

  void Recover() {
    const Culprit culprit = FindCulprit(facts_);
    AddStep("Save a snapshot", "The way back if anything goes wrong.",
            absl::StrCat("etcdctl", any_, " --command-timeout=10m snapshot save \"$SNAPSHOT\"\n"));
    StopTheWriter(culprit);
    Compact();
    Defragment(situation_.voters);
    CheckMembers();
    Warn();
  }

  void StopTheWriter(const Culprit& culprit) {
    if (culprit.resource.empty()) {
      return AddStep(
          "Stop what writes",
          "Else it fills the space that is made. Who it is cannot be told from here: neither the "
          "last revisions nor the database file could be read; the exporter's own page may tell.");
    }
    std::string command;
    std::string why = culprit.evidence + " Else it fills the space that is made.";
    if (situation_.live_data_fill_it) {
      command = culprit.delete_command.empty()
                    ? ""
                    : absl::StrCat("etcdctl", any_, " ", culprit.delete_command, "\n");
      absl::StrAppend(&why, " What lives fills the file, so something has to go",
                      command.empty()
                          ? ": delete what nobody needs, or raise the quota of every member."
                          : "; this deletes all of them, and deletes are accepted now.");
    }
    AddStep(absl::StrCat("Stop what writes ", culprit.resource), why, command);
  }

  void Compact() {
    if (situation_.compacted && situation_.history_revisions() == 0 && !Deletes()) {
      return Avoid("There is no history to compact: that would free nothing.");
    }
    AddStep(
        "Compact, and wait for it",
        "History becomes free pages. Without --physical it returns before any is free; \"required "
        "revision has been compacted\" is harmless.",
        absl::StrCat("etcdctl", any_, " --command-timeout=10m compact ",
                     Deletes() ? absl::StrCat("\"$(etcdctl", any_,
                                              " endpoint status --write-out=json | grep -o "
                                              "'\"revision\":[0-9]*' | head -n 1 | cut -d: -f2)\"")
                               : absl::StrCat(situation_.revision),
                     " --physical\n"));
    std::string members;
    for (const MemberFact* member : situation_.voters) absl::StrAppend(&members, " ", member->url);
    AddStep("Wait until in-use has settled on each member",
            "--physical waits for one member only; defragmenting before the pages are free gains "
            "nothing.",
            absl::StrCat(
                "in_use() { etcdctl --endpoints=\"$1\" endpoint status --write-out=json | grep "
                "-o '\"dbSizeInUse\":[0-9]*' | cut -d: -f2; }\nfor member in",
                members,
                "; do\n  before='' now=$(in_use \"$member\")\n  while [ \"$now\" != \"$before\" "
                "]; do\n    echo \"$member: $now bytes in use\"\n    sleep 30\n    "
                "before=$now now=$(in_use \"$member\")\n  done\ndone\n"));
  }

  // A revision after the deletes is not known yet.
  bool Deletes() const {
    return std::ranges::any_of(plan_.steps, [](const Step& step) {
      return step.command.find(" del --prefix ") != std::string::npos;
    });
  }

  // One at a time, the leader last.
  void Defragment(const std::vector<const MemberFact*>& members) {
    for (const MemberFact* member : members) {
      AddStep(
          absl::StrCat("Defragment ", member->name, member->is_leader() ? ", the leader" : ""),
          absl::StrCat("Gives free pages back. It answers nothing for about ", Seconds(*member),
                       " or less, goes on if the client gives up, and needs as much disk as is in "
                       "use. Never start the next before this one answers."),
          absl::StrCat("etcdctl --endpoints=", member->url,
                       " --command-timeout=10m defrag\nuntil "
                       "etcdctl --endpoints=",
                       member->url,
                       " get any-key >/dev/null; do sleep 5; "
                       "done\n"));
    }
  }

  void CheckMembers() {
    std::vector<std::string> quotas;
    for (const MemberFact& member : facts_.members) {
      quotas.push_back(absl::StrCat(
          member.name, " ",
          member.quota_bytes && *member.quota_bytes > 0
              ? Bytes(static_cast<std::uint64_t>(kFitForDisarm *
                                                 static_cast<double>(*member.quota_bytes)))
              : "(its quota is not known)"));
    }
    AddStep(
        "See that every member is below 90 % of its quota",
        absl::StrCat("That is DB SIZE below: ", absl::StrJoin(quotas, ", "),
                     ". If one is not, there is more to delete, and back to the compaction."),
        absl::StrCat("etcdctl --endpoints=", AllUrls(), " endpoint status --write-out=table\n"));
  }

  void Disarm() {
    AddStep("Look for CORRUPT", "A disarm clears every alarm; if a line says CORRUPT, stop.",
            absl::StrCat("etcdctl", any_, " alarm list\n"));
    AddStep("Disarm", "Once, for the whole cluster: the alarm never clears by itself.",
            absl::StrCat("etcdctl", any_, " alarm disarm\n"));
    AddStep("Write a key", "To see that writes are accepted.",
            absl::StrCat("etcdctl", any_, " put etcd-headroom-test ok\netcdctl", any_,
                         " del etcd-headroom-test\n"));
    AddStep("Restart what is in crash-loop back-off", Restart());
    if (situation_.all_answered) return;
    Avoid("Not every member was seen: one that is full arms the alarm again when it is back.");
  }

  std::string Restart() const {
    const std::string& on = facts_.node.distribution;
    if (on == "kubeadm") {
      return "systemctl restart kubelet, on each control-plane node; containers keep running.";
    }
    if (on == "k3s") {
      return "systemctl restart k3s, one server at a time, the next only when etcdctl endpoint "
             "health passes: etcd lives in that process.";
    }
    if (on == "RKE2") return "systemctl restart rke2-server, never two etcd pods at once.";
    return "API servers and controllers that gave up: the kubelet or service that runs them.";
  }

  std::vector<const MemberFact*> Tight() const {
    std::vector<const MemberFact*> tight;
    std::ranges::copy_if(
        situation_.voters, std::back_inserter(tight),
        [](const MemberFact* member) { return member->quota_used().value_or(0) >= kFitForDisarm; });
    return tight;
  }

  // No alarm yet, and little room.
  void Relieve(const std::vector<const MemberFact*>& tight) {
    Prepare();
    const Culprit culprit = FindCulprit(facts_);
    if (!culprit.resource.empty()) {
      AddStep(absl::StrCat("Slow down what writes ", culprit.resource), culprit.evidence);
    }
    std::vector<const MemberFact*> helped;
    for (const MemberFact* member : tight) {
      const std::uint64_t size = Unsigned(member->status->db_size_bytes);
      const std::uint64_t freed = size - std::min(size, Unsigned(member->status->db_in_use_bytes));
      if (4 * freed > Unsigned(*member->quota_bytes)) {
        helped.push_back(member);
        continue;
      }
      Avoid(absl::StrCat("Do not defragment ", member->name,
                         " as it is: what is in use fills the file; it would return about ",
                         Bytes(freed), " and block the member for about ", Seconds(*member), "."));
    }
    Defragment(helped);
    AddStep(
        "Raise the quota of every member",
        "One at a time, the leader last: --quota-backend-bytes=8589934592 is 8 GiB. The smallest "
        "quota rules until the last one is changed. On Kubernetes: rules/reference/settings.md.");
    Warn();
  }

  // Of this cluster's versions.
  void Warn() {
    for (const MemberFact* member : situation_.voters) {
      const auto version = etcd::ParseServerVersion(member->status->server_version);
      if (!version) continue;
      using V = etcd::ServerVersion;
      const bool crash = *version >= V{3, 5, 0} && *version < V{3, 5, 6};
      const bool snapshot = *version < V{3, 4, 38} ||
                            (*version >= V{3, 5, 0} && *version < V{3, 5, 23}) ||
                            (*version >= V{3, 6, 0} && *version < V{3, 6, 5});
      if (crash) {
        Avoid(absl::StrCat("Do not let ", member->name, " (", member->status->server_version,
                           ") crash while it defragments: before 3.5.6 that could corrupt it."));
      }
      if (snapshot) {
        Avoid(
            absl::StrCat("Do not defragment ", member->name, " (", member->status->server_version,
                         ") while it receives a snapshot from the leader: that could corrupt it."));
      }
    }
    for (const MemberFact* member : situation_.answered) {
      if (member->status->is_learner) {
        Avoid(absl::StrCat("Do not defragment ", member->name, ": a learner refuses it."));
      }
    }
  }

  const Facts& facts_;
  const Situation& situation_;
  const std::string any_;
  Plan plan_;
};

}  // namespace

Plan PlanFor(const Facts& facts, const Situation& situation) {
  return Planner(facts, situation).Run();
}

}  // namespace headroom::report
