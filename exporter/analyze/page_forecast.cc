#include "analyze/page_forecast.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "bbolt/page.h"

namespace headroom::analyze {
namespace {

constexpr std::uint64_t kHeader = bbolt::kPageHeaderBytes;
// A child in a branch page: its element, and the revision that its lowest record has as a key.
constexpr std::uint64_t kChildBytes = bbolt::kElementBytes + 17;
constexpr std::uint64_t kLeastRecordsToSplit = 4;  // a node of as many is never split
// etcd deletes so many revisions in one transaction (--compaction-batch-limit).
constexpr std::uint64_t kBatchRecords = 1000;
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

std::uint64_t CeilDiv(std::uint64_t number, std::uint64_t by) { return (number + by - 1) / by; }

}  // namespace

void PageForecast::BeginLeaf(std::uint32_t page_bytes, std::uint64_t pages, bool first_of_branch) {
  EndLeaf();
  if (first_of_branch) EndSiblings();
  page_bytes_ = page_bytes;
  fill_bytes_ = std::uint64_t{page_bytes} / 10 * 9 - kHeader;
  leaf_ = {.pages = pages};
  in_leaf_ = true;
}

void PageForecast::EndLeaf() {
  if (!std::exchange(in_leaf_, false)) return;
  leaf_pages_ += leaf_.pages;
  ++leaf_nodes_;
  if (leaf_.kept_records > 0) {
    siblings_.push_back(leaf_);
  } else if (!siblings_.empty()) {
    siblings_.back().records_below += leaf_.records;
  }
}

void PageForecast::EndSiblings() {
  for (std::uint32_t i = 0; i < siblings_.size(); ++i) {
    siblings_[i].higher = i == 0 ? kNone : i - 1;
    siblings_[i].lower = i + 1 == siblings_.size() ? kNone : i + 1;
  }
  for (const std::uint32_t index : OrderOfRebalancing()) Rebalance(index);
  for (const Leaf& leaf : siblings_) {
    const Extent extent = ExtentOf(leaf);
    compacted_.pages += extent.pages;
    compacted_.nodes += extent.nodes;
  }
  siblings_.clear();
}

// Those that lose records: one batch of a compaction after the other from the oldest on, and within
// a batch at random, as Go goes through a map.
std::vector<std::uint32_t> PageForecast::OrderOfRebalancing() {
  std::vector<std::uint32_t> order;
  std::size_t batch = 0;
  std::uint64_t records = 0;
  const auto shuffle = [&] {
    for (std::size_t i = order.size(); i > batch + 1; --i) {
      dice_ = dice_ * 1664525U + 1013904223U;
      std::swap(order[i - 1], order[batch + (dice_ >> 8U) % (i - batch)]);
    }
    batch = order.size();
    records = 0;
  };
  for (std::size_t i = siblings_.size(); i-- > 0;) {
    records += siblings_[i].records + siblings_[i].records_below;
    if (siblings_[i].kept_records < siblings_[i].records) {
      order.push_back(static_cast<std::uint32_t>(i));
    }
    if (records >= kBatchRecords) shuffle();
  }
  shuffle();
  return order;
}

// A leaf that has moved to another has no pages.
void PageForecast::Rebalance(std::size_t index) {
  Leaf& leaf = siblings_[index];
  if (leaf.pages == 0) return;
  leaf.rewritten = true;
  if (leaf.kept_records > 1 && kHeader + leaf.kept_bytes > page_bytes_ / 4) return;
  if (leaf.lower != kNone) {
    Merge(leaf.lower, index);
  } else if (leaf.higher != kNone) {
    Merge(index, leaf.higher);
  }
}

void PageForecast::Merge(std::size_t lower, std::size_t higher) {
  Leaf& gone = siblings_[higher];
  Leaf& left = siblings_[lower];
  left.kept_records += gone.kept_records;
  left.kept_bytes += gone.kept_bytes;
  left.rewritten = true;
  left.higher = gone.higher;
  if (gone.higher != kNone) {
    siblings_[gone.higher].lower = static_cast<std::uint32_t>(lower);
  }
  gone.pages = 0;
}

PageForecast::Extent PageForecast::ExtentOf(const Leaf& leaf) const {
  if (leaf.pages == 0) return {};
  if (!leaf.rewritten) return {.pages = leaf.pages, .nodes = 1};
  std::uint64_t records = leaf.kept_records;
  std::uint64_t bytes = leaf.kept_bytes;
  Extent extent;
  // As if all had the same size.
  const std::uint64_t each = CeilDiv(bytes, records);
  const std::uint64_t first = std::max<std::uint64_t>(2, (page_bytes_ / 2 - kHeader) / each);
  if (records > kLeastRecordsToSplit && kHeader + bytes >= page_bytes_) {
    // All but the last: no more than four records, or less than a page.
    const std::uint64_t last = std::max(kLeastRecordsToSplit, (page_bytes_ - kHeader - 1) / each);
    const std::uint64_t split = CeilDiv(records - std::min(records, last), first);
    extent = {.pages = split * PagesFor(first * each), .nodes = split};
    records -= std::min(records, split * first);
    bytes = records * each;
  }
  if (records > 0) {
    extent.pages += PagesFor(bytes);
    ++extent.nodes;
  }
  return extent;
}

std::uint64_t PageForecast::PagesFor(std::uint64_t bytes) const {
  return CeilDiv(kHeader + bytes, page_bytes_);
}

void PageForecast::ClosePacked() {
  packed_.pages += PagesFor(packed_bytes_);
  ++packed_.nodes;
  packed_bytes_ = packed_records_ = 0;
}

PageForecast::Result PageForecast::Finish(std::uint64_t bucket_bytes) {
  EndLeaf();
  EndSiblings();
  if (packed_records_ > 0) ClosePacked();
  if (leaf_nodes_ == 0)
    return {.compacted_bytes = bucket_bytes, .defragmented_bytes = bucket_bytes};

  const std::uint64_t branches =
      bucket_bytes / page_bytes_ - std::min(leaf_pages_, bucket_bytes / page_bytes_);
  Result result;
  result.compacted_bytes =
      std::max<std::uint64_t>(
          1, compacted_.pages + CeilDiv(branches * compacted_.nodes, leaf_nodes_)) *
      page_bytes_;
  std::uint64_t pages = std::max<std::uint64_t>(1, packed_.pages);
  for (std::uint64_t nodes = packed_.nodes; nodes > 1;) {
    nodes = CeilDiv(nodes, fill_bytes_ / kChildBytes);
    pages += nodes;
  }
  result.defragmented_bytes = pages * page_bytes_;
  return result;
}

}  // namespace headroom::analyze
