#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "accounting/writer_history.h"
#include "monitor/churn_snapshot.h"

namespace headroom {

// What one writer wrote between two pages.
struct WriteIncrease {
  accounting::WriterKind kind;
  accounting::WriterName writer;
  std::uint64_t bytes = 0;
};

// From one page with hitters to the next the increases add up to what was written meanwhile, a new
// series counting from 0 (see accounting::HeavyHitters). Not thread-safe.
class WriteIncreases {
 public:
  // Since the page before, each writer once for each of its series. Nothing, too, of the first
  // page, as it is not known when that was written, and of one that a later page has overtaken.
  std::vector<WriteIncrease> OnPage(const ChurnSnapshot& churn);

 private:
  using Labels = std::array<std::string, 3>;  // the name and the resource of a WriterName first
  using Series = std::map<std::pair<accounting::WriterKind, Labels>, std::uint64_t>;
  static Series SeriesOf(const ChurnSnapshot& churn);

  std::optional<Series> latest_;  // of the last page
};

}  // namespace headroom
