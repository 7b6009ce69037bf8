#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "accounting/resource_table.h"

namespace headroom::accounting {

// Bytes that compaction has not freed: key + value of all puts with a revision above the compacted
// one, live or not, by resource.
//
// Kept in at most kMaxBuckets buckets of consecutive revisions. A bucket counts as long as one of
// its revisions is above the compacted one, so the result overstates by less than one bucket and
// never understates. Once all are taken, the two neighbours merge that together span the fewest
// revisions: however long compaction stalls, a bucket spans at most a 30th of the revisions that
// were held when it was made. Memory: 16 bytes for each resource written in each bucket.
class HistoryWindow {
 public:
  static constexpr std::size_t kMaxBuckets = 64;

  // Every change from `first_revision` on is going to be added. To be called at the start, and
  // after a gap: what was seen before it is forgotten.
  void Start(std::int64_t first_revision);

  // A put of `bytes` (key + value). Revisions come in order; one that is late is taken for the
  // newest, which may overstate it. Those not above the compacted revision are passed over.
  void Add(ResourceId resource, std::int64_t revision, std::uint64_t bytes);

  // `revision` and all below are compacted. Late news of less is passed over.
  void Compacted(std::int64_t revision);

  // Bytes by ResourceId, up to the highest one written. nullopt until compaction has passed the
  // first revision: there may be older ones that were never seen.
  std::optional<std::vector<std::uint64_t>> UncompactedBytes() const;

 private:
  struct Bucket {
    std::int64_t first_revision = 0;
    std::int64_t last_revision = 0;
    std::vector<std::pair<ResourceId, std::uint64_t>> bytes;  // by ResourceId, ascending
  };

  std::int64_t RevisionsHeld(std::int64_t newest) const;
  void CloseOpenBucket();
  void MergeNarrowestNeighbours();

  std::optional<std::int64_t> first_revision_;
  std::optional<std::int64_t> compacted_revision_;
  std::vector<Bucket> closed_;       // ascending revisions, all below the open bucket's
  std::vector<std::uint64_t> open_;  // bytes by ResourceId
  std::int64_t open_first_ = 0;      // revision; 0 while the open bucket is empty
  std::int64_t open_last_ = 0;
};

}  // namespace headroom::accounting
