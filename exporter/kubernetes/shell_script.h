#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "kubernetes/command_line.h"

namespace headroom::kubernetes {

// The etcd servers that a shell script starts, each with the variables as they are at that point.
// The script is read, not run: a variable set in a branch, a loop or by a command's output counts
// as unknown. Empty when the script starts none; an error, saying what is in the way, when the
// script can not be read.
absl::StatusOr<std::vector<EtcdCommand>> EtcdCommandsInShell(std::string_view script,
                                                             const Environment& environment);

}  // namespace headroom::kubernetes
