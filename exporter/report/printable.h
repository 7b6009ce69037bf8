#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

// Foreign text that is fit for a terminal.
namespace headroom::report {

// A name.
std::string Printable(std::string_view text);

// The message of an error, in one line.
std::string OneLine(const absl::Status& status);

// A path as it is on the node, where its root folder is mounted at `rootfs`.
std::string OnNode(const std::string& file, const std::string& rootfs);

}  // namespace headroom::report
