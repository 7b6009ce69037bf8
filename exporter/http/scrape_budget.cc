#include "http/scrape_budget.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace headroom::http {

std::chrono::nanoseconds ScrapeBudget(std::string_view scrape_timeout_header) {
  using Seconds = std::chrono::duration<double>;
  constexpr Seconds kWithoutHeader{5};
  // Nobody waits longer for a page; more would only overflow.
  constexpr Seconds kLongest{60};
  Seconds timeout = kWithoutHeader;
  double given = 0;
  const char* const end = scrape_timeout_header.data() + scrape_timeout_header.size();
  const auto [parsed, error] = std::from_chars(scrape_timeout_header.data(), end, given);
  if (error == std::errc() && parsed == end && std::isfinite(given) && given > 0) {
    timeout = std::min(Seconds(given), kLongest);
  }
  const Seconds margin = std::min(timeout / 5, Seconds(0.5));
  return std::chrono::duration_cast<std::chrono::nanoseconds>(timeout - margin);
}

}  // namespace headroom::http
