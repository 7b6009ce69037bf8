#pragma once

#include <string>
#include <vector>

#include "report/situation.h"

namespace headroom::report {

// Adds what defragmenting these members would run into, by their versions and roles, a sentence
// each.
void AvoidTraps(const Situation& situation, std::vector<std::string>& avoid);

}  // namespace headroom::report
