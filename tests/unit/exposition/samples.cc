#include "exposition/samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace headroom {

Labels AsMap(const std::vector<FamilySet::Label>& labels) {
  Labels map;
  for (const FamilySet::Label& label : labels)
    EXPECT_TRUE(map.emplace(label.name, label.value).second) << label.name << " comes twice";
  return map;
}

Samples::Samples(FamilySet families) : families_(std::move(families).Take()) {}

std::optional<double> Samples::Value(const Metric& metric, const Labels& labels) const {
  std::optional<double> value;
  for (const prometheus::MetricFamily& family : families_) {
    if (family.name != metric.name) continue;
    for (const prometheus::ClientMetric& sample : family.metric) {
      if (!std::ranges::includes(AsMap(sample.label), labels)) continue;
      EXPECT_FALSE(value) << "several samples of " << metric.name << " fit";
      value = metric.type == prometheus::MetricType::Counter ? sample.counter.value
                                                             : sample.gauge.value;
    }
  }
  return value;
}

std::vector<Labels> Samples::LabelsOf(const Metric& metric) const {
  std::vector<Labels> all;
  for (const prometheus::MetricFamily& family : families_) {
    if (family.name != metric.name) continue;
    for (const prometheus::ClientMetric& sample : family.metric) all.push_back(AsMap(sample.label));
  }
  return all;
}

std::set<std::string> Samples::Names() const {
  std::set<std::string> names;
  for (const prometheus::MetricFamily& family : families_) names.insert(family.name);
  return names;
}

}  // namespace headroom
