#include "bbolt/walk.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "bbolt/key_bounds.h"
#include "bbolt/salvage.h"

namespace headroom::bbolt {
namespace {

constexpr PageId kMetaPages = 2;
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
      : file_(file),
        visitor_(visitor),
        admit_(std::move(admit)),
        pages_in_file_(file.size() / meta.page_bytes),
        lost_(lost) {
    result_.meta = meta;
    seen_.resize(std::min(meta.high_water, pages_in_file_));
  }

  WalkResult Run() {
    CountPages(std::min<std::uint64_t>(kMetaPages, seen_.size()));
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
      Salvage({});
      BucketUse use{.name = std::string(kKeyBucket)};
      AddSalvage(use);
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

  // Always false.
  bool Fault(PageId id, std::string_view what) {
    ++result_.unreadable_pages;
    if (result_.first_fault.empty())
      result_.first_fault = absl::StrCat("page ", id, ": ", std::string(what));
    return false;
  }

  bool Misplaced(PageId id) { return Fault(id, "has keys that do not belong there"); }
  bool NotToBeRead(PageId id) { return Fault(id, "is not to be read"); }

  void CountPages(std::uint64_t count) {
    const std::uint64_t before = result_.reached_pages;
    result_.reached_pages += count;
    if (before / kPagesPerProgress != result_.reached_pages / kPagesPerProgress) {
      visitor_.OnProgress(result_.reached_pages, seen_.size());
    }
  }
  void CountPages(const PageHeader& header) { CountPages(std::uint64_t{header.overflow} + 1); }

  bool Admitted(PageId id, std::uint64_t count) const {
    return !admit_ || (*admit_)(id * page_bytes(), count * page_bytes());
  }

  // Asks for what BeginsIn looks at, unless that is in the first page, which Header has asked for.
  template <typename ReadElement>
  bool FirstKeyAdmitted(std::string_view page, std::size_t count, const KeyBounds& range,
                        ReadElement read) const {
    if (!admit_ || count == 0) return true;
    const auto first = read(page, 0);
    if (!first) return true;  // BeginsIn refuses it
    const std::size_t longest =
        std::max(range.from.size(), range.below ? range.below->size() : std::size_t{0});
    const std::size_t looked_at = std::min(first->key.size(), longest);
    const auto at = static_cast<std::uint64_t>(first->key.data() - page.data());
    return at + looked_at <= page_bytes() ||
           (*admit_)(static_cast<std::uint64_t>(first->key.data() - file_.data()), looked_at);
  }

  // The header of a page that may be where it should be; nullopt, and a fault, when it is not.
  std::optional<PageHeader> Header(PageId id) {
    const auto fault = [&](std::string_view what) {
      Fault(id, what);
      return std::nullopt;
    };
    if (id < kMetaPages || id >= result_.meta.high_water) return fault("is not one of the file's");
    if (id >= pages_in_file_) return fault("is behind the end of the file");
    if (seen_[id]) return fault("is in use twice");
    if (!Admitted(id, 1)) {
      NotToBeRead(id);
      return std::nullopt;
    }
    const auto header = ReadPageHeader(file_.substr(id * page_bytes(), page_bytes()));
    if (!header || header->id != id) return fault("has another page's number");
    if (header->overflow >= seen_.size() - id) return fault("is larger than the file");
    return header;
  }

  // To be called before more of a page is looked at than its header and its lowest key: marks all
  // of it as seen, whether or not it proves good. False, and a fault, when a part of it has been
  // seen before or is not to be read; what precedes that part stays marked. No mark is thus made
  // twice, nor is any page checked twice.
  bool Claim(const PageHeader& header) {
    for (PageId id = header.id; id <= header.id + header.overflow; ++id) {
      if (seen_[id]) return Fault(header.id, "is in use twice");
      seen_[id] = true;
    }
    // All of it: by now its first page may have been let go.
    if (header.overflow == 0 || Admitted(header.id, header.overflow + std::uint64_t{1}))
      return true;
    return NotToBeRead(header.id);
  }

  std::string_view Bytes(const PageHeader& header) const {
    return file_.substr(header.id * page_bytes(), (header.overflow + 1) * page_bytes());
  }

  void TakeFreelist(PageId id) {
    const auto header = Header(id);
    if (!header) return;
    if (header->flags != kFreelistPage) {
      Fault(id, "is no freelist");
    } else if (Claim(*header)) {
      CountPages(*header);
    }
  }

  // All elements of the leaves below a page, from the last to the first.
  void WalkTree(PageId id, const KeyBounds& range, int depth, OnElement on_element) {
    if (!TryTree(id, range, depth, on_element) && in_key_bucket_) Salvage(range);
  }

  // False, and a fault, when the page itself cannot be read.
  bool TryTree(PageId id, const KeyBounds& range, int depth, OnElement on_element) {
    if (depth > kDeepestTree) return Fault(id, "is deeper than any tree");
    const auto header = Header(id);
    if (!header) return false;
    if (header->flags == kBranchPage) return WalkBranch(*header, range, depth, on_element);
    if (header->flags != kLeafPage) return Fault(id, "is neither branch nor leaf");
    const std::string_view page = Bytes(*header);
    // Another's page is left to where it belongs.
    if (!FirstKeyAdmitted(page, header->count, range, ReadLeafElement)) return NotToBeRead(id);
    if (!BeginsIn(page, header->count, range, ReadLeafElement)) return Misplaced(id);
    if (!Claim(*header)) return false;
    const auto bytes = BytesInOrder(page, header->count, range, ReadLeafElement);
    if (!bytes) return Misplaced(id);
    CountPages(*header);
    if (in_key_bucket_) {
      visitor_.OnLeaf({.page_bytes = result_.meta.page_bytes,
                       .pages = std::uint64_t{header->overflow} + 1,
                       .record_bytes = *bytes});
    }
    WalkLeaf(page, header->count, on_element);
    return true;
  }

  bool WalkBranch(const PageHeader& header, KeyBounds range, int depth, OnElement on_element) {
    const std::string_view bytes = Bytes(header);
    if (bytes.size() > kMostBranchBytes - branch_bytes_) {
      return Fault(header.id, "is a branch too large, or too deep");
    }
    if (!FirstKeyAdmitted(bytes, header.count, range, ReadBranchElement)) {
      return NotToBeRead(header.id);
    }
    if (header.count == 0 || !BeginsIn(bytes, header.count, range, ReadBranchElement)) {
      return Misplaced(header.id);
    }
    if (!Claim(header)) return false;
    // By the time its last child has been walked, it may be another's page.
    const std::string page(bytes);
    if (!BytesInOrder(page, header.count, range, ReadBranchElement)) return Misplaced(header.id);
    CountPages(header);
    if (in_key_bucket_) visitor_.OnBranch();
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
  void Salvage(const KeyBounds& range) {
    if (lost_ == LostPages::kLeaveOut) return;
    if (!revisions_) revisions_ = SalvageRevisions(file_, result_.meta);
    const auto from_last = std::ranges::greater();
    const auto first = range.below ? std::ranges::upper_bound(*revisions_, *range.below, from_last,
                                                              &SalvagedRecord::key)
                                   : revisions_->begin();
    const auto end = std::ranges::upper_bound(first, revisions_->end(), range.from, from_last,
                                              &SalvagedRecord::key);
    if (first == end) return;
    LeafPage together{.page_bytes = result_.meta.page_bytes};
    for (auto record = first; record != end; ++record)
      together.record_bytes += StoredBytes(record->key, record->value);
    together.pages = together.record_bytes / page_bytes() + 1;
    visitor_.OnLeaf(together);
    for (auto record = first; record != end; ++record)
      visitor_.OnRecord(kKeyBucket, record->key, record->value);
    salvage_.bytes += together.pages * page_bytes();
    salvage_.records += static_cast<std::uint64_t>(end - first);
    salvage_.record_bytes += together.record_bytes;
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
        Fault(result_.meta.root, "has an element that is no bucket of etcd's");
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
        Fault(bucket.root, "holds a bucket within a bucket");
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
        Fault(result_.meta.root, "holds a bucket that cannot be read");
      } else {
        WalkLeaf(bucket.inlined, header->count, on_element);
      }
    } else {
      const std::uint64_t before = result_.reached_pages;
      in_key_bucket_ = bucket.name == kKeyBucket;
      WalkTree(bucket.root, {}, 0, on_element);
      use.bytes = (result_.reached_pages - before) * page_bytes();
      if (in_key_bucket_) AddSalvage(use);
    }
    result_.buckets.push_back(std::move(use));
  }

  void AddSalvage(BucketUse& use) {
    use.bytes += salvage_.bytes;
    use.records += salvage_.records;
    use.record_bytes += salvage_.record_bytes;
    result_.salvaged_records = salvage_.records;
  }

  std::string_view file_;
  Visitor& visitor_;
  std::optional<AdmitPages> admit_;
  std::uint64_t pages_in_file_;   // whole ones
  std::vector<bool> seen_;        // pages below the high-water mark that are in the file
  std::size_t branch_bytes_ = 0;  // copied, of those above where the walk is
  bool in_key_bucket_ = false;
  const LostPages lost_;
  std::optional<std::vector<SalvagedRecord>> revisions_;  // of all pages, once they are needed
  BucketUse salvage_;                                     // what of them was taken
  WalkResult result_;
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
