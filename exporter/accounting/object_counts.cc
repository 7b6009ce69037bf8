#include "accounting/object_counts.h"

namespace headroom::accounting {

void ObjectCounts::Apply(ResourceId resource, WriteOp op) {
  if (op == WriteOp::kCreate) ++At(resource).net;
  if (op == WriteOp::kDelete) --At(resource).net;
}

void ObjectCounts::Pin(std::int64_t revision) {
  pinned_revision_ = revision;
  for (Account& account : accounts_) account.net_at_pin = account.net;
}

bool ObjectCounts::SetBaselines(const std::vector<std::uint64_t>& counts,
                                std::int64_t at_revision) {
  if (pinned_revision_ != at_revision) return false;
  if (counts.size() > accounts_.size()) accounts_.resize(counts.size());
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    const auto count = i < counts.size() ? static_cast<std::int64_t>(counts[i]) : 0;
    accounts_[i].base = count - accounts_[i].net_at_pin;
  }
  counted_ = true;
  return true;
}

void ObjectCounts::Invalidate() {
  pinned_revision_.reset();
  accounts_.clear();
  counted_ = false;
}

std::optional<std::uint64_t> ObjectCounts::Of(ResourceId resource) const {
  if (!counted_) return std::nullopt;
  if (resource >= accounts_.size()) return 0;
  const std::int64_t objects = accounts_[resource].base + accounts_[resource].net;
  return objects < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(objects));
}

// A resource first met after the pin had no net change at it.
ObjectCounts::Account& ObjectCounts::At(ResourceId resource) {
  if (resource >= accounts_.size()) accounts_.resize(resource + std::size_t{1});
  return accounts_[resource];
}

}  // namespace headroom::accounting
