#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "random.h"
#include "resources.h"

namespace headroom::loadgen {

// One number for each of AllResources(), in their order.
using ByResource = std::vector<std::uint64_t>;

// What the objects and the changes to them look like.
struct WorkloadOptions {
  ByResource preload = ByResource(AllResources().size());  // objects created first
  ByResource mix = ByResource(AllResources().size());      // relative weight among churn writes
  ByResource mean_bytes;                                   // of a value; sizes vary by +-50 %
  std::optional<std::array<std::uint64_t, 3>> ops;         // weight of each Op, for all resources
  std::uint32_t namespaces = 5;
  std::uint64_t seed = 1;
};

// All that is remembered of an object in etcd; the rest follows from its serial number.
struct StoredObject {
  std::uint64_t serial = 0;
  std::int64_t mod_revision = 0;
  std::uint32_t version = 0;  // counted here; the value says so
};

// A write to carry out. Its object is out of the planner's hands until one of Done, Conflict and
// Failed gives it back, so no two writes in flight touch the same key.
struct Write {
  std::size_t resource = 0;  // index into AllResources()
  Op op = Op::kCreate;
  bool preload = false;
  StoredObject object;
  std::string key;
  std::string value;         // empty for a delete
  std::string_view manager;  // who is to have written it; see ManagerOf
  std::chrono::steady_clock::time_point sent{};
};

// Decides what is written next. The same seed gives the same decisions as long as writes end in the
// same order.
class Planner {
 public:
  explicit Planner(WorkloadOptions options);

  // The next object to create before the churn begins; nothing when the rest is in flight or done.
  std::optional<Write> NextPreload();
  bool preloaded() const { return preload_open_ == 0; }

  // Nothing when every object that could be written is in flight.
  std::optional<Write> NextChurn();

  void Done(const Write& write, std::int64_t revision);
  // The guard failed; `current` is the key's mod_revision, if the key exists.
  void Conflict(const Write& write, std::optional<std::int64_t> current);
  void Failed(const Write& write);

 private:
  struct Population {
    std::vector<StoredObject> idle;
    std::uint64_t live = 0;  // idle or in flight
    std::uint64_t limit = 0;
    std::uint64_t next_serial = 0;
    std::uint64_t skip = 1;            // how far next_serial jumps when a new key is there already
    std::vector<std::uint64_t> retry;  // serials to be created again before new ones
    std::uint64_t preload_left = 0;
  };

  std::size_t DrawResource();
  std::optional<Op> DrawOp(const Resource& resource, const Population& population);
  std::optional<Write> Begin(std::size_t resource, Op op);
  void GiveBack(std::size_t resource, const StoredObject& object);

  WorkloadOptions options_;
  Random random_;
  std::vector<Population> populations_;
  std::uint64_t mix_total_ = 0;
  std::uint64_t preload_open_ = 0;  // objects of the preload not yet in etcd
};

}  // namespace headroom::loadgen
