#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "report/facts.h"

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

// By the bytes of the sample, or of the last minutes where the exporter saw more. Without either,
// by the history in the file: what is rewritten.
Writer FindWriter(const Facts& facts);

struct Part {
  std::string name;  // empty if there is none
  std::uint64_t bytes = 0;
};
Part LargestOf(const std::map<std::string, std::uint64_t>& bytes);

// What several managers, or none, are counted under: nobody to talk to. Also of resources.
bool IsNobody(std::string_view name);

// What was written in the sample; what this node's exporter saw in the last minutes if that is
// more.
Sample RecentWrites(const Facts& facts);

// "Top writer: kubelet (status), of pods."; empty if neither a manager nor a program is known.
std::string TopWriter(const Facts& facts);

}  // namespace headroom::report
