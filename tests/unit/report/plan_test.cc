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
                  "Compact, and wait for it", "Wait until in-use has settled on each member",
                  "Defragment b", "Defragment c", "Defragment a, the leader",
                  "See that every member is below 90 % of its quota", "Look for CORRUPT", "Disarm",
                  "Write a key", "Restart what is in crash-loop back-off"));
}

TEST(Plan, FillsInEndpointsAndRevision) {
  const Plan plan = Of(Full());
  EXPECT_EQ(Find(plan, "Compact").command,
            "etcdctl --endpoints=https://a.example:2379 --command-timeout=10m compact 5000 "
            "--physical\n");
  EXPECT_THAT(Find(plan, "Defragment b").command,
              HasSubstr("--endpoints=https://b.example:2379 --command-timeout=10m defrag"));
  EXPECT_THAT(Find(plan, "below 90 %").command,
              HasSubstr("https://a.example:2379,https://b.example:2379,https://c.example:2379"));
  EXPECT_THAT(Find(plan, "below 90 %").why, HasSubstr("a 1.8 GiB"));
}

TEST(Plan, DeletesWhatIsOfNoUseWhenLiveDataFillTheFile) {
  Facts facts = Full();
  facts.file = FileOf("policyreports.wgpolicyk8s.io", 2000 * kMiB, kMiB);
  const Plan plan = Of(facts);
  EXPECT_THAT(Find(plan, "Stop what writes").command,
              HasSubstr("del --prefix /registry/wgpolicyk8s.io/policyreports/"));
  EXPECT_THAT(Find(plan, "Compact").command,
              HasSubstr("endpoint status --write-out=json | grep -o"))
      << "the revision after the deletes";
}

TEST(Plan, DeletesNothingWhereHistoryFillsTheFileOrTheObjectsMatter) {
  Facts history = Full();
  history.file = FileOf("policyreports.wgpolicyk8s.io", 10 * kMiB, 2000 * kMiB);
  EXPECT_THAT(Commands(Of(history)), Not(HasSubstr(" del --prefix")));

  Facts secrets = Full();
  secrets.file = FileOf("secrets", 2000 * kMiB, kMiB);
  EXPECT_THAT(Commands(Of(secrets)), Not(HasSubstr(" del --prefix")));
  EXPECT_THAT(Find(Of(secrets), "Stop what writes secrets").why,
              HasSubstr("raise the quota of every member"));
}

TEST(Plan, CompactsNothingWithoutHistory) {
  Facts facts = Full();
  for (MemberFact& member : facts.members) member.compacted->revision = 5000;
  EXPECT_THAT(Commands(Of(facts)), Not(HasSubstr("compact ")));
  EXPECT_THAT(Of(facts).avoid, Contains(HasSubstr("no history to compact")));
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
              ElementsAre("Have etcdctl, in one shell as root", "Look for CORRUPT", "Disarm",
                          "Write a key", "Restart what is in crash-loop back-off"));
}

TEST(Plan, WarnsOfAMemberThatWasNotSeen) {
  Facts facts = Full();
  facts.members[2] = {.name = "c", .url = "https://c.example:2379", .problem = "refused"};
  const Plan plan = Of(facts);
  EXPECT_THAT(plan.avoid, Contains(HasSubstr("Not every member was seen")));
  EXPECT_THAT(Commands(plan), Not(HasSubstr("https://c.example:2379")));
  EXPECT_THAT(Find(plan, "below 90 %").why, HasSubstr("c (its quota is not known)"));
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
                              "would return about 50.0 MiB and block the member for about 20 s")));
  EXPECT_THAT(Commands(plan), Not(HasSubstr("disarm")));
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
