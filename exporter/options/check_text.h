#pragma once

#include <string>

#include "options/given_values.h"
#include "options/options.h"

namespace headroom {

// What --config.check prints: the settings in force as YAML that --config.file accepts, each with
// where it comes from, and what is known of the etcd of this node.
std::string CheckText(const CLI::App& app, const GivenValues& given, const Options& options);

}  // namespace headroom
