#include "analyze/removable.h"

#include <algorithm>
#include <functional>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "analyze/age.h"
#include "kubernetes/leftover.h"
#include "kubernetes/object_path.h"
#include "kubernetes/object_times.h"

namespace headroom::analyze {
namespace {

using kubernetes::Leftover;
using kubernetes::PathStep;
using Kind = Removable::Kind;

// The numbers are those of k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto.
constexpr std::array kUid = {PathStep{"metadata", 1}, PathStep{"uid", 5}};
constexpr std::array kOwnerUids = {PathStep{"metadata", 1},
                                   PathStep{"ownerReferences", 13, PathStep::Kind::kList},
                                   PathStep{"uid", 4}};

// Ages are counted apart up to this one.
constexpr std::int64_t kMostHours = 24 * 365;

std::uint64_t Hash(std::string_view uid) {
  return absl::HashOf(absl::string_view(uid.data(), uid.size()));
}

std::optional<Kind> KindOf(Leftover leftover) {
  switch (leftover) {
    case Leftover::kFinishedJob:
      return Kind::kFinishedJobs;
    case Leftover::kFinishedPod:
      return Kind::kFinishedPods;
    case Leftover::kEmptyReplicaSet:
      return Kind::kEmptyReplicaSets;
    case Leftover::kSupersededRelease:
      return Kind::kSupersededReleases;
    case Leftover::kNone:
      break;
  }
  return std::nullopt;
}

void Count(Removable::Row& sum, std::uint64_t bytes, bool day_old) {
  ++sum.objects;
  sum.bytes += bytes;
  sum.day_old += day_old ? 1 : 0;
}

}  // namespace

void RemovableFinder::Add(std::string_view resource, std::string_view value, std::uint64_t bytes) {
  clock_.See(value);
  if (kubernetes::EncodingOf(value) == kubernetes::ValueEncoding::kEncrypted) {
    ++encrypted_;
    return;
  }
  kubernetes::ForEachAt(value, kUid, [this](const auto& uid) { uids_.insert(Hash(uid.text)); });
  if (resource == "events") return AddEvent(value, bytes);
  if (const auto kind = KindOf(kubernetes::LeftoverOf(resource, value))) {
    AddTo(*kind, value, bytes);
  } else {
    AddOwners(value, bytes);
  }
}

void RemovableFinder::SeeLease(std::int64_t ttl_seconds) {
  longest_lease_ = std::max(longest_lease_, std::optional(ttl_seconds));
}

bool RemovableFinder::IsDayOld(std::string_view value) const {
  const auto created = kubernetes::CreationTime(value);
  return created && clock_.now() && *created < *clock_.now() - kDaySeconds;
}

void RemovableFinder::AddTo(Kind kind, std::string_view value, std::uint64_t bytes) {
  Count(sums_[static_cast<std::size_t>(kind)], bytes, IsDayOld(value));
}

// Each write of an Event gives it a new lease.
void RemovableFinder::AddEvent(std::string_view value, std::uint64_t bytes) {
  const auto written = kubernetes::WriteTime(value);
  if (!written || !clock_.now() || *written > *clock_.now()) return;
  const std::int64_t hours = std::min((*clock_.now() - *written) / kHourSeconds, kMostHours);
  const auto at = static_cast<std::size_t>(hours);
  if (events_.size() <= at) events_.resize(at + 1);
  Count(events_[at], bytes, hours >= kDaySeconds / kHourSeconds);
}

void RemovableFinder::AddOwners(std::string_view value, std::uint64_t bytes) {
  const std::size_t before = owned_.size();
  kubernetes::ForEachAt(value, kOwnerUids,
                        [this](const auto& uid) { owned_.push_back({.owner = Hash(uid.text)}); });
  if (owned_.size() == before) return;
  owned_.back().bytes = bytes;
  owned_.back().day_old = IsDayOld(value);
}

Removable::Row RemovableFinder::ExpiredEvents() const {
  Sum sum;
  if (!longest_lease_) return sum;
  // The hour that the lease ends in may have some that live, and so may the one after it: etcd
  // revokes leases at its leisure.
  const auto first = static_cast<std::size_t>(
      std::clamp<std::int64_t>(*longest_lease_ / kHourSeconds, 0, kMostHours) + 2);
  for (std::size_t hours = first; hours < events_.size(); ++hours) {
    sum.objects += events_[hours].objects;
    sum.bytes += events_[hours].bytes;
    sum.day_old += events_[hours].day_old;
  }
  return sum;
}

Removable::Row RemovableFinder::Orphans() const {
  Sum sum;
  bool has_owner = false;
  for (const Owned& owned : owned_) {
    has_owner = has_owner || uids_.contains(owned.owner);
    if (owned.bytes == 0) continue;
    if (!has_owner) Count(sum, owned.bytes, owned.day_old);
    has_owner = false;
  }
  return sum;
}

Removable RemovableFinder::Find(bool complete) {
  sums_[static_cast<std::size_t>(Kind::kExpiredEvents)] = ExpiredEvents();
  if (complete && encrypted_ == 0) sums_[static_cast<std::size_t>(Kind::kOrphans)] = Orphans();
  Removable removable{.encrypted_objects = encrypted_};
  for (std::size_t kind = 0; kind < sums_.size(); ++kind) {
    sums_[kind].kind = static_cast<Kind>(kind);
    if (sums_[kind].objects > 0) removable.rows.push_back(sums_[kind]);
  }
  std::ranges::stable_sort(removable.rows, std::greater(), &Removable::Row::bytes);
  return removable;
}

}  // namespace headroom::analyze
