#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounting/churn_ledger.h"
#include "etcd/watcher.h"

namespace headroom {

// Counters since the start. Bytes are of keys and values.
struct WriteCounts {
  std::uint64_t writes = 0;
  std::uint64_t bytes = 0;
};

// What the watch has seen, as of one moment.
struct ChurnSnapshot {
  struct Resource {
    std::string name;
    std::array<std::uint64_t, accounting::kWriteOps> writes{};  // by WriteOp
    std::uint64_t write_bytes = 0;
    std::optional<std::uint64_t> largest_write_bytes;
    std::optional<std::uint64_t> uncompacted_bytes;
    std::optional<std::uint64_t> objects;
  };
  struct Namespace {
    std::string resource;
    std::string object_namespace;  // empty for objects of the whole cluster
    WriteCounts counts;
  };
  struct Manager {
    std::string resource;
    std::string manager;  // see kubernetes::Writer
    std::string subresource;
    WriteCounts counts;
  };
  struct EventObjects {
    std::string component;
    std::string reason;
    std::string involved_kind;
    WriteCounts counts;
  };

  std::vector<Resource> resources;
  // All empty without Hitters::kWith.
  std::vector<Namespace> namespaces;
  std::vector<Manager> managers;
  std::vector<EventObjects> event_objects;

  bool connected = false;
  std::optional<std::int64_t> revision;  // all was seen up to here
  std::int64_t missed_revisions = 0;
  std::array<std::uint64_t, etcd::kWatchEnds.size()> restarts{};  // by WatchEnd
};

// Namespaces, managers and Event objects have few places, which change hands by what was served.
// Only a page that a scraper takes may have them, and Served() follows.
enum class Hitters { kWith, kWithout };

}  // namespace headroom
