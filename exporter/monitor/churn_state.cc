#include "monitor/churn_state.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace headroom {
namespace {

using accounting::ResourceId;
using accounting::WriteOp;

constexpr std::string_view kEvents = "events";
constexpr std::string_view kPods = "pods";

accounting::TimePoint Now() { return std::chrono::steady_clock::now(); }

WriteOp OpOf(const etcd::WatchEvent& event) {
  if (event.type == etcd::WatchEvent::Type::kDelete) return WriteOp::kDelete;
  return event.version == 1 ? WriteOp::kCreate : WriteOp::kUpdate;
}

std::string Text(std::string_view view) { return std::string(view); }

}  // namespace

ChurnState::ChurnState(std::vector<std::string> prefixes, ChurnLimits limits)
    : keys_(std::move(prefixes)),
      resources_(limits.resources),
      events_id_(resources_.Find(kEvents)),
      pods_id_(resources_.Find(kPods)),
      namespaces_(limits.pairs),
      managers_(limits.pairs),
      event_objects_(limits.pairs) {}

void ChurnState::OnStart(std::int64_t first_revision, std::int64_t missed) {
  const std::lock_guard lock(mutex_);
  missed_ += missed;
  revision_ = first_revision - 1;
  within_revision_ = false;
  history_.Start(first_revision);
  objects_.Invalidate();
}

void ChurnState::OnConnected(const etcd::Endpoint& endpoint) {
  const std::lock_guard lock(mutex_);
  connected_ = endpoint;
  changed_.notify_all();
}

void ChurnState::OnDisconnected(etcd::WatchEnd why) {
  const std::lock_guard lock(mutex_);
  connected_.reset();
  ++restarts_[static_cast<std::size_t>(why)];
}

bool ChurnState::WantsValue(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const kubernetes::RegistryKey read = keys_.Read(key);
  return !read.is_foreign && read.resource != kubernetes::kOtherResource;
}

void ChurnState::OnEvent(const etcd::WatchEvent& event) {
  const auto now = Now();
  const std::lock_guard lock(mutex_);
  within_revision_ = true;
  const kubernetes::RegistryKey key = keys_.Read(event.key);
  const ResourceId resource = resources_.Find(key.resource);
  const WriteOp op = OpOf(event);
  const std::uint64_t bytes = op == WriteOp::kDelete ? 0 : event.key.size() + event.value_bytes;
  ledger_.Record(resource, op, bytes, now);
  objects_.Apply(resource, op);
  namespaces_.Add({resources_.Name(resource), key.object_namespace}, bytes, now);
  const kubernetes::Writer writer = WriterOf(event, key, resource);
  managers_.Add({resources_.Name(resource), writer.manager, writer.subresource}, bytes, now);
  if (op == WriteOp::kDelete) return;
  history_.Add(resource, event.mod_revision, bytes);
  if (resource == events_id_) CountEventObject(event, bytes, now);
}

kubernetes::Writer ChurnState::WriterOf(const etcd::WatchEvent& event,
                                        const kubernetes::RegistryKey& key, ResourceId resource) {
  // Nobody asked for values of keys that are not Kubernetes'.
  if (key.is_foreign || resource == accounting::kOtherResource) {
    return {.manager = kubernetes::kNoManager};
  }
  if (event.type == etcd::WatchEvent::Type::kDelete) return writers_.OfDelete(event.key);
  const auto kind = resource == events_id_ ? kubernetes::ObjectKind::kEvent
                    : resource == pods_id_ ? kubernetes::ObjectKind::kPod
                                           : kubernetes::ObjectKind::kOther;
  return writers_.OfPut(event.key, event.version, event.value_prefix, kind);
}

void ChurnState::CountEventObject(const etcd::WatchEvent& event, std::uint64_t bytes,
                                  accounting::TimePoint now) {
  const kubernetes::EventObject object = events_.Read(event.value_prefix);
  event_objects_.Add({object.component, object.reason, object.involved_kind}, bytes, now);
}

void ChurnState::OnComplete(std::int64_t revision) {
  const std::lock_guard lock(mutex_);
  revision_ = revision;
  within_revision_ = false;
  if (!objects_.counted()) changed_.notify_all();
}

std::optional<ChurnState::Pin> ChurnState::AwaitPin(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto is_due = [this] { return connected_ && !within_revision_ && !objects_.counted(); };
  if (!changed_.wait(lock, stop, is_due)) return std::nullopt;
  objects_.Pin(*revision_);
  return Pin{.endpoint = *connected_, .revision = *revision_};
}

bool ChurnState::SetObjects(const std::map<std::string, std::uint64_t>& objects,
                            std::int64_t revision) {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> counts;
  for (const auto& [label, count] : objects) {
    const ResourceId resource = resources_.Find(label);
    if (counts.size() <= resource) counts.resize(resource + std::size_t{1});
    // Resources past the cap share "other".
    counts[resource] += count;
  }
  return objects_.SetBaselines(counts, revision);
}

kubernetes::RegistryKeyReader ChurnState::key_reader() {
  const std::lock_guard lock(mutex_);
  return keys_;
}

std::optional<std::int64_t> ChurnState::WatchedRevision() {
  const std::lock_guard lock(mutex_);
  return connected_ ? revision_ : std::nullopt;
}

std::map<std::string, double> ChurnState::EstimateObjectBytes() {
  const std::lock_guard lock(mutex_);
  std::map<std::string, double> estimates;
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    const auto id = static_cast<ResourceId>(i);
    const auto objects = objects_.Of(id);
    const auto totals = ledger_.Of(id);
    const auto writes = totals.writes[static_cast<std::size_t>(WriteOp::kCreate)] +
                        totals.writes[static_cast<std::size_t>(WriteOp::kUpdate)];
    if (!objects || (*objects > 0 && writes == 0)) continue;
    const double mean_bytes = static_cast<double>(totals.write_bytes) /
                              static_cast<double>(std::max<std::uint64_t>(writes, 1));
    estimates[Text(resources_.Name(id))] = static_cast<double>(*objects) * mean_bytes;
  }
  return estimates;
}

ChurnSnapshot ChurnState::Take(std::optional<std::int64_t> compact_revision, Hitters hitters) {
  const std::lock_guard lock(mutex_);
  // What the watch has not reached is not its store's: a member's answer from before a restore.
  if (compact_revision && revision_ && *compact_revision <= *revision_)
    history_.Compacted(*compact_revision);
  ChurnSnapshot snapshot{.connected = connected_.has_value(),
                         .revision = revision_,
                         .missed_revisions = missed_,
                         .restarts = restarts_};
  TakeResources(snapshot);
  if (hitters == Hitters::kWith) TakeHitters(snapshot);
  return snapshot;
}

void ChurnState::TakeResources(ChurnSnapshot& snapshot) const {
  const auto uncompacted = history_.UncompactedBytes();
  const auto now = Now();
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    const auto id = static_cast<ResourceId>(i);
    const auto totals = ledger_.Of(id);
    ChurnSnapshot::Resource resource{.name = Text(resources_.Name(id)),
                                     .writes = totals.writes,
                                     .write_bytes = totals.write_bytes,
                                     .largest_write_bytes = ledger_.LargestWriteBytes(id, now),
                                     .objects = objects_.Of(id)};
    if (uncompacted) resource.uncompacted_bytes = i < uncompacted->size() ? (*uncompacted)[i] : 0;
    snapshot.resources.push_back(std::move(resource));
  }
}

void ChurnState::TakeHitters(ChurnSnapshot& snapshot) {
  namespaces_.Collect([&snapshot](const auto& labels, const auto& counts) {
    snapshot.namespaces.push_back(
        {Text(labels[0]), Text(labels[1]), {.writes = counts.writes, .bytes = counts.bytes}});
  });
  managers_.Collect([&snapshot](const auto& labels, const auto& counts) {
    snapshot.managers.push_back({Text(labels[0]),
                                 Text(labels[1]),
                                 Text(labels[2]),
                                 {.writes = counts.writes, .bytes = counts.bytes}});
  });
  event_objects_.Collect([&snapshot](const auto& labels, const auto& counts) {
    snapshot.event_objects.push_back({Text(labels[0]),
                                      Text(labels[1]),
                                      Text(labels[2]),
                                      {.writes = counts.writes, .bytes = counts.bytes}});
  });
}

void ChurnState::Served() {
  const std::lock_guard lock(mutex_);
  namespaces_.Served(Now());
  managers_.Served(Now());
  event_objects_.Served(Now());
}

}  // namespace headroom
