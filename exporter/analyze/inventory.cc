#include "analyze/inventory.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace headroom::analyze {
namespace {

// etcd takes no request larger than 1.5 MiB by default, and Kubernetes' keys are of some 100
// bytes.
constexpr std::size_t kMostKeyBytes = std::size_t{1} << 20U;
// Each member may have two.
constexpr std::size_t kMostAlarms = 100;
constexpr std::string_view kEvents = "events";
constexpr std::string_view kSecrets = "secrets";

void SortByStoredBytes(std::vector<Row>& rows) {
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    if (a.usage.stored_bytes != b.usage.stored_bytes) {
      return a.usage.stored_bytes > b.usage.stored_bytes;
    }
    return a.resource != b.resource ? a.resource < b.resource : a.part < b.part;
  });
}

}  // namespace

std::vector<Row> TotalsByPart(const std::vector<Row>& rows) {
  absl::flat_hash_map<std::string_view, Usage, accounting::LabelHash, accounting::LabelEqual> sums;
  for (const Row& row : rows) sums[row.part] += row.usage;
  std::vector<Row> totals;
  for (const auto& [part, usage] : sums) {
    totals.push_back({.resource = "", .part = std::string(part), .usage = usage});
  }
  SortByStoredBytes(totals);
  return totals;
}

Inventory::Inventory(const Question& question,
                     absl::FunctionRef<void(std::uint64_t, std::uint64_t)> on_progress)
    : on_progress_(on_progress),
      by_(question.by),
      keys_(question.prefixes),
      adds_up_namespaces_(question.namespaces),
      survey_(question) {}

void Inventory::OnRecord(std::string_view bucket, std::string_view key, std::string_view value) {
  if (bucket == bbolt::kKeyBucket) return OnRevision(key, value);
  if (bucket == "meta") return OnMeta(key, value);
  if (bucket == "lease") return OnLease(value);
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

void Inventory::OnLease(std::string_view value) {
  if (const auto ttl = bbolt::ReadLeaseTtl(value)) survey_.SeeLease(*ttl);
}

void Inventory::OnRevision(std::string_view key, std::string_view value) {
  const std::uint64_t stored = bbolt::StoredBytes(key, value);
  const auto revision = bbolt::ReadRevision(key);
  const auto entry = bbolt::ReadKeyValue(value);
  if (!revision || !entry || entry->key.size() > kMostKeyBytes) {
    ++notes_.undecodable_records;
    const std::uint64_t of_pages = ShareOfLeaf(stored);
    Usage* const part = PartOf(accounting::kOtherResource, "", "");
    for (Usage* const usage : {&usage_[accounting::kOtherResource], part}) {
      if (usage == nullptr) continue;
      usage->stored_bytes += stored;
      usage->live_page_bytes += of_pages;
    }
    return;
  }
  if (!notes_.revision) notes_.revision = revision->main;  // the newest comes first

  const std::string_view object_key = CopyOf(entry->key);
  Pending next{.key_hash = accounting::LabelHash()(object_key),
               .bytes = entry->key.size() + entry->value.size(),
               .stored_bytes = stored,
               .of_pages = ShareOfLeaf(stored),
               .leaf_pages = std::exchange(leaf_begins_, 0),
               .tombstone = revision->tombstone,
               .begins_branch = std::exchange(branch_begins_, false)};
  Locate(object_key, next);
  next.part = PartOf(next.resource, object_key, entry->value);
  Take(next, object_key, entry->value);
}

void Inventory::OnLeaf(const bbolt::LeafPage& leaf) {
  page_bytes_ = leaf.page_bytes;
  leaf_begins_ = leaf.pages;
  share_left_ = static_cast<double>(leaf.pages * leaf.page_bytes);
  share_of_byte_ = share_left_ / static_cast<double>(std::max<std::uint64_t>(leaf.record_bytes, 1));
}

// No more than there is: what is read now may be more than when the page was checked.
std::uint64_t Inventory::ShareOfLeaf(std::uint64_t stored_bytes) {
  if (page_bytes_ == 0) return stored_bytes;  // no page of its own: a small bucket is kept inline
  // By way of signed numbers, which a processor converts in one step.
  const auto stored = static_cast<double>(static_cast<std::int64_t>(stored_bytes));
  const double share = std::min(stored * share_of_byte_, share_left_);
  share_left_ -= share;
  const double exact = share_carried_ + share;
  const auto whole = static_cast<std::int64_t>(exact);
  share_carried_ = exact - static_cast<double>(whole);
  return static_cast<std::uint64_t>(whole);
}

std::string_view Inventory::CopyOf(std::string_view key) {
  if (key_.size() < key.size()) key_.resize(key.size());
  std::memcpy(key_.data(), key.data(), key.size());
  return {key_.data(), key.size()};
}

void Inventory::Locate(std::string_view key, Pending& revision) {
  const std::string_view text = keys_.ResourcePath(key);
  const std::uint64_t hash = accounting::LabelHash()(text);
  Path path;
  if (const auto known = by_path_.find(hash); known != by_path_.end()) {
    path = known->second;
  } else {
    const kubernetes::RegistryKey read = keys_.Read(key);
    path = {.resource = resources_.Find(read.resource), .has_namespaces = HasNamespaces(read)};
    if (usage_.size() <= path.resource) usage_.resize(path.resource + std::size_t{1});
    if (by_path_.size() < kMostPaths) by_path_.emplace(hash, path);
  }
  revision.resource = path.resource;
  if (!adds_up_namespaces_) return;
  revision.object_namespace = namespaces_.Find(
      path.has_namespaces ? kubernetes::NamespaceIn(key.substr(text.size())) : std::string_view());
}

void Inventory::Take(Pending& revision, std::string_view key, std::string_view value) {
  history_.Prefetch(revision.key_hash);
  const std::size_t at = taken_ % kPending;
  Pending& place = pending_[at];
  if (taken_ >= kPending) Count(at);
  if (survey_.wanted()) pending_values_[at].assign(value);
  if (large_.Wants(revision.bytes) && !revision.tombstone) {
    pending_keys_[at].assign(key);
    revision.key = &pending_keys_[at];
  }
  place = revision;
  ++taken_;
}

void Inventory::CountPending() {
  for (std::size_t i = taken_ - std::min(taken_, kPending); i < taken_; ++i) {
    Count(i % kPending);
  }
  taken_ = 0;
}

void Inventory::Count(std::size_t place) {
  const Pending& revision = pending_[place];
  if (revision.leaf_pages > 0) {
    forecast_.BeginLeaf(page_bytes_, revision.leaf_pages, revision.begins_branch);
  }
  const auto kind = history_.Add(revision.key_hash, revision.tombstone);
  const bool live = kind == accounting::RevisionKind::kLive;
  forecast_.AddRecord(live, revision.stored_bytes);
  const auto add = [&](Usage& usage) {
    usage.Add(kind, revision.bytes, revision.stored_bytes, revision.of_pages);
  };
  add(usage_[revision.resource]);
  if (revision.part != nullptr) add(*revision.part);
  if (adds_up_namespaces_) namespaces_.Add(revision.object_namespace, kind, revision.bytes);
  if (!live || (revision.key == nullptr && !survey_.wanted())) return;
  const std::string_view resource = resources_.Name(revision.resource);
  if (revision.key != nullptr) large_.Add(*revision.key, resource, revision.bytes);
  if (survey_.wanted()) survey_.Add(resource, pending_values_[place], revision.bytes);
}

PageForecast::Result Inventory::Finish(std::uint64_t bucket_bytes) {
  CountPending();
  std::uint64_t total = 0;
  for (const Usage& usage : usage_) total += usage.page_bytes();
  const double scale =
      total == 0 ? 0 : static_cast<double>(bucket_bytes) / static_cast<double>(total);
  const auto scaled = [&](Usage& usage) {
    for (std::uint64_t* bytes : {&usage.live_page_bytes, &usage.history_page_bytes}) {
      *bytes = Scaled(*bytes, scale);
    }
  };
  std::for_each(usage_.begin(), usage_.end(), scaled);
  // What rounding has left over.
  const auto largest = std::max_element(
      usage_.begin(), usage_.end(),
      [](const Usage& a, const Usage& b) { return a.page_bytes() < b.page_bytes(); });
  std::uint64_t given = 0;
  for (const Usage& usage : usage_) given += usage.page_bytes();
  std::uint64_t& rest = largest->live_page_bytes > largest->history_page_bytes
                            ? largest->live_page_bytes
                            : largest->history_page_bytes;
  rest += bucket_bytes - given;
  parts_.ScalePages(scale, Resources());
  return forecast_.Finish(bucket_bytes);
}

Usage* Inventory::PartOf(accounting::ResourceId resource, std::string_view key,
                         std::string_view value) {
  if (by_ == Breakdown::kNone) return nullptr;
  const std::string_view name = resources_.Name(resource);
  switch (by_) {
    case Breakdown::kNamespace:
      return &parts_.Find(name, keys_.Read(key).object_namespace);
    case Breakdown::kTenant: {
      const std::string_view prefix = keys_.PrefixOf(key);
      return &parts_.Find(name, prefix.substr(0, prefix.size() - (prefix.empty() ? 0 : 1)));
    }
    case Breakdown::kName:
      return &parts_.Find(name, part_reader_.Name(key, name == kSecrets, value));
    case Breakdown::kComponent:
      if (name != kEvents) return nullptr;
      [[fallthrough]];
    default:
      return &parts_.Find(name, part_reader_.Read(by_, value));
  }
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
  std::vector<Row> rows = parts_.Rows();
  SortByStoredBytes(rows);
  return rows;
}

}  // namespace headroom::analyze
