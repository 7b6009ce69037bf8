#pragma once

#include <prometheus/metric_family.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/metric.h"

namespace headroom {

// Looks up the samples of a page that is about to be served. Refers to the families it was made of.
class SampleIndex {
 public:
  using Sample = prometheus::ClientMetric;
  using LabelValues = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  explicit SampleIndex(const std::vector<prometheus::MetricFamily>& families)
      : families_(families) {}

  // All samples of the family; none when it is absent.
  const std::vector<Sample>& Of(const Metric& metric) const;
  // The value of the first sample that has those labels.
  std::optional<double> Value(const Metric& metric, LabelValues labels = {}) const;

 private:
  const std::vector<prometheus::MetricFamily>& families_;
};

// Of gauges and counters, which are all there are.
double ValueOf(const Metric& metric, const SampleIndex::Sample& sample);
// Empty when there is no such label.
std::string_view LabelOf(const SampleIndex::Sample& sample, std::string_view name);

}  // namespace headroom
