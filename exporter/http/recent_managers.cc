#include "http/recent_managers.h"

#include <algorithm>
#include <utility>

namespace headroom::http {

void RecentManagers::OnPage(const ChurnSnapshot& churn, Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  std::map<Labels, std::uint64_t> latest;
  for (const auto& [resource, manager, subresource, counts] : churn.managers) {
    latest.emplace(Labels{resource, manager, subresource}, counts.bytes);
  }
  // No series that is in two pages goes down from the first to the second.
  const bool is_older = std::ranges::any_of(latest, [this](const auto& series) {
    const auto before = latest_.find(series.first);
    return before != latest_.end() && series.second < before->second;
  });
  if (is_older) return;
  if (!current_) {
    current_ = Window{.start = now, .bytes = {}};
  } else {
    for (const auto& [labels, bytes] : latest) {
      const auto before = latest_.find(labels);
      const std::uint64_t was = before == latest_.end() ? 0 : before->second;
      if (bytes > was) current_->bytes[labels[1]] += bytes - was;
    }
    if (now - current_->start >= kWindow) {
      former_ = std::exchange(current_, Window{.start = now, .bytes = {}});
    }
  }
  latest_ = std::move(latest);
  end_ = now;
}

ManagerShares RecentManagers::Shares(Clock::time_point now) const {
  const std::scoped_lock lock(mutex_);
  if (!current_ || now - end_ > 2 * kWindow) return {};
  Bytes sum = current_->bytes;
  if (former_) {
    for (const auto& [manager, bytes] : former_->bytes) sum[manager] += bytes;
  }
  const auto start = former_ ? former_->start : current_->start;
  ManagerShares shares{.seconds = std::chrono::duration<double>(end_ - start).count()};
  shares.bytes.assign(sum.begin(), sum.end());
  return shares;
}

}  // namespace headroom::http
