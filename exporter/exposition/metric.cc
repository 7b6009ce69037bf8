#include "exposition/metric.h"

#include <algorithm>

namespace headroom {

void FamilySet::Add(const Metric& metric, double value, std::vector<Label> labels) {
  auto family = std::ranges::find(families_, metric.name, &prometheus::MetricFamily::name);
  if (family == families_.end()) {
    family = families_.insert(family, {.name = std::string(metric.name),
                                       .help = std::string(metric.help),
                                       .type = metric.type,
                                       .metric = {}});
  }
  prometheus::ClientMetric sample;
  sample.label = std::move(labels);
  (metric.type == prometheus::MetricType::Counter ? sample.counter.value : sample.gauge.value) =
      value;
  family->metric.push_back(std::move(sample));
}

}  // namespace headroom
