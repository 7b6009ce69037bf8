#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "bbolt/page.h"

// A walk over a bbolt file as etcd has it: buckets at the top, records in them.
//
// The file may be damaged, and it may be written to meanwhile: bbolt never changes a page in
// place, but gives the pages of an old transaction to a newer one. Each page is therefore checked
// before anything of it is used (its own id, its flags, its bounds, the order of its keys and that
// they lie between those of its parent), and what does not fit is left out and counted. A page is
// marked as seen before it is checked, and no page that was seen is looked at again. No file makes
// the walk crash, or last longer than reading each page once and following each reference to one.
namespace headroom::bbolt {

// etcd's bucket of revisions. It is walked after the others, which in a file that is written to
// are soon elsewhere, and from its highest key down: where etcd writes is read first.
inline constexpr std::string_view kKeyBucket = "key";

// What a record takes in the file beside its share of a page's header and of what is left empty.
inline std::uint64_t StoredBytes(std::string_view key, std::string_view value) {
  return kElementBytes + key.size() + value.size();
}

// A leaf page with its overflow.
struct LeafPage {
  std::uint32_t page_bytes = 0;    // of one page of the file
  std::uint64_t pages = 0;         // the overflow included
  std::uint64_t record_bytes = 0;  // StoredBytes of all its records
};

class Visitor {
 public:
  virtual ~Visitor() = default;
  // Called for each branch page and each leaf page of the bucket of revisions, before what is below
  // or in it: leaf pages between two calls for branches have the same parent.
  virtual void OnBranch() {}
  virtual void OnLeaf(const LeafPage& /*leaf*/) {}
  // Called for the records of one bucket after the other, from the highest key to the lowest. The
  // views are into the file, where they may change.
  virtual void OnRecord(std::string_view bucket, std::string_view key, std::string_view value) = 0;
  // Called now and then; how many of the pages below the high-water mark have been read. Free ones
  // never are.
  virtual void OnProgress(std::uint64_t pages, std::uint64_t of) = 0;
};

struct BucketUse {
  std::string name;
  std::uint64_t bytes =
      0;  // its pages; of a small one that is kept in the page above, its part of that
  std::uint64_t records = 0;
  // StoredBytes of them all; at most `bytes`, unless the file changed between two looks at it.
  std::uint64_t record_bytes = 0;
};

struct WalkResult {
  Meta meta;  // what was walked
  std::vector<BucketUse> buckets;
  // Bytes of the pages that say where the buckets are, of the meta pages and of a freelist.
  std::uint64_t top_bytes = 0;
  std::uint64_t reached_pages = 0;  // all pages in use that could be read, the above included
  std::uint64_t unreadable_pages =
      0;                    // places where a page should have been; what is below is unknown
  std::string first_fault;  // "page 17: ..." when there is one
  std::uint64_t salvaged_records = 0;  // revisions from where the tree does not lead
  bool changed = false;                // another transaction was committed meanwhile
};

// Asked before a walk looks at a page: its first bytes, then the rest of what overflows. False
// keeps the walk from it; it then counts as one that cannot be read. What is refused from some
// moment on ends the walk there. A walk that does not ask looks ahead of itself.
using AdmitPages = absl::FunctionRef<bool(std::uint64_t offset, std::uint64_t bytes)>;

// What a walk does about revisions below a page that cannot be read.
enum class LostPages {
  kLeaveOut,
  // Takes them from whatever leaf page has them, in their place in the order. These may be more
  // than there were: see Salvage. For a file that nobody writes to.
  kSalvage,
};

// Walks the newest transaction in `file`, which begins with the first page and may end anywhere.
// Fails only as NewestMeta does. Takes a bit for each page, copies of the branches above the page
// it is at, and what a salvage takes.
absl::StatusOr<WalkResult> Walk(std::string_view file, Visitor& visitor,
                                std::optional<AdmitPages> admit = std::nullopt,
                                LostPages lost = LostPages::kLeaveOut);

}  // namespace headroom::bbolt
