#pragma once

#include <string>
#include <vector>

#include "report/facts.h"
#include "report/situation.h"

namespace headroom::report {

// The exit code of the program. kWritesRefused: or they will be within minutes.
enum class Verdict { kHealthy = 0, kAtRisk = 1, kWritesRefused = 2, kCannotTell = 3 };

struct Finding {
  bool is_risk = false;  // else worth knowing
  std::string text;      // a sentence
};

struct Diagnosis {
  Verdict verdict = Verdict::kHealthy;
  std::string headline;  // the one thing to know
  std::vector<Finding> findings;
};

// What is wrong or short at this moment, and when it will be.
Diagnosis Diagnose(const Facts& facts, const Situation& situation);

// The verdict and headline alone, by what was found.
Verdict VerdictOf(const Facts& facts, const Situation& situation,
                  const std::vector<Finding>& findings);
std::string HeadlineOf(const Facts& facts, const Situation& situation, Verdict verdict);

}  // namespace headroom::report
