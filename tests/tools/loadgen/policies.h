#pragma once

#include <array>
#include <string_view>

namespace headroom::loadgen {

// Of the Pod Security Standards, as Kyverno's own chart has them.
inline constexpr std::array<std::string_view, 6> kPolicies{
    "require-run-as-nonroot",  "restrict-seccomp",   "disallow-privilege-escalation",
    "require-requests-limits", "require-pod-probes", "restrict-image-registries"};

}  // namespace headroom::loadgen
