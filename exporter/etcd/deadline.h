#pragma once

#include <chrono>

namespace headroom {

// A point in time by which an answer is wanted; monotonic, so a stepped wall clock cannot stretch
// it.
using Deadline = std::chrono::steady_clock::time_point;

}  // namespace headroom
