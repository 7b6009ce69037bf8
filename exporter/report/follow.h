#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

#include "absl/status/status.h"
#include "options/options.h"
#include "report/plan.h"

namespace headroom::report {

// Asks all members every 2 s, and hands on a line for each change and each step of `plan` that is
// done. Returns when all steps that can be checked are done, or when stopped. `on_now` gets how
// full the members are, at each look. Fails when the certificates cannot be used.
absl::Status Follow(const Options& options, const Plan& plan, const std::stop_token& stop,
                    const std::function<void(std::string_view)>& on_line,
                    const std::function<void(std::string_view)>& on_now);

}  // namespace headroom::report
