#include "monitor/start_delay.h"

#include <random>

namespace headroom {

std::chrono::seconds StartDelay(bool at_start) {
  if (at_start) return std::chrono::seconds(0);
  std::random_device random;
  return std::chrono::seconds(std::uniform_int_distribution(60, 300)(random));
}

}  // namespace headroom
