#include "report/plan.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <tuple>

#include "test_facts.h"

namespace headroom::report {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Plan PlanOf(const Facts& facts) { return PlanFor(facts, Situation(facts)); }

std::vector<std::string> Titles(const Plan& plan) {
  std::vector<std::string> titles;
  for (const Step& step : plan.steps) titles.push_back(step.title);
  return titles;
}

std::string Commands(const Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) text += step.command;
  return text;
}

Step Find(const Plan& plan, const std::string& title) {
  const auto found = std::ranges::find_if(
      plan.steps, [&](const Step& step) { return step.title.find(title) != std::string::npos; });
  return found == plan.steps.end() ? Step{} : *found;
}

TEST(Plan, HasNothingToDoWhereAllIsWell) {
  const Plan plan = PlanOf(ThreeMembers(500 * kMiB, 400 * kMiB));
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_THAT(plan.avoid, IsEmpty());
}

TEST(Plan, RecoversInTheFieldsOrderWithTheLeaderLast) {
  Facts facts = Full();
  MakeLocal(facts, FileOf("pods", 100 * kMiB, 1948 * kMiB));
  EXPECT_THAT(
      Titles(PlanOf(facts)),
      ElementsAre("Have etcdctl, in one shell as root", "Save a snapshot", "Stop what writes pods",
                  "Compact", "Wait until in-use has settled on each member", "Defragment b",
                  "Defragment c", "Defragment a, the leader",
                  "Check that every member is below 90 % of its quota", "Disarm", "Write a key",
                  "See that Kubernetes accepts writes", "Watch in-use for ten minutes"));
}

TEST(Plan, FillsInEndpointsAndLimits) {
  const Plan plan = PlanOf(Full());
  EXPECT_EQ(Find(plan, "Compact").command, "compact https://a.example:2379\n")
      << "at the revision of that moment";
  EXPECT_EQ(Find(plan, "Defragment b").command, "defragment https://b.example:2379 1932735283\n");
  EXPECT_THAT(Find(plan, "below 90 %").command,
              HasSubstr("has_room https://c.example:2379 1932735283\n"));
}

TEST(Plan, ThisNodesDiskIsCheckedBeforeItsMemberIsDefragmented) {
  Facts facts = Full();
  facts.local = 1;
  facts.node.data_dir = "/var/lib/etcd";
  EXPECT_EQ(Find(PlanOf(facts), "Defragment b").command,
            "defragment https://b.example:2379 1932735283 /var/lib/etcd\n");
}

TEST(Plan, OnlyMembersAbove90PercentAreDefragmented) {
  Facts facts = Full();
  facts.members[2] = MemberOf("c", 1000 * kMiB, 900 * kMiB);
  EXPECT_EQ(Find(PlanOf(facts), "Defragment c").title, "");
  EXPECT_NE(Find(PlanOf(facts), "Defragment b").title, "");
}

TEST(Plan, PrintsOnlyTheFunctionsThatItsCommandsCall) {
  const std::string disarm = PlanOf(Full(kQuota / 2, kQuota / 4)).steps.front().command;
  EXPECT_THAT(disarm, AllOf(HasSubstr("go=yes\n"), HasSubstr("\ndisarm() {"),
                            HasSubstr("\nmay_go() {"), HasSubstr("\nstop() {")));
  EXPECT_THAT(disarm,
              Not(AnyOf(HasSubstr("compact"), HasSubstr("defrag"), HasSubstr("del --prefix"))));
}

TEST(Plan, DeletesWhatIsOfNoLastingUseWhenLiveDataFillTheFile) {
  Facts facts = Full();
  MakeLocal(facts, FileOf("policyreports.wgpolicyk8s.io", 2000 * kMiB, kMiB));
  facts.file->breakdown = facts.file->resources;
  facts.file->breakdown.front().part = "shop";
  const Plan plan = PlanOf(facts);
  EXPECT_EQ(Find(plan, "Delete all policyreports.wgpolicyk8s.io").command,
            "delete_below https://a.example:2379 /registry/wgpolicyk8s.io/policyreports/shop/\n");
  EXPECT_THAT(Titles(plan), Contains("Compact")) << "what was deleted is history now";
  EXPECT_THAT(plan.avoid,
              Contains(HasSubstr("Do not defragment a before something is deleted: live data fill "
                                 "the file. It would return about 4.0 KiB "
                                 "and block the member for about 28 s")));
}

TEST(Plan, DeletesNothingWhereHistoryFillsTheFileOrTheObjectsMatter) {
  Facts history = Full();
  MakeLocal(history, FileOf("policyreports.wgpolicyk8s.io", 10 * kMiB, 2000 * kMiB));
  history.file->breakdown = history.file->resources;
  EXPECT_THAT(Commands(PlanOf(history)), Not(HasSubstr("delete_below")));

  Facts secrets = Full();
  MakeLocal(secrets, FileOf("secrets", 2000 * kMiB, kMiB));
  secrets.file->breakdown = secrets.file->resources;
  secrets.file->largest_objects = {
      {.key = "/registry/secrets/a/b", .resource = "secrets", .bytes = kMiB}};
  EXPECT_THAT(Commands(PlanOf(secrets)), Not(HasSubstr("delete_below")));
  EXPECT_THAT(Find(PlanOf(secrets), "Delete what nobody needs").why,
              HasSubstr("/registry/secrets/a/b (1.0 MiB)"));
  EXPECT_THAT(Find(PlanOf(secrets), "If a member stays full: raise the quota").why,
              HasSubstr("quota-backend-bytes=8589934592"));
}

TEST(Plan, WithPinnedPagesNothingIsDeletedOrDefragmented) {
  for (Facts facts : {Full(), ThreeMembers(1900 * kMiB, 1890 * kMiB)}) {
    MakeLocal(facts, FileOf("events", 500 * kMiB, 8 * kMiB));
    facts.file->breakdown = facts.file->resources;
    facts.pinned_bytes = 1380 * kMiB;
    const Plan plan = PlanOf(facts);
    EXPECT_THAT(Find(plan, "End the read that stays open on a").command,
                HasSubstr("by_hand 'end the read on a'"))
        << "a compaction before would make it grow";
    EXPECT_EQ(Titles(plan).back(), "Run this report again");
    EXPECT_THAT(Commands(plan), Not(AnyOf(HasSubstr("delete_below"), HasSubstr("defrag"))));
    EXPECT_THAT(plan.avoid, Contains(HasSubstr("Do not defragment a before that")));
  }
}

TEST(Plan, RaisesASmallerQuotaAndDisarmsWhereThatIsTheCause) {
  Facts facts = Full(kQuota / 2, kQuota / 4);
  facts.members[1].quota_bytes = kQuota / 2;
  const Plan plan = PlanOf(facts);
  EXPECT_THAT(Titles(plan), ElementsAre("Have etcdctl, in one shell as root",
                                        "Raise the quota of b to the others', 2.0 GiB",
                                        "Check that every member is below 90 % of its quota",
                                        "Disarm", "Write a key"));
  EXPECT_EQ(Find(plan, "Raise the quota").command,
            "by_hand 'raise the quota of b and restart it'\n");
  EXPECT_THAT(Find(plan, "Check").command, HasSubstr("has_room https://b.example:2379 1932735283"));
}

TEST(Plan, WithoutTheFileItSaysWhereItCanBeReadAndRaisesTheQuota) {
  const Step raise =
      Find(PlanOf(Full()), "If a member stays full: raise the quota of every member");
  EXPECT_THAT(raise.why, HasSubstr("Run this report as root on a control-plane node"));
}

TEST(Plan, NamesTheLineThatRaisesTheQuota) {
  Facts facts = ThreeMembers(1900 * kMiB, 1850 * kMiB);
  for (const auto& [distribution, line] :
       {std::pair{"kubeadm", "one line: `- --quota-backend-bytes=8589934592`"},
        {"k3s", "`etcd-arg: [\"quota-backend-bytes=8589934592\"]`"},
        {"RKE2", "`systemctl restart rke2-server`"}}) {
    facts.node.distribution = distribution;
    EXPECT_THAT(Find(PlanOf(facts), "Raise the quota").why, HasSubstr(line)) << distribution;
  }
}

TEST(Plan, RaisesNoQuotaBeyondTheDisk) {
  Facts facts = ThreeMembers(1900 * kMiB, 1850 * kMiB);
  facts.local = 0;
  facts.node.data_dir = "/var/lib/etcd";
  facts.node.disk = DiskSpace{.free_bytes = 10240 * kMiB, .size_bytes = 20000 * kMiB};
  EXPECT_THAT(Find(PlanOf(facts), "Raise the quota").why, HasSubstr("to 5.0 GiB"));
}

TEST(Plan, AnEtcdThatIsDownGetsALargerQuotaFirst) {
  Facts facts;
  facts.members = {{.name = "a", .url = "https://a.example:2379", .problem = "refused"}};
  facts.node.distribution = "k3s";
  facts.node.configured_quota_bytes = kQuota;
  facts.file = FileOf("events", 100 * kMiB, 1900 * kMiB);
  EXPECT_THAT(Titles(PlanOf(facts)),
              ElementsAre("Raise the quota", "Start etcd", "Run this report again"));
  EXPECT_THAT(Find(PlanOf(facts), "Start etcd").why, HasSubstr("systemctl start k3s"));
  facts.file->size_bytes = 100 * kMiB;
  EXPECT_THAT(PlanOf(facts).steps, IsEmpty());
}

TEST(Plan, CompactsWhereNobodyElseDoes) {
  Facts facts = ThreeMembers(900 * kMiB, 800 * kMiB);
  for (MemberFact& member : facts.members) member.compacted->revision = 0;
  EXPECT_THAT(Titles(PlanOf(facts)), ElementsAre("Have etcdctl, in one shell as root", "Compact",
                                                 "Wait until in-use has settled on each member",
                                                 "Have etcd compact by itself"));
  EXPECT_THAT(Find(PlanOf(facts), "compact by itself").why,
              AllOf(HasSubstr("--auto-compaction-mode=periodic"),
                    HasSubstr("--auto-compaction-retention=1h")));
}

TEST(Plan, AShortDiskIsNotCuredByALargerQuota) {
  Facts facts = ThreeMembers(1900 * kMiB, 1850 * kMiB);
  facts.local = 0;
  facts.node.data_dir = "/var/lib/etcd";
  facts.node.disk = DiskSpace{.free_bytes = 50 * kMiB, .size_bytes = 2000 * kMiB};
  EXPECT_EQ(Find(PlanOf(facts), "Raise the quota").title, "");
  EXPECT_EQ(Find(PlanOf(facts), "Make room on the disk").command, "df -h /var/lib/etcd\n");
}

TEST(Plan, WaitsForPagesThoughThereIsNoHistoryToCompact) {
  Facts facts = Full();
  for (MemberFact& member : facts.members) member.compacted->revision = 5000;
  EXPECT_THAT(Commands(PlanOf(facts)), Not(HasSubstr("compact() {")));
  EXPECT_THAT(PlanOf(facts).avoid, Contains(HasSubstr("no history to compact")));
  EXPECT_THAT(Find(PlanOf(facts), "Wait until in-use has settled").command,
              HasSubstr("settle https://b.example:2379"));
}

TEST(Plan, NeverDisarmsCompactsOrDefragmentsWhileCorruptIsArmed) {
  for (Facts facts : {Full(), Full(kQuota / 2, kQuota / 4)}) {
    facts.alarms.push_back({.type = "CORRUPT", .raised_by = "unknown"});
    const std::string commands = Commands(PlanOf(facts));
    EXPECT_THAT(commands, HasSubstr("hashkv"));
    EXPECT_THAT(commands, Not(HasSubstr("disarm")));
    EXPECT_THAT(commands, Not(HasSubstr("compact")));
    EXPECT_THAT(commands, Not(HasSubstr("defrag")));
  }
}

TEST(Plan, OnlyDisarmsWhereThatIsAllThatIsMissing) {
  EXPECT_THAT(Titles(PlanOf(Full(kQuota / 2, kQuota / 4))),
              ElementsAre("Have etcdctl, in one shell as root", "Disarm", "Write a key"));
}

TEST(Plan, WarnsOfAMemberThatWasNotSeen) {
  Facts facts = Full();
  facts.members[2] = {.name = "c", .url = "https://c.example:2379", .problem = "refused"};
  const Plan plan = PlanOf(facts);
  EXPECT_THAT(plan.avoid, Contains(HasSubstr("Not every member was seen")));
  EXPECT_THAT(Commands(plan), Not(HasSubstr("https://c.example:2379")));
}

TEST(Plan, ALearnerIsNotDefragmented) {
  Facts facts = Full();
  facts.members[1].status->is_learner = true;
  EXPECT_EQ(Find(PlanOf(facts), "Defragment b").title, "");
  EXPECT_THAT(PlanOf(facts).avoid, Contains(HasSubstr("a learner refuses it")));
}

TEST(Plan, WarnsOfTheTrapsOfTheVersionsThatRun) {
  Facts facts = Full();
  EXPECT_THAT(PlanOf(facts).avoid, Not(Contains(HasSubstr("corrupt it"))));
  facts.members[0].status->server_version = "3.5.4";
  facts.members[1].status->server_version = "3.4.37";
  facts.members[2].status->server_version = "3.4.38";
  EXPECT_THAT(PlanOf(facts).avoid, Contains(HasSubstr("Do not let a (3.5.4) crash")));
  EXPECT_THAT(PlanOf(facts).avoid,
              Contains(HasSubstr("Do not defragment a (3.5.4) while it receives")));
  EXPECT_THAT(PlanOf(facts).avoid, Contains(HasSubstr("Do not defragment b (3.4.37)")));
  EXPECT_THAT(PlanOf(facts).avoid, Not(Contains(HasSubstr("3.4.38"))));
}

TEST(Plan, BeforeTheAlarmDefragmentsOnlyWhereItHelps) {
  Facts facts = ThreeMembers(1900 * kMiB, 1850 * kMiB);
  facts.members[1] = MemberOf("b", 1900 * kMiB, 500 * kMiB);
  facts.members[2] = MemberOf("c", 700 * kMiB, 500 * kMiB);
  MakeLocal(facts, FileOf("pods", 1850 * kMiB, 0));
  const Plan plan = PlanOf(facts);
  EXPECT_THAT(Titles(plan), ElementsAre("Have etcdctl, in one shell as root", "Stop what writes",
                                        "Defragment b", "Raise the quota of every member"));
  EXPECT_THAT(plan.avoid, Contains(HasSubstr(
                              "Do not defragment a as it is: what is in use fills the file. It "
                              "would return about 50.0 MiB and block the member for about 25 s")));
  EXPECT_THAT(Commands(plan), Not(HasSubstr("disarm")));
}

TEST(Plan, PreventsWithTheWriterByName) {
  Facts facts = ThreeMembers(900 * kMiB, 898 * kMiB);
  for (MemberFact& member : facts.members) member.compacted->revision = 0;
  facts.sample.growth = Growth{.bytes_per_second = kMiB, .lowest = kMiB, .highest = kMiB};
  facts.sample.revisions = 100;
  facts.sample.resources = {{.name = "pods", .writes = 100, .bytes = 10 * kMiB}};
  EXPECT_THAT(Titles(PlanOf(facts)),
              ElementsAre("Have etcdctl, in one shell as root", "Stop what writes pods", "Compact",
                          "Wait until in-use has settled on each member",
                          "Have etcd compact by itself", "Raise the quota of every member"));
}

TEST(Plan, NamesTheManagerOfWhatToStop) {
  Facts facts = Full();
  facts.sample.resources = {{.name = "pods", .writes = 100, .bytes = 10 * kMiB}};
  facts.sample.managers = {{.manager = "kubelet",
                            .resource = "pods",
                            .subresource = "status",
                            .writes = 100,
                            .bytes = 10 * kMiB}};
  EXPECT_THAT(Titles(PlanOf(facts)), Contains("Stop the writes of pods by kubelet (status)"));
}

TEST(Plan, CompactsBeforeTheAlarmWhereHistoryIsLarge) {
  Facts facts = ThreeMembers(1900 * kMiB, 1890 * kMiB);
  MakeLocal(facts, FileOf("pods", 500 * kMiB, 1390 * kMiB));
  EXPECT_THAT(
      Titles(PlanOf(facts)),
      ElementsAre("Have etcdctl, in one shell as root", "Stop what writes pods", "Compact",
                  "Wait until in-use has settled on each member", "Defragment b", "Defragment c",
                  "Defragment a, the leader", "Raise the quota of every member"));
}

TEST(Plan, CompactsBeforeTheAlarmWhereHistoryIsUnknown) {
  EXPECT_THAT(Titles(PlanOf(ThreeMembers(1900 * kMiB, 1890 * kMiB))), Contains("Compact"));
}

TEST(Plan, AMemberAtItsQuotaIsRecoveredBeforeTheAlarm) {
  Facts facts = ThreeMembers(kQuota, kQuota - 4096);
  EXPECT_THAT(Titles(PlanOf(facts)), Contains("Compact"));
  EXPECT_THAT(Titles(PlanOf(facts)), Contains("Disarm"));
}

TEST(Plan, AnUnknownQuotaIsTakenToBeUsedUp) {
  Facts facts = Full();
  for (MemberFact& member : facts.members) member.quota_bytes.reset();
  const Plan plan = PlanOf(facts);
  EXPECT_EQ(Find(plan, "Defragment b").command, "defragment https://b.example:2379 1932735283\n");
  EXPECT_THAT(Find(plan, "Check").command, HasSubstr("has_room https://b.example:2379 1932735283"));
}

TEST(Plan, RecoversWhatItReachesThoughPeersAreSilent) {
  Facts facts = Full();
  for (const std::size_t i : {1U, 2U}) {
    facts.members[i].status.reset();
    facts.members[i].problem = "refused";
  }
  EXPECT_THAT(Titles(PlanOf(facts)), Contains("Compact"));
}

TEST(Plan, NeverRestartsAMemberThatDefragments) {
  Facts facts;
  facts.members = {{.name = "a",
                    .url = "https://a.example:2379",
                    .problem = "no answer in time",
                    .is_defragmenting = true}};
  facts.file = FileOf("events", 100 * kMiB, 1900 * kMiB);
  facts.alarms = {{.type = "NOSPACE", .raised_by = "1"}};
  EXPECT_THAT(Titles(PlanOf(facts)), ElementsAre("Wait until it answers"));
}

TEST(Plan, AFullLearnerIsNotForgotten) {
  Facts facts = Full();
  facts.members[1].status->is_learner = true;
  EXPECT_THAT(Titles(PlanOf(facts)),
              Contains("Raise the quota of the learner b, or remove it and add it again"));
}

TEST(Plan, RaisesTheSmallestQuota) {
  Facts facts = ThreeMembers(1900 * kMiB, 1890 * kMiB);
  for (const std::size_t i : {1U, 2U}) facts.members[i].quota_bytes = std::int64_t{8} << 30U;
  facts.members[0].status->db_size_bytes = 1500 * kMiB;
  facts.members[0].status->db_in_use_bytes = 1490 * kMiB;
  facts.sample.growth = Growth{.bytes_per_second = kMiB, .lowest = kMiB, .highest = kMiB};
  facts.sample.new_share = 1;
  EXPECT_NE(Find(PlanOf(facts), "Raise the quota of a").title, "");
}

TEST(Plan, NeverLowersAQuota) {
  Facts facts = ThreeMembers(1900 * kMiB, 1890 * kMiB);
  for (MemberFact& member : facts.members) {
    member = MemberOf(member.name, 15000 * kMiB, 14900 * kMiB, 16384 * kMiB);
  }
  EXPECT_EQ(Find(PlanOf(facts), "Raise the quota").title, "");
  EXPECT_THAT(Find(PlanOf(facts), "Delete, or split").why,
              HasSubstr("as large as etcd is built for"));
}

TEST(Plan, HashesAtARevisionThatAllVotersHave) {
  Facts facts = Full();
  facts.alarms = {{.type = "CORRUPT", .raised_by = "unknown"}};
  facts.members[2].status->is_learner = true;
  EXPECT_THAT(Find(PlanOf(facts), "Find the member").command,
              AllOf(HasSubstr("for member in https://b.example:2379 https://a.example:2379"),
                    HasSubstr("sort -n | head -n 1"),
                    HasSubstr("etcdctl --endpoints=https://b.example:2379,https://a.example:2379 "
                              "endpoint hashkv --rev=\"$revision\"")));
}

TEST(Plan, ALearnerAloneIsAskedForNothing) {
  Facts facts = Full();
  facts.members = {facts.members[1]};
  facts.members[0].status->is_learner = true;
  EXPECT_THAT(Titles(PlanOf(facts)), ElementsAre("Ask a voter"));
  EXPECT_EQ(Commands(PlanOf(facts)), "");
}

TEST(Plan, WithoutALeaderNamesWhoIsDown) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[0] = {.name = "a", .problem = "refused"};
  facts.members[1].status->leader_id = facts.members[2].status->leader_id = 0;
  const Plan plan = PlanOf(facts);
  EXPECT_THAT(Find(plan, "Bring the members back").why, HasSubstr("Down: a."));
  EXPECT_EQ(Commands(plan), "");
}

TEST(Plan, ChecksKubernetesAsTheDistributionHasIt) {
  Facts facts = Full();
  for (const auto& [distribution, restart, kubectl] :
       {std::tuple{"kubeadm", "restart kubelet", "kubectl --kubeconfig=/etc/kubernetes/admin.conf"},
        {"k3s", "restart k3s`, one server at a time", "k3s kubectl run"},
        {"RKE2", "restart rke2-server", "/var/lib/rancher/rke2/bin/kubectl"}}) {
    facts.node.distribution = distribution;
    const Step step = Find(PlanOf(facts), "See that Kubernetes accepts writes");
    EXPECT_THAT(step.why, AllOf(HasSubstr(restart), HasSubstr("failurePolicy")));
    EXPECT_THAT(step.command, HasSubstr(kubectl));
  }
  facts.node.distribution.clear();
  EXPECT_EQ(Find(PlanOf(facts), "Kubernetes").title, "") << "no sign of one";
}

}  // namespace
}  // namespace headroom::report
