#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "accounting/placed_names.h"
#include "accounting/resource_table.h"

namespace headroom {

namespace analyze {
struct Analysis;
}  // namespace analyze

// What a member says of its database file, in bytes.
struct DatabaseSpace {
  std::uint64_t size_bytes = 0;
  std::uint64_t in_use_bytes = 0;
};

struct InventoryWalkerOptions {
  std::string file;                   // etcd's database; opened for each walk
  std::vector<std::string> prefixes;  // as for RegistryKeyReader
  std::size_t max_resources = accounting::ResourceTable::kDefaultCap;
  std::size_t max_namespaces = 500;  // beside the empty one
  std::size_t max_keys = 1'000'000;  // distinct ones; KeyHistory says what each takes
  std::chrono::seconds interval{600};
  bool at_start = false;  // see StartDelay
  // A revision that etcd has reached, where that is known: its file must soon have it, too.
  std::function<std::optional<std::int64_t>()> watched_revision = [] { return std::nullopt; };
  // Asks the member that writes to the file, where it is known which one that is.
  std::function<std::optional<DatabaseSpace>()> member_space = [] { return std::nullopt; };
};

// What an etcd database file holds. Bytes are those of Usage.
struct ExactInventory {
  // Of a resource, or of a namespace.
  struct Stored {
    std::string name;
    std::uint64_t objects = 0;
    std::uint64_t live_bytes = 0;
    std::uint64_t history_bytes = 0;
  };
  std::chrono::system_clock::time_point began;
  std::chrono::duration<double> took{};
  std::vector<Stored> resources;              // all that were met so far, "other" first
  std::vector<Stored> namespaces;             // those with a place, "other" first, then ""
  std::optional<std::uint64_t> pinned_bytes;  // see analyze::PinnedBytes
};

// Walks etcd's database file from time to time: in a thread that yields processor and disk to all
// others, at most kColdBytesPerSecond of what is not in the page cache. One line in the log for
// each change of how it goes.
class InventoryWalker {
 public:
  static constexpr std::uint64_t kColdBytesPerSecond = 50'000'000;

  explicit InventoryWalker(InventoryWalkerOptions options);
  InventoryWalker(const InventoryWalker&) = delete;
  InventoryWalker& operator=(const InventoryWalker&) = delete;

  // That of the last walk which read all of the file; null before there is one.
  std::shared_ptr<const ExactInventory> latest() const;
  // Walks that did not.
  std::uint64_t failures() const { return failures_; }

  // Ends the walk under way; for a shutdown that does not wait for it.
  void Stop() { thread_.request_stop(); }

 private:
  void Loop(const std::stop_token& stop);
  absl::StatusOr<ExactInventory> Walk(std::optional<std::int64_t> reached,
                                      const std::stop_token& stop);
  // Those with a place, and the sum of the rest.
  std::vector<ExactInventory::Stored> Place(const analyze::Analysis& analysis);
  void Log(const absl::Status& walked);

  const InventoryWalkerOptions options_;
  // Used by the thread alone.
  accounting::ResourceTable resources_;  // a resource keeps its label from walk to walk
  accounting::PlacedNames namespaces_;
  std::optional<absl::StatusCode> logged_;

  std::atomic<std::uint64_t> failures_ = 0;
  mutable std::mutex mutex_;
  std::shared_ptr<const ExactInventory> latest_;  // guarded by mutex_

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace headroom
