#include "monitor/churn_state.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exposition/catalogue.h"
#include "exposition/families.h"
#include "exposition/samples.h"

namespace headroom {
namespace {

Samples PageOf(ChurnState& state, std::optional<std::int64_t> compacted = std::nullopt) {
  FamilySet families;
  AddChurnFamilies(state.Take(compacted, Hitters::kWith), families);
  return Samples(std::move(families));
}

class ChurnStateTest : public testing::Test {
 protected:
  ChurnStateTest() {
    state_.OnStart(101, 0);
    state_.OnConnected({.host = "etcd-0", .port = 2379});
  }

  void Put(std::string_view key, std::int64_t version, std::string_view value = "12345") {
    state_.OnEvent({.type = etcd::WatchEvent::Type::kPut,
                    .key = key,
                    .mod_revision = ++revision_,
                    .version = version,
                    .value_bytes = value.size(),
                    .value_prefix = value});
    state_.OnComplete(revision_);
  }
  void Delete(std::string_view key) {
    state_.OnEvent(
        {.type = etcd::WatchEvent::Type::kDelete, .key = key, .mod_revision = ++revision_});
    state_.OnComplete(revision_);
  }
  Samples Page(std::optional<std::int64_t> compacted = std::nullopt) {
    return PageOf(state_, compacted);
  }

  ChurnState state_{{}, {.resources = 500, .pairs = 200}};
  std::int64_t revision_ = 100;
};

TEST_F(ChurnStateTest, TellsCreatesUpdatesAndDeletesApart) {
  Put("/registry/pods/a/x", 1);
  Put("/registry/pods/a/x", 2);
  Put("/registry/pods/a/x", 3);
  Delete("/registry/pods/a/x");
  const Samples page = Page();
  EXPECT_EQ(page.Value(metrics::kWrites, {{"resource", "pods"}, {"op", "create"}}), 1);
  EXPECT_EQ(page.Value(metrics::kWrites, {{"resource", "pods"}, {"op", "update"}}), 2);
  EXPECT_EQ(page.Value(metrics::kWrites, {{"resource", "pods"}, {"op", "delete"}}), 1);
  EXPECT_EQ(page.Value(metrics::kWriteBytes, {{"resource", "pods"}}), 3 * (18 + 5));
  EXPECT_EQ(page.Value(metrics::kLargestWrite, {{"resource", "pods"}}), 18 + 5);
  EXPECT_EQ(
      page.Value(metrics::kNamespaceWrites, {{"resource", "pods"}, {"object_namespace", "a"}}), 4);
}

TEST_F(ChurnStateTest, NamesTheManagerOfEveryWrite) {
  const std::string created =
      R"({"metadata":{"managedFields":[{"manager":"kubectl","time":"2026-11-28T21:40:05Z"}]}})";
  Put("/registry/jobs/a/x", 1, created);
  Delete("/registry/jobs/a/x");
  Put("/registry/masterleases/10.0.0.1", 1, "k8s");
  const Samples page = Page();
  const Labels kubectl{{"resource", "jobs.batch"}, {"manager", "kubectl"}, {"subresource", ""}};
  EXPECT_EQ(page.Value(metrics::kManagerWrites, kubectl), 2);
  EXPECT_EQ(page.Value(metrics::kManagerWriteBytes, kubectl),
            static_cast<double>(std::string_view("/registry/jobs/a/x").size() + created.size()));
  EXPECT_EQ(page.Value(metrics::kManagerWrites,
                       {{"resource", "masterleases"}, {"manager", "none"}, {"subresource", ""}}),
            1);
}

TEST_F(ChurnStateTest, NamesWhoReportsEventObjects) {
  Put("/registry/events/a/e", 1,
      R"({"kind":"Event","involvedObject":{"kind":"Pod"},"reason":"BackOff","source":{"component":"kubelet"}})");
  const Labels labels{{"component", "kubelet"}, {"reason", "BackOff"}, {"involved_kind", "Pod"}};
  EXPECT_EQ(Page().Value(metrics::kEventObjectWrites, labels), 1);
  Delete("/registry/events/a/e");
  EXPECT_EQ(Page().Value(metrics::kEventObjectWrites, labels), 1) << "a delete does not say whose";
}

TEST_F(ChurnStateTest, WantsTheValuesOfEventObjectsAlone) {
  EXPECT_TRUE(state_.WantsValue("/registry/events/a/e"));
  EXPECT_TRUE(state_.WantsValue("/registry/pods/a/x"));
  EXPECT_FALSE(state_.WantsValue("/calico/x"));
}

TEST_F(ChurnStateTest, KnowsWhatIsNotCompactedOnceCompactionHasPassedItsStart) {
  Put("/registry/pods/a/x", 1);
  EXPECT_THAT(Page().LabelsOf(metrics::kUncompactedWriteBytes), testing::IsEmpty());
  EXPECT_THAT(Page(50).LabelsOf(metrics::kUncompactedWriteBytes), testing::IsEmpty());
  EXPECT_EQ(Page(101).Value(metrics::kUncompactedWriteBytes, {{"resource", "pods"}}), 0);
  Put("/registry/pods/a/x", 2);
  EXPECT_EQ(Page(101).Value(metrics::kUncompactedWriteBytes, {{"resource", "pods"}}), 18 + 5);
}

TEST_F(ChurnStateTest, KeepsTheCountOfObjects) {
  Put("/registry/pods/a/x", 1);
  EXPECT_THAT(Page().LabelsOf(metrics::kObjects), testing::IsEmpty());
  const auto pin = state_.AwaitPin({});
  ASSERT_TRUE(pin.has_value());
  EXPECT_EQ(pin->revision, 101);
  EXPECT_EQ(pin->endpoint.host, "etcd-0");
  Put("/registry/pods/a/y", 1);
  EXPECT_TRUE(state_.SetObjects({{"pods", 1}, {"nodes", 3}}, pin->revision));
  Put("/registry/pods/a/z", 1);
  EXPECT_EQ(Page().Value(metrics::kObjects, {{"resource", "pods"}}), 3);
  EXPECT_EQ(Page().Value(metrics::kObjects, {{"resource", "nodes"}}), 3);
}

TEST_F(ChurnStateTest, EstimatesTheBytesOfObjectsFromTheWritesItSaw) {
  Put("/registry/pods/a/x", 1, "12");
  EXPECT_THAT(state_.EstimateObjectBytes(), testing::IsEmpty()) << "nothing is counted";
  const auto pin = state_.AwaitPin({});
  EXPECT_TRUE(state_.SetObjects({{"pods", 10}, {"nodes", 3}}, pin->revision));
  Put("/registry/pods/a/x", 2, "1234");
  Delete("/registry/pods/a/x");
  const double mean_bytes = 18 + 3;
  const std::map<std::string, double> expected{
      {"pods", 9 * mean_bytes}, {"events", 0}, {"other", 0}};
  EXPECT_EQ(state_.EstimateObjectBytes(), expected) << "of nodes no write was seen";
}

TEST_F(ChurnStateTest, ForgetsTheCountAndSaysSoAfterAGap) {
  const auto pin = state_.AwaitPin({});
  EXPECT_TRUE(state_.SetObjects({{"pods", 1}}, pin->revision));
  state_.OnDisconnected(etcd::WatchEnd::kCompacted);
  EXPECT_EQ(Page().Value(metrics::kWatchConnected, {}), 0);
  state_.OnStart(900, 42);
  state_.OnConnected({});
  const Samples page = Page();
  EXPECT_THAT(page.LabelsOf(metrics::kObjects), testing::IsEmpty());
  EXPECT_EQ(page.Value(metrics::kWatchConnected, {}), 1);
  EXPECT_EQ(page.Value(metrics::kWatchRevision, {}), 899);
  EXPECT_EQ(page.Value(metrics::kWatchMissedRevisions, {}), 42);
  EXPECT_EQ(page.Value(metrics::kWatchRestarts, {{"reason", "compacted"}}), 1);
  EXPECT_EQ(page.Value(metrics::kWatchRestarts, {{"reason", "silent"}}), 0);
  EXPECT_EQ(page.Value(metrics::kWrites, {{"resource", "other"}, {"op", "create"}}), 0);
}

TEST_F(ChurnStateTest, LeavesThePlacesOfPairsAloneForAPageThatNoScraperTakes) {
  Put("/registry/pods/a/x", 1);
  const ChurnSnapshot snapshot = state_.Take(std::nullopt, Hitters::kWithout);
  EXPECT_FALSE(snapshot.resources.empty());
  EXPECT_TRUE(snapshot.namespaces.empty());
  EXPECT_TRUE(snapshot.managers.empty());
  EXPECT_TRUE(snapshot.event_objects.empty());
}

TEST_F(ChurnStateTest, SharesOtherAmongWhatIsPastTheCap) {
  ChurnState small({}, {.resources = 2, .pairs = 1});
  small.OnStart(1, 0);
  for (const std::string_view key : {"/registry/pods/a/x", "/registry/secrets/a/x", "k3s/y"}) {
    small.OnEvent({.key = key, .mod_revision = 1, .version = 1});
  }
  const Samples page = PageOf(small);
  EXPECT_EQ(page.Value(metrics::kWrites, {{"resource", "pods"}, {"op", "create"}}), 1);
  EXPECT_EQ(page.Value(metrics::kWrites, {{"resource", "other"}, {"op", "create"}}), 2);
}

}  // namespace
}  // namespace headroom
