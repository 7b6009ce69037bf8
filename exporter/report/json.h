#pragma once

#include <string>

#include "report/diagnosis.h"
#include "report/facts.h"
#include "report/plan.h"
#include "report/situation.h"

namespace headroom::report {

// One JSON object and a line break; bytes as plain numbers. What is not known is not in it.
std::string Json(const Facts& facts, const Situation& situation, const Diagnosis& diagnosis,
                 const Plan& plan);

}  // namespace headroom::report
