#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace headroom {

// One `key: value` of a configuration file.
struct ConfigEntry {
  std::string key;
  std::vector<std::string> values;  // several when the value is a list
  int line = 0;                     // 1 = first
};

// Reads a flat YAML mapping of scalars and lists of scalars. InvalidArgument names line and key.
absl::StatusOr<std::vector<ConfigEntry>> ParseConfigText(std::string_view text);

}  // namespace headroom
