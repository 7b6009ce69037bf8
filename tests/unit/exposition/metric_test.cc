#include "exposition/metric.h"

#include <gmock/gmock.h>

#include <utility>

#include "exposition/samples.h"

namespace headroom {
namespace {

using testing::IsEmpty;

constexpr Metric kSize{"test_size_bytes", prometheus::MetricType::Gauge, "of", "A size."};
constexpr Metric kWrites{"test_writes_total", prometheus::MetricType::Counter, "", "A count."};

TEST(FamilySet, IsEmptyAtFirst) { EXPECT_THAT(FamilySet().Take(), IsEmpty()); }

// A family that comes twice makes Prometheus refuse the page.
TEST(FamilySet, KeepsOneFamilyAMetricWhateverTheOrder) {
  FamilySet families;
  families.Add(kSize, 1, {{"of", "a"}});
  families.Add(kWrites, 2);
  families.Add(kSize, 3, {{"of", "b"}});
  const auto taken = std::move(families).Take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].name, "test_size_bytes");
  EXPECT_EQ(taken[0].help, "A size.");
  EXPECT_EQ(taken[0].type, prometheus::MetricType::Gauge);
  ASSERT_EQ(taken[0].metric.size(), 2U);
  EXPECT_EQ(taken[0].metric[0].gauge.value, 1);
  EXPECT_EQ(AsMap(taken[0].metric[0].label), (Labels{{"of", "a"}}));
  EXPECT_EQ(taken[0].metric[1].gauge.value, 3);
  EXPECT_EQ(AsMap(taken[0].metric[1].label), (Labels{{"of", "b"}}));
}

TEST(FamilySet, PutsTheValueWhereItsTypeIsRead) {
  FamilySet families;
  families.Add(kSize, 1);
  families.Add(kWrites, 2);
  const auto taken = std::move(families).Take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].metric[0].gauge.value, 1);
  EXPECT_EQ(taken[1].type, prometheus::MetricType::Counter);
  EXPECT_EQ(taken[1].metric[0].counter.value, 2);
  EXPECT_EQ(taken[1].metric[0].gauge.value, 0);
}

}  // namespace
}  // namespace headroom
