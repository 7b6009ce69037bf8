#include "node/effective_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Settings With(std::string_view name, std::string value) {
  Settings settings;
  settings[name].value = std::move(value);
  return settings;
}

std::optional<int64_t> Quota(std::string value) {
  return EffectiveConfig(With(kQuota, std::move(value))).quota_bytes;
}

std::optional<double> Retention(std::string value) {
  return EffectiveConfig(With(kCompactionRetention, std::move(value)))
      .auto_compaction_retention_seconds;
}

TEST(EffectiveConfig, HoldsEtcdsDefaultsWhenNothingIsSet) {
  const EtcdConfig config = EffectiveConfig({});
  EXPECT_EQ(config.name, "");
  EXPECT_EQ(config.quota_bytes, 2147483648);
  EXPECT_EQ(config.auto_compaction_mode, "periodic");
  EXPECT_EQ(config.auto_compaction_retention_seconds, 0);
  EXPECT_EQ(config.snapshot_count, std::nullopt);
  EXPECT_THAT(config.client_urls, IsEmpty());
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(EffectiveConfig, KnowsTheQuotaInForce) {
  EXPECT_EQ(Quota("8589934592"), 8589934592);
  EXPECT_EQ(Quota("0x200000000"), 8589934592);
  EXPECT_EQ(Quota("0"), kDefaultQuotaBytes);
  EXPECT_EQ(Quota("-1"), -1);
  EXPECT_EQ(Quota("-9223372036854775808"), -1);
}

TEST(EffectiveConfig, DoesNotGuessAQuota) {
  for (const std::string value : {"8Gi", "", "9223372036854775808", "1e9"}) {
    const EtcdConfig config = EffectiveConfig(With(kQuota, value));
    EXPECT_EQ(config.quota_bytes, std::nullopt) << value;
    EXPECT_THAT(config.warnings, ElementsAre("quota-backend-bytes: can not be read: \"" + value +
                                             "\" is no number of bytes"));
  }
}

TEST(EffectiveConfig, SaysWhichVariableIsMissing) {
  const EtcdConfig config = EffectiveConfig(With(kQuota, std::string(1, kUnknown) + "${QUOTA}"));
  EXPECT_EQ(config.quota_bytes, std::nullopt);
  EXPECT_THAT(config.warnings, ElementsAre("quota-backend-bytes: can not be read: \"${QUOTA}\" "
                                           "depends on what the node's files do not have"));
}

TEST(EffectiveConfig, CountsBareRetentionInHours) {
  EXPECT_EQ(Retention("8"), 8 * 3600);
  EXPECT_EQ(Retention("010"), 10 * 3600);
  EXPECT_EQ(Retention("5m"), 300);
  EXPECT_EQ(Retention("1h30m"), 5400);
  EXPECT_EQ(Retention("500ms"), 0.5);
  EXPECT_EQ(Retention("0"), 0);
  EXPECT_EQ(Retention(""), 0);
}

TEST(EffectiveConfig, RefusesRetentionThatEtcdWould) {
  for (const char* value : {"-1", "-5m", "1d", "2562048", "x"}) {
    const EtcdConfig config = EffectiveConfig(With(kCompactionRetention, value));
    EXPECT_EQ(config.auto_compaction_retention_seconds, std::nullopt) << value;
    EXPECT_EQ(config.warnings.size(), 1U) << value;
  }
}

TEST(EffectiveConfig, HasNoRetentionTimeInRevisionMode) {
  Settings settings = With(kCompactionMode, "revision");
  settings[kCompactionRetention].value = "1000";
  const EtcdConfig config = EffectiveConfig(settings);
  EXPECT_EQ(config.auto_compaction_mode, "revision");
  EXPECT_EQ(config.auto_compaction_retention_seconds, std::nullopt);
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(EffectiveConfig, KnowsTwoModes) {
  const EtcdConfig config = EffectiveConfig(With(kCompactionMode, "hourly"));
  EXPECT_EQ(config.auto_compaction_mode, std::nullopt);
  EXPECT_EQ(config.auto_compaction_retention_seconds, std::nullopt);
  EXPECT_EQ(config.warnings.size(), 1U);
}

TEST(EffectiveConfig, ReadsTheSnapshotCount) {
  EXPECT_EQ(EffectiveConfig(With(kSnapshotCount, "10000")).snapshot_count, 10000);
  EXPECT_EQ(EffectiveConfig(With(kSnapshotCount, "-1")).snapshot_count, std::nullopt);
  EXPECT_EQ(EffectiveConfig(With(kSnapshotCount, "18446744073709551615")).warnings.size(), 1U);
}

TEST(EffectiveConfig, ListsEachClientUrlOnceAndSkipsUnknownOnes) {
  Settings settings =
      With(kListenClientUrls, "https://a:1, https://b:1," + std::string(1, kUnknown) + "$X");
  settings[kAdvertiseClientUrls].value = "https://b:1,https://c:1,";
  const EtcdConfig config = EffectiveConfig(settings);
  EXPECT_THAT(config.client_urls, ElementsAre("https://a:1", "https://b:1", "https://c:1"));
  EXPECT_EQ(config.warnings.size(), 1U);
}

}  // namespace
}  // namespace headroom::node
