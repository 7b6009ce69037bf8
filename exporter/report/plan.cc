#include "report/plan.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "report/commands.h"
#include "report/culprit.h"
#include "report/diagnosis.h"
#include "report/etcdctl.h"
#include "report/traps.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Duration;

std::string Seconds(const MemberFact& member) {
  return Duration(DefragmentationSeconds(Unsigned(member.status->db_in_use_bytes)));
}

std::uint64_t FreeBytes(const MemberFact& member) {
  const std::uint64_t size = Unsigned(member.status->db_size_bytes);
  return size - std::min(size, Unsigned(member.status->db_in_use_bytes));
}

class Planner {
 public:
  Planner(const Facts& facts, const Situation& situation)
      : facts_(facts), situation_(situation), culprit_(FindCulprit(facts)) {}

  Plan Run() {
    if (!situation_.any_answer || facts_.is_kine) return {};
    if (situation_.corrupt) {
      Corrupt();
    } else if (situation_.contact == nullptr) {
      NoLeader();
    } else if (situation_.only_disarm_is_missing) {
      Prepare();
      Disarm();
    } else if (situation_.nospace || situation_.at_quota) {
      Recover();
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

  const std::string& contact() const { return situation_.contact->url; }

  void Prepare() {
    const auto etcdctl =
        EtcdctlOn(facts_.node, situation_.answered.front()->status->server_version);
    AddStep("Have etcdctl, in one shell as root", etcdctl.comes_from,
            etcdctl.preparation + commands::Begin());
  }

  void Corrupt() {
    Prepare();
    AddStep(
        "Find the member whose data differ",
        "Of voters that agree, take a snapshot first. The one whose hash is another at the same "
        "revision is the bad one: remove it, empty it and add it again. Runbook: "
        "EtcdHeadroomCorrupt.",
        commands::HashAll(situation_.voters));
    Avoid(
        "Do not disarm, compact or defragment while CORRUPT is armed: it would spread or hide the "
        "damage.");
  }

  void NoLeader() {
    std::vector<std::string> down;
    for (const MemberFact& member : facts_.members) {
      if (!member.status) down.push_back(member.name);
    }
    if (situation_.voters.empty()) {
      return AddStep("Ask a voter",
                     "What answers is a learner, which takes none of the requests that would help: "
                     "give --etcd.endpoints of a voter.");
    }
    AddStep(
        "Bring the members back that do not answer",
        absl::StrCat("Without a majority there is no leader, and nothing can be written, "
                     "compacted or disarmed. Down: ",
                     down.empty() ? "none that is known; look at the network between the members"
                                  : absl::StrJoin(down, ", "),
                     "."));
    Avoid("Do not restore or re-create the cluster while a majority can still be started.");
  }

  void Recover() {
    Prepare();
    Snapshot();
    StopTheWriter();
    Compact();
    Defragment(situation_.voters, /*guarded=*/true);
    AddStep("See that every member is below 90 % of its quota",
            "If one is not, there is more to delete: back to the compaction. A disarm before that "
            "lasts for one write.",
            commands::CheckRoom(situation_.answered));
    Disarm();
    Avoid("Do not disarm first: while a member is at its quota the next write arms it again.");
    Avoid("A larger quota alone does not clear the alarm, nor does compacting shrink a file.");
    AvoidTraps(situation_, plan_.avoid);
  }

  void Snapshot() {
    AddStep("Save a snapshot",
            absl::StrCat("The way back if anything goes wrong. It takes up to ",
                         Bytes(Unsigned(situation_.contact->status->db_size_bytes)),
                         " of the disk that $SNAPSHOT is on."),
            commands::Snapshot(contact()));
  }

  void StopTheWriter() {
    if (culprit_.resource.empty()) {
      return AddStep(
          "Stop what writes",
          "Else it fills the space that is made. Who it is cannot be told from here: neither the "
          "last revisions nor the database file told; the exporter's own page may.");
    }
    AddStep(absl::StrCat("Stop what writes ", culprit_.resource),
            culprit_.evidence + " Else it fills the space that is made.");
    if (!situation_.live_data_fill_it) return;
    for (const MemberFact* member : situation_.voters) {
      Avoid(absl::StrCat("Do not defragment ", member->name,
                         " before something is deleted: what lives fills the file; it would return "
                         "about ",
                         Bytes(FreeBytes(*member)), " and block the member for about ",
                         Seconds(*member), "."));
    }
    deletes_ = culprit_.can_be_deleted();
    if (deletes_) {
      return AddStep(absl::StrCat("Delete all ", culprit_.resource),
                     "What lives fills the file, so something has to go. Nothing lasting is lost "
                     "with these, and deletes are accepted now.",
                     commands::Delete(contact(), culprit_.prefixes));
    }
    AddStep("Delete what nobody needs, or raise the quota of every member",
            "What lives fills the file: compaction and defragmentation alone do not help.");
  }

  void Compact() {
    if (situation_.compacted && situation_.history_revisions() == 0 && !deletes_) {
      Avoid("There is no history to compact.");
    } else {
      AddStep("Compact",
              "History becomes free pages. Without --physical it returns before any is free; "
              "\"required revision has been compacted\" is harmless.",
              deletes_ ? commands::CompactToNow(contact())
                       : commands::Compact(contact(), situation_.revision));
    }
    AddStep("Wait until in-use has settled on each member",
            "Nobody waits for more than one member; to defragment before the pages are free gains "
            "nothing.",
            commands::AwaitSettled(situation_.voters));
  }

  // One at a time, the leader last. `guarded`: only once in-use is low enough for it to help.
  void Defragment(const std::vector<const MemberFact*>& members, bool guarded) {
    for (const MemberFact* member : members) {
      const bool guard = guarded && member->quota_used().has_value();
      AddStep(
          absl::StrCat("Defragment ", member->name, member->is_leader() ? ", the leader" : ""),
          absl::StrCat("Gives free pages back. It answers nothing for about ", Seconds(*member),
                       ", longer on a slow disk, goes on if the client gives up, and needs as much "
                       "disk as is in use. Never start the next before this one answers."),
          guard ? commands::DefragmentBelow(member->url, FitBytes(*member))
                : commands::Defragment(member->url));
    }
  }

  void Disarm() {
    AddStep("Disarm",
            "Once, for the whole cluster: NOSPACE never clears by itself. A disarm clears every "
            "alarm, so not where CORRUPT is among them.",
            commands::Disarm(contact()));
    AddStep("Write a key", "To see that writes are accepted.", commands::TestWrite(contact()));
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
    if (!culprit_.resource.empty()) {
      AddStep(absl::StrCat("Slow down what writes ", culprit_.resource), culprit_.evidence);
    }
    if (situation_.compaction_has_stopped) {
      Snapshot();
      Compact();
      Defragment(tight, /*guarded=*/true);
    } else {
      DefragmentWhereItHelps(tight);
    }
    RaiseQuota();
    AvoidTraps(situation_, plan_.avoid);
  }

  void DefragmentWhereItHelps(const std::vector<const MemberFact*>& tight) {
    std::vector<const MemberFact*> helped;
    for (const MemberFact* member : tight) {
      if (4 * FreeBytes(*member) > Unsigned(*member->quota_bytes)) {
        helped.push_back(member);
        continue;
      }
      Avoid(absl::StrCat("Do not defragment ", member->name,
                         " as it is: what is in use fills the file; it would return about ",
                         Bytes(FreeBytes(*member)), " and block the member for about ",
                         Seconds(*member), "."));
    }
    Defragment(helped, /*guarded=*/false);
  }

  void RaiseQuota() {
    const bool all_small = std::ranges::all_of(situation_.answered, [](const MemberFact* member) {
      return member->quota_bytes.value_or(0) > 0 && *member->quota_bytes < kUsualQuota;
    });
    if (!all_small) {
      return AddStep(
          "Delete, or split",
          "The quota is as large as etcd is built for, or not known on a member: a larger "
          "one is no way out.");
    }
    AddStep("Raise the quota of every member",
            "One at a time, the leader last: --quota-backend-bytes=8589934592 is 8 GiB. The "
            "smallest quota rules until the last one is changed. On Kubernetes: "
            "rules/reference/settings.md.");
  }

  const Facts& facts_;
  const Situation& situation_;
  const Culprit culprit_;
  bool deletes_ = false;  // a step does, so the revision to compact is not known yet
  Plan plan_;
};

}  // namespace

Plan PlanFor(const Facts& facts, const Situation& situation) {
  return Planner(facts, situation).Run();
}

}  // namespace headroom::report
