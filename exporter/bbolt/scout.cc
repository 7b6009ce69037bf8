#include "bbolt/scout.h"

#include "bbolt/walk.h"

namespace headroom::bbolt {
namespace {

constexpr std::size_t kCacheLine = 64;
// Of a leaf: its header, and the record of one that has only one.
constexpr std::size_t kLeafBytes = 3 * kCacheLine;

}  // namespace

Scout::Scout(std::string_view file)
    : file_(file), thread_([this](const std::stop_token& stop) { Go(stop); }) {}

void Scout::Go(const std::stop_token& stop) {
  const auto meta = NewestMeta(file_);
  if (!meta.ok()) return;
  page_bytes_ = meta->page_bytes;
  pages_left_ = file_.size() / page_bytes_;
  if (meta->root >= pages_left_) return;
  const std::string_view buckets = file_.substr(meta->root * page_bytes_, page_bytes_);
  const auto header = ReadPageHeader(buckets);
  if (header->flags != kLeafPage) return;
  for (std::size_t i = 0; i < header->count; ++i) {
    const auto element = ReadLeafElement(buckets, i);
    if (!element || element->key != kKeyBucket) continue;
    if (const auto bucket = ReadBucketHeader(element->value)) Touch(bucket->root, 0, stop);
  }
}

// In the order of the walk, from the highest key down.
void Scout::Touch(PageId id, int depth, const std::stop_token& stop) {
  if (pages_left_ == 0 || depth > kDeepestTree || stop.stop_requested()) return;
  --pages_left_;
  if (id >= file_.size() / page_bytes_) return;
  const std::string_view page = file_.substr(id * page_bytes_, page_bytes_);
  const auto header = ReadPageHeader(page);
  if (header->flags == kBranchPage) {
    for (std::size_t i = header->count; i-- > 0;) {
      if (const auto element = ReadBranchElement(page, i)) Touch(element->child, depth + 1, stop);
    }
    return;
  }
  for (std::size_t line = 0; line < kLeafBytes; line += kCacheLine) {
    static_cast<void>(*static_cast<const volatile char*>(page.data() + line));
  }
}

}  // namespace headroom::bbolt
