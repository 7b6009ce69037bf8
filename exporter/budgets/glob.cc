#include "budgets/glob.h"

#include <fnmatch.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace headroom::budgets {
namespace {

constexpr std::size_t kMostGlobBytes = 63;  // of a namespace's name

constexpr std::string_view kWild = "*?";

bool IsOfGlob(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '*' || c == '?';
}

}  // namespace

bool IsGlob(std::string_view text) {
  return !text.empty() && text.size() <= kMostGlobBytes && std::ranges::all_of(text, IsOfGlob);
}

bool Matches(const std::string& glob, const std::string& name) {
  if (glob.find_first_of(kWild) == std::string::npos) return glob == name;
  return fnmatch(glob.c_str(), name.c_str(), 0) == 0;
}

bool Overlap(std::string_view a, std::string_view b) {
  const std::size_t literal =
      std::min({a.find_first_of(kWild), b.find_first_of(kWild), a.size(), b.size()});
  if (a.substr(0, literal) != b.substr(0, literal)) return false;
  // Whether some text matches the rest of `a` from i on and the rest of `b` from j on: rows of i,
  // from the last to the first.
  std::vector<bool> next(b.size() + 1);
  std::vector<bool> row(b.size() + 1);
  for (std::size_t i = a.size() + 1; i-- > 0;) {
    for (std::size_t j = b.size() + 1; j-- > 0;) {
      const bool a_ends = i == a.size();
      const bool b_ends = j == b.size();
      // A star is done, or takes what the other has there.
      if ((!a_ends && a[i] == '*') || (!b_ends && b[j] == '*')) {
        row[j] = (!a_ends && next[j]) || (!b_ends && row[j + 1]);
      } else if (a_ends || b_ends) {
        row[j] = a_ends && b_ends;
      } else {
        row[j] = (a[i] == b[j] || a[i] == '?' || b[j] == '?') && next[j + 1];
      }
    }
    std::swap(row, next);
  }
  return next[0];
}

}  // namespace headroom::budgets
