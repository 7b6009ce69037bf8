#pragma once

#include <string>

#include "analyze/removable.h"

namespace headroom::analyze {

// How to name such objects: for people, and in JSON.
struct RemovableName {
  const char* text;
  const char* json;
};
RemovableName NameOf(Removable::Kind kind);

// Why it is safe to ask for their removal, what is lost, and how it is done while an API server
// runs: sentences with commands of kubectl or helm.
std::string AdviceOn(Removable::Kind kind);

}  // namespace headroom::analyze
