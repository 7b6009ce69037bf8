#include "report/steps.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "report/commands.h"
#include "report/distribution.h"
#include "report/etcdctl.h"
#include "report/junk.h"
#include "text/human.h"

namespace headroom::report {
namespace {

using text::Bytes;
using text::Duration;

constexpr const char* kMakesRoom = " Otherwise it fills the space that the next steps make.";

std::string Seconds(const MemberFact& member) {
  return Duration(DefragmentationSeconds(member.in_use_bytes()));
}

}  // namespace

std::string Steps::DataFolder(const MemberFact& member) const {
  return &member == facts_.local_member() ? facts_.node.data_dir : "";
}

bool Steps::HasKubernetes() const {
  const auto is_resource = [](const auto& name) { return name != "other"; };
  return !facts_.node.distribution.empty() ||
         std::ranges::any_of(facts_.sample.resources, is_resource, &Sample::Writer::name) ||
         (facts_.file &&
          std::ranges::any_of(facts_.file->resources, is_resource, &analyze::Row::resource));
}

void Steps::Prepare() {
  const auto etcdctl = EtcdctlOn(facts_.node, situation_.answered.front()->status->server_version);
  Add("Have etcdctl, in one shell as root",
      etcdctl.comes_from + " The steps below call these functions.",
      // The container has no other folder of the node's.
      facts_.node.data_dir.empty()
          ? etcdctl.preparation
          : absl::StrReplaceAll(
                etcdctl.preparation,
                {{"SNAPSHOT=/var/lib/etcd/",
                  absl::StrCat("SNAPSHOT=", ShellQuote(facts_.node.data_dir), "/")}}));
}

void Steps::SaveSnapshot() {
  Add("Save a snapshot",
      absl::StrCat("It is the way back if anything goes wrong, and takes up to ",
                   Bytes(situation_.contact->size_bytes()), " of the disk that $SNAPSHOT is on."),
      commands::SaveSnapshot(contact()));
}

void Steps::StopTheWriter() {
  if (writer_.name.empty()) {
    return Add("Stop what writes",
               absl::StrCat("Who it is cannot be seen from here: the last revisions are deletes or "
                            "were not read. The exporter's own page may show it.",
                            kMakesRoom));
  }
  std::string title = "Stop what writes " + writer_.name;
  if (!writer_.manager.empty()) {
    title = absl::StrCat("Stop the writes of ", writer_.name, " by ", writer_.manager);
  }
  if (writer_.name == kPolicyEngine) title = "Stop " + writer_.name + ", which writes most";
  Add(title, writer_.evidence + kMakesRoom);
}

bool Steps::Delete() {
  const Junk junk = FindJunk(facts_, situation_);
  for (const MemberFact* member : situation_.tight) {
    Avoid(absl::StrCat("Do not defragment ", member->name,
                       " before something is deleted: live data fill the file. It would return "
                       "about ",
                       Bytes(member->free_bytes()), " and block the member for about ",
                       Seconds(*member), "."));
  }
  if (!junk.prefixes.empty()) {
    Add(absl::StrCat("Delete all ", junk.resources),
        absl::StrCat("Live data fill the file, so something has to go. ", junk.evidence,
                     "Nothing lasting is lost with them, and deletes are accepted now. They go in "
                     "pieces of 500 keys. With the API server up, `kubectl delete --raw "
                     "/api/v1/namespaces/NAMESPACE/events` is as fast, and so is the same for "
                     "other collections."),
        commands::Delete(contact(), junk.prefixes));
    return true;
  }
  const std::string largest = LargestObjects(facts_);
  Add("Delete what nobody needs",
      absl::StrCat("Live data fill the file: compaction and defragmentation alone do not help.",
                   largest.empty() ? "" : " The largest objects: ", largest,
                   largest.empty() ? "" : ".", " Otherwise the quota has to be raised, below."));
  return false;
}

void Steps::EndRead(const MemberFact& member) {
  Add(absl::StrCat("End the read that stays open on ", member.name),
      absl::StrCat(
          "A stalled reader of a snapshot keeps every page that was freed since. Look for "
          "`etcdctl snapshot save`, backup jobs and clients of /v3/maintenance/snapshot, "
          "below or on the peers it names, and end them. The pages are free after the next "
          "changes, such as the compaction.",
          situation_.silent.empty() ? " As a last resort restart " + member.name + "." : ""),
      (&member == facts_.local_member() ? commands::ShowReaders(member.url) : "") +
          commands::ByHand("end the read on " + member.name));
  Avoid(absl::StrCat("Do not defragment ", member.name,
                     " before that: it would answer nothing until the read ends."));
  Avoid("Do not delete anything for space: while the read is open no page becomes free.");
}

void Steps::Compact() {
  Add("Compact",
      "History becomes free pages. Without --physical it returns before any is free. \"required "
      "revision has been compacted\" is harmless.",
      commands::Compact(contact()));
  EndsWith(Milestone::kCompacted);
  AwaitSettled();
}

void Steps::AwaitSettled() {
  Add("Wait until in-use has settled on each member",
      "--physical waits for one member only, and a defragmentation before the pages are free "
      "gains nothing.",
      commands::AwaitSettled(situation_.voters));
  EndsWith(Milestone::kSettled);
}

void Steps::Defragment(const std::vector<const MemberFact*>& members) {
  for (const MemberFact* member : members) {
    Add(absl::StrCat("Defragment ", member->name, member->is_leader() ? ", the leader" : ""),
        absl::StrCat("Gives free pages back. The member answers nothing for about ",
                     Seconds(*member),
                     ", longer on a slow disk, and needs as much disk as is in use. It goes on if "
                     "the client gives up: never start the next before this one answers."),
        commands::Defragment(*member, FitBytes(member->presumed_limit_bytes()),
                             DataFolder(*member)));
    EndsWith(Milestone::kDefragmented, member->name);
  }
}

void Steps::DefragmentWhereItHelps(bool compacted) {
  std::vector<const MemberFact*> helped;
  for (const MemberFact* member : situation_.tight) {
    if (compacted || 4 * member->free_bytes() > member->presumed_limit_bytes()) {
      helped.push_back(member);
      continue;
    }
    Avoid(absl::StrCat("Do not defragment ", member->name,
                       " as it is: what is in use fills the file. It would return about ",
                       Bytes(member->free_bytes()), " and block the member for about ",
                       Seconds(*member), "."));
  }
  Defragment(helped);
}

void Steps::CheckRoom(std::uint64_t quota_bytes) {
  Add("Check that every member is below 90 % of its quota",
      "If one is not, there is more to delete or to raise. A disarm before that lasts for one "
      "write.",
      commands::CheckRoom(situation_.answered, quota_bytes));
  EndsWith(Milestone::kRoom);
}

void Steps::Disarm() {
  Add("Disarm",
      "Once, for the whole cluster: NOSPACE never clears by itself. A disarm clears every alarm: "
      "never disarm while CORRUPT is armed.",
      commands::Disarm(contact()));
  EndsWith(Milestone::kDisarmed);
  Add("Write a key", "To see that etcd accepts writes.", commands::TestWrite(contact()));
  EndsWith(Milestone::kWritten);
  if (!situation_.all_answered) {
    Avoid("Not every member was seen: one that is full arms the alarm again when it is back.");
  }
  if (!HasKubernetes()) return;
  const std::string kubectl = Kubectl(facts_.node);
  Add("See that Kubernetes accepts writes",
      absl::StrCat("Controllers that could not renew their lease have ended themselves. ",
                   HowToRestartClients(facts_.node),
                   " Webhooks of a policy engine that is down refuse Pods and Jobs as long as "
                   "their failurePolicy is Fail: start it again, or delete its "
                   "validatingwebhookconfigurations and mutatingwebhookconfigurations."),
      kubectl.empty() ? ""
                      : absl::StrCat("may_go && ", kubectl,
                                     " run etcd-headroom-test --image=none --restart=Never "
                                     "--dry-run=server\n"));
  Add("Watch in-use for ten minutes",
      "Work that waited writes at once, and the API server's own next two compactions free "
      "nothing new. If in-use climbs towards the quota, compact again:",
      absl::StrCat("# ", commands::Compact(contact())));
}

void Steps::AwaitDefragmentation() {
  Add("Wait until it answers",
      "A defragmentation goes on even if its client gave up. Then run this report again.");
  Avoid("Do not restart a member that defragments: before 3.5.6 that could corrupt it.");
}

void Steps::MakeRoomOnDisk() {
  Add("Make room on the disk, or move etcd to a larger one",
      absl::StrCat(Bytes(facts_.node.disk->free_bytes),
                   " are free, and etcd ends when its disk is "
                   "full. Old snapshots and logs beside the data directory can go; nothing in "
                   "member/ can. A larger quota does not help here."),
      facts_.node.data_dir.empty()
          ? ""
          : absl::StrCat("df -h ", ShellQuote(facts_.node.data_dir), "\n"));
}

void Steps::CompactByItself() {
  Add("Have etcd compact by itself",
      absl::StrCat("Nobody else does here. ",
                   HowToSet(facts_.node, "auto-compaction-mode=periodic"), " The same for `--",
                   "auto-compaction-retention=1h`. If an API server should compact, see why it "
                   "does not: --etcd-compaction-interval=0 turns it off."));
}

void Steps::FindCorruptMember() {
  Add("Find the member whose data differ",
      "Take a snapshot of voters that agree first. The one whose hash is another at the same "
      "revision is the bad one: remove it, empty it and add it again. Runbook: "
      "EtcdHeadroomCorrupt.",
      commands::HashAll(situation_.voters));
  Avoid(
      "Do not disarm, compact or defragment while CORRUPT is armed: it would spread or hide the "
      "damage.");
}

void Steps::BringMembersBack() {
  if (situation_.voters.empty()) {
    return Add("Ask a voter",
               "What answers is a learner, which takes none of the requests that would help: "
               "give --etcd.endpoints of a voter.");
  }
  std::vector<const MemberFact*> down;
  for (const MemberFact& member : facts_.members) {
    if (!member.status) down.push_back(&member);
  }
  Add("Bring the members back that do not answer",
      absl::StrCat("Without a majority there is no leader, and nothing can be written, compacted "
                   "or disarmed. Down: ",
                   down.empty() ? "none that is known; look at the network between the members"
                                : Names(down),
                   ". ", HowToStart(facts_.node)));
  Avoid("Do not restore or re-create the cluster while a majority can still be started.");
}

Plan Steps::Take() {
  std::string commands;
  for (const Step& step : plan_.steps) commands += step.command;
  if (!commands.empty()) plan_.steps.front().command += commands::FunctionsFor(commands);
  return std::move(plan_);
}

void Steps::ReportAgain(const std::string& why) { Add("Run this report again", why); }

}  // namespace headroom::report
