#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "etcd/rpc_client.h"
#include "kubernetes/registry_key.h"

namespace headroom {

// Reads the keys of one revision, at whatever pace it likes.
class KeyReader {
 public:
  struct Counted {
    std::int64_t keys = 0;
    std::chrono::nanoseconds took{};
  };

  virtual ~KeyReader() = default;
  virtual absl::StatusOr<Counted> Count(const etcd::KeyRange& range) = 0;
  // The first `limit` keys.
  virtual absl::StatusOr<std::vector<std::string>> Keys(const etcd::KeyRange& range,
                                                        std::int64_t limit) = 0;
};

// Counts all keys of a store by resource, range by range, so that no call walks over many keys
// while writes wait: the built-in resources, those of the CRDs, and what lies between them. Kept
// from one sweep to the next, since it learns which ranges are large.
class ObjectSweep {
 public:
  using Objects = std::map<std::string, std::uint64_t>;  // by resource label; absent = none

  // A range whose count took longer is counted in parts the next time.
  static constexpr std::chrono::milliseconds kSlow{50};
  // Beyond so many resources and single keys that neither Kubernetes nor a CRD names, the rest
  // counts as "other".
  static constexpr int kMaxUnnamed = 2'000;

  // `keys` gives the labels.
  explicit ObjectSweep(kubernetes::RegistryKeyReader keys) : keys_(std::move(keys)) {}

  // Fails as the reader does.
  absl::StatusOr<Objects> Run(KeyReader& reader);

 private:
  struct Named {
    std::string key_prefix;
    std::string resource;
  };

  absl::StatusOr<std::vector<Named>> NamedResources(KeyReader& reader) const;
  absl::Status CountPrefix(KeyReader& reader, const Named& named);
  absl::Status CountGap(KeyReader& reader, etcd::KeyRange gap);
  // The rest of a gap that has `left` keys: by foreign prefix, as far as those have names.
  absl::Status CountUnnamed(KeyReader& reader, const etcd::KeyRange& gap, std::int64_t left);
  absl::StatusOr<std::int64_t> CountRange(KeyReader& reader, const etcd::KeyRange& range);
  absl::StatusOr<std::int64_t> CountAtOnce(KeyReader& reader, const etcd::KeyRange& range);
  // The range that begins with `key` and holds keys of one resource alone.
  etcd::KeyRange RangeOfResource(const std::string& key, const etcd::KeyRange& within);

  kubernetes::RegistryKeyReader keys_;
  std::set<etcd::KeyRange> slow_;  // those that are counted in parts
  Objects objects_;
  int unnamed_ = 0;
};

}  // namespace headroom
