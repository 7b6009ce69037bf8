#pragma once

#include <algorithm>
#include <string_view>

namespace headroom::kubernetes {

// The parts of a resource label, which are those of a CRD's name: "deployments.apps".
struct ResourceName {
  std::string_view plural;
  std::string_view group;  // empty for the core group
};

inline ResourceName SplitResource(std::string_view label) {
  const auto dot = std::min(label.find('.'), label.size());
  return {.plural = label.substr(0, dot), .group = label.substr(std::min(dot + 1, label.size()))};
}

}  // namespace headroom::kubernetes
