#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "report/situation.h"
#include "text/human.h"

namespace headroom::report {
namespace {

// The farthest a sample of seconds can foresee, without and with compaction.
constexpr double kFarthestUncompacted = 24 * 3600.0;
constexpr double kFarthest = 6 * 3600.0;
// The API server compacts what is older than this.
constexpr double kKeptSeconds = 10 * 60.0;
// Of what is written, if this share stays, compaction does not keep up.
constexpr double kMostlyNew = 0.5;

}  // namespace

// While compaction works, in-use rises and falls, and a sample in between says little. It does say
// something if what is kept for ten minutes does not fit, or if most of what is written is new.
void Situation::FindForecast(const Facts& facts) {
  const auto& growth = facts.sample.growth;
  if (!growth || !room_bytes || nospace || fullest == nullptr) return;
  const double seconds = growth->SecondsFor(*room_bytes);
  double latest = growth->lowest > 0 ? static_cast<double>(*room_bytes) / growth->lowest : seconds;
  const double earliest = static_cast<double>(*room_bytes) / growth->highest;
  if (nobody_compacts) {
    if (seconds > kFarthestUncompacted) return;
  } else {
    const double kept = std::min(history_seconds.value_or(kKeptSeconds), kKeptSeconds);
    const double next_peak = growth->bytes_per_second * (kKeptSeconds - kept);
    const bool overflows = next_peak > static_cast<double>(*room_bytes);
    const bool is_new = facts.sample.new_share >= kMostlyNew && seconds < kFarthest;
    if (!overflows && !is_new) return;
    if (!overflows) latest /= facts.sample.new_share;
  }
  forecast = {.earliest = earliest, .latest = latest};
  forecast->basis = absl::StrCat(
      "In-use grew by ", text::Bytes(static_cast<std::uint64_t>(growth->bytes_per_second)),
      " a second during ", text::Duration(facts.sample.seconds), " of watching, and ",
      text::Bytes(*room_bytes), " are left until the ", disk_is_nearer ? "disk" : "quota",
      " is used up.", nobody_compacts ? "" : " A compaction in between gives more time.");
}

}  // namespace headroom::report
