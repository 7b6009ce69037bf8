#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "analyze/breakdown.h"

namespace headroom::analyze {

// What to find out about a file, beside what each resource takes.
struct Question {
  std::vector<std::string> prefixes;  // as for RegistryKeyReader
  Breakdown by = Breakdown::kNone;
  bool namespaces = false;  // see NamespaceRow
  bool fields = false;      // see FieldRow
  bool removable = false;   // see Removable
  // Of a file with more live objects nothing is said of what is removable: it takes memory for
  // each.
  std::size_t most_judged = std::numeric_limits<std::size_t>::max();
};

}  // namespace headroom::analyze
