#pragma once

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
};

}  // namespace headroom::analyze
