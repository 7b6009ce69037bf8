#pragma once

#include <string>

#include "report/diagnosis.h"
#include "report/facts.h"
#include "report/plan.h"
#include "report/situation.h"

namespace headroom::report {

// For people: what is the matter, the members, who writes, and what to do. With the escapes of a
// terminal where `colour` is set.
std::string Text(const Facts& facts, const Situation& situation, const Diagnosis& diagnosis,
                 const Plan& plan, bool colour);

}  // namespace headroom::report
