#pragma once

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

// yaml-cpp with failures as statuses and look-ups that never throw. Only what is asked for is
// visited: aliases share nodes, so a tree may be far larger than its text.
namespace headroom::node {

// Far more than any mapping of a pod or an etcd configuration has: bounds the work that aliases can
// ask for.
inline constexpr std::size_t kMaxKeys = 256;

// The first document of a YAML or JSON text. InvalidArgument, with `origin` and the line, when it
// is malformed, empty, no mapping, has more than kMaxKeys keys or far more structure than a
// manifest.
absl::StatusOr<YAML::Node> LoadMapping(std::string_view text, std::string_view origin);

// The value of a key; where it is given twice the last one, as in Go. An undefined node when there
// is none or `mapping` is no mapping of at most kMaxKeys keys.
YAML::Node Find(const YAML::Node& mapping, std::string_view key);

// Whether a mapping takes keys from elsewhere (`<<: *anchor`), which Find does not follow.
bool HasMergeKey(const YAML::Node& mapping);

// The text of a scalar; empty for anything else.
std::string ScalarText(const YAML::Node& node);

}  // namespace headroom::node
