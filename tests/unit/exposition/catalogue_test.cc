#include "exposition/catalogue.h"

#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "exposition/families.h"

namespace headroom {
namespace {

using testing::AnyOf;
using testing::MatchesRegex;
using testing::StartsWith;

std::vector<const Metric*> AllMetrics() {
  std::vector<const Metric*> all;
  for (const metrics::Section& section : metrics::Catalogue())
    all.insert(all.end(), section.metrics.begin(), section.metrics.end());
  return all;
}

std::set<std::string> DeclaredLabels(const Metric& metric) {
  return absl::StrSplit(std::string(metric.labels), ", ", absl::SkipEmpty());
}

TEST(Catalogue, NamesEveryMetricByTheRules) {
  for (const Metric* metric : AllMetrics()) {
    const std::string name(metric->name);
    EXPECT_THAT(name, AnyOf(StartsWith("etcd_headroom_"), StartsWith("process_")));
    EXPECT_THAT(name, MatchesRegex("[a-z][a-z0-9_]*[a-z0-9]"));
  }
}

TEST(Catalogue, EndsCountersAndNothingElseInTotal) {
  for (const Metric* metric : AllMetrics()) {
    EXPECT_EQ(metric->name.ends_with("_total"), metric->type == prometheus::MetricType::Counter)
        << metric->name;
  }
}

TEST(Catalogue, HasEachNameOnce) {
  std::set<std::string_view> names;
  for (const Metric* metric : AllMetrics())
    EXPECT_TRUE(names.insert(metric->name).second) << metric->name;
}

TEST(Catalogue, SaysWhatEveryMetricMeans) {
  for (const Metric* metric : AllMetrics()) {
    EXPECT_TRUE(metric->help.size() > 20 && metric->help.ends_with('.')) << metric->name;
    EXPECT_EQ(metric->help.find('\n'), std::string_view::npos) << metric->name;
  }
}

// A scraper adds these; ours would come back as exported_job and so on.
TEST(Catalogue, UsesNoLabelThatAScraperAdds) {
  const std::set<std::string> taken{"job",      "instance", "namespace", "pod",    "container",
                                    "endpoint", "service",  "node",      "cluster"};
  for (const Metric* metric : AllMetrics()) {
    for (const std::string& label : DeclaredLabels(*metric)) {
      EXPECT_FALSE(taken.contains(label)) << metric->name;
      EXPECT_THAT(label, MatchesRegex("[a-z][a-z0-9_]*"));
    }
  }
}

// A snapshot that has all there can be.
Snapshot Everything() {
  MemberReport member{.label = "etcd-1", .etcd_url = "http://etcd-1:2379"};
  member.facts.status =
      etcd::StatusReply{.cluster_id = 1, .member_id = 2, .db_size_bytes = 1, .quota_bytes = 2};
  member.facts.page = etcd::PageFacts{.quota_bytes = 2,
                                      .compact_revision = 1,
                                      .open_read_transactions = 0,
                                      .defragmentations = 0,
                                      .defrag_in_progress = 0,
                                      .start_time_seconds = 1};
  member.facts.compact_revision = etcd::CompactRevision{.revision = 1};
  member.compacted_at = std::chrono::system_clock::now();
  return {.process = ReadProcess(),
          .cluster = ClusterReport{.members = {member}, .list = {{.id = 2, .name = "etcd-1"}}},
          .node_config = std::make_shared<node::EtcdConfig>(
              node::EtcdConfig{.auto_compaction_retention_seconds = 0}),
          .disk = DataDisk{.member = "etcd-1", .space = {}},
          .churn = ChurnSnapshot{.resources = {{.name = "pods",
                                                .largest_write_bytes = 1,
                                                .uncompacted_bytes = 1,
                                                .objects = 1}},
                                 .namespaces = {{}},
                                 .managers = {{}},
                                 .event_objects = {{}},
                                 .revision = 1},
          .inventory = InventorySnapshot{.exact = std::make_shared<ExactInventory>(
                                             ExactInventory{.resources = {{.name = "pods"}},
                                                            .namespaces = {{.name = "a"}},
                                                            .pinned_bytes = 0}),
                                         .budgets = {{.object_namespace = "a"}}},
          .certificate_expiry = std::chrono::system_clock::from_time_t(1)};
}

TEST(Catalogue, HasTheTypeLabelsAndHelpThatPagesServe) {
  std::map<std::string, const Metric*> listed;
  for (const Metric* metric : AllMetrics()) listed[std::string(metric->name)] = metric;
  for (const prometheus::MetricFamily& family : Families(Everything())) {
    ASSERT_TRUE(listed.contains(family.name)) << family.name;
    const Metric& metric = *listed[family.name];
    EXPECT_EQ(family.type, metric.type) << family.name;
    EXPECT_EQ(family.help, metric.help) << family.name;
    for (const prometheus::ClientMetric& sample : family.metric) {
      std::set<std::string> labels;
      for (const FamilySet::Label& label : sample.label) labels.insert(label.name);
      EXPECT_EQ(labels, DeclaredLabels(metric)) << family.name;
    }
    listed.erase(family.name);
  }
  for (const auto& [name, metric] : listed) ADD_FAILURE() << "nothing adds " << name;
}

}  // namespace
}  // namespace headroom
