#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "kubernetes/shell_words.h"

namespace headroom::kubernetes {

// Takes the `$...` or backquoted expansion at the front of `text` and adds it to `word`. A product
// of numbers, `$((8*1024*1024*1024))`, becomes text. InvalidArgument when it has no end.
absl::Status TakeShellExpansion(std::string_view& text, bool quoted, std::vector<ShellPart>& word);

}  // namespace headroom::kubernetes
