#pragma once

#include <chrono>
#include <string_view>

namespace headroom::http {

// How long a scrape may take so that its answer is back before the scraper gives up: the scraper's
// timeout (its header X-Prometheus-Scrape-Timeout-Seconds; 5 s without it or when it is no number)
// less a margin of a fifth, half a second at most.
std::chrono::nanoseconds ScrapeBudget(std::string_view scrape_timeout_header);

}  // namespace headroom::http
