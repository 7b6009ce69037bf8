#include "bbolt/scout.h"

#include <cstdint>
#include <utility>

#include "bbolt/page.h"
#include "bbolt/walk.h"

namespace headroom::bbolt {
namespace {

// Linux maps what there is in memory of the 64 KiB around a page: fault_around_bytes, mm/memory.c.
constexpr std::uintptr_t kMappedAtOnce = std::uintptr_t{64} << 10U;

class Scout {
 public:
  Scout(std::string_view file, const Meta& meta, const std::stop_token& stop)
      : file_(file), page_bytes_(meta.page_bytes), pages_(file.size() / page_bytes_), stop_(stop) {}

  void Go(PageId root) {
    if (root >= pages_) return;
    const std::string_view buckets = Page(root);
    const auto header = ReadPageHeader(buckets);
    if (header->flags != kLeafPage) return;
    for (std::size_t i = 0; i < header->count; ++i) {
      const auto element = ReadLeafElement(buckets, i);
      if (!element || element->key != kKeyBucket) continue;
      if (const auto bucket = ReadBucketHeader(element->value)) Touch(bucket->root, 0);
    }
  }

 private:
  // From its beginning: how far it goes is not known.
  std::string_view Page(PageId id) const { return file_.substr(id * page_bytes_); }

  bool Done() const { return touched_ >= pages_ || stop_.stop_requested(); }

  // From the highest key down. Whether the page is a branch.
  bool Touch(PageId id, int depth) {
    if (Done() || depth > kDeepestTree) return false;
    ++touched_;
    if (id >= pages_) return false;
    const std::string_view page = Page(id);
    const auto header = ReadPageHeader(page);
    if (header->flags != kBranchPage) return false;
    bool leaves = false;  // where one child is none but a leaf, all are
    for (std::size_t i = header->count; i-- > 0 && !Done();) {
      const auto element = ReadBranchElement(page, i);
      if (!element) continue;
      if (leaves) {
        Map(element->child);
      } else {
        leaves = !Touch(element->child, depth + 1);
      }
    }
    return true;
  }

  // Has the kernel map a page, unless it did so with the one before.
  void Map(PageId id) {
    ++touched_;
    if (id >= pages_) return;
    const char* const page = Page(id).data();
    const auto around = reinterpret_cast<std::uintptr_t>(page) / kMappedAtOnce;
    if (std::exchange(mapped_, around) == around) return;
    static_cast<void>(*static_cast<const volatile char*>(page));
  }

  const std::string_view file_;
  const std::uint32_t page_bytes_;
  const std::uint64_t pages_;  // whole ones in the file
  const std::stop_token& stop_;
  std::uint64_t touched_ = 0;
  std::uintptr_t mapped_ = 0;  // where, in units of kMappedAtOnce
};

}  // namespace

void LookAhead(std::string_view file, const std::stop_token& stop) {
  const auto meta = NewestMeta(file);
  if (meta.ok()) Scout(file, *meta, stop).Go(meta->root);
}

}  // namespace headroom::bbolt
