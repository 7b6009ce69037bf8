#include "collectors/node_collector.h"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "collectors/catalogue.h"
#include "collectors/samples.h"
#include "support/temporary_folder.h"

namespace headroom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class NodeCollectorTest : public testing::Test {
 protected:
  // What is served of an etcd configuration file with this text.
  Samples Collect(const std::string& text) {
    folder_.Write("etcd.conf", text);
    return CollectFrom("/etcd.conf");
  }
  Samples CollectFrom(const std::string& path) {
    FamilySet families;
    NodeCollector(std::make_shared<node::CachedConfig>(folder_.path(), path))
        .Collect(std::chrono::steady_clock::now(), families);
    return Samples(std::move(families));
  }

  const support::TemporaryFolder folder_;
};

TEST_F(NodeCollectorTest, ReportsWhatIsConfigured) {
  const Samples samples = Collect(
      "name: etcd-0\nsnapshot-count: 10000\nauto-compaction-mode: periodic\n"
      "auto-compaction-retention: 2h\n");
  EXPECT_EQ(samples.Value(metrics::kManifestInfo), 1);
  EXPECT_THAT(
      samples.LabelsOf(metrics::kManifestInfo),
      ElementsAre(Labels{{"auto_compaction_mode", "periodic"}, {"snapshot_count", "10000"}}));
  EXPECT_EQ(samples.Value(metrics::kAutoCompactionRetention), 7200);
}

TEST_F(NodeCollectorTest, ReportsThatEtcdDoesNotCompactByItself) {
  const Samples samples = Collect("name: etcd-0\n");
  EXPECT_THAT(samples.LabelsOf(metrics::kManifestInfo),
              ElementsAre(Labels{{"auto_compaction_mode", "periodic"}, {"snapshot_count", ""}}));
  EXPECT_EQ(samples.Value(metrics::kAutoCompactionRetention), 0);
}

TEST_F(NodeCollectorTest, HasNoRetentionInSecondsWhereItIsInRevisions) {
  const Samples samples =
      Collect("auto-compaction-mode: revision\nauto-compaction-retention: \"1000\"\n");
  EXPECT_THAT(samples.LabelsOf(metrics::kManifestInfo),
              ElementsAre(Labels{{"auto_compaction_mode", "revision"}, {"snapshot_count", ""}}));
  EXPECT_EQ(samples.Value(metrics::kAutoCompactionRetention), std::nullopt);
}

TEST_F(NodeCollectorTest, LeavesAModeEmptyThatEtcdDoesNotKnow) {
  const Samples samples = Collect("auto-compaction-mode: sometimes\n");
  EXPECT_THAT(samples.LabelsOf(metrics::kManifestInfo),
              ElementsAre(Labels{{"auto_compaction_mode", ""}, {"snapshot_count", ""}}));
}

TEST_F(NodeCollectorTest, ReportsNothingWithoutAReadableConfiguration) {
  EXPECT_THAT(CollectFrom("").Names(), IsEmpty());
  EXPECT_THAT(CollectFrom("/nowhere.yaml").Names(), IsEmpty());
  EXPECT_THAT(Collect("- not a mapping\n").Names(), IsEmpty());
}

}  // namespace
}  // namespace headroom
