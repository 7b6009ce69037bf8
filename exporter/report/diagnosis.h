#pragma once

#include <string>
#include <vector>

#include "report/facts.h"
#include "report/situation.h"

namespace headroom::report {

// Quotas of up to this are usual; above it etcd warns. Bytes.
inline constexpr std::int64_t kUsualQuota = std::int64_t{8} << 30U;

// The exit code of the program.
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

// Without a trend to go by: what is wrong or short at this moment.
Diagnosis Diagnose(const Facts& facts, const Situation& situation);

}  // namespace headroom::report
