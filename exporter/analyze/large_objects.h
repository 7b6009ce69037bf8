#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::analyze {

struct LargeObject {
  std::string key;  // fit for a terminal: see PrintableKey
  std::string resource;
  std::uint64_t bytes = 0;  // key and value
};

// The key as UTF-8 on one line. What is not, and each control character, is '?'; of a key longer
// than any of Kubernetes', what is behind 1 KiB is "...".
std::string PrintableKey(std::string_view key);

// The largest of many objects, in memory for kMost.
class LargeObjects {
 public:
  static constexpr std::size_t kMost = 10;

  // Whether an object of that size would have a place.
  bool Wants(std::uint64_t bytes) const { return bytes > least_; }
  void Add(std::string_view key, std::string_view resource, std::uint64_t bytes);
  // The largest first.
  const std::vector<LargeObject>& objects() const { return objects_; }

 private:
  std::vector<LargeObject> objects_;
  std::uint64_t least_ = 0;  // of the last place when all are taken
};

}  // namespace headroom::analyze
