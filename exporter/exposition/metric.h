#pragma once

#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

#include <string>
#include <string_view>
#include <vector>

namespace headroom {

// One family of the contract: what every page, the catalogue and the tests know it by.
struct Metric {
  std::string_view name;
  prometheus::MetricType type;
  std::string_view labels;  // comma-separated, as shown in the catalogue
  std::string_view help;
};

// Collects samples from all parts into families: one family a metric, samples in the order
// they were added.
class FamilySet {
 public:
  using Label = prometheus::ClientMetric::Label;

  void Add(const Metric& metric, double value, std::vector<Label> labels = {});
  std::vector<prometheus::MetricFamily> Take() && { return std::move(families_); }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace headroom
