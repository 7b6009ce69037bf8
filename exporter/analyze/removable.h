#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "analyze/file_clock.h"

namespace headroom::analyze {

// Live objects that have done their work, by what they are.
struct Removable {
  enum class Kind {
    kFinishedJobs,
    kFinishedPods,
    kEmptyReplicaSets,  // those of Deployments
    kSupersededReleases,
    kExpiredEvents,  // older than any lease of etcd's lives
    kOrphans,        // whose owners are all gone
  };
  static constexpr std::size_t kKinds = 6;
  struct Row {
    Kind kind = Kind::kFinishedJobs;
    std::uint64_t objects = 0;
    std::uint64_t day_old = 0;  // those created more than a day before the file ends
    std::uint64_t bytes = 0;    // keys and values
  };
  std::vector<Row> rows;  // the largest first, none empty
  // Encrypted objects say nothing of themselves, and may own others: no orphans are counted then.
  std::uint64_t encrypted_objects = 0;
};

// Finds what is removable among live objects, the newest first. An object counts once, as the first
// kind that fits. Memory: up to 20 bytes for each object, and up to 48 for each owner reference.
class RemovableFinder {
 public:
  void Add(std::string_view resource, std::string_view value, std::uint64_t bytes);
  // The longest time to live of a lease: that of Events, where Kubernetes is alone in etcd.
  void SeeLease(std::int64_t ttl_seconds);
  // `complete`: all of the file was read. Otherwise an owner may be what was not.
  Removable Find(bool complete);

 private:
  using Sum = Removable::Row;
  // What an object and its owner have in common; 0 is none.
  struct Owned {
    std::uint64_t owner = 0;
    std::uint64_t bytes = 0;  // of the object; 0 if its next owner follows
    bool day_old = false;
  };

  bool IsDayOld(std::string_view value) const;
  void AddTo(Removable::Kind kind, std::string_view value, std::uint64_t bytes);
  void AddEvent(std::string_view value, std::uint64_t bytes);
  void AddOwners(std::string_view value, std::uint64_t bytes);
  Sum ExpiredEvents() const;
  Sum Orphans() const;

  FileClock clock_;
  std::array<Sum, Removable::kKinds> sums_;
  std::uint64_t encrypted_ = 0;
  std::optional<std::int64_t> longest_lease_;
  std::vector<Sum> events_;  // by age in hours
  absl::flat_hash_set<std::uint64_t> uids_;
  std::vector<Owned> owned_;
};

}  // namespace headroom::analyze
