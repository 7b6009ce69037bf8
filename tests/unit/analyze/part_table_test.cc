#include "analyze/part_table.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

namespace headroom::analyze {
namespace {

TEST(PartTable, HasABoundPastWhichPartsAreOther) {
  PartTable table;
  const std::size_t over = PartTable::kMost + 10;
  for (std::size_t i = 0; i < over; ++i) ++table.Find("pods", std::to_string(i)).live_objects;
  ++table.Find("leases", "1").live_objects;
  const auto rows = table.Rows();
  EXPECT_EQ(rows.size(), PartTable::kMost + 2);
  for (const auto& row : rows) {
    if (row.part != "other") continue;
    EXPECT_EQ(row.usage.live_objects, row.resource == "pods" ? 10U : 1U);
  }
}

TEST(PartTable, HasPagesThatAddUp) {
  PartTable table;
  Row pods{.resource = "pods", .part = "", .usage = {}};
  for (std::uint64_t bytes = 1; bytes < 100; bytes += 7) {
    Usage& usage = table.Find("pods", std::to_string(bytes));
    usage.live_page_bytes = bytes;
    usage.history_page_bytes = 2 * bytes;
    pods.usage += usage;
  }
  pods.usage.live_page_bytes = Scaled(pods.usage.live_page_bytes, 1.7);
  pods.usage.history_page_bytes = Scaled(pods.usage.history_page_bytes, 1.7);
  table.ScalePages(1.7, {pods, {.resource = "leases", .part = "", .usage = {}}});
  Usage sum;
  for (const auto& row : table.Rows()) sum += row.usage;
  EXPECT_EQ(sum.live_page_bytes, pods.usage.live_page_bytes);
  EXPECT_EQ(sum.history_page_bytes, pods.usage.history_page_bytes);
  EXPECT_NEAR(static_cast<double>(table.Find("pods", "92").live_page_bytes), 92 * 1.7, 1);
}

}  // namespace
}  // namespace headroom::analyze
