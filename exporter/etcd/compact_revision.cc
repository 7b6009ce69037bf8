#include "etcd/compact_revision.h"

#include <charconv>
#include <string_view>

namespace headroom::etcd {
namespace {

// Written by kube-apiserver without any prefix (k8s.io/apiserver, storage/etcd3/compact.go).
constexpr std::string_view kCompactRevKey = "compact_rev_key";
// A key nobody has: its name begins with the byte that no other software uses for one.
constexpr std::string_view kAbsentKey{"\0etcd-headroom", 14};

}  // namespace

std::optional<std::int64_t> ParseCompactRevKey(std::string_view value) {
  std::int64_t revision = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), revision);
  if (error != std::errc() || end != value.data() + value.size() || revision <= 0)
    return std::nullopt;
  return revision;
}

std::optional<CompactRevision> LearnCompactRevision(const std::optional<PageFacts>& page,
                                                    RpcClient& client, Deadline deadline) {
  using Source = CompactRevision::Source;
  if (page && page->compact_revision)
    return CompactRevision{*page->compact_revision, Source::kMetrics};

  const auto noted = client.Get(kCompactRevKey, 0, deadline);
  if (noted.ok() && *noted) {
    if (const auto revision = ParseCompactRevKey(**noted))
      return CompactRevision{*revision, Source::kCompactRevKey};
  }

  const auto first = client.Get(kAbsentKey, 1, deadline);
  if (first.ok()) return CompactRevision{-1, Source::kProbe};
  if (first.status().code() != absl::StatusCode::kOutOfRange) return std::nullopt;
  // Only a compaction makes revision 1 unreadable, and compacted revisions only grow: the watch
  // will be refused.
  const auto compacted = client.CompactedRevisionFromWatch(kAbsentKey, deadline);
  if (!compacted.ok()) return std::nullopt;
  return CompactRevision{*compacted, Source::kProbe};
}

}  // namespace headroom::etcd
