#include "collectors/sample_index.h"

#include <algorithm>

namespace headroom {

const std::vector<SampleIndex::Sample>& SampleIndex::Of(const Metric& metric) const {
  static const std::vector<Sample> kNone;
  const auto family = std::ranges::find(families_, metric.name, &prometheus::MetricFamily::name);
  return family == families_.end() ? kNone : family->metric;
}

std::optional<double> SampleIndex::Value(const Metric& metric, LabelValues labels) const {
  for (const Sample& sample : Of(metric)) {
    const bool has_all = std::ranges::all_of(labels, [&sample](const auto& label) {
      return LabelOf(sample, label.first) == label.second;
    });
    if (has_all) return ValueOf(metric, sample);
  }
  return std::nullopt;
}

double ValueOf(const Metric& metric, const SampleIndex::Sample& sample) {
  return metric.type == prometheus::MetricType::Counter ? sample.counter.value : sample.gauge.value;
}

std::string_view LabelOf(const SampleIndex::Sample& sample, std::string_view name) {
  const auto label = std::ranges::find(sample.label, name, &prometheus::ClientMetric::Label::name);
  return label == sample.label.end() ? std::string_view() : std::string_view(label->value);
}

}  // namespace headroom
