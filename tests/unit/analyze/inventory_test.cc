#include "analyze/inventory.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "kubernetes/stored_object.h"
#include "support/database_file.h"
#include "support/wire.h"

namespace headroom::analyze {
namespace {

using test::Delete;
using test::Put;
using test::Record;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const auto kNoProgress = [](std::uint64_t, std::uint64_t) {};

// The inventory of revisions given from the oldest to the newest.
std::unique_ptr<Inventory> InventoryOf(const std::vector<Record>& records,
                                       Breakdown by = Breakdown::kNone) {
  auto inventory = std::make_unique<Inventory>(Question{.by = by}, kNoProgress);
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    inventory->OnRecord("key", record->key, record->value);
  }
  return inventory;
}

std::vector<std::string> Names(const std::vector<Row>& rows) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.resource + "/" + row.part);
  return names;
}

TEST(Inventory, TellsLiveObjectsFromHistory) {
  const std::string pod = "/registry/pods/a/web";
  const std::string gone = "/registry/pods/a/gone";
  const auto inventory = InventoryOf({Put(2, pod, "v1"), Put(3, gone, "older"), Put(4, pod, "v22"),
                                      Put(5, gone, "last"), Delete(6, gone), Put(7, pod, "v333")});
  const auto rows = inventory->Resources();
  ASSERT_EQ(Names(rows), std::vector<std::string>{"pods/"});
  const Usage& usage = rows[0].usage;
  EXPECT_EQ(usage.live_objects, 1U);
  EXPECT_EQ(usage.live_bytes, pod.size() + 4);
  EXPECT_EQ(usage.largest_object_bytes, pod.size() + 4);
  EXPECT_EQ(usage.superseded_revisions, 3U);
  EXPECT_EQ(usage.superseded_bytes, 2 * pod.size() + 5 + gone.size() + 5);
  EXPECT_EQ(usage.deleted_objects, 1U);
  EXPECT_EQ(usage.deleted_bytes, gone.size() + 4);
  EXPECT_EQ(usage.tombstones, 1U);
  EXPECT_EQ(usage.tombstone_bytes, gone.size());
  EXPECT_EQ(usage.history_revisions(), 5U);
  EXPECT_EQ(usage.history_bytes(),
            usage.superseded_bytes + usage.deleted_bytes + usage.tombstone_bytes);
  EXPECT_EQ(inventory->notes().revision, 7);
}

TEST(Inventory, KnowsWhatRecordsTakeInTheFile) {
  const Record old = Put(2, "/registry/pods/a/web", "v1");
  const Record now = Put(3, "/registry/pods/a/web", "v22");
  const auto rows = InventoryOf({old, now})->Resources();
  const auto stored = [](const Record& record) {
    return 16 + record.key.size() + record.value.size();
  };
  EXPECT_EQ(rows[0].usage.stored_bytes, stored(old) + stored(now));
  EXPECT_EQ(rows[0].usage.history_stored_bytes, stored(old));
}

TEST(Inventory, SortsResourcesByWhatTheyTake) {
  const auto inventory =
      InventoryOf({Put(2, "/registry/pods/a/web", std::string(10, 'x')),
                   Put(3, "/registry/wgpolicyk8s.io/policyreports/a/p", std::string(900, 'x')),
                   Put(4, "compact_rev_key", "0")});
  EXPECT_THAT(Names(inventory->Resources()),
              ElementsAre("policyreports.wgpolicyk8s.io/", "pods/", "compact_rev_key/"));
}

TEST(Inventory, TellsNamespacesApart) {
  const auto inventory =
      InventoryOf({Put(2, "/registry/pods/a/web", std::string(50, 'x')),
                   Put(3, "/registry/pods/b/web", "x"), Put(4, "/registry/minions/n1", "")},
                  Breakdown::kNamespace);
  EXPECT_THAT(Names(inventory->Parts()), ElementsAre("pods/a", "pods/b", "nodes/"));
}

TEST(Inventory, TellsEventsByTheirComponent) {
  const std::string event = R"({"reportingComponent":"kubelet","reason":"BackOff"})";
  const auto inventory =
      InventoryOf({Put(2, "/registry/events/a/e1", event), Put(3, "/registry/events/a/e2", event),
                   Put(4, "/registry/pods/a/web", event), Delete(5, "/registry/events/a/e1")},
                  Breakdown::kComponent);
  const auto parts = inventory->Parts();
  ASSERT_THAT(Names(parts), ElementsAre("events/kubelet", "events/unknown"));
  EXPECT_EQ(parts[0].usage.live_objects, 1U);
  EXPECT_EQ(parts[0].usage.deleted_objects, 1U);
  EXPECT_EQ(parts[1].usage.tombstones, 1U);
}

std::uint64_t StoredBytes(const std::vector<Row>& rows) {
  std::uint64_t bytes = 0;
  for (const Row& row : rows) bytes += row.usage.stored_bytes;
  return bytes;
}

TEST(Inventory, TellsManagersApart) {
  const std::string by_kwok =
      test::StoredObject{.entries = {{"kubectl", "", 1}, {"kwok", "", 2}}}.Protobuf();
  const std::string by_both =
      test::StoredObject{.entries = {{"kubectl", "", 2}, {"kwok", "", 2}}}.Json();
  const std::string web = "/registry/pods/a/web";
  const std::string gone = "/registry/pods/a/gone";
  const auto inventory = InventoryOf(
      {Put(2, web, by_both), Put(3, gone, by_kwok), Put(4, web, by_kwok), Delete(5, gone),
       Put(6, "/registry/secrets/a/s", "k8s:enc:aescbc:v1:key:xyz"),
       Put(7, "/registry/example.com/things/a/t", by_kwok), Put(8, "/registry/masterleases/m", "")},
      Breakdown::kManager);
  const auto parts = inventory->Parts();
  ASSERT_THAT(Names(parts),
              UnorderedElementsAre("pods/kwok", "pods/ambiguous", "pods/none", "secrets/encrypted",
                                   "things.example.com/kwok", "masterleases/none"));
  const auto pods = [&parts](std::string_view manager) {
    return std::ranges::find_if(
               parts, [&](const Row& row) { return row.resource == "pods" && row.part == manager; })
        ->usage;
  };
  EXPECT_EQ(pods("kwok").live_bytes, web.size() + by_kwok.size());
  EXPECT_EQ(pods("kwok").deleted_bytes, gone.size() + by_kwok.size());
  EXPECT_EQ(pods("ambiguous").superseded_bytes, web.size() + by_both.size());
  EXPECT_EQ(pods("none").tombstone_bytes, gone.size());
  EXPECT_EQ(StoredBytes(parts), StoredBytes(inventory->Resources()));
}

// As a Deployment's spec and status are by its controller.
TEST(Inventory, GivesAnObjectToTheManagerOfSeveralNewestEntries) {
  const std::string value =
      test::StoredObject{.entries = {{"kubectl", "", 1}, {"kwok", "", 2}, {"kwok", "status", 2}}}
          .Cbor();
  EXPECT_THAT(
      Names(InventoryOf({Put(2, "/registry/pods/a/web", value)}, Breakdown::kManager)->Parts()),
      ElementsAre("pods/kwok"));
}

TEST(Inventory, TellsOwnersApart) {
  const auto inventory = InventoryOf(
      {Put(2, "/registry/pods/a/p1",
           test::StoredObject{.owners = {{"Job", "batch/v1"}}}.Protobuf()),
       Put(3, "/registry/pods/a/p2", test::StoredObject{.owners = {{"Job", "batch/v1"}}}.Json()),
       Put(4, "/registry/pods/a/p3", test::StoredObject{}.Protobuf()),
       Delete(5, "/registry/pods/a/p1")},
      Breakdown::kOwner);
  const auto parts = inventory->Parts();
  ASSERT_THAT(Names(parts), ElementsAre("pods/Job.batch", "pods/none"));
  EXPECT_EQ(parts[0].usage.live_objects, 1U);
  EXPECT_EQ(parts[0].usage.deleted_objects, 1U);
  EXPECT_EQ(parts[1].usage.tombstones, 1U);
  EXPECT_EQ(StoredBytes(parts), StoredBytes(inventory->Resources()));
}

TEST(Inventory, TellsPatternsOfNamesApart) {
  const auto inventory =
      InventoryOf({Put(2, "/registry/secrets/a/sh.helm.release.v1.web.v12", "release"),
                   Put(3, "/registry/secrets/b/sh.helm.release.v1.db.v3", "release"),
                   Put(4, "/registry/pods/a/web-7d4b9c6f5-x2x9z", ""),
                   Delete(5, "/registry/pods/a/web-7d4b9c6f5-x2x9z")},
                  Breakdown::kName);
  const auto parts = inventory->Parts();
  ASSERT_THAT(Names(parts), ElementsAre("secrets/sh.helm.release.v1.*", "pods/web-*"));
  EXPECT_EQ(parts[1].usage.tombstones, 1U);
  EXPECT_EQ(StoredBytes(parts), StoredBytes(inventory->Resources()));
}

TEST(Inventory, SaysNothingOfWhatIsRemovableAmongMoreObjectsThanItMayJudge) {
  const auto judges = [](std::size_t most) {
    Inventory inventory({.removable = true, .most_judged = most}, kNoProgress);
    for (const Record& record :
         {Put(3, "/registry/pods/a/y", "{}"), Put(2, "/registry/pods/a/x", "{}")})
      inventory.OnRecord("key", record.key, record.value);
    return inventory.survey().FindRemovable(true).has_value();
  };
  EXPECT_TRUE(judges(2));
  EXPECT_FALSE(judges(1));
}

TEST(Inventory, NamesTheTypeOfSecrets) {
  using namespace test;
  const std::string release =
      std::string("k8s\0", 4) + Bytes(1, Bytes(1, "v1")) +
      Bytes(2, Bytes(1, Bytes(1, "the name")) + Bytes(2, Bytes(1, "type") + Bytes(2, "some data")) +
                   Bytes(3, "helm.sh/release.v1"));
  const auto inventory = InventoryOf(
      {Put(2, "/registry/secrets/a/sh.helm.release.v1.web.v12", release),
       Put(3, "/registry/secrets/b/sh.helm.release.v1.db.v3",
           R"({"data":{"type":"eA=="},"type":"helm.sh/release.v1"})"),
       Put(4, "/registry/secrets/b/long", release + Bytes(5, std::string(400'000, 'x'))),
       Put(5, "/registry/secrets/b/sealed", "k8s:enc:aescbc:v1:key:xyz"),
       Put(6, "/registry/configmaps/b/other", R"({"type":"none of a ConfigMap's"})")},
      Breakdown::kName);
  EXPECT_THAT(Names(inventory->Parts()),
              UnorderedElementsAre("secrets/sh.helm.release.v1.* (helm.sh/release.v1)",
                                   "secrets/long", "secrets/sealed", "configmaps/other"));
}

TEST(Inventory, TellsAgesApartFromTheLatestTimeInTheFile) {
  // Created at 21:40:00; the newest entry is of 21:40:09.
  const std::string pod = test::StoredObject{.entries = {{"kwok", "", 9}}}.Protobuf();
  const std::string old = R"({"metadata":{"creationTimestamp":"2020-01-01T00:00:00Z"}})";
  const auto inventory = InventoryOf(
      {Put(2, "/registry/example.com/things/a/t", old), Put(3, "/registry/pods/a/web", pod),
       Put(4, "/registry/secrets/a/s", "k8s:enc:aescbc:v1:key:xyz")},
      Breakdown::kAge);
  EXPECT_THAT(Names(inventory->Parts()),
              UnorderedElementsAre("pods/under 1 h", "things.example.com/over 1 year",
                                   "secrets/encrypted"));
  EXPECT_EQ(inventory->end_time(), 1'796'000'409);
}

TEST(Inventory, TellsTenantsApart) {
  Inventory inventory({.prefixes = {"/a", "/b"}, .by = Breakdown::kTenant}, kNoProgress);
  for (const Record& record :
       {Put(4, "/calico/x", ""), Put(3, "/b/pods/n/p", ""), Put(2, "/a/pods/n/p", "")}) {
    inventory.OnRecord("key", record.key, record.value);
  }
  EXPECT_THAT(Names(inventory.Parts()), UnorderedElementsAre("pods//a", "pods//b", "/calico/"));
}

TEST(Inventory, SumsUpPartsOverAllResources) {
  const auto inventory =
      InventoryOf({Put(2, "/registry/pods/a/web", std::string(50, 'x')),
                   Put(3, "/registry/secrets/a/s", "xy"), Put(4, "/registry/pods/b/web", "x")},
                  Breakdown::kNamespace);
  const auto totals = TotalsByPart(inventory->Parts());
  ASSERT_THAT(Names(totals), ElementsAre("/a", "/b"));
  EXPECT_EQ(totals[0].usage.live_objects, 2U);
  EXPECT_EQ(StoredBytes(totals), StoredBytes(inventory->Resources()));
}

TEST(Inventory, MeasuresFieldsOfLiveObjectsAlone) {
  const std::string status = std::string(100, 's');
  const std::string pod =
      test::StoredObject{.entries = {{"kwok", "", 1}}, .status = status}.Protobuf();
  Inventory inventory({.fields = true}, kNoProgress);
  for (const Record& record :
       {Delete(5, "/registry/pods/a/gone"), Put(4, "/registry/pods/a/web", pod),
        Put(3, "/registry/pods/a/web", pod), Put(2, "/registry/pods/a/gone", pod)}) {
    inventory.OnRecord("key", record.key, record.value);
  }
  const auto rows = inventory.survey().Fields();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].live_bytes, inventory.Resources()[0].usage.live_bytes);
  EXPECT_EQ(rows[0].fields.status, status.size() + 2) << "with its tag and length";
  EXPECT_GT(rows[0].fields.managed_fields, 20U);
  EXPECT_LT(rows[0].rest(), rows[0].live_bytes);
}

TEST(Inventory, KeepsTheBytesOfWhatItCannotDecode) {
  Record broken = Put(2, "/registry/pods/a/web", "v1");
  broken.value.pop_back();
  const auto inventory =
      InventoryOf({broken, {"no revision", test::Bytes(1, "k")}, Put(3, "/registry/pods/a/b", "")});
  EXPECT_EQ(inventory->notes().undecodable_records, 2U);
  EXPECT_THAT(Names(inventory->Resources()), ElementsAre("other/", "pods/"));
  EXPECT_EQ(inventory->Resources()[0].usage.live_objects, 0U);
  for (const BreakdownName& name : kBreakdownNames) {
    if (name.by == Breakdown::kComponent) continue;
    const auto parts = InventoryOf({broken, Put(3, "/registry/pods/a/b", "")}, name.by);
    EXPECT_EQ(StoredBytes(parts->Parts()), StoredBytes(parts->Resources())) << name.part;
  }
}

TEST(Inventory, ReadsWhatEtcdNotesAboutItself) {
  Inventory inventory({}, kNoProgress);
  inventory.OnRecord("meta", "finishedCompactRev", test::RevisionKey(40));
  inventory.OnRecord("meta", "scheduledCompactRev", test::RevisionKey(50));
  inventory.OnRecord("meta", "consistent_index", std::string("\0\0\0\0\0\0\1\0", 8));
  inventory.OnRecord("alarm", test::Number(1, 77) + test::Number(2, 1), "");
  inventory.OnRecord("lease", "finishedCompactRev", test::RevisionKey(1));
  const auto& notes = inventory.notes();
  EXPECT_EQ(notes.compacted_revision, 40);
  EXPECT_EQ(notes.scheduled_compaction, 50);
  EXPECT_EQ(notes.consistent_index, 256U);
  EXPECT_THAT(notes.alarms, ElementsAre(bbolt::StoredAlarm{.member = 77, .type = 1}));
  EXPECT_EQ(notes.revision, std::nullopt);
  EXPECT_EQ(notes.undecodable_records, 0U);
}

TEST(Inventory, TellsOfAlarmsThatItCannotDecode) {
  Inventory inventory({}, kNoProgress);
  inventory.OnRecord("alarm", "\xff", "");
  EXPECT_THAT(inventory.notes().alarms, IsEmpty());
  EXPECT_EQ(inventory.notes().undecodable_records, 1U);
}

}  // namespace
}  // namespace headroom::analyze
