#pragma once

#include <string>

#include "monitor/day_view.h"

// What the status page says of the last 24 hours.
namespace headroom::http {

// "Full in 2 h to 3 h: in-use grew by 1.2 MiB a second over 30 min. Without argo, which wrote 80.0
// % of the bytes of the last 15 min, in 10 h to 15 h."; as HTML. Empty without a forecast.
std::string ForecastSentence(const DayView& day);

// The file and what is in use of it, as shares of the quota, in one picture. Empty where no quota
// or too little is known.
std::string DaySection(const DayView& day);

}  // namespace headroom::http
