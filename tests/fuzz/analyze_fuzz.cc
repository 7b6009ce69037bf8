#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "analyze/inventory.h"
#include "bbolt/scout.h"
#include "bbolt/walk.h"

using headroom::analyze::Breakdown;
using headroom::analyze::Inventory;
using headroom::analyze::kBreakdownNames;
using headroom::analyze::Row;

namespace {

constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kChecksumAt = 56;

// Makes the checksum of a meta page fit, so that what else is changed in it gets a hearing.
void Seal(std::string& file, std::size_t at) {
  if (file.size() < at + kHeaderBytes + kChecksumAt + 8) return;
  char* const meta = file.data() + at + kHeaderBytes;
  std::uint64_t checksum = 0xcbf29ce484222325;
  for (std::size_t i = 0; i < kChecksumAt; ++i) {
    checksum = (checksum ^ static_cast<unsigned char>(meta[i])) * 0x100000001b3;
  }
  __builtin_memcpy(meta + kChecksumAt, &checksum, sizeof checksum);
}

}  // namespace

// Any bytes are a file: the walk ends, and what it counted fits into the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string file(reinterpret_cast<const char*>(data), size);
  Seal(file, 0);
  const Breakdown by = kBreakdownNames[size % kBreakdownNames.size()].by;
  Inventory inventory({.by = by, .fields = true, .removable = true},
                      [](std::uint64_t pages, std::uint64_t of) {
                        if (pages > of) abort();
                      });
  headroom::bbolt::LookAhead(file, {});
  const bool salvage = size / kBreakdownNames.size() % 2 == 1;
  const auto walk = headroom::bbolt::Walk(
      file, inventory, std::nullopt,
      salvage ? headroom::bbolt::LostPages::kSalvage : headroom::bbolt::LostPages::kLeaveOut);
  if (!walk.ok()) return 0;
  if (!salvage && walk->salvaged_records > 0) abort();

  const std::uint64_t reached = walk->reached_pages * walk->meta.page_bytes;
  if (reached > size || walk->changed) abort();
  std::uint64_t counted = walk->top_bytes;
  std::uint64_t revisions = 0;
  std::uint64_t key_bucket = 0;
  for (const auto& bucket : walk->buckets) {
    if (bucket.record_bytes > bucket.bytes) abort();
    counted += bucket.bytes;
    if (bucket.name != headroom::bbolt::kKeyBucket) continue;
    revisions = bucket.record_bytes;
    key_bucket = bucket.bytes;
  }
  if (walk->salvaged_records == 0 && counted != reached) abort();
  const auto forecast = inventory.Finish(key_bucket);
  if (revisions == 0) return 0;
  std::uint64_t stored = 0;
  std::uint64_t of_pages = 0;
  for (const Row& row : inventory.Resources()) {
    stored += row.usage.stored_bytes;
    of_pages += row.usage.page_bytes();
  }
  if (stored != revisions || of_pages != key_bucket) abort();
  if (by != Breakdown::kComponent) {
    for (const Row& part : inventory.Parts()) {
      stored -= part.usage.stored_bytes;
      of_pages -= part.usage.page_bytes();
    }
    if (stored != 0 || of_pages != 0) abort();
  }
  // Pages that are torn apart take more, but no more than one for each record and the roots.
  if (forecast.defragmented_bytes > 4 * (size + walk->meta.page_bytes)) abort();
  const auto& large = inventory.largest_objects();
  for (std::size_t i = 1; i < large.size(); ++i) {
    if (large[i].bytes > large[i - 1].bytes) abort();
  }
  return 0;
}
