#include "monitor/namespace_budgets.h"

#include <gmock/gmock.h>

#include <string>

namespace headroom {
namespace {

using testing::IsEmpty;

budgets::Budgets OfAll(const std::string& size) {
  return budgets::ParseBudgets("budgets: [{namespace: '*', owner: x, " + size + "}]").value();
}

ClusterReport ClusterOf(std::vector<std::optional<std::int64_t>> quotas) {
  ClusterReport cluster;
  for (const auto& quota : quotas) {
    MemberReport member;
    if (quota) member.facts.status = etcd::StatusReply{.quota_bytes = *quota};
    cluster.members.push_back(std::move(member));
  }
  return cluster;
}

TEST(NamespaceBudgets, AreOfTheNamespacesThatTheInventoryNames) {
  const ExactInventory inventory{
      .namespaces = {{.name = "other"}, {.name = ""}, {.name = "a"}, {.name = "b"}}};
  const auto found = BudgetsOf(inventory, OfAll("bytes: 1MiB"), std::nullopt);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].object_namespace, "a");
  EXPECT_EQ(found[0].owner, "x");
  EXPECT_EQ(found[0].bytes, 1'048'576U);
}

TEST(NamespaceBudgets, AreSharesOfAKnownQuotaAlone) {
  const ExactInventory inventory{.namespaces = {{.name = "a"}}};
  EXPECT_EQ(BudgetsOf(inventory, OfAll("share: 10%"), 1'000).at(0).bytes, 100U);
  EXPECT_THAT(BudgetsOf(inventory, OfAll("share: 10%"), std::nullopt), IsEmpty());
}

TEST(NamespaceBudgets, TakeTheSmallestQuotaThatIsKnown) {
  EXPECT_EQ(ClusterOf({2'000, 1'000, std::nullopt}).smallest_quota_bytes(), 1'000U);
  EXPECT_EQ(ClusterOf({etcd::kQuotaDisabled, 2'000}).smallest_quota_bytes(), 2'000U);
  EXPECT_EQ(ClusterOf({etcd::kQuotaDisabled, std::nullopt}).smallest_quota_bytes(), std::nullopt);
}

}  // namespace
}  // namespace headroom
