#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace headroom::analyze {

// What becomes of the pages of etcd's bucket of revisions when everything up to the newest revision
// is compacted, and when the file is defragmented after that. Follows go.etcd.io/bbolt node.go
// (rebalance, split) and etcd's server/storage/mvcc/kvstore_compaction.go and backend.defragdb.
//
// A leaf page whose records all go is freed. One that keeps more than a record and more than a
// quarter of a page stays, without the overflow it no longer needs; what is left of any other moves
// to the page beside it below the same branch. On a file that is not written to meanwhile.
//
// Takes leaf pages and their records from the highest key down. Memory: 48 bytes for each leaf
// below one branch, of which a page has 65,535 at most.
class PageForecast {
 public:
  struct Result {
    std::uint64_t compacted_bytes = 0;     // pages of the bucket after a compaction
    std::uint64_t defragmented_bytes = 0;  // and after a defragmentation
  };

  // A leaf page with its overflow begins, of `page_bytes` each.
  void BeginLeaf(std::uint32_t page_bytes, std::uint64_t pages, bool first_of_branch);
  // A record of that leaf, and what it takes in the file.
  void AddRecord(bool kept, std::uint64_t stored_bytes) {
    ++leaf_.records;
    if (!kept) return;
    ++leaf_.kept_records;
    leaf_.kept_bytes += stored_bytes;
    Pack(stored_bytes);
  }
  // `bucket_bytes`: all pages of the bucket as they are, with its branches. To be called once.
  Result Finish(std::uint64_t bucket_bytes);

 private:
  struct Leaf {
    std::uint64_t pages = 0;
    std::uint64_t kept_bytes = 0;
    std::uint32_t records = 0;
    std::uint32_t kept_records = 0;
    std::uint32_t records_below = 0;  // of leaves that go, down to the next sibling
    // Of the siblings that are left: the next lower and the next higher one.
    std::uint32_t lower = 0;
    std::uint32_t higher = 0;
    bool rewritten = false;
  };
  // How many pages, with overflow, in how many nodes of the tree.
  struct Extent {
    std::uint64_t pages = 0;
    std::uint64_t nodes = 0;
  };

  // Into the leaf page that a defragmentation is filling.
  void Pack(std::uint64_t stored_bytes) {
    if (packed_records_ >= 2 && packed_bytes_ + stored_bytes > fill_bytes_) ClosePacked();
    packed_bytes_ += stored_bytes;
    ++packed_records_;
  }
  void ClosePacked();

  void EndLeaf();
  void EndSiblings();
  std::vector<std::uint32_t> OrderOfRebalancing();
  void Rebalance(std::size_t index);
  void Merge(std::size_t lower, std::size_t higher);
  Extent ExtentOf(const Leaf& leaf) const;
  std::uint64_t PagesFor(std::uint64_t bytes) const;

  std::uint32_t page_bytes_ = 4096;
  bool in_leaf_ = false;
  Leaf leaf_;
  std::vector<Leaf> siblings_;  // those that keep something, from the highest down

  std::uint64_t leaf_pages_ = 0;  // as they are
  std::uint64_t leaf_nodes_ = 0;
  Extent compacted_;

  std::uint64_t fill_bytes_ = 0;
  std::uint64_t packed_bytes_ = 0;
  std::uint64_t packed_records_ = 0;
  Extent packed_;

  std::uint32_t dice_ = 1;
};

}  // namespace headroom::analyze
