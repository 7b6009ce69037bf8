#pragma once

#include <chrono>
#include <memory>

#include "etcd/rotating_credentials.h"
#include "options/options.h"
#include "report/facts.h"
#include "report/situation.h"

namespace headroom::report {

// Watches the whole key space for that long. While NOSPACE is armed, and so nothing is written,
// instead what was written last: the newest revisions that are still kept, up to 20,000 of them and
// about 32 MiB. Not while CORRUPT is armed, nor without a leader.
Sample TakeSample(const Options& options, const std::shared_ptr<etcd::RotatingCredentials>& tls,
                  std::chrono::milliseconds duration, const Situation& situation);

}  // namespace headroom::report
