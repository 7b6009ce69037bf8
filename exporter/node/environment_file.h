#pragma once

#include <string_view>

#include "node/environment.h"

namespace headroom::node {

// Whether a file of the node holds variables, NAME=VALUE a line, as systemd's EnvironmentFile does
// and no YAML or JSON file of etcd's: the first line that is no comment decides.
bool IsEnvironmentFile(std::string_view text);

// Its variables. Comments begin with "#" or ";". Quotes around a value and a backslash at the end
// of a line are taken as systemd.exec(5) has them; other escapes stay.
Environment ReadEnvironmentFile(std::string_view text);

}  // namespace headroom::node
