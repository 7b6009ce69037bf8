#pragma once

#include <string>

#include "report/facts.h"

namespace headroom::report {

// Who fills the database.
struct Culprit {
  std::string resource;        // empty when it cannot be told
  std::string evidence;        // a sentence or two, with namespace or component where known
  std::string delete_command;  // `del --prefix ...` where the objects are of no lasting use: Events
                               // and the reports of policy engines and scanners; else empty
};

// By the file, where it was read: what takes most of it. Else by who wrote most in the sample.
Culprit FindCulprit(const Facts& facts);

}  // namespace headroom::report
