#include "report/culprit.h"

#include <gmock/gmock.h>

#include "facts.h"

namespace headroom::report {
namespace {

using testing::HasSubstr;

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
  EXPECT_EQ(FindCulprit(Full()).delete_command, "");
}

TEST(Culprit, OnlyWhatIsOfNoLastingUseHasADeleteCommand) {
  Facts facts = Full();
  const auto command = [&facts](const std::string& resource) {
    facts.file = FileOf(resource, 1, 1);
    return FindCulprit(facts).delete_command;
  };
  EXPECT_EQ(command("events"), "del --prefix /registry/events/");
  EXPECT_EQ(command("vulnerabilityreports.aquasecurity.github.io"),
            "del --prefix /registry/aquasecurity.github.io/vulnerabilityreports/");
  EXPECT_EQ(command("pods"), "");
  EXPECT_EQ(command("leases.coordination.k8s.io"), "");
  EXPECT_EQ(command("other"), "");
  facts.node.registry_prefix = "my registry";
  EXPECT_EQ(command("events"), "del --prefix '/my registry/events/'");
}

}  // namespace
}  // namespace headroom::report
