#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::kubernetes {

// The first segments of keys that are not Kubernetes', so that other users of etcd have names:
// "/calico/" of "/calico/ipam/v2/host", "by-dev/" of "by-dev/meta/7". Bounded: the first kMost have
// names. Thread-safe.
class ForeignPrefixes {
 public:
  static constexpr std::size_t kMost = 20;

  // The segment that `key` begins with, with its slashes. Good for this object's life. Empty if the
  // key has no further segment, if the name is no label or one of Kubernetes', and past kMost.
  std::string_view Find(std::string_view key);
  // No further segment gets a name.
  void Close();
  // Whether a new segment would get no name.
  bool closed() const;
  std::vector<std::string> paths() const;

 private:
  mutable std::mutex mutex_;
  std::array<std::string, kMost> paths_;  // never moved: views are out
  std::size_t count_ = 0;
  bool closed_ = false;
};

}  // namespace headroom::kubernetes
