#include "accounting/churn_ledger.h"

namespace headroom::accounting {

void ChurnLedger::Record(ResourceId resource, WriteOp op, std::uint64_t bytes, TimePoint now) {
  if (resource >= accounts_.size()) accounts_.resize(resource + std::size_t{1});
  Account& account = accounts_[resource];
  ++account.totals.writes[static_cast<std::size_t>(op)];
  if (op == WriteOp::kDelete) return;
  account.totals.write_bytes += bytes;
  account.largest_put.Add(bytes, now);
}

ChurnLedger::Totals ChurnLedger::Of(ResourceId resource) const {
  return resource < accounts_.size() ? accounts_[resource].totals : Totals();
}

std::optional<std::uint64_t> ChurnLedger::LargestWriteBytes(ResourceId resource,
                                                            TimePoint now) const {
  if (resource >= accounts_.size()) return std::nullopt;
  // A put has a key, so its bytes are never 0.
  const std::uint64_t largest = accounts_[resource].largest_put.Value(now);
  return largest == 0 ? std::nullopt : std::optional(largest);
}

}  // namespace headroom::accounting
