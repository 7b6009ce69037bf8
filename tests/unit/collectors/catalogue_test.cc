#include "collectors/catalogue.h"

#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "collectors/churn_state.h"
#include "collectors/disk_collector.h"
#include "collectors/inventory_collector.h"
#include "collectors/member_collector.h"
#include "collectors/member_families.h"
#include "collectors/node_collector.h"
#include "collectors/process_collector.h"
#include "collectors/samples.h"
#include "support/byte_server.h"
#include "support/temporary_folder.h"

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

TEST(Catalogue, ListsEveryMetricThatIsDeclared) {
  std::ifstream file(HEADROOM_SOURCES "/collectors/catalogue.h");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::regex declaration("inline constexpr Metric k\\w+\\{\\s*\"(\\w+)\"");
  std::set<std::string> declared;
  for (std::sregex_iterator match(text.begin(), text.end(), declaration), end; match != end;
       ++match) {
    declared.insert((*match)[1]);
  }
  std::set<std::string> listed;
  for (const Metric* metric : AllMetrics()) listed.insert(std::string(metric->name));
  EXPECT_EQ(declared, listed);
}

// All that the collectors can add without a real etcd.
Samples Everything() {
  const auto now = std::chrono::steady_clock::now();
  FamilySet families;
  ProcessCollector().Collect(now, families);

  const support::TemporaryFolder folder;
  folder.Write("etcd.conf", "name: etcd-0\n");
  const auto config = std::make_shared<node::CachedConfig>(folder.path(), "/etcd.conf");
  NodeCollector(config).Collect(now, families);

  ChurnState churn({}, {});
  churn.OnStart(1, 0);
  churn.OnConnected({});
  churn.OnEvent({.key = "/registry/events/default/e", .mod_revision = 1, .version = 1});
  churn.OnComplete(1);
  churn.SetObjects({}, churn.AwaitPin({})->revision);
  churn.Collect(1, families);

  InventoryCollector({.estimate = [] {
    return std::map<std::string, double>();
  }}).Collect(now, families);
  AddInventoryFamilies({.resources = {{.name = "pods"}}, .pinned_bytes = 0},
                       /*with_objects=*/false, families);

  DiskCollector("/", [] { return std::optional<std::string>("etcd-0"); }).Collect(now, families);

  const support::ClosedPort nobody;
  const etcd::Endpoint endpoint{.host = "127.0.0.1", .port = nobody.port()};
  MemberCollector({{.endpoint = endpoint, .metrics_url = endpoint}}, config, std::nullopt, "node-1",
                  "none")
      .Collect(now + std::chrono::minutes(1), families);

  MemberReport report{.label = "etcd-1", .etcd_url = "http://etcd-1:2379"};
  report.facts.status =
      etcd::StatusReply{.cluster_id = 1, .member_id = 2, .db_size_bytes = 1, .quota_bytes = 2};
  report.facts.page = etcd::PageFacts{.quota_bytes = 2,
                                      .compact_revision = 1,
                                      .open_read_transactions = 0,
                                      .defragmentations = 0,
                                      .defrag_in_progress = 0,
                                      .start_time_seconds = 1};
  report.facts.compact_revision = etcd::CompactRevision{.revision = 1};
  AddMemberFamilies(report, {}, families);
  return Samples(std::move(families));
}

TEST(Catalogue, HasTheTypeLabelsAndHelpThatCollectorsServe) {
  std::map<std::string, const Metric*> listed;
  for (const Metric* metric : AllMetrics()) listed[std::string(metric->name)] = metric;
  const Samples samples = Everything();
  for (const prometheus::MetricFamily& family : samples.families()) {
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
  // Only an etcd that answers brings these.
  listed.erase(std::string(metrics::kClusterMembers.name));
  listed.erase(std::string(metrics::kDatastoreInfo.name));
  for (const auto& [name, metric] : listed) ADD_FAILURE() << "no collector has added " << name;
}

}  // namespace
}  // namespace headroom
