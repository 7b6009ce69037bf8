#include "report/culprit.h"

#include <gmock/gmock.h>

#include "report/junk.h"
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
  facts.sample.namespaces = {{.resource = "pods", .object_namespace = "shop", .bytes = 250},
                             {.resource = "leases.coordination.k8s.io",
                              .object_namespace = "kube-node-lease",
                              .bytes = 750}};
  const Writer writer = FindWriter(facts);
  EXPECT_EQ(writer.name, "leases.coordination.k8s.io");
  EXPECT_EQ(writer.manager, "");
  EXPECT_EQ(writer.evidence,
            "leases.coordination.k8s.io were 75.0 % of the bytes in the last 12 revisions. Most "
            "were in kube-node-lease.");
  EXPECT_EQ(TopWriter(facts), "");
}

Facts FullOfJobs() {
  Facts facts = Full();
  facts.sample.revisions = 812;
  facts.sample.resources = {{.name = "jobs.batch", .writes = 9, .bytes = 600},
                            {.name = "pods", .writes = 9, .bytes = 400}};
  facts.sample.namespaces = {
      {.resource = "jobs.batch", .object_namespace = "batch-jobs", .bytes = 400},
      {.resource = "pods", .object_namespace = "batch-jobs", .bytes = 400},
      {.resource = "jobs.batch", .object_namespace = "shop", .bytes = 200}};
  return facts;
}

TEST(Writer, IsNamedByTheManagerOfMostOfIt) {
  Facts facts = FullOfJobs();
  facts.sample.managers = {
      {.manager = "kubelet", .resource = "pods", .subresource = "status", .bytes = 400},
      {.manager = "kube-controller-manager",
       .resource = "jobs.batch",
       .subresource = "status",
       .bytes = 250},
      {.manager = "argo", .resource = "jobs.batch", .subresource = "", .bytes = 200},
      {.manager = "kube-controller-manager",
       .resource = "jobs.batch",
       .subresource = "",
       .bytes = 150}};
  const Writer writer = FindWriter(facts);
  EXPECT_EQ(writer.manager, "kube-controller-manager (status)");
  EXPECT_EQ(writer.evidence,
            "jobs.batch were 60.0 % of the bytes in the last 812 revisions. Most were by "
            "kube-controller-manager (status) in batch-jobs. kube-controller-manager mostly does "
            "what others ask for: find the object that it works on.");
  EXPECT_EQ(TopWriter(facts), "Top writer: kube-controller-manager (status), of jobs.batch.");
}

TEST(Writer, HasTheSubresourceThatTheManagerWroteMostInAll) {
  Facts facts = FullOfJobs();
  facts.sample.resources = {
      {.name = "ephemeralreports.reports.kyverno.io", .writes = 9, .bytes = 100},
      {.name = "policyreports.wgpolicyk8s.io", .writes = 9, .bytes = 100}};
  facts.sample.managers = {{.manager = "kyverno",
                            .resource = "policyreports.wgpolicyk8s.io",
                            .subresource = "",
                            .bytes = 80},
                           {.manager = "kyverno",
                            .resource = "ephemeralreports.reports.kyverno.io",
                            .subresource = "status",
                            .bytes = 70},
                           {.manager = "kyverno",
                            .resource = "policyreports.wgpolicyk8s.io",
                            .subresource = "status",
                            .bytes = 20}};
  EXPECT_EQ(FindWriter(facts).manager, "kyverno (status)");
}

TEST(Writer, IsNoManagerOfLessThanHalfOfIt) {
  Facts facts = FullOfJobs();
  facts.sample.managers = {
      {.manager = "none", .resource = "jobs.batch", .subresource = "", .bytes = 360},
      {.manager = "argo", .resource = "jobs.batch", .subresource = "", .bytes = 240}};
  EXPECT_EQ(FindWriter(facts).manager, "");
  EXPECT_THAT(
      FindWriter(facts).evidence,
      HasSubstr("Most were in batch-jobs. The largest manager is argo with 40.0 % of that."));
}

TEST(Writer, IsNeverWhatSeveralAreCountedUnder) {
  Facts facts = FullOfJobs();
  for (const char* nobody : {"none", "ambiguous", "encrypted", "other"}) {
    facts.sample.managers = {
        {.manager = nobody, .resource = "jobs.batch", .subresource = "", .bytes = 600}};
    EXPECT_EQ(FindWriter(facts).manager, "");
    EXPECT_THAT(FindWriter(facts).evidence, Not(HasSubstr(nobody)));
  }
  facts.sample.resources.push_back({.name = "other", .writes = 9, .bytes = 5000});
  EXPECT_EQ(FindWriter(facts).name, "jobs.batch");
  facts.sample.resources = {{.name = "other", .writes = 9, .bytes = 5000}};
  EXPECT_EQ(FindWriter(facts).name, "");
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
  const auto of = [](const char* manager, const char* resource, std::uint64_t bytes) {
    return Sample::Manager{
        .manager = manager, .resource = resource, .subresource = "", .bytes = bytes};
  };
  facts.sample.managers = {
      of("argo", "pods", 400), of("kyverno", "ephemeralreports.reports.kyverno.io", 300),
      of("kyverno", "events", 170), of("reports-controller", "policyreports.wgpolicyk8s.io", 120),
      of("kubelet", "events", 10)};
  const Writer writer = FindWriter(facts);
  EXPECT_EQ(writer.name, "the policy engine");
  EXPECT_EQ(writer.manager, "kyverno");
  EXPECT_EQ(TopWriter(facts), "Top writer: the policy engine.");
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
