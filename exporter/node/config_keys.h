#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "node/yaml_text.h"

namespace headroom::node {

inline constexpr std::size_t kMaxUnknownKeys = 8;

// The keys at the top of an etcd configuration file that etcd does not know, in the order of the
// file: a line for each, with the key that was probably meant, and after kMaxUnknownKeys one line
// for the rest. etcd starts without a word on them, so a misspelt quota is the default quota. As
// etcd does, it takes no notice of upper and lower case. `origin` names the file.
std::vector<std::string> UnknownKeys(const YAML::Node& config_file, std::string_view origin);

}  // namespace headroom::node
