#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "exposition/metric.h"

namespace headroom {

using Labels = std::map<std::string, std::string>;

// What a page made of some families would show.
class Samples {
 public:
  explicit Samples(FamilySet families);

  // The value of the one sample of `metric` that has all of `labels`, and perhaps more; nothing
  // when there is none. Fails the test when there are several.
  std::optional<double> Value(const Metric& metric, const Labels& labels = {}) const;
  // The label sets of all samples of `metric`.
  std::vector<Labels> LabelsOf(const Metric& metric) const;
  // The names of the families.
  std::set<std::string> Names() const;

  const std::vector<prometheus::MetricFamily>& families() const { return families_; }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

Labels AsMap(const std::vector<FamilySet::Label>& labels);

}  // namespace headroom
