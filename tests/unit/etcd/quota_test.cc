#include "etcd/quota.h"

#include <gtest/gtest.h>

namespace headroom::etcd {
namespace {

TEST(QuotaFromStatus, IsUnknownBefore36) {
  EXPECT_EQ(QuotaFromStatus(0, "3.4.45"), std::nullopt);
  EXPECT_EQ(QuotaFromStatus(0, "3.5.33"), std::nullopt);
}

TEST(QuotaFromStatus, IsTheDefaultWhereUnsetIsSentAs0) {
  EXPECT_EQ(QuotaFromStatus(0, "3.6.0"), kDefaultQuotaBytes);
  EXPECT_EQ(QuotaFromStatus(0, "3.6.5"), kDefaultQuotaBytes);
}

TEST(QuotaFromStatus, IsUnknownWhereAServerShouldHaveSentIt) {
  EXPECT_EQ(QuotaFromStatus(0, "3.6.6"), std::nullopt);
  EXPECT_EQ(QuotaFromStatus(0, "3.7.0"), std::nullopt);
}

TEST(QuotaFromStatus, IsUnknownWhenTheVersionIs) {
  EXPECT_EQ(QuotaFromStatus(0, ""), std::nullopt);
  EXPECT_EQ(QuotaFromStatus(0, "unknown"), std::nullopt);
}

TEST(QuotaFromStatus, IsWhatTheServerSays) {
  EXPECT_EQ(QuotaFromStatus(8'589'934'592, "3.6.0"), 8'589'934'592);
  EXPECT_EQ(QuotaFromStatus(8'589'934'592, ""), 8'589'934'592);
}

TEST(QuotaFromStatus, ReportsEveryNegativeNumberAsDisabled) {
  EXPECT_EQ(QuotaFromStatus(-1, "3.6.9"), kQuotaDisabled);
  EXPECT_EQ(QuotaFromStatus(-17, "3.6.9"), kQuotaDisabled);
}

TEST(QuotaFromConfiguredBytes, Takes0ForTheDefaultAndNegativeForDisabled) {
  EXPECT_EQ(QuotaFromConfiguredBytes(0), 2'147'483'648);
  EXPECT_EQ(QuotaFromConfiguredBytes(-5), -1);
  EXPECT_EQ(QuotaFromConfiguredBytes(1), 1);
}

TEST(QuotaSources, PreferWhatIsEnforcedToWhatIsConfigured) {
  QuotaSources quota{.status = 1, .metrics = 2, .manifest = 3, .flag = 4};
  EXPECT_EQ(quota.InForce(false), 1);
  quota.status.reset();
  EXPECT_EQ(quota.InForce(false), 2);
  EXPECT_EQ(quota.InForce(true), 2);
  quota.metrics.reset();
  EXPECT_EQ(quota.InForce(true), std::nullopt) << "a configured value could be another";
  EXPECT_EQ(quota.InForce(false), 3);
  quota.manifest.reset();
  EXPECT_EQ(quota.InForce(false), 4);
  quota.flag.reset();
  EXPECT_EQ(quota.InForce(false), std::nullopt);
}

TEST(QuotaSources, KeepADisabledQuotaBeforeALesserSource) {
  const QuotaSources quota{.status = kQuotaDisabled, .metrics = 2};
  EXPECT_EQ(quota.InForce(false), kQuotaDisabled);
}

}  // namespace
}  // namespace headroom::etcd
