#include "kubernetes/write_attribution.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "kubernetes/stored_value.h"

namespace headroom::kubernetes {
namespace {

using Entry = ManagedFields::Entry;

constexpr Writer kNone{.manager = kNoManager};
constexpr Writer kBinding{.manager = kNoManager, .subresource = "binding"};
constexpr Writer kAmbiguous{.manager = kAmbiguousManager};
constexpr Writer kEncrypted{.manager = kEncryptedManager};

// Never 0, which is a free slot's.
std::uint64_t HashOf(std::string_view key) {
  return absl::HashOf(absl::string_view(key.data(), key.size())) | std::uint64_t{1} << 63U;
}

// The entry with the latest time of those that `wanted(entry)` is true of; nullptr where two share
// it or there is none.
template <typename Wanted>
const Entry* OnlyNewest(std::span<const Entry> entries, Wanted wanted) {
  const Entry* newest = nullptr;
  bool shared = false;
  for (const Entry& entry : entries) {
    if (!wanted(entry) || (newest != nullptr && entry.time < newest->time)) continue;
    shared = newest != nullptr && entry.time == newest->time;
    newest = &entry;
  }
  return shared ? nullptr : newest;
}

bool Any(const Entry& /*entry*/) { return true; }

}  // namespace

void WriteAttribution::Free::operator()(Bucket* buckets) const { std::free(buckets); }

WriteAttribution::WriteAttribution()
    : managers_(kMaxManagers),
      subresources_(kMaxSubresources),
      buckets_(static_cast<Bucket*>(std::calloc(kKeys / kWays, sizeof(Bucket)))) {
  if (buckets_ == nullptr) throw std::bad_alloc();
}

Writer WriteAttribution::OfPut(std::string_view key, std::int64_t version, std::string_view value,
                               ObjectKind kind) {
  if (EncodingOf(value) == ValueEncoding::kEncrypted) return kEncrypted;
  ManagedFields fields = reader_.Read(value, kind == ObjectKind::kPod);
  if (fields.entries.empty()) return kNone;
  if (kind == ObjectKind::kEvent) return Choose(fields, nullptr);

  std::array<Entry, kEntries> newest;
  const auto end = std::partial_sort_copy(
      fields.entries.begin(), fields.entries.end(), newest.begin(), newest.end(),
      [](const Entry& a, const Entry& b) { return a.time > b.time; });
  fields.entries = {newest.begin(), end};

  const std::uint64_t hash = HashOf(key);
  Bucket& bucket = BucketOf(hash);
  const auto known = std::ranges::find(bucket, hash, &Slot::key);
  const bool is_known = known != bucket.end();
  const Slot* const before = is_known && version != 1 ? &*known : nullptr;
  const Writer writer = Choose(fields, before);
  const bool keeps_writer = writer.manager == kNoManager && before != nullptr;

  Slot slot{.key = hash,
            .status = static_cast<std::uint32_t>(fields.status),
            .manager = keeps_writer ? before->manager : managers_.Find(writer.manager),
            .subresource = keeps_writer
                               ? before->subresource
                               : static_cast<std::uint8_t>(subresources_.Find(writer.subresource)),
            .count = static_cast<std::uint8_t>(fields.entries.size() & 0x3fU),
            .deletion_marked = fields.deletion_marked,
            .bound = fields.bound};
  std::ranges::transform(fields.entries, slot.entries.begin(), Remember);
  const auto place = is_known ? known : std::prev(bucket.end());
  std::rotate(bucket.begin(), place, std::next(place));
  bucket.front() = slot;
  return writer;
}

Writer WriteAttribution::OfDelete(std::string_view key) {
  const std::uint64_t hash = HashOf(key);
  Bucket& bucket = BucketOf(hash);
  const auto known = std::ranges::find(bucket, hash, &Slot::key);
  if (known == bucket.end()) return kNone;
  const Writer writer{.manager = managers_.Name(known->manager),
                      .subresource = subresources_.Name(known->subresource)};
  *known = {};
  return writer;
}

WriteAttribution::Remembered WriteAttribution::Remember(const Entry& entry) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max();
  return {.identity = static_cast<std::uint16_t>(entry.identity),
          .time = static_cast<std::uint16_t>(entry.time),
          .content = static_cast<std::uint16_t>(entry.content),
          .bytes = static_cast<std::uint16_t>(std::min(entry.bytes, kMost))};
}

Writer WriteAttribution::Choose(const ManagedFields& fields, const Slot* before) {
  const auto name = [this](const Entry* entry) {
    return entry == nullptr ? kAmbiguous : NameOf(*entry);
  };
  if (before == nullptr) return name(OnlyNewest(fields.entries, Any));

  std::array<bool, kEntries> renewed{};
  const Entry* cut = nullptr;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < fields.entries.size(); ++i) {
    const Remembered now = Remember(fields.entries[i]);
    const auto remembered = std::span(before->entries).first(before->count);
    const auto was = std::ranges::find(remembered, now.identity, &Remembered::identity);
    const bool is_new = was == remembered.end();
    if (!is_new && was->content == now.content) continue;
    ++changed;
    renewed[i] = is_new || was->time != now.time || now.bytes > was->bytes;
    if (!renewed[i]) cut = &fields.entries[i];
  }
  const auto is_renewed = [&](const Entry& entry) {
    return renewed[static_cast<std::size_t>(&entry - fields.entries.data())];
  };
  if (std::ranges::any_of(fields.entries, is_renewed)) {
    return name(OnlyNewest(fields.entries, is_renewed));
  }
  if (changed > 0) return name(changed == 1 ? cut : nullptr);
  if (fields.deletion_marked && before->deletion_marked == 0) return kNone;
  if (fields.bound && before->bound == 0) return kBinding;
  if (const Entry* const newest = OnlyNewest(fields.entries, Any)) return NameOf(*newest);
  const std::uint64_t latest = std::ranges::max(fields.entries, {}, &Entry::time).time;
  const bool status_changed = static_cast<std::uint32_t>(fields.status) != before->status;
  return name(OnlyNewest(fields.entries, [&](const Entry& entry) {
    return entry.time == latest && (entry.subresource == kStatusSubresource) == status_changed;
  }));
}

Writer WriteAttribution::NameOf(const Entry& entry) {
  const auto manager = managers_.Find(texts_[0].Fit(entry.manager));
  const auto subresource = subresources_.Find(texts_[1].Fit(entry.subresource));
  return {.manager = managers_.Name(manager), .subresource = subresources_.Name(subresource)};
}

}  // namespace headroom::kubernetes
