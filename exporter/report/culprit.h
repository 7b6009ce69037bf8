#pragma once

#include <string>
#include <vector>

#include "report/facts.h"

namespace headroom::report {

// Who fills the database.
struct Culprit {
  std::string resource;  // empty when it cannot be told
  std::string evidence;  // a sentence or two, with namespace or component where known
  // Key prefixes of its objects where those are of no lasting use: Events, and the reports of
  // policy engines and scanners, and most of what lives. By namespace as the file has them, in
  // parts that etcd deletes at once; else empty.
  std::vector<std::string> prefixes;

  bool can_be_deleted() const { return !prefixes.empty(); }
};

// By the file, where it was read: what takes most of it. Else by who wrote most in the sample.
Culprit FindCulprit(const Facts& facts);

}  // namespace headroom::report
