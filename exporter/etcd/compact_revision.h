#pragma once

#include <cstdint>
#include <optional>

#include "etcd/deadline.h"
#include "etcd/metrics_page.h"
#include "etcd/rpc_client.h"

namespace headroom::etcd {

// The last compacted revision; -1 before the first compaction, as etcd's own page has it.
struct CompactRevision {
  enum class Source {
    kMetrics,        // etcd's metrics page
    kCompactRevKey,  // the key where Kubernetes' API servers note what they asked for
    kProbe,          // how etcd refuses a read and a watch at revision 1
  };
  std::int64_t revision = 0;
  Source source = Source::kMetrics;

  bool operator==(const CompactRevision&) const = default;
};

// Takes the cheapest of these ways that works; at most two single-key reads and a refused watch.
// Nothing when none works.
std::optional<CompactRevision> LearnCompactRevision(const std::optional<PageFacts>& page,
                                                    RpcClient& client, Deadline deadline);

// The decimal number in the value of `compact_rev_key`. Nothing for "0", which API servers write
// before they have asked for a compaction: somebody else may have compacted.
std::optional<std::int64_t> ParseCompactRevKey(std::string_view value);

}  // namespace headroom::etcd
