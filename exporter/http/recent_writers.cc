#include "http/recent_writers.h"

#include <algorithm>
#include <utility>

namespace headroom::http {

RecentWriters::Series RecentWriters::SeriesOf(const ChurnSnapshot& churn) {
  Series series;
  for (const auto& [resource, manager, subresource, counts] : churn.managers)
    series.emplace(std::pair(Kind::kManager, Labels{manager, resource, subresource}), counts.bytes);
  for (const auto& [resource, name, counts] : churn.namespaces)
    series.emplace(std::pair(Kind::kNamespace, Labels{name, resource, ""}), counts.bytes);
  for (const auto& [component, reason, kind, counts] : churn.event_objects)
    series.emplace(std::pair(Kind::kReporter, Labels{component, reason, kind}), counts.bytes);
  return series;
}

void RecentWriters::OnPage(const ChurnSnapshot& churn, Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  Series latest = SeriesOf(churn);
  // No series that is in two pages goes down from the first to the second.
  const bool is_older = std::ranges::any_of(latest, [this](const auto& series) {
    const auto before = latest_.find(series.first);
    return before != latest_.end() && series.second < before->second;
  });
  if (is_older) return;
  if (!current_) {
    current_ = Window{.start = now, .bytes = {}};
  } else {
    for (const auto& [series, bytes] : latest) {
      const auto before = latest_.find(series);
      const std::uint64_t was = before == latest_.end() ? 0 : before->second;
      const auto& [kind, labels] = series;
      if (bytes > was) current_->bytes[{kind, labels.front()}] += bytes - was;
    }
    if (now - current_->start >= kWindow) {
      former_ = std::exchange(current_, Window{.start = now, .bytes = {}});
    }
  }
  latest_ = std::move(latest);
  end_ = now;
}

RecentShares RecentWriters::Shares(Clock::time_point now) const {
  const std::scoped_lock lock(mutex_);
  if (!current_ || now - end_ > 2 * kWindow) return {};
  Bytes sum = current_->bytes;
  if (former_) {
    for (const auto& [writer, bytes] : former_->bytes) sum[writer] += bytes;
  }
  const auto start = former_ ? former_->start : current_->start;
  RecentShares shares{.seconds = std::chrono::duration<double>(end_ - start).count()};
  for (const auto& [writer, bytes] : sum) {
    const auto& [kind, name] = writer;
    NamedBytes& of = kind == Kind::kManager     ? shares.managers
                     : kind == Kind::kNamespace ? shares.namespaces
                                                : shares.reporters;
    of.emplace_back(name, bytes);
  }
  return shares;
}

}  // namespace headroom::http
