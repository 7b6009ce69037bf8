#include "analyze/large_objects.h"

#include <algorithm>

#include "kubernetes/label_text.h"

namespace headroom::analyze {

std::string PrintableKey(std::string_view key) {
  constexpr std::size_t kMostBytes = 1024;
  const bool cut = key.size() > kMostBytes;
  return kubernetes::PrintableText(key.substr(0, kMostBytes)) + (cut ? "..." : "");
}

void LargeObjects::Add(std::string_view key, std::string_view resource, std::uint64_t bytes) {
  if (!Wants(bytes)) return;
  const auto place =
      std::find_if(objects_.begin(), objects_.end(),
                   [bytes](const LargeObject& object) { return object.bytes < bytes; });
  objects_.insert(place,
                  {.key = PrintableKey(key), .resource = std::string(resource), .bytes = bytes});
  if (objects_.size() > kMost) objects_.pop_back();
  if (objects_.size() == kMost) least_ = objects_.back().bytes;
}

}  // namespace headroom::analyze
