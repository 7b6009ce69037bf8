#include "monitor/monitor.h"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>

#include "support/byte_server.h"
#include "support/temporary_folder.h"

namespace headroom {
namespace {

using namespace std::chrono_literals;

Deadline Soon() { return std::chrono::steady_clock::now() + 1min; }

class MonitorTest : public testing::Test {
 protected:
  MonitorOptions Options() const {
    const etcd::Endpoint endpoint{.host = "127.0.0.1", .port = nobody_.port()};
    return {.members = {{.endpoint = endpoint, .metrics_url = endpoint}},
            .node_config = std::make_shared<node::CachedConfig>(folder_.path(), "/etcd.conf"),
            .node_name = "node-1",
            .node_datastore = "none"};
  }

  const support::TemporaryFolder folder_;
  const support::ClosedPort nobody_;
};

TEST_F(MonitorTest, LeavesOutWhatIsOff) {
  MonitorOptions options = Options();
  options.watch_members = false;
  options.show_node_config = false;
  Monitor monitor(options);
  const Snapshot snapshot = monitor.Take(Soon(), Hitters::kWith);
  EXPECT_FALSE(snapshot.cluster);
  EXPECT_FALSE(snapshot.node_config);
  EXPECT_FALSE(snapshot.disk);
  EXPECT_FALSE(snapshot.churn);
  EXPECT_FALSE(snapshot.inventory);
  EXPECT_GT(snapshot.process.resident_bytes, 0);
}

TEST_F(MonitorTest, KnowsTheNodesConfigurationAndTheDiskOfItsMember) {
  folder_.Write("etcd.conf", "name: etcd-0\n");
  MonitorOptions options = Options();
  options.db_file = folder_.Write("db", "x");
  Monitor monitor(options);
  const Snapshot snapshot = monitor.Take(Soon(), Hitters::kWith);
  ASSERT_TRUE(snapshot.node_config);
  EXPECT_EQ(snapshot.node_config->name, "etcd-0");
  ASSERT_TRUE(snapshot.cluster);
  EXPECT_EQ(snapshot.cluster->members.at(0).label, "etcd-0");
  ASSERT_TRUE(snapshot.disk);
  EXPECT_EQ(snapshot.disk->member, "etcd-0");
}

TEST_F(MonitorTest, HasNoExactInventoryWithoutAFile) {
  MonitorOptions options = Options();
  options.inventory = InventoryWalkerOptions{};
  Monitor monitor(options);
  const Snapshot snapshot = monitor.Take(Soon(), Hitters::kWith);
  ASSERT_TRUE(snapshot.inventory);
  EXPECT_FALSE(snapshot.inventory->exact);
  EXPECT_EQ(snapshot.inventory->failures, 0U);
  EXPECT_TRUE(snapshot.inventory->has_objects) << "nobody else counts them";
}

}  // namespace
}  // namespace headroom
