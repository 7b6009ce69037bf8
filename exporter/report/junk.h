#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/facts.h"
#include "report/situation.h"

namespace headroom::report {

// What takes a large share of the quota, lives, and is of no lasting use: Events, and the reports
// of policy engines and scanners, which they write again. Its deletion frees space for sure.
struct Junk {
  std::string resources;              // by name, largest first; empty if there is none
  std::string evidence;               // a sentence for each
  std::vector<std::string> prefixes;  // of keys; by namespace as the file has them
  std::uint64_t bytes = 0;            // of pages
};

// By the file walk alone; nothing without it.
Junk FindJunk(const Facts& facts, const Situation& situation);

// The keys of the largest live objects with their sizes, as part of a sentence. Empty without a
// file.
std::string LargestObjects(const Facts& facts);

}  // namespace headroom::report
