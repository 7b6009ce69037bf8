#include "bbolt/walk.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/functional/function_ref.h"
#include "bbolt/key_bounds.h"
#include "bbolt/page_claims.h"
#include "bbolt/salvage.h"

namespace headroom::bbolt {
namespace {

// Branches are copied; one of 65535 children with etcd's keys of 18 bytes has 2.2 MB.
constexpr std::size_t kMostBranchBytes = std::size_t{16} << 20U;
// etcd has about ten.
constexpr std::size_t kMostBuckets = 100;
constexpr std::uint64_t kPagesPerProgress = 256;

using OnElement = absl::FunctionRef<void(const LeafElement&)>;

class Walker {
 public:
  Walker(std::string_view file, const Meta& meta, Visitor& visitor, std::optional<AdmitPages> admit,
         LostPages lost)
      : result_{.meta = meta}, visitor_(visitor), pages_(file, std::move(admit), result_) {
    if (lost == LostPages::kSalvage) salvage_.emplace(file, meta);
  }

  WalkResult Run() {
    CountPages(std::min<std::uint64_t>(PageClaims::kMetaPages, pages_.pages()));
    if (const auto freelist = result_.meta.freelist) TakeFreelist(*freelist);
    const std::vector<Bucket> buckets = ReadBuckets();
    result_.top_bytes += result_.reached_pages * page_bytes();
    for (const bool key_bucket : {false, true}) {
      for (const Bucket& bucket : buckets) {
        if ((bucket.name == kKeyBucket) == key_bucket) WalkBucket(bucket);
      }
    }
    // The page that leads to the bucket of revisions is lost, too.
    if (std::ranges::find(buckets, kKeyBucket, &Bucket::name) == buckets.end()) {
      BucketUse use{.name = std::string(kKeyBucket)};
      TakeSalvage({}, use);
      if (use.records > 0) result_.buckets.push_back(std::move(use));
    }
    return std::move(result_);
  }

 private:
  struct Bucket {
    std::string name;
    PageId root = 0;
    std::string inlined;              // its page, when that is within its element
    std::uint64_t element_bytes = 0;  // of its element in the page above
  };

  std::uint64_t page_bytes() const { return result_.meta.page_bytes; }

  void CountPages(std::uint64_t count) {
    const std::uint64_t before = result_.reached_pages;
    result_.reached_pages += count;
    if (before / kPagesPerProgress != result_.reached_pages / kPagesPerProgress) {
      visitor_.OnProgress(result_.reached_pages, pages_.pages());
    }
  }
  void CountPages(const PageHeader& header) { CountPages(std::uint64_t{header.overflow} + 1); }

  void TakeFreelist(PageId id) {
    const auto header = pages_.Header(id);
    if (!header) return;
    if (header->flags != kFreelistPage) {
      pages_.Fault(id, "is no freelist");
    } else if (pages_.Claim(*header)) {
      CountPages(*header);
    }
  }

  // All elements of the leaves below a page, from the last to the first.
  void WalkTree(PageId id, const KeyBounds& range, int depth, OnElement on_element) {
    if (!TryTree(id, range, depth, on_element) && key_bucket_ != nullptr)
      TakeSalvage(range, *key_bucket_);
  }

  // False, and a fault, when the page itself cannot be read.
  bool TryTree(PageId id, const KeyBounds& range, int depth, OnElement on_element) {
    if (depth > kDeepestTree) return pages_.Fault(id, "is deeper than any tree");
    const auto header = pages_.Header(id);
    if (!header) return false;
    if (header->flags == kBranchPage) return WalkBranch(*header, range, depth, on_element);
    if (header->flags != kLeafPage) return pages_.Fault(id, "is neither branch nor leaf");
    const std::string_view page = pages_.Bytes(*header);
    // Another's page is left to where it belongs.
    if (!pages_.FirstKeyAdmitted(page, header->count, range, ReadLeafElement))
      return pages_.NotToBeRead(id);
    if (!BeginsIn(page, header->count, range, ReadLeafElement)) return pages_.Misplaced(id);
    if (!pages_.Claim(*header)) return false;
    const auto bytes = BytesInOrder(page, header->count, range, ReadLeafElement);
    if (!bytes) return pages_.Misplaced(id);
    CountPages(*header);
    if (key_bucket_ != nullptr) {
      visitor_.OnLeaf({.page_bytes = result_.meta.page_bytes,
                       .pages = std::uint64_t{header->overflow} + 1,
                       .record_bytes = *bytes});
    }
    WalkLeaf(page, header->count, on_element);
    return true;
  }

  bool WalkBranch(const PageHeader& header, KeyBounds range, int depth, OnElement on_element) {
    const std::string_view bytes = pages_.Bytes(header);
    if (bytes.size() > kMostBranchBytes - branch_bytes_) {
      return pages_.Fault(header.id, "is a branch too large, or too deep");
    }
    if (!pages_.FirstKeyAdmitted(bytes, header.count, range, ReadBranchElement)) {
      return pages_.NotToBeRead(header.id);
    }
    if (header.count == 0 || !BeginsIn(bytes, header.count, range, ReadBranchElement)) {
      return pages_.Misplaced(header.id);
    }
    if (!pages_.Claim(header)) return false;
    // By the time its last child has been walked, it may be another's page.
    const std::string page(bytes);
    if (!BytesInOrder(page, header.count, range, ReadBranchElement))
      return pages_.Misplaced(header.id);
    CountPages(header);
    if (key_bucket_ != nullptr) visitor_.OnBranch();
    branch_bytes_ += page.size();
    for (std::size_t i = header.count; i-- > 0;) {
      const BranchElement element = *ReadBranchElement(page, i);
      WalkTree(element.child, {.from = element.key, .below = range.below}, depth + 1, on_element);
      range.below = element.key;
    }
    branch_bytes_ -= page.size();
    return true;
  }

  // The revisions in that range, from wherever they are.
  void TakeSalvage(const KeyBounds& range, BucketUse& use) {
    if (!salvage_) return;
    const auto records = salvage_->In(range);
    if (records.empty()) return;
    LeafPage together{.page_bytes = result_.meta.page_bytes};
    for (const auto& [key, value] : records) together.record_bytes += StoredBytes(key, value);
    together.pages = together.record_bytes / page_bytes() + 1;
    visitor_.OnLeaf(together);
    for (const auto& [key, value] : records) visitor_.OnRecord(kKeyBucket, key, value);
    use.bytes += together.pages * page_bytes();
    use.records += records.size();
    use.record_bytes += together.record_bytes;
    result_.salvaged_records += records.size();
  }

  static void WalkLeaf(std::string_view page, std::size_t count, OnElement on_element) {
    for (std::size_t i = count; i-- > 0;) {
      if (const auto element = ReadLeafElement(page, i)) on_element(*element);
    }
  }

  std::vector<Bucket> ReadBuckets() {
    std::vector<Bucket> buckets;
    WalkTree(result_.meta.root, {}, 0, [&](const LeafElement& element) {
      const auto header = ReadBucketHeader(element.value);
      const bool fits = StoredBytes(element.key, element.value) <= page_bytes();
      if (!element.is_bucket || !header || !fits || buckets.size() >= kMostBuckets) {
        pages_.Fault(result_.meta.root, "has an element that is no bucket of etcd's");
        return;
      }
      Bucket bucket{.name = std::string(element.key),
                    .root = header->root,
                    .element_bytes = StoredBytes(element.key, element.value)};
      if (bucket.root == 0) bucket.inlined = element.value.substr(kBucketHeaderBytes);
      buckets.push_back(std::move(bucket));
    });
    return buckets;
  }

  void WalkBucket(const Bucket& bucket) {
    BucketUse use{.name = bucket.name};
    const auto on_element = [&](const LeafElement& element) {
      // etcd keeps no bucket within another; what is below would be left out.
      if (element.is_bucket) {
        pages_.Fault(bucket.root, "holds a bucket within a bucket");
        return;
      }
      ++use.records;
      use.record_bytes += StoredBytes(element.key, element.value);
      visitor_.OnRecord(bucket.name, element.key, element.value);
    };
    if (bucket.root == 0) {
      // No more than there is: the element may have changed since its page was checked.
      use.bytes = std::min(bucket.element_bytes, result_.top_bytes);
      result_.top_bytes -= use.bytes;
      const auto header = ReadPageHeader(bucket.inlined);
      if (!header || header->flags != kLeafPage ||
          !BytesInOrder(bucket.inlined, header->count, {}, ReadLeafElement)) {
        pages_.Fault(result_.meta.root, "holds a bucket that cannot be read");
      } else {
        WalkLeaf(bucket.inlined, header->count, on_element);
      }
    } else {
      const std::uint64_t before = result_.reached_pages;
      key_bucket_ = bucket.name == kKeyBucket ? &use : nullptr;
      WalkTree(bucket.root, {}, 0, on_element);
      key_bucket_ = nullptr;
      use.bytes += (result_.reached_pages - before) * page_bytes();
    }
    result_.buckets.push_back(std::move(use));
  }

  WalkResult result_;
  Visitor& visitor_;
  PageClaims pages_;
  std::optional<Salvage> salvage_;   // nothing where lost pages are left out
  BucketUse* key_bucket_ = nullptr;  // while its tree is walked
  std::size_t branch_bytes_ = 0;     // copied, of those above where the walk is
};

}  // namespace

absl::StatusOr<WalkResult> Walk(std::string_view file, Visitor& visitor,
                                std::optional<AdmitPages> admit, LostPages lost) {
  const auto meta = NewestMeta(file);
  if (!meta.ok()) return meta.status();
  WalkResult result = Walker(file, *meta, visitor, std::move(admit), lost).Run();
  const auto after = NewestMeta(file);
  result.changed = !after.ok() || after->transaction != meta->transaction;
  return result;
}

}  // namespace headroom::bbolt
