#include "report/plan.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "facts.h"

namespace headroom::report {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Plan Of(const Facts& facts) { return PlanFor(facts, Situation(facts)); }

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
  const Plan plan = Of(ThreeMembers(500 * kMiB, 400 * kMiB));
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_THAT(plan.avoid, IsEmpty());
}

TEST(Plan, RecoversInTheFieldsOrderWithTheLeaderLast) {
  Facts facts = Full();
  facts.file = FileOf("pods", 100 * kMiB, 1800 * kMiB);
  EXPECT_THAT(
      Titles(Of(facts)),
      ElementsAre("Have etcdctl, in one shell as root", "Save a snapshot", "Stop what writes pods",
                  "Compact", "Wait until in-use has settled on each member", "Defragment b",
                  "Defragment c", "Defragment a, the leader",
                  "See that every member is below 90 % of its quota", "Disarm", "Write a key",
                  "Restart what is in crash-loop back-off"));
}

TEST(Plan, FillsInEndpointsAndRevision) {
  const Plan plan = Of(Full());
  EXPECT_EQ(Find(plan, "Compact").command,
            "if [ -n \"$saved\" ]; then etcdctl --endpoints=https://a.example:2379 "
            "--command-timeout=10m compact 5000 --physical; else echo 'STOP: no snapshot'; fi\n");
  EXPECT_THAT(
      Find(plan, "Defragment b").command,
      HasSubstr("elif ! [ \"$(in_use https://b.example:2379)\" -lt 1932735283 ]; then echo"));
  EXPECT_THAT(
      Find(plan, "Defragment b").command,
      HasSubstr("else etcdctl --endpoints=https://b.example:2379 --command-timeout=10m defrag "
                "|| failed=yes; fi"));
  EXPECT_THAT(Find(plan, "below 90 %").command,
              HasSubstr("if [ \"$(size https://c.example:2379)\" -lt 1932735283 ]"));
}

TEST(Plan, DeletesWhatIsOfNoLastingUseWhenLiveDataFillTheFile) {
  Facts facts = Full();
  facts.file = FileOf("policyreports.wgpolicyk8s.io", 2000 * kMiB, kMiB);
  facts.file->breakdown = facts.file->resources;
  facts.file->breakdown.front().part = "shop";
  const Plan plan = Of(facts);
  EXPECT_EQ(Find(plan, "Delete all policyreports.wgpolicyk8s.io").command,
            "if [ -n \"$saved\" ]; then\n  etcdctl --endpoints=https://a.example:2379 "
            "--command-timeout=10m del --prefix /registry/wgpolicyk8s.io/policyreports/shop/\nelse "
            "echo 'STOP: no snapshot'; fi\n");
  EXPECT_THAT(Find(plan, "Compact").command,
              HasSubstr("compact \"$(revision https://a.example:2379)\" --physical"))
      << "the revision after the deletes";
  EXPECT_THAT(plan.avoid,
              Contains(HasSubstr("Do not defragment a before something is deleted: what "
                                 "lives fills the file; it would return about 4.0 KiB "
                                 "and block the member for about 28 s")));
}

TEST(Plan, DeletesNothingWhereHistoryFillsTheFileOrTheObjectsMatter) {
  Facts history = Full();
  history.file = FileOf("policyreports.wgpolicyk8s.io", 10 * kMiB, 2000 * kMiB);
  history.file->breakdown = history.file->resources;
  EXPECT_THAT(Commands(Of(history)), Not(HasSubstr(" del --prefix")));

  Facts secrets = Full();
  secrets.file = FileOf("secrets", 2000 * kMiB, kMiB);
  secrets.file->breakdown = secrets.file->resources;
  EXPECT_THAT(Commands(Of(secrets)), Not(HasSubstr(" del --prefix")));
  EXPECT_EQ(Find(Of(secrets), "Delete what nobody needs").title,
            "Delete what nobody needs, or raise the quota of every member");
}

TEST(Plan, WaitsForPagesThoughThereIsNoHistoryToCompact) {
  Facts facts = Full();
  for (MemberFact& member : facts.members) member.compacted->revision = 5000;
  EXPECT_THAT(Commands(Of(facts)), Not(HasSubstr(" compact ")));
  EXPECT_THAT(Of(facts).avoid, Contains(HasSubstr("no history to compact")));
  EXPECT_THAT(Find(Of(facts), "Wait until in-use has settled").command, HasSubstr("sleep 30"));
}

TEST(Plan, NeverDisarmsCompactsOrDefragmentsWhileCorruptIsArmed) {
  for (Facts facts : {Full(), Full(kQuota / 2, kQuota / 4)}) {
    facts.alarms.push_back({.type = "CORRUPT", .raised_by = "unknown"});
    const std::string commands = Commands(Of(facts));
    EXPECT_THAT(commands, HasSubstr("hashkv"));
    EXPECT_THAT(commands, Not(HasSubstr("disarm")));
    EXPECT_THAT(commands, Not(HasSubstr("compact")));
    EXPECT_THAT(commands, Not(HasSubstr("defrag")));
  }
}

TEST(Plan, OnlyDisarmsWhereThatIsAllThatIsMissing) {
  EXPECT_THAT(Titles(Of(Full(kQuota / 2, kQuota / 4))),
              ElementsAre("Have etcdctl, in one shell as root", "Disarm", "Write a key",
                          "Restart what is in crash-loop back-off"));
}

TEST(Plan, WarnsOfAMemberThatWasNotSeen) {
  Facts facts = Full();
  facts.members[2] = {.name = "c", .url = "https://c.example:2379", .problem = "refused"};
  const Plan plan = Of(facts);
  EXPECT_THAT(plan.avoid, Contains(HasSubstr("Not every member was seen")));
  EXPECT_THAT(Commands(plan), Not(HasSubstr("https://c.example:2379")));
}

TEST(Plan, ALearnerIsNotDefragmented) {
  Facts facts = Full();
  facts.members[1].status->is_learner = true;
  EXPECT_EQ(Find(Of(facts), "Defragment b").title, "");
  EXPECT_THAT(Of(facts).avoid, Contains(HasSubstr("a learner refuses it")));
}

TEST(Plan, WarnsOfTheTrapsOfTheVersionsThatRun) {
  Facts facts = Full();
  EXPECT_THAT(Of(facts).avoid, Not(Contains(HasSubstr("corrupt it"))));
  facts.members[0].status->server_version = "3.5.4";
  facts.members[1].status->server_version = "3.4.37";
  facts.members[2].status->server_version = "3.4.38";
  EXPECT_THAT(Of(facts).avoid, Contains(HasSubstr("Do not let a (3.5.4) crash")));
  EXPECT_THAT(Of(facts).avoid,
              Contains(HasSubstr("Do not defragment a (3.5.4) while it receives")));
  EXPECT_THAT(Of(facts).avoid, Contains(HasSubstr("Do not defragment b (3.4.37)")));
  EXPECT_THAT(Of(facts).avoid, Not(Contains(HasSubstr("3.4.38"))));
}

TEST(Plan, BeforeTheAlarmDefragmentsOnlyWhereItHelps) {
  Facts facts = ThreeMembers(1900 * kMiB, 1850 * kMiB);
  facts.members[1] = MemberOf("b", 1900 * kMiB, 500 * kMiB);
  facts.members[2] = MemberOf("c", 700 * kMiB, 500 * kMiB);
  const Plan plan = Of(facts);
  EXPECT_THAT(Titles(plan), ElementsAre("Have etcdctl, in one shell as root", "Defragment b",
                                        "Raise the quota of every member"));
  EXPECT_THAT(plan.avoid, Contains(HasSubstr(
                              "Do not defragment a as it is: what is in use fills the file; it "
                              "would return about 50.0 MiB and block the member for about 25 s")));
  EXPECT_THAT(Commands(plan), Not(HasSubstr("disarm")));
}

TEST(Plan, CompactsBeforeTheAlarmWhereNobodyElseDoes) {
  Facts facts = ThreeMembers(1900 * kMiB, 1890 * kMiB);
  facts.sample.revisions = 10;  // one a second
  EXPECT_THAT(
      Titles(Of(facts)),
      ElementsAre("Have etcdctl, in one shell as root", "Save a snapshot", "Compact",
                  "Wait until in-use has settled on each member", "Defragment b", "Defragment c",
                  "Defragment a, the leader", "Raise the quota of every member"));
}

TEST(Plan, AMemberAtItsQuotaIsRecoveredBeforeTheAlarm) {
  Facts facts = ThreeMembers(kQuota, kQuota - 4096);
  EXPECT_THAT(Titles(Of(facts)), Contains("Compact"));
  EXPECT_THAT(Titles(Of(facts)), Contains("Disarm"));
}

TEST(Plan, NeverLowersAQuota) {
  Facts facts = ThreeMembers(1900 * kMiB, 1890 * kMiB);
  facts.members[0] = MemberOf("a", 15000 * kMiB, 14900 * kMiB, 16384 * kMiB);
  EXPECT_EQ(Find(Of(facts), "Raise the quota").title, "");
  EXPECT_THAT(Find(Of(facts), "Delete, or split").why, HasSubstr("as large as etcd is built for"));
}

TEST(Plan, HashesAtARevisionThatAllVotersHave) {
  Facts facts = Full();
  facts.alarms = {{.type = "CORRUPT", .raised_by = "unknown"}};
  facts.members[1].status->revision = 4990;
  facts.members[2].status->is_learner = true;
  EXPECT_THAT(
      Commands(Of(facts)),
      HasSubstr("etcdctl --endpoints=https://b.example:2379,https://a.example:2379 endpoint "
                "hashkv --rev=4990 --write-out=table"));
}

TEST(Plan, ALearnerAloneIsAskedForNothing) {
  Facts facts = Full();
  facts.members = {facts.members[1]};
  facts.members[0].status->is_learner = true;
  EXPECT_THAT(Titles(Of(facts)), ElementsAre("Ask a voter"));
  EXPECT_EQ(Commands(Of(facts)), "");
}

TEST(Plan, WithoutALeaderNamesWhoIsDown) {
  Facts facts = ThreeMembers(500 * kMiB, 400 * kMiB);
  facts.members[0] = {.name = "a", .problem = "refused"};
  facts.members[1].status->leader_id = facts.members[2].status->leader_id = 0;
  const Plan plan = Of(facts);
  EXPECT_THAT(Find(plan, "Bring the members back").why, HasSubstr("Down: a."));
  EXPECT_EQ(Commands(plan), "");
}

TEST(Plan, RestartsAsTheDistributionWantsIt) {
  Facts facts = Full();
  for (const auto& [distribution, command] : {std::pair{"kubeadm", "restart kubelet"},
                                              {"k3s", "restart k3s, one server at a time"},
                                              {"RKE2", "restart rke2-server"}}) {
    facts.node.distribution = distribution;
    EXPECT_THAT(Find(Of(facts), "Restart").why, HasSubstr(command));
  }
}

}  // namespace
}  // namespace headroom::report
