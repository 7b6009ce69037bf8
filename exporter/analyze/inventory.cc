#include "analyze/inventory.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace headroom::analyze {
namespace {

// etcd takes no request larger than 1.5 MiB unless told to, and Kubernetes' keys are of some 100
// bytes.
constexpr std::size_t kMostKeyBytes = std::size_t{1} << 20U;
// Each member may have two.
constexpr std::size_t kMostAlarms = 100;
constexpr std::string_view kEvents = "events";
// They are read as far as this; what tells the component stands before long texts or not at all.
constexpr std::size_t kMostEventBytes = std::size_t{64} * 1024;

void SortByStoredBytes(std::vector<Row>& rows) {
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    if (a.usage.stored_bytes != b.usage.stored_bytes) {
      return a.usage.stored_bytes > b.usage.stored_bytes;
    }
    return a.resource != b.resource ? a.resource < b.resource : a.part < b.part;
  });
}

}  // namespace

Inventory::Inventory(std::vector<std::string> prefixes, Breakdown by,
                     absl::FunctionRef<void(std::uint64_t, std::uint64_t)> on_progress)
    : on_progress_(on_progress), by_(by), keys_(std::move(prefixes)) {}

void Inventory::OnRecord(std::string_view bucket, std::string_view key, std::string_view value) {
  if (bucket == bbolt::kKeyBucket) return OnRevision(key, value);
  if (bucket == "meta") return OnMeta(key, value);
  if (bucket != "alarm") return;
  if (const auto alarm = bbolt::ReadAlarm(key); alarm && notes_.alarms.size() < kMostAlarms) {
    notes_.alarms.push_back(*alarm);
  } else {
    ++notes_.undecodable_records;
  }
}

void Inventory::OnMeta(std::string_view key, std::string_view value) {
  const auto compaction = bbolt::ReadRevision(value);
  if (key == "finishedCompactRev" && compaction) notes_.compacted_revision = compaction->main;
  if (key == "scheduledCompactRev" && compaction) notes_.scheduled_compaction = compaction->main;
  if (key == "consistent_index") notes_.consistent_index = bbolt::ReadConsistentIndex(value);
}

void Inventory::OnRevision(std::string_view key, std::string_view value) {
  const std::uint64_t stored = bbolt::StoredBytes(key, value);
  const auto revision = bbolt::ReadRevision(key);
  const auto entry = bbolt::ReadKeyValue(value);
  if (!revision || !entry || entry->key.size() > kMostKeyBytes) {
    ++notes_.undecodable_records;
    usage_[accounting::kOtherResource].stored_bytes += stored;
    return;
  }
  if (!notes_.revision) notes_.revision = revision->main;  // the newest comes first

  const std::string_view object_key = CopyOf(entry->key);
  const accounting::ResourceId resource = ResourceOf(object_key);
  Pending next{.key_hash = accounting::LabelHash()(object_key),
               .bytes = entry->key.size() + entry->value.size(),
               .stored_bytes = stored,
               .resource = resource,
               .tombstone = revision->tombstone};
  if (by_ == Breakdown::kNamespace) {
    next.part = &Part(resources_.Name(resource), keys_.Read(object_key).object_namespace);
  } else if (by_ == Breakdown::kComponent && resources_.Name(resource) == kEvents) {
    next.part = &Part(kEvents, Component(*entry, revision->tombstone));
  }
  Take(next);
}

std::string_view Inventory::CopyOf(std::string_view key) {
  if (key_.size() < key.size()) key_.resize(key.size());
  std::memcpy(key_.data(), key.data(), key.size());
  return {key_.data(), key.size()};
}

accounting::ResourceId Inventory::ResourceOf(std::string_view key) {
  const std::uint64_t path = accounting::LabelHash()(keys_.ResourcePath(key));
  if (const auto known = by_path_.find(path); known != by_path_.end()) return known->second;
  const accounting::ResourceId resource = resources_.Find(keys_.Read(key).resource);
  if (usage_.size() <= resource) usage_.resize(resource + std::size_t{1});
  if (by_path_.size() < kMostPaths) by_path_.emplace(path, resource);
  return resource;
}

void Inventory::Take(const Pending& revision) {
  history_.Prefetch(revision.key_hash);
  Pending& place = pending_[taken_ % kPending];
  if (taken_ >= kPending) Count(place);
  place = revision;
  ++taken_;
}

void Inventory::CountPending() {
  for (std::size_t i = taken_ - std::min(taken_, kPending); i < taken_; ++i) {
    Count(pending_[i % kPending]);
  }
  taken_ = 0;
}

void Inventory::Count(const Pending& revision) {
  const auto kind = history_.Add(revision.key_hash, revision.tombstone);
  usage_[revision.resource].Add(kind, revision.bytes, revision.stored_bytes);
  if (revision.part != nullptr) revision.part->Add(kind, revision.bytes, revision.stored_bytes);
}

Usage& Inventory::Part(std::string_view resource, std::string_view part) {
  accounting::Labels<2> labels{resource, part};
  auto known = parts_.find(labels);
  if (known == parts_.end() && parts_.size() >= kMostParts) {
    labels[1] = accounting::kOtherLabel;
    known = parts_.find(labels);
  }
  if (known != parts_.end()) return known->second;
  return parts_[{std::string(labels[0]), std::string(labels[1])}];
}

std::string_view Inventory::Component(const bbolt::KeyValue& entry, bool tombstone) {
  if (tombstone) return kubernetes::kUnknownLabel;  // a delete has no value
  event_.assign(entry.value.substr(0, kMostEventBytes));
  return events_.Read(event_).component;
}

std::vector<Row> Inventory::Resources() {
  CountPending();
  std::vector<Row> rows;
  for (std::size_t id = 0; id < usage_.size(); ++id) {
    if (usage_[id].stored_bytes == 0) continue;  // "other" has its place from the start
    const std::string_view name = resources_.Name(static_cast<accounting::ResourceId>(id));
    rows.push_back({.resource = std::string(name), .part = "", .usage = usage_[id]});
  }
  SortByStoredBytes(rows);
  return rows;
}

std::vector<Row> Inventory::Parts() {
  CountPending();
  std::vector<Row> rows;
  for (const auto& [labels, usage] : parts_) {
    rows.push_back({.resource = labels[0], .part = labels[1], .usage = usage});
  }
  SortByStoredBytes(rows);
  return rows;
}

}  // namespace headroom::analyze
