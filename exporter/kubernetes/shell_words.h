#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "kubernetes/environment.h"

namespace headroom::kubernetes {

struct ShellPart {
  enum class Kind {
    kText,
    kVariable,            // $NAME, ${NAME}: text is the name
    kVariableIfNotEmpty,  // ${NAME:-...}, ${NAME?...}: as kVariable unless NAME is unset or empty
    kOther,               // command output, positional parameters and the like: text is the source
  };
  Kind kind = Kind::kText;
  std::string text;
  bool quoted = false;

  bool operator==(const ShellPart&) const = default;
};

struct ShellToken {
  std::string op;  // "\n", ";", "&&", "(" and so on; empty for a word
  std::vector<ShellPart> word;
};

// Splits a POSIX shell script (with the common bash forms) into words and operators. Comments and
// redirections are left out; nothing is expanded yet. InvalidArgument for an open quote or bracket,
// Unimplemented for here-documents and arrays.
absl::StatusOr<std::vector<ShellToken>> SplitShell(std::string_view script);

// The fields `word` becomes: variables replaced, and split on blanks where they are not quoted.
// Variables that are not set count as unknown, for the image may set them.
std::vector<std::string> ExpandWord(const std::vector<ShellPart>& word,
                                    const Environment& environment);

// The same without splitting, as on the right side of an assignment.
std::string ExpandAssigned(const std::vector<ShellPart>& word, const Environment& environment);

}  // namespace headroom::kubernetes
