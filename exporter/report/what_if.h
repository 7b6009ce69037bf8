#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/facts.h"
#include "report/situation.h"

namespace headroom::report {

// What follows from one change, as far as it is known.
struct Answer {
  struct Seconds {
    double earliest = 0;
    double latest = 0;
  };
  struct Bytes {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
  };

  std::string_view id;  // for machines: "pace", "top_writer_stops", "event_ttl", ...
  std::string premise;  // "kyverno stops writing"
  // Until the nearer limit is reached. Absent if that is unknown, or if it no longer fills.
  std::optional<Seconds> full;
  bool fills = true;
  // Of the pages in use by a compaction; of the file by the others, once it is defragmented.
  std::optional<Bytes> frees;
  std::string assumes;  // a sentence or two

  // "full in 3 to 5 min", "frees about 1.2 GiB", "it no longer fills".
  std::string Outcome() const;
};

// In this order: the pace goes on, the top writer stops, Events live for 15 minutes, what has done
// its work is deleted, a compaction, a defragmentation after that, a larger quota. Left out is what
// the facts do not answer, and what would change next to nothing.
std::vector<Answer> WhatIf(const Facts& facts, const Situation& situation);

}  // namespace headroom::report
