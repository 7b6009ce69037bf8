#pragma once

#include <optional>
#include <string>

#include "monitor/day_view.h"

// What the status page says of the last 24 hours.
namespace headroom::http {

// "Full in 2 h to 3 h: in-use grew by 1.2 MiB a second over 30 min."; empty without a forecast.
std::string ForecastSentence(const std::optional<accounting::FillForecast>& forecast);

// The file and what is in use of it, as shares of the quota, in one picture. Empty where no quota
// or too little is known.
std::string DaySection(const DayView& day);

}  // namespace headroom::http
