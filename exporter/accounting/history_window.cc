#include "accounting/history_window.h"

#include <algorithm>

namespace headroom::accounting {
namespace {

using BytesByResource = std::vector<std::pair<ResourceId, std::uint64_t>>;

// Both ascend by resource.
BytesByResource Merged(const BytesByResource& a, const BytesByResource& b) {
  BytesByResource merged;
  merged.reserve(a.size() + b.size());
  auto from_a = a.begin();
  auto from_b = b.begin();
  while (from_a != a.end() || from_b != b.end()) {
    const bool take_a = from_b == b.end() || (from_a != a.end() && from_a->first <= from_b->first);
    const auto& taken = take_a ? *from_a++ : *from_b++;
    if (!merged.empty() && merged.back().first == taken.first) {
      merged.back().second += taken.second;
    } else {
      merged.push_back(taken);
    }
  }
  merged.shrink_to_fit();
  return merged;
}

}  // namespace

void HistoryWindow::Start(std::int64_t first_revision) {
  *this = HistoryWindow();
  first_revision_ = first_revision;
}

void HistoryWindow::Add(ResourceId resource, std::int64_t revision, std::uint64_t bytes) {
  if (compacted_revision_ && revision <= *compacted_revision_) return;
  if (open_first_ != 0 && revision > open_last_ &&
      revision - open_first_ >= RevisionsHeld(revision) / std::int64_t{kMaxBuckets}) {
    CloseOpenBucket();
  }
  if (open_first_ == 0) open_first_ = revision;
  open_last_ = std::max(open_last_, revision);
  if (resource >= open_.size()) open_.resize(resource + std::size_t{1});
  open_[resource] += bytes;
}

void HistoryWindow::Compacted(std::int64_t revision) {
  if (compacted_revision_ && revision <= *compacted_revision_) return;
  compacted_revision_ = revision;
  std::erase_if(closed_, [&](const Bucket& bucket) { return bucket.last_revision <= revision; });
  if (open_last_ <= revision) {
    std::fill(open_.begin(), open_.end(), 0);
    open_first_ = 0;
  }
}

std::optional<std::vector<std::uint64_t>> HistoryWindow::UncompactedBytes() const {
  if (!first_revision_ || !compacted_revision_ || *compacted_revision_ < *first_revision_) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> total = open_;
  for (const Bucket& bucket : closed_) {
    for (const auto& [resource, bytes] : bucket.bytes) total[resource] += bytes;
  }
  return total;
}

// Revisions up to `newest` that compaction has left, of those seen.
std::int64_t HistoryWindow::RevisionsHeld(std::int64_t newest) const {
  return newest - std::max(compacted_revision_.value_or(0), first_revision_.value_or(1) - 1);
}

void HistoryWindow::CloseOpenBucket() {
  Bucket bucket{.first_revision = open_first_, .last_revision = open_last_};
  for (std::size_t resource = 0; resource < open_.size(); ++resource) {
    if (open_[resource] == 0) continue;
    bucket.bytes.emplace_back(static_cast<ResourceId>(resource), open_[resource]);
    open_[resource] = 0;
  }
  closed_.push_back(std::move(bucket));
  open_first_ = 0;
  if (closed_.size() == kMaxBuckets) MergeNarrowestNeighbours();
}

void HistoryWindow::MergeNarrowestNeighbours() {
  const auto span_with_next = [&](std::size_t i) {
    return closed_[i + 1].last_revision - closed_[i].first_revision;
  };
  std::size_t narrowest = 0;
  for (std::size_t i = 1; i + 1 < closed_.size(); ++i) {
    if (span_with_next(i) < span_with_next(narrowest)) narrowest = i;
  }
  Bucket& kept = closed_[narrowest];
  const auto next = closed_.begin() + static_cast<std::ptrdiff_t>(narrowest) + 1;
  kept.last_revision = next->last_revision;
  kept.bytes = Merged(kept.bytes, next->bytes);
  closed_.erase(next);
}

}  // namespace headroom::accounting
