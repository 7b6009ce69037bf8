#include "kubernetes/write_attribution.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>
#include <span>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "accounting/resource_table.h"
#include "kubernetes/label_text.h"
#include "kubernetes/newest_entry.h"
#include "kubernetes/stored_value.h"

namespace headroom::kubernetes {
namespace {

using Entry = ManagedFields::Entry;

constexpr Writer kNoWriter{.manager = kNoManager};
constexpr Writer kBinding{.manager = kNoManager, .subresource = "binding"};
constexpr Writer kAmbiguousWriter{.manager = kAmbiguousManager};
constexpr Writer kEncryptedWriter{.manager = kEncryptedManager};

// Never 0, which is a free slot's.
std::uint64_t HashOf(std::string_view key) {
  return absl::HashOf(absl::string_view(key.data(), key.size())) | std::uint64_t{1} << 63U;
}

}  // namespace

void WriteAttribution::Free::operator()(Table* table) const { std::free(table); }

WriteAttribution::WriteAttribution()
    : names_{{std::string(kNoManager), ""},
             {std::string(accounting::kOtherLabel), std::string(accounting::kOtherLabel)}},
      table_(static_cast<Table*>(std::calloc(1, sizeof(Table)))) {
  if (table_ == nullptr) throw std::bad_alloc();
}

Writer WriteAttribution::OfPut(std::string_view key, std::int64_t version, std::string_view value,
                               ObjectKind kind) {
  if (EncodingOf(value) == ValueEncoding::kEncrypted) return kEncryptedWriter;
  ManagedFields fields = reader_.Read(value, kind == ObjectKind::kPod);
  if (fields.entries.empty()) return kNoWriter;

  std::array<Entry, kEntries> newest;
  const auto end =
      std::partial_sort_copy(fields.entries.begin(), fields.entries.end(), newest.begin(),
                             newest.end(), [](const Entry& a, const Entry& b) {
                               return a.time != b.time ? a.time > b.time : a.identity > b.identity;
                             });
  fields.entries = {newest.begin(), end};
  const std::uint64_t hash = HashOf(key);
  Slot now{.key = hash,
           .status = static_cast<std::uint32_t>(fields.status),
           .count = static_cast<std::uint8_t>(fields.entries.size() & 0x3fU),
           .deletion_marked = fields.deletion_marked,
           .bound = fields.bound};
  for (std::size_t i = 0; i < fields.entries.size(); ++i)
    now.entries[i] = Remember(fields.entries[i]);
  if (kind == ObjectKind::kEvent) return Choose(fields, now, nullptr).writer;

  Bucket& bucket = BucketOf(hash);
  const auto known = std::ranges::find(bucket, hash, &Slot::key);
  const bool is_known = known != bucket.end();
  const Slot* const before = is_known && version != 1 ? &*known : nullptr;
  const Choice choice = Choose(fields, now, before);
  now.manager = choice.manager == kNone && before != nullptr ? before->manager : choice.manager;
  const auto place = is_known ? known : std::prev(bucket.end());
  std::rotate(bucket.begin(), place, std::next(place));
  bucket.front() = now;
  return choice.writer;
}

Writer WriteAttribution::OfDelete(std::string_view key) {
  const std::uint64_t hash = HashOf(key);
  Bucket& bucket = BucketOf(hash);
  const auto known = std::ranges::find(bucket, hash, &Slot::key);
  if (known == bucket.end()) return kNoWriter;
  const auto& [manager, subresource] = names_[known->manager];
  *known = {};
  // Free slots stay behind those that are in use.
  std::rotate(known, std::next(known), bucket.end());
  return {.manager = manager, .subresource = subresource};
}

WriteAttribution::Remembered WriteAttribution::Remember(const Entry& entry) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max();
  return {.manager = IdOf(entry),
          .time = static_cast<std::uint16_t>(entry.time),
          .content = static_cast<std::uint16_t>(entry.content),
          .bytes = static_cast<std::uint16_t>(std::min(entry.bytes, kMost))};
}

WriteAttribution::Choice WriteAttribution::Choose(const ManagedFields& fields, const Slot& now,
                                                  const Slot* before) const {
  const std::span<const Entry> entries = fields.entries;
  const auto of = [this](ManagerId id) {
    return Choice{{.manager = names_[id][0], .subresource = names_[id][1]}, id};
  };
  const auto of_entry = [&](const Entry* entry) {
    return entry == nullptr
               ? Choice{kAmbiguousWriter}
               : of(now.entries[static_cast<std::size_t>(entry - entries.data())].manager);
  };
  if (before == nullptr) return of_entry(OnlyNewest(entries));

  const auto were = std::span(before->entries).first(before->count);
  std::array<bool, kEntries> renewed{};
  std::array<ManagerId, 2 * kEntries> lost_fields;
  std::size_t losers = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Remembered& is = now.entries[i];
    const auto was = std::ranges::find(were, is.manager, &Remembered::manager);
    const bool is_new = was == were.end();
    if (!is_new && was->content == is.content) continue;
    // Of a long list the next entry comes into view when one above it goes.
    if (is_new && before->count == kEntries && i + 1 == kEntries) continue;
    renewed[i] = is_new || was->time != is.time || is.bytes > was->bytes;
    if (!renewed[i]) lost_fields[losers++] = is.manager;
  }
  const auto is_renewed = [&](const Entry& entry) {
    return renewed[static_cast<std::size_t>(&entry - entries.data())];
  };
  if (std::ranges::any_of(entries, is_renewed)) return of_entry(OnlyNewest(entries, is_renewed));

  const auto are = std::span(now.entries).first(now.count);
  for (const Remembered& was : were) {
    const bool is_gone = std::ranges::find(are, was.manager, &Remembered::manager) == are.end();
    if (is_gone) lost_fields[losers++] = was.manager;
  }
  if (losers > 0) return losers == 1 ? of(lost_fields.front()) : Choice{kAmbiguousWriter};

  if (fields.deletion_marked && before->deletion_marked == 0) return {kNoWriter};
  if (fields.bound && before->bound == 0) return {kBinding};
  if (const Entry* const newest = OnlyNewest(entries)) return of_entry(newest);
  const std::uint64_t latest = entries.front().time;
  const bool status_changed = now.status != before->status;
  return of_entry(OnlyNewest(entries, [&](const Entry& entry) {
    return entry.time == latest && (entry.subresource == kStatusSubresource) == status_changed;
  }));
}

WriteAttribution::ManagerId WriteAttribution::IdOf(const Entry& entry) {
  if (const auto known = ids_.find(entry.identity); known != ids_.end()) return known->second;
  if (names_.size() >= kMaxManagers) return kOther;
  LabelText text;
  const auto copy = [&text](std::string_view name) { return std::string(text.Fit(name)); };
  names_.push_back({copy(entry.manager), copy(entry.subresource)});
  return ids_[entry.identity] = static_cast<ManagerId>(names_.size() - 1);
}

}  // namespace headroom::kubernetes
