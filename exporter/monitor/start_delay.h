#pragma once

#include <chrono>

namespace headroom {

// How long work that costs etcd or its disk waits after the start: one to five minutes, at random,
// for the exporters of a cluster start as one. Nothing with `at_start`.
std::chrono::seconds StartDelay(bool at_start);

}  // namespace headroom
