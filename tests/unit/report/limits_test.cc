#include "report/limits.h"

#include <gmock/gmock.h>

#include "budgets/budgets.h"
#include "report/file_survey.h"
#include "test_facts.h"

namespace headroom::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<Limit> LimitsOf(const Facts& facts) { return LimitsFor(facts, Situation(facts)); }

// A file whose namespace shop has live objects and history of one resource.
Facts WithShop(const std::string& resource, std::uint64_t live_bytes, std::uint64_t history_bytes,
               const std::string& object_namespace = "shop") {
  Facts facts = ThreeMembers(kQuota / 4, kQuota / 4);
  MakeLocal(facts, FileOf(resource, live_bytes, history_bytes));
  facts.file->breakdown = facts.file->resources;
  facts.file->breakdown.front().part = object_namespace;
  facts.file->namespaces = {{.name = "other"},
                            {.name = object_namespace,
                             .objects = 10,
                             .live_bytes = live_bytes,
                             .history_bytes = history_bytes}};
  return facts;
}

void GiveBudget(Facts& facts, const std::string& text) {
  const auto budgets =
      budgets::ParseBudgets("budgets: [{namespace: '*', owner: team-a, " + text + "}]");
  ASSERT_TRUE(budgets.ok()) << budgets.status();
  AddOverBudget(*budgets, facts);
}

TEST(Limits, AreQuotasWhereThereAreManyObjects) {
  Facts facts = WithShop("jobs.batch", 100 * kMiB, kMiB);
  GiveBudget(facts, "bytes: 50MiB");
  const auto limits = LimitsOf(facts);
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].object_namespace, "shop");
  EXPECT_THAT(limits[0].why, AllOf(HasSubstr("shop (team-a) has 101.0 MiB stored"),
                                   HasSubstr("budget is 50.0 MiB"), HasSubstr("jobs.batch")));
  EXPECT_THAT(limits[0].manifest,
              AllOf(HasSubstr("kind: ResourceQuota"), HasSubstr("count/jobs.batch: \"10\"")));
}

TEST(Limits, ArePoliciesWhereObjectsAreRewritten) {
  Facts facts = WithShop("things.example.com", kMiB, 100 * kMiB);
  GiveBudget(facts, "share: 1%");
  const auto limits = LimitsOf(facts);
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_THAT(limits[0].manifest,
              AllOf(HasSubstr("kind: ValidatingAdmissionPolicy\n"),
                    HasSubstr("apiGroups: [\"example.com\"]"), HasSubstr("resources: [\"things\"]"),
                    HasSubstr("kubernetes.io/metadata.name: \"shop\"")));
}

// ResourceQuota does not count them.
TEST(Limits, ArePoliciesForEvents) {
  Facts facts = WithShop("events", 100 * kMiB, 0);
  GiveBudget(facts, "bytes: 50MiB");
  EXPECT_THAT(LimitsOf(facts).at(0).manifest, HasSubstr("apiGroups: [\"\", \"events.k8s.io\"]"));
}

TEST(Limits, AreNoneWithinTheBudget) {
  Facts facts = WithShop("pods", 50 * kMiB, 0);
  GiveBudget(facts, "bytes: 50MiB");
  EXPECT_THAT(LimitsOf(facts), IsEmpty());
}

TEST(Limits, AreNeverOfANamespaceOfKubernetes) {
  Facts facts = WithShop("leases.coordination.k8s.io", kMiB, 100 * kMiB, "kube-node-lease");
  GiveBudget(facts, "bytes: 50MiB");
  const auto limits = LimitsOf(facts);
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].manifest, "");
  EXPECT_THAT(limits[0].why, HasSubstr("Kubernetes' own"));
}

TEST(Limits, AreNamedWhereTheLargestResourceIsUnknown) {
  Facts facts = WithShop("pods", 100 * kMiB, 0);
  facts.file->breakdown.clear();
  GiveBudget(facts, "bytes: 50MiB");
  const auto limits = LimitsOf(facts);
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_THAT(limits[0].why, HasSubstr("shop (team-a) has 100.0 MiB stored"));
  EXPECT_EQ(limits[0].manifest, "");
}

TEST(Limits, AreOfTheTopWriterWhileEtcdFillsUp) {
  Facts facts = WithShop("pods", 50 * kMiB, 0);
  facts.sample.resources = {{.name = "pods", .writes = 3, .bytes = 300}};
  facts.sample.namespaces = {
      {.resource = "pods", .object_namespace = "shop", .writes = 2, .bytes = 200},
      {.resource = "pods", .object_namespace = "b", .writes = 1, .bytes = 100}};
  facts.sample.new_share = 0.9;
  EXPECT_THAT(LimitsOf(facts), IsEmpty()) << "it is healthy";
  facts.alarms = {{.type = "NOSPACE", .raised_by = "b"}};
  EXPECT_THAT(LimitsOf(facts).at(0).manifest, HasSubstr("count/pods: \"10\""));
  facts.sample.new_share = 0.1;
  EXPECT_EQ(LimitsOf(facts).at(0).manifest, "") << "Kubernetes updates pods";
  facts.sample.resources[0].name = "configmaps";
  for (Sample::Namespace& of : facts.sample.namespaces) of.resource = "configmaps";
  EXPECT_THAT(LimitsOf(facts).at(0).manifest,
              AllOf(StartsWith("apiVersion: admission"), Not(HasSubstr("ResourceQuota"))));
  facts.sample.namespaces[0].object_namespace = "";
  EXPECT_THAT(LimitsOf(facts), IsEmpty()) << "of no namespace";
}

}  // namespace
}  // namespace headroom::report
