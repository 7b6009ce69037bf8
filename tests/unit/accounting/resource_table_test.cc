#include "accounting/resource_table.h"

#include <gtest/gtest.h>

#include <string>

namespace headroom::accounting {
namespace {

TEST(ResourceTable, KnowsAResourceAgain) {
  ResourceTable table;
  const ResourceId pods = table.Find("pods");
  const ResourceId events = table.Find("events");
  EXPECT_NE(pods, events);
  EXPECT_EQ(table.Find(std::string("pods")), pods);
  EXPECT_EQ(table.Name(pods), "pods");
  EXPECT_EQ(table.Name(events), "events");
  EXPECT_EQ(table.size(), 3);
}

TEST(ResourceTable, HasOtherFromTheStart) {
  ResourceTable table;
  EXPECT_EQ(table.Find("other"), kOtherResource);
  EXPECT_EQ(table.Name(kOtherResource), "other");
  EXPECT_EQ(table.size(), 1);
}

TEST(ResourceTable, CountsWhatComesPastTheCapAsOther) {
  ResourceTable table(2);
  const ResourceId first = table.Find("first");
  const ResourceId second = table.Find("second");
  EXPECT_EQ(table.Find("third"), kOtherResource);
  EXPECT_EQ(table.size(), 3);
  EXPECT_EQ(table.Find("first"), first);
  EXPECT_EQ(table.Find("second"), second);
}

TEST(ResourceTable, KeepsNamesWhereTheyAreWhileItGrows) {
  ResourceTable table;
  const std::string_view name = table.Name(table.Find("pods"));
  for (int i = 0; i < 499; ++i) table.Find("resource-" + std::to_string(i));
  EXPECT_EQ(name.data(), table.Name(table.Find("pods")).data());
  EXPECT_EQ(table.size(), 501);
}

}  // namespace
}  // namespace headroom::accounting
