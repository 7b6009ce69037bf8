#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "absl/status/statusor.h"
#include "options/options.h"
#include "report/facts.h"

namespace headroom::report {

// Asks all members of the cluster, those that the member list names besides the endpoints given;
// watches what is written for `sample`, where writes are accepted; and reads the database file of
// this node where it may. Takes `sample` and a few times the options' timeout, and the time to read
// the file. Fails when the certificates cannot be used; everything else that is wrong is a fact.
// `on_progress` is told what is being done.
absl::StatusOr<Facts> Survey(const Options& options, std::chrono::milliseconds sample,
                             const std::function<void(std::string_view)>& on_progress);

}  // namespace headroom::report
