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
// The API server's own lifetime of an Event.
constexpr double kEventSeconds = 3600.0;

// Whether far fewer Events are stored than an hour at this pace leaves: none of it expires soon.
bool EventsPileUp(const Facts& facts) {
  const auto is_events = [](const std::string& resource) { return resource == "events"; };
  const auto& writers = facts.sample.resources;
  const auto written = std::ranges::find_if(writers, is_events, &Sample::Writer::name);
  if (written == writers.end() || !facts.file || !facts.sample.has_pace()) return false;
  const auto& rows = facts.file->resources;
  const auto stored = std::ranges::find_if(rows, is_events, &analyze::Row::resource);
  const double live = stored == rows.end() ? 0 : static_cast<double>(stored->usage.live_bytes);
  const double hour = static_cast<double>(written->bytes) * kEventSeconds / facts.sample.seconds;
  return live < kMostlyNew * hour;
}

}  // namespace

// What was seen for minutes or hours and what is seen now: the sooner one.
void Situation::FindForecast(const Facts& facts) {
  if (room_bytes.value_or(0) == 0 || nospace || fullest == nullptr) return;
  ForecastBySample(facts);
  if (facts.day && facts.day->forecast) ForecastByDay(facts);
}

// The exporter's is against the quota; at its pace a disk may be full before. The sample came
// after.
void Situation::ForecastByDay(const Facts& facts) {
  const accounting::FillForecast& seen = *facts.day->forecast;
  const double sooner = disk_is_nearer
                            ? std::min(1.0, static_cast<double>(*room_bytes) /
                                                seen.bytes_per_second / seen.latest_seconds)
                            : 1.0;
  const auto left = [&](double seconds) {
    return std::max(0.0, sooner * seconds - facts.sample.seconds);
  };
  const double latest = left(seen.latest_seconds);
  if (forecast && forecast->latest < latest) return;
  forecast = {.earliest = left(seen.earliest_seconds),
              .latest = latest,
              .basis = absl::StrCat(
                  seen.of_file ? "The file" : "In-use", " grew by ",
                  text::Bytes(static_cast<std::uint64_t>(seen.bytes_per_second)), " a second for ",
                  text::Duration(60.0 * static_cast<double>(seen.horizon_minutes)),
                  ", as the exporter on this node saw it, and ", text::Bytes(*room_bytes),
                  " are left until the ", disk_is_nearer ? "disk" : "quota", " is used up.")};
}

// While compaction works, in-use rises and falls, and a sample in between says little. It does say
// something if what is kept for ten minutes does not fit, or if most of what is written is new.
void Situation::ForecastBySample(const Facts& facts) {
  const auto& growth = facts.sample.growth;
  if (!growth) return;
  const double seconds = growth->SecondsFor(*room_bytes);
  double latest = growth->lowest > 0 ? static_cast<double>(*room_bytes) / growth->lowest : seconds;
  const double earliest = static_cast<double>(*room_bytes) / growth->highest;
  if (nobody_compacts) {
    if (seconds > kFarthestUncompacted) return;
  } else {
    const double kept = std::min(history_seconds.value_or(kKeptSeconds), kKeptSeconds);
    const double next_peak = growth->bytes_per_second * (kKeptSeconds - kept);
    const bool overflows = next_peak > static_cast<double>(*room_bytes);
    double stays = facts.sample.new_share;
    double farthest = kFarthest;
    if (stays < kMostlyNew && EventsPileUp(facts)) {
      stays += facts.sample.event_share;
      farthest = kEventSeconds;
    }
    if (!overflows && (stays < kMostlyNew || seconds > farthest)) return;
    if (!overflows) latest /= stays;
  }
  forecast = {.earliest = earliest, .latest = latest};
  forecast->basis = absl::StrCat(
      "In-use grew by ", text::Bytes(static_cast<std::uint64_t>(growth->bytes_per_second)),
      " a second during ", text::Duration(facts.sample.seconds), " of watching, and ",
      text::Bytes(*room_bytes), " are left until the ", disk_is_nearer ? "disk" : "quota",
      " is used up.", nobody_compacts ? "" : " A compaction in between gives more time.");
}

}  // namespace headroom::report
