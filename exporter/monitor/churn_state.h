#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "accounting/churn_ledger.h"
#include "accounting/heavy_hitters.h"
#include "accounting/history_window.h"
#include "accounting/object_counts.h"
#include "accounting/resource_table.h"
#include "etcd/watcher.h"
#include "kubernetes/event_object.h"
#include "kubernetes/registry_key.h"
#include "kubernetes/write_attribution.h"
#include "monitor/churn_snapshot.h"

namespace headroom {

struct ChurnLimits {
  std::size_t resources = accounting::ResourceTable::kDefaultCap;
  std::size_t pairs = 200;  // of each capped family
};

// All that is known of who writes: a watch fills it, scrapes read it. Thread-safe.
class ChurnState : public etcd::WatchSink {
 public:
  // `prefixes` as for RegistryKeyReader.
  ChurnState(std::vector<std::string> prefixes, ChurnLimits limits);

  void OnStart(std::int64_t first_revision, std::int64_t missed) override;
  void OnConnected(const etcd::Endpoint& endpoint) override;
  void OnDisconnected(etcd::WatchEnd why) override;
  bool WantsValue(std::string_view key) override;
  void OnEvent(const etcd::WatchEvent& event) override;
  void OnComplete(std::int64_t revision) override;

  // Where the objects are to be counted: at the revision the watch stands at, at its member.
  struct Pin {
    etcd::Endpoint endpoint;
    std::int64_t revision = 0;
  };
  // One that gives the same labels as this, to count by.
  kubernetes::RegistryKeyReader key_reader();
  // Waits until the watch runs, stands between two revisions and the objects are not counted.
  // nullopt when stopped.
  std::optional<Pin> AwaitPin(const std::stop_token& stop);
  // What was counted at `revision`, by resource label. False when it came too late.
  bool SetObjects(const std::map<std::string, std::uint64_t>& objects, std::int64_t revision);

  // Up to where the watch has seen all; nullopt while it is not connected.
  std::optional<std::int64_t> WatchedRevision();
  // Key and value bytes of the live objects, by resource label: how many there are, times the mean
  // size of the writes seen. Only where both are known.
  std::map<std::string, double> EstimateObjectBytes();

  // `compact_revision`: where it is known.
  ChurnSnapshot Take(std::optional<std::int64_t> compact_revision, Hitters hitters);
  // What was taken last with hitters has reached its scraper, who now knows their places.
  void Served();

 private:
  kubernetes::Writer WriterOf(const etcd::WatchEvent& event, const kubernetes::RegistryKey& key,
                              accounting::ResourceId resource);
  void CountEventObject(const etcd::WatchEvent& event, std::uint64_t bytes,
                        accounting::TimePoint now);
  void TakeResources(ChurnSnapshot& snapshot) const;
  void TakeHitters(ChurnSnapshot& snapshot);

  std::mutex mutex_;  // guards all below
  std::condition_variable_any changed_;

  kubernetes::RegistryKeyReader keys_;
  kubernetes::EventObjectReader events_;
  kubernetes::WriteAttribution writers_;
  accounting::ResourceTable resources_;
  accounting::ResourceId events_id_;
  accounting::ResourceId pods_id_;
  accounting::ChurnLedger ledger_;
  accounting::NamespaceHitters namespaces_;
  accounting::ManagerHitters managers_;
  accounting::EventHitters event_objects_;
  accounting::HistoryWindow history_;
  accounting::ObjectCounts objects_;

  std::optional<etcd::Endpoint> connected_;  // the member that serves the watch
  std::optional<std::int64_t> revision_;     // complete up to here
  bool within_revision_ = false;             // events beyond it have come
  std::int64_t missed_ = 0;
  std::array<std::uint64_t, etcd::kWatchEnds.size()> restarts_{};
};

}  // namespace headroom
