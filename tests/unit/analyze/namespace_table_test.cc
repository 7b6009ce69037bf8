#include "analyze/namespace_table.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "analyze/inventory.h"
#include "support/database_file.h"

namespace headroom::analyze {
namespace {

using accounting::RevisionKind;
using test::Delete;
using test::Put;

TEST(NamespaceTable, TellsLiveBytesFromHistory) {
  NamespaceTable table;
  const auto a = table.Find("a");
  EXPECT_EQ(table.Find("a"), a);
  table.Add(a, RevisionKind::kLive, 10);
  table.Add(a, RevisionKind::kSuperseded, 1);
  table.Add(a, RevisionKind::kDeleted, 2);
  table.Add(a, RevisionKind::kTombstone, 4);
  const NamespaceRow row = std::move(table).Take()[a];
  EXPECT_EQ(row.name, "a");
  EXPECT_EQ(row.objects, 1U);
  EXPECT_EQ(row.live_bytes, 10U);
  EXPECT_EQ(row.history_bytes, 7U);
}

TEST(NamespaceTable, HasABoundPastWhichNamespacesAreOther) {
  NamespaceTable table;
  const std::size_t over = NamespaceTable::kMost + 10;
  for (std::size_t i = 0; i < over; ++i)
    table.Add(table.Find("ns" + std::to_string(i)), RevisionKind::kLive, 1);
  const auto rows = std::move(table).Take();
  EXPECT_EQ(rows.size(), NamespaceTable::kMost + 1);
  EXPECT_EQ(rows[0].name, "other");
  EXPECT_EQ(rows[0].objects, 10U);
}

TEST(NamespaceTable, AddsUpToTheResources) {
  Inventory inventory({.namespaces = true}, [](std::uint64_t, std::uint64_t) {});
  for (const auto& record :
       {Put(9, "/calico/ipam/v2/host", "x"), Put(8, "/registry/pods/Not_A_Namespace/web", "x"),
        Put(7, "/registry/masterleases/10.0.0.1", "x"), Delete(6, "/registry/pods/b/web"),
        Put(5, "/registry/pods/b/web", "12345"),
        Put(4, "/registry/things.example.com/things/b/t", "1"), Put(3, "/registry/minions/n1", ""),
        Put(2, "/registry/pods/a/web", "123")}) {
    inventory.OnRecord("key", record.key, record.value);
  }
  std::vector<std::pair<std::string, std::uint64_t>> live;
  std::uint64_t live_bytes = 0;
  std::uint64_t history_bytes = 0;
  std::uint64_t objects = 0;
  for (const NamespaceRow& row : inventory.TakeNamespaces()) {
    live.emplace_back(row.name, row.objects);
    objects += row.objects;
    live_bytes += row.live_bytes;
    history_bytes += row.history_bytes;
  }
  EXPECT_THAT(live, testing::UnorderedElementsAre(std::pair("other", 0), std::pair("", 4),
                                                  std::pair("a", 1), std::pair("b", 1)));
  Usage total;
  for (const Row& row : inventory.Resources()) total += row.usage;
  EXPECT_EQ(live_bytes, total.live_bytes);
  EXPECT_EQ(history_bytes, total.history_bytes());
  EXPECT_EQ(objects, total.live_objects);
}

}  // namespace
}  // namespace headroom::analyze
