#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string_view>

#include "absl/status/statusor.h"
#include "options/options.h"
#include "report/facts.h"

namespace headroom::report {

using OnProgress = std::function<void(std::string_view what)>;

// Asks all members of the cluster, those that the member list names besides the endpoints given.
// Reads the database file of this node if it may. Watches what is written for `sample`, if writes
// are accepted. Takes `sample`, a few times the options' timeout, and the time to read the file.
// `stop` ends the reading and the watching early: what is known by then stands. Fails when the
// certificates cannot be used. Everything else that is wrong is a fact.
absl::StatusOr<Facts> Survey(const Options& options, std::chrono::milliseconds sample,
                             const std::stop_token& stop, const OnProgress& on_progress);

}  // namespace headroom::report
