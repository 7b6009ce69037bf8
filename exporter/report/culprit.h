#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/facts.h"
#include "report/situation.h"

namespace headroom::report {

// All programs that write policy reports.
inline constexpr std::string_view kPolicyEngine = "the policy engine";

// Who fills the database: by what was written, as that is what has to stop.
struct Writer {
  std::string name;  // a resource, or "the policy engine" for all that it writes; empty if unknown
  // The field manager that wrote more than half of that, with its subresource:
  // "kube-controller-manager (status)". Empty if none did, or it is unknown.
  std::string manager;
  std::string evidence;  // a sentence or two, with manager and namespace if known
};

// By the bytes of the sample. Without one, by the history in the file: what is rewritten.
Writer FindWriter(const Facts& facts);

// "Top writer: kubelet (status), of pods."; empty if neither a manager nor a program is known.
std::string TopWriter(const Facts& facts);

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

// The keys of the largest live objects with their sizes, for a sentence; empty without a file.
std::string LargestObjects(const Facts& facts);

}  // namespace headroom::report
