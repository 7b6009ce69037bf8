#include "exposition/families.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>

#include "exposition/catalogue.h"
#include "exposition/samples.h"
#include "node/cached_config.h"
#include "support/temporary_folder.h"

namespace headroom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class NodeFamiliesTest : public testing::Test {
 protected:
  // What is served of an etcd configuration file with this text.
  Samples Collect(const std::string& text) {
    folder_.Write("etcd.conf", text);
    return CollectFrom("/etcd.conf");
  }
  Samples CollectFrom(const std::string& path) {
    FamilySet families;
    const auto config = node::CachedConfig(folder_.path(), path).Read();
    if (config) AddNodeFamilies(*config, families);
    return Samples(std::move(families));
  }

  const support::TemporaryFolder folder_;
};

TEST_F(NodeFamiliesTest, ReportsWhatIsConfigured) {
  const Samples samples = Collect(
      "name: etcd-0\nsnapshot-count: 10000\nauto-compaction-mode: periodic\n"
      "auto-compaction-retention: 2h\n");
  EXPECT_EQ(samples.Value(metrics::kManifestInfo), 1);
  EXPECT_THAT(
      samples.LabelsOf(metrics::kManifestInfo),
      ElementsAre(Labels{{"auto_compaction_mode", "periodic"}, {"snapshot_count", "10000"}}));
  EXPECT_EQ(samples.Value(metrics::kAutoCompactionRetention), 7200);
}

TEST_F(NodeFamiliesTest, ReportsThatEtcdDoesNotCompactByItself) {
  const Samples samples = Collect("name: etcd-0\n");
  EXPECT_THAT(samples.LabelsOf(metrics::kManifestInfo),
              ElementsAre(Labels{{"auto_compaction_mode", "periodic"}, {"snapshot_count", ""}}));
  EXPECT_EQ(samples.Value(metrics::kAutoCompactionRetention), 0);
}

TEST_F(NodeFamiliesTest, HasNoRetentionInSecondsWhereItIsInRevisions) {
  const Samples samples =
      Collect("auto-compaction-mode: revision\nauto-compaction-retention: \"1000\"\n");
  EXPECT_THAT(samples.LabelsOf(metrics::kManifestInfo),
              ElementsAre(Labels{{"auto_compaction_mode", "revision"}, {"snapshot_count", ""}}));
  EXPECT_EQ(samples.Value(metrics::kAutoCompactionRetention), std::nullopt);
}

TEST_F(NodeFamiliesTest, LeavesAModeEmptyThatEtcdDoesNotKnow) {
  const Samples samples = Collect("auto-compaction-mode: sometimes\n");
  EXPECT_THAT(samples.LabelsOf(metrics::kManifestInfo),
              ElementsAre(Labels{{"auto_compaction_mode", ""}, {"snapshot_count", ""}}));
}

TEST_F(NodeFamiliesTest, ReportsNothingWithoutAReadableConfiguration) {
  EXPECT_THAT(CollectFrom("").Names(), IsEmpty());
  EXPECT_THAT(CollectFrom("/nowhere.yaml").Names(), IsEmpty());
  EXPECT_THAT(Collect("- not a mapping\n").Names(), IsEmpty());
}

TEST(InventoryFamilies, AreAnEstimateUntilAWalkHasSucceeded) {
  FamilySet families;
  AddInventoryFamilies({.failures = 2, .estimate = {{"pods", 1000}}}, families);
  const Samples page(std::move(families));
  EXPECT_EQ(page.Value(metrics::kInventoryExact), 0);
  EXPECT_EQ(page.Value(metrics::kInventoryFailures), 2);
  EXPECT_EQ(page.Value(metrics::kObjectBytes, {{"resource", "pods"}}), 1000);
  EXPECT_THAT(page.LabelsOf(metrics::kHistoryBytes), IsEmpty());
  EXPECT_EQ(page.Value(metrics::kInventoryTimestamp), std::nullopt);
}

}  // namespace
}  // namespace headroom
