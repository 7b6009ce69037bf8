#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analyze/analysis.h"

namespace headroom::analyze {

// What became more, or less, of a resource or of one of its parts between two files.
struct Change {
  std::string resource;
  std::string part;
  std::int64_t objects = 0;
  std::int64_t live_bytes = 0;
  std::int64_t history_bytes = 0;
  std::int64_t page_bytes = 0;  // of the file, live and history

  Change& operator+=(const Change& more) {
    objects += more.objects;
    live_bytes += more.live_bytes;
    history_bytes += more.history_bytes;
    page_bytes += more.page_bytes;
    return *this;
  }
};

// The rows of two analyses with the same question that differ: those of the breakdown if there is
// one, else those of the resources. What grew most in the file comes first.
std::vector<Change> ChangesOf(const Analysis& before, const Analysis& after);

// The difference for people, and as one JSON object; each list or table with `top` rows at most.
std::string DifferenceText(const Analysis& before, const Analysis& after, std::size_t top);
std::string DifferenceJson(const Analysis& before, const Analysis& after, std::size_t top);

}  // namespace headroom::analyze
