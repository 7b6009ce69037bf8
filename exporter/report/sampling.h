#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "etcd/rotating_credentials.h"
#include "report/facts.h"
#include "report/situation.h"

namespace headroom::report {

struct SampleOptions {
  std::shared_ptr<etcd::RotatingCredentials> tls;  // null for plain http
  std::chrono::milliseconds timeout{2000};         // of a question to the member
  std::vector<std::string> prefixes;               // as for RegistryKeyReader
  std::size_t max_resources = 500;
  std::chrono::milliseconds duration{10'000};  // 0: no sample
  std::stop_token stop;                        // ends it early; what was seen stands
  std::function<void(double)> on_second_left;  // how many seconds it goes on, once a second
};

// Watches the whole key space for that long, at the situation's contact, and reads its bytes in use
// meanwhile. While NOSPACE is armed, and so nothing is put, instead reads what was written last:
// the newest revisions that are still kept, up to 20,000 of them and, by what the newer ones had,
// about 32 MiB. Not while CORRUPT is armed, nor without a leader.
Sample TakeSample(const SampleOptions& options, const Situation& situation);

}  // namespace headroom::report
