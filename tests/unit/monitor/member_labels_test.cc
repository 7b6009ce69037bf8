#include "monitor/member_labels.h"

#include <gtest/gtest.h>

#include <string>

namespace headroom {
namespace {

const MemberList kThreeMembers{{.id = 0xA1, .name = "etcd-0"},
                               {.id = 0xB2, .name = "etcd-1"},
                               {.id = 0xC3, .name = ""}};  // added, not yet started

etcd::Endpoint At(std::string_view url) { return *etcd::ParseEndpoint(url); }

TEST(HexId, IsWrittenAsEtcdctlWritesIt) {
  EXPECT_EQ(HexId(15'985'099'378'392'235'387U), "ddd67b312462fd7b");
  EXPECT_EQ(HexId(0xA), "a");
}

TEST(LabelOf, IsTheNameInTheMemberList) { EXPECT_EQ(LabelOf(0xB2, kThreeMembers), "etcd-1"); }

TEST(LabelOf, IsTheIdOfWhoHasNoName) {
  EXPECT_EQ(LabelOf(0xC3, kThreeMembers), "c3");
  EXPECT_EQ(LabelOf(0xD4, kThreeMembers), "d4");
  EXPECT_EQ(LabelOf(0xA1, {}), "a1");
}

TEST(LabelOf, IsUnknownForId0) { EXPECT_EQ(LabelOf(0, kThreeMembers), "unknown"); }

// etcd lets members share a name; two series must not.
TEST(LabelOf, TellsMembersOfOneNameApart) {
  const MemberList members{{.id = 0xA1, .name = "default"}, {.id = 0xB2, .name = "default"}};
  EXPECT_EQ(LabelOf(0xA1, members), "default-a1");
  EXPECT_EQ(LabelOf(0xB2, members), "default-b2");
}

TEST(ConfiguredEndpoint, IsTheOneAmongTheClientUrls) {
  const node::EtcdConfig config{.client_urls = {"https://127.0.0.1:2379", "https://10.0.0.2:2379"}};
  EXPECT_EQ(ConfiguredEndpoint({At("https://10.0.0.1:2379"), At("https://10.0.0.2:2379")}, config),
            1U);
}

TEST(ConfiguredEndpoint, IsTheOnlyOneUnlessTheClientUrlsSayOtherwise) {
  EXPECT_EQ(ConfiguredEndpoint({At("https://etcd.example:2379")}, {}), 0U);
  const node::EtcdConfig config{.client_urls = {"https://10.0.0.9:2379", "unix://x"}};
  EXPECT_EQ(ConfiguredEndpoint({At("https://10.0.0.8:2379")}, config), std::nullopt);
  EXPECT_EQ(ConfiguredEndpoint({At("https://127.0.0.1:2379")}, config), 0U);
}

TEST(ConfiguredEndpoint, IsTheOnlyOneOnThisNode) {
  const node::EtcdConfig config;
  EXPECT_EQ(ConfiguredEndpoint({At("https://10.0.0.1:2379"), At("https://127.0.0.1:2379")}, config),
            1U);
}

TEST(ConfiguredEndpoint, IsUnknownWhenItCannotBeTold) {
  const node::EtcdConfig config;
  EXPECT_EQ(ConfiguredEndpoint({At("https://10.0.0.1:2379"), At("https://10.0.0.2:2379")}, config),
            std::nullopt);
  EXPECT_EQ(ConfiguredEndpoint({At("http://127.0.0.1:4001"), At("http://127.0.0.1:4002")}, config),
            std::nullopt);
  EXPECT_EQ(ConfiguredEndpoint({}, config), std::nullopt);
}

TEST(FallbackLabel, IsTheConfiguredName) {
  const node::EtcdConfig config{.name = "etcd-0"};
  EXPECT_EQ(FallbackLabel(At("https://127.0.0.1:2379"), &config, "node-1", false), "etcd-0");
}

TEST(FallbackLabel, IsTheNodesNameForALoopbackAddress) {
  const node::EtcdConfig unnamed;
  EXPECT_EQ(FallbackLabel(At("https://127.0.0.1:2379"), nullptr, "node-1", false), "node-1");
  EXPECT_EQ(FallbackLabel(At("https://[::1]:2379"), &unnamed, "node-1", false), "node-1");
}

TEST(FallbackLabel, HasThePortWhereSeveralShareTheNode) {
  EXPECT_EQ(FallbackLabel(At("https://127.0.0.1:4002"), nullptr, "node-1", true), "node-1:4002");
}

TEST(FallbackLabel, IsTheAddressOfARemoteEndpoint) {
  EXPECT_EQ(FallbackLabel(At("https://10.0.0.1:2379"), nullptr, "node-1", false), "10.0.0.1:2379");
  EXPECT_EQ(FallbackLabel(At("https://[fd00::1]:2379"), nullptr, "node-1", true), "[fd00::1]:2379");
}

TEST(MemberLabel, IsTheFallbackBeforeFirstContact) {
  const MemberLabel label("node-1");
  EXPECT_EQ(label.text(), "node-1");
  EXPECT_EQ(label.member_id(), std::nullopt);
}

TEST(MemberLabel, TakesTheNameAtFirstContact) {
  MemberLabel label("node-1");
  label.Answered(0xA1, kThreeMembers);
  EXPECT_EQ(label.text(), "etcd-0");
  EXPECT_EQ(label.member_id(), 0xA1U);
}

TEST(MemberLabel, WaitsForANameThatIsNotThereYet) {
  MemberLabel label("node-1");
  label.Answered(0xA1, {});
  EXPECT_EQ(label.text(), "node-1");
  label.Answered(0xC3, kThreeMembers);
  EXPECT_EQ(label.text(), "node-1");
  label.Answered(0xC3, {{.id = 0xC3, .name = "etcd-2"}});
  EXPECT_EQ(label.text(), "etcd-2");
}

TEST(MemberLabel, KeepsTheFirstName) {
  MemberLabel label("node-1");
  label.Answered(0xA1, kThreeMembers);
  label.Answered(0xA1, {{.id = 0xA1, .name = "renamed"}});
  EXPECT_EQ(label.text(), "etcd-0");
  label.Answered(0xA1, {});
  EXPECT_EQ(label.text(), "etcd-0");
}

TEST(MemberLabel, ChangesWithTheMember) {
  MemberLabel label("node-1");
  label.Answered(0xA1, kThreeMembers);
  label.Answered(0xB2, kThreeMembers);
  EXPECT_EQ(label.text(), "etcd-1");
  EXPECT_EQ(label.member_id(), 0xB2U);
}

TEST(MemberLabel, DoesNotCallAnotherMemberByTheOldName) {
  MemberLabel label("node-1");
  label.Answered(0xA1, kThreeMembers);
  label.Answered(0xB2, {});
  EXPECT_EQ(label.text(), "node-1");
}

}  // namespace
}  // namespace headroom
