#include "report/culprit.h"

#include <gmock/gmock.h>

#include "test_facts.h"

namespace headroom::report {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Junk JunkOf(const Facts& facts) { return FindJunk(facts, Situation(facts)); }

TEST(Writer, IsWhoWroteMostWhateverIsStored) {
  Facts facts = Full();
  facts.file = FileOf("events", 900 * kMiB, 900 * kMiB);
  facts.sample.revisions = 12;
  facts.sample.resources = {{.name = "leases.coordination.k8s.io", .writes = 9, .bytes = 750},
                            {.name = "pods", .writes = 3, .bytes = 250}};
  facts.sample.namespaces = {{.name = "pods in shop"},
                             {.name = "leases.coordination.k8s.io in kube-node-lease"}};
  const Writer writer = FindWriter(facts);
  EXPECT_EQ(writer.name, "leases.coordination.k8s.io");
  EXPECT_THAT(writer.evidence,
              AllOf(HasSubstr("were 75.0 % of the bytes in the last 12 revisions."),
                    HasSubstr("Most were leases.coordination.k8s.io in kube-node-lease.")));
}

TEST(Writer, IsThePolicyEngineForAllThatItWrites) {
  Facts facts = Full();
  facts.sample.revisions = 100;
  facts.sample.resources = {{.name = "pods", .writes = 9, .bytes = 400},
                            {.name = "ephemeralreports.reports.kyverno.io", .bytes = 300},
                            {.name = "events", .bytes = 180},
                            {.name = "policyreports.wgpolicyk8s.io", .bytes = 120}};
  facts.sample.event_objects = {{.name = "kyverno-admission: PolicyViolation of Pod", .bytes = 170},
                                {.name = "kubelet: Pulled of Pod", .bytes = 10}};
  const Writer writer = FindWriter(facts);
  EXPECT_EQ(writer.name, "the policy engine");
  EXPECT_THAT(writer.evidence,
              AllOf(HasSubstr("wrote 59.0 % of the bytes"),
                    HasSubstr("ephemeralreports.reports.kyverno.io 30.0 %"), HasSubstr("events"),
                    HasSubstr("policyreports.wgpolicyk8s.io 12.0 %")));
  facts.sample.event_objects = {{.name = "kubelet: Pulled of Pod", .bytes = 180}};
  EXPECT_THAT(FindWriter(facts).evidence, Not(HasSubstr("events")));
}

TEST(Writer, IsWhoRewroteMostWhereNothingWasSampled) {
  Facts facts = Full();
  EXPECT_EQ(FindWriter(facts).name, "");
  facts.file = FileOf("pods", 100 * kMiB, 512 * kMiB);
  EXPECT_EQ(FindWriter(facts).name, "pods");
  EXPECT_THAT(FindWriter(facts).evidence, HasSubstr("take 512.0 MiB of the file, 25.0 %"));
}

TEST(Junk, IsALargeShareOfTheQuotaOrNothing) {
  Facts facts = Full();
  facts.file = FileOf("events", 1000 * kMiB, 0);
  facts.file->breakdown = facts.file->resources;
  facts.file->breakdown.front().part = "shop";
  EXPECT_THAT(JunkOf(facts).prefixes, ElementsAre("/registry/events/shop/"));
  EXPECT_THAT(JunkOf(facts).evidence, HasSubstr("10 events take 1000.0 MiB, 48.8 % of the quota."));
  facts.file = FileOf("events", 174 * kMiB, 1800 * kMiB);
  facts.file->breakdown = facts.file->resources;
  EXPECT_THAT(JunkOf(facts).prefixes, IsEmpty()) << "8.5 % of the quota frees nothing that helps";
}

TEST(Junk, NeedsAFileThatWasReadWhole) {
  Facts facts = Full();
  EXPECT_THAT(JunkOf(facts).prefixes, IsEmpty());
  facts.file = FileOf("events", 1000 * kMiB, 0);
  facts.file->breakdown = facts.file->resources;
  facts.file->problem = "17 pages cannot be read";
  EXPECT_THAT(JunkOf(facts).prefixes, IsEmpty());
}

TEST(Junk, IsOnlyWhatIsOfNoLastingUse) {
  Facts facts = Full();
  const auto prefixes = [&facts](const std::string& resource, const std::string& part) {
    facts.file = FileOf(resource, 1500 * kMiB, 1);
    facts.file->breakdown = {{.resource = "pods", .part = "shop", .usage = {.live_objects = 1}},
                             {.resource = resource, .part = part, .usage = {.live_objects = 1}},
                             {.resource = resource, .part = "gone", .usage = {.tombstones = 1}}};
    return JunkOf(facts).prefixes;
  };
  EXPECT_THAT(prefixes("events", "a"), ElementsAre("/registry/events/a/"));
  EXPECT_THAT(prefixes("vulnerabilityreports.aquasecurity.github.io", "a"),
              ElementsAre("/registry/aquasecurity.github.io/vulnerabilityreports/a/"));
  EXPECT_THAT(prefixes("clusterpolicyreports.wgpolicyk8s.io", ""),
              ElementsAre("/registry/wgpolicyk8s.io/clusterpolicyreports/"));
  EXPECT_THAT(prefixes("events", "other"), ElementsAre("/registry/events/"));
  for (const char* lasting : {"pods", "leases.coordination.k8s.io", "other", "secrets",
                              "configmaps", "customresourcedefinitions.apiextensions.k8s.io",
                              "reports.metering.openshift.io", "expensereports.acme.com"}) {
    EXPECT_THAT(prefixes(lasting, "a"), IsEmpty()) << lasting;
  }
  facts.node.registry_prefix = "kubernetes.io";
  EXPECT_THAT(prefixes("events", "a"), ElementsAre("/kubernetes.io/events/a/"));
}

TEST(LargestObjects, AreNamedByTheirKeys) {
  Facts facts = Full();
  EXPECT_EQ(LargestObjects(facts), "");
  facts.file = FileOf("secrets", 1, 1);
  facts.file->largest_objects = {
      {.key = "/registry/secrets/a/b", .resource = "secrets", .bytes = 2048}};
  EXPECT_EQ(LargestObjects(facts), "/registry/secrets/a/b (2.0 KiB)");
}

}  // namespace
}  // namespace headroom::report
