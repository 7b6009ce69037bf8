#include "monitor/write_increases.h"

#include <algorithm>
#include <utility>

namespace headroom {

using accounting::WriterKind;

WriteIncreases::Series WriteIncreases::SeriesOf(const ChurnSnapshot& churn) {
  Series series;
  for (const auto& [resource, manager, subresource, counts] : churn.managers) {
    series.emplace(std::pair(WriterKind::kManager, Labels{manager, resource, subresource}),
                   counts.bytes);
  }
  for (const auto& [resource, name, counts] : churn.namespaces) {
    series.emplace(std::pair(WriterKind::kNamespace, Labels{name, resource, ""}), counts.bytes);
  }
  for (const auto& [component, reason, kind, counts] : churn.event_objects) {
    series.emplace(std::pair(WriterKind::kReporter, Labels{component, reason, kind}), counts.bytes);
  }
  return series;
}

std::vector<WriteIncrease> WriteIncreases::OnPage(const ChurnSnapshot& churn) {
  Series latest = SeriesOf(churn);
  std::vector<WriteIncrease> increases;
  if (latest_) {
    for (const auto& [series, bytes] : latest) {
      const auto before = latest_->find(series);
      const std::uint64_t was = before == latest_->end() ? 0 : before->second;
      // No series that is in two pages goes down from the first to the second.
      if (bytes < was) return {};
      const auto& [kind, labels] = series;
      if (bytes > was) increases.push_back({kind, {labels[0], labels[1]}, bytes - was});
    }
  }
  latest_ = std::move(latest);
  return increases;
}

}  // namespace headroom
