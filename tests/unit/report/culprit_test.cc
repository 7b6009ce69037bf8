#include "report/culprit.h"

#include <gmock/gmock.h>

#include "facts.h"

namespace headroom::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Culprit, IsWhoHasMostInTheFile) {
  Facts facts = Full();
  facts.file = FileOf("events", 100, 900);
  facts.file->breakdown = {
      {.resource = "pods", .part = "shop", .usage = {.stored_bytes = 5000}},
      {.resource = "events", .part = "kube-system", .usage = {.stored_bytes = 600}}};
  facts.event_components = {
      {.resource = "events", .part = "kubelet", .usage = {.stored_bytes = 700}}};
  facts.sample.resources = {{.name = "pods", .writes = 9, .bytes = 9000}};
  const Culprit culprit = FindCulprit(facts);
  EXPECT_EQ(culprit.resource, "events");
  EXPECT_THAT(culprit.evidence,
              HasSubstr("10 live objects of 100 B and 20 old revisions of 900 B"));
  EXPECT_THAT(culprit.evidence, HasSubstr("Most are in namespace kube-system: 600 B."));
  EXPECT_THAT(culprit.evidence, HasSubstr("Most are reported by kubelet: 700 B."));
}

TEST(Culprit, IsWhoWroteMostWhereTheFileIsNotReadable) {
  Facts facts = Full();
  facts.sample.revisions = 12;
  facts.sample.resources = {{.name = "leases.coordination.k8s.io", .writes = 9, .bytes = 750},
                            {.name = "pods", .writes = 3, .bytes = 250}};
  facts.sample.namespaces = {{.name = "leases.coordination.k8s.io in kube-node-lease"}};
  const Culprit culprit = FindCulprit(facts);
  EXPECT_EQ(culprit.resource, "leases.coordination.k8s.io");
  EXPECT_THAT(culprit.evidence, HasSubstr("75.0 % of the bytes written in the last 12 revisions"));
  EXPECT_THAT(culprit.evidence, HasSubstr("in kube-node-lease"));
}

TEST(Culprit, IsNobodyWhereNothingWasSeen) {
  EXPECT_EQ(FindCulprit(Full()).resource, "");
  EXPECT_FALSE(FindCulprit(Full()).can_be_deleted());
}

TEST(Culprit, WhatIsMostlyHistoryIsNotToBeDeleted) {
  Facts facts = Full();
  facts.file = FileOf("events", 100, 9000);
  facts.file->breakdown = facts.file->resources;
  facts.file->total.live_bytes = 1000;
  EXPECT_FALSE(FindCulprit(facts).can_be_deleted());
  facts.file->total.live_bytes = 150;
  EXPECT_TRUE(FindCulprit(facts).can_be_deleted());
}

TEST(Culprit, OnlyWhatIsOfNoLastingUseMayBeDeleted) {
  Facts facts = Full();
  const auto prefixes = [&facts](const std::string& resource, const std::string& part) {
    facts.file = FileOf(resource, 1, 1);
    facts.file->breakdown = {{.resource = "pods", .part = "shop", .usage = {.live_objects = 1}},
                             {.resource = resource, .part = part, .usage = {.live_objects = 1}},
                             {.resource = resource, .part = "gone", .usage = {.tombstones = 1}}};
    return FindCulprit(facts).prefixes;
  };
  EXPECT_THAT(prefixes("events", "a"), ElementsAre("/registry/events/a/"));
  EXPECT_THAT(prefixes("vulnerabilityreports.aquasecurity.github.io", "a"),
              ElementsAre("/registry/aquasecurity.github.io/vulnerabilityreports/a/"));
  EXPECT_THAT(prefixes("clusterpolicyreports.wgpolicyk8s.io", ""),
              ElementsAre("/registry/wgpolicyk8s.io/clusterpolicyreports/"));
  EXPECT_THAT(prefixes("events", "other"), ElementsAre("/registry/events/"));
  for (const char* lasting : {"pods", "leases.coordination.k8s.io", "other", "secrets",
                              "reports.metering.openshift.io", "expensereports.acme.com"}) {
    EXPECT_THAT(prefixes(lasting, "a"), IsEmpty()) << lasting;
  }
  facts.node.registry_prefix = "kubernetes.io";
  EXPECT_THAT(prefixes("events", "a"), ElementsAre("/kubernetes.io/events/a/"));
}

}  // namespace
}  // namespace headroom::report
