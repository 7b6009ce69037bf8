#include "accounting/space_history.h"

#include <algorithm>
#include <limits>

namespace headroom::accounting {
namespace {

constexpr std::uint64_t kKiB = 1024;
// The API server compacts every 5 minutes: a peak of so many minutes has a cycle in it.
constexpr std::int64_t kCycle = 15;

// From here on growth counts from the highest level of the day before.
constexpr std::int64_t kLong = 60;

constexpr std::int64_t kFastMinutes = 3;
constexpr std::int64_t kFastMinutesAtMost = 5;
constexpr double kFastShare = 0.1;
constexpr double kFastReach = 10 * 60.0;
constexpr double kNeverUsed = 0.75;

std::uint32_t InKiB(std::uint64_t bytes) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(bytes / kKiB, std::numeric_limits<std::uint32_t>::max() - 1));
}

}  // namespace

void SpaceHistory::Add(std::int64_t minute, const SpaceReading& reading) {
  steps_.Write(minute) = {
      .file = std::max<std::uint32_t>(InKiB(reading.file_bytes), 1),
      .in_use = InKiB(reading.in_use_bytes),
      .quota = InKiB(reading.quota_bytes),
      .written = reading.written_bytes ? InKiB(*reading.written_bytes) : kUnknown};
}

std::optional<SpaceReading> SpaceHistory::At(std::int64_t minute) const {
  const Step* step = steps_.Find(minute);
  if (step == nullptr || step->file == 0) return std::nullopt;
  SpaceReading reading{.file_bytes = step->file * kKiB,
                       .in_use_bytes = step->in_use * kKiB,
                       .quota_bytes = step->quota * kKiB};
  if (step->written != kUnknown) reading.written_bytes = step->written * kKiB;
  return reading;
}

// The file as it was last; of in-use the most within a cycle. A file that is smaller than that was
// defragmented since, and says what is in use at most.
std::optional<double> SpaceHistory::Peak(std::int64_t minute, bool of_file) const {
  std::optional<std::uint64_t> in_use;
  std::optional<std::uint64_t> file;
  for (std::int64_t at = minute; at > minute - kCycle; --at) {
    const auto reading = At(at);
    if (!reading) continue;
    if (!file) file = reading->file_bytes;
    in_use = std::max(in_use.value_or(0), reading->in_use_bytes);
  }
  if (!file) return std::nullopt;
  return static_cast<double>(of_file ? *file : std::min(*in_use, *file));
}

// Whether a whole cycle before `minute` was seen.
bool SpaceHistory::Reaches(std::int64_t minute) const {
  for (std::int64_t at = minute - kCycle; at > minute - 2 * kCycle; --at) {
    if (At(at)) return true;
  }
  return false;
}

// A file that only rises to what in-use has been, as after a defragmentation, does not grow.
double SpaceHistory::HighestInUse(std::int64_t minute) const {
  std::uint64_t highest = 0;
  for (std::int64_t at = minute - kDayMinutes; at <= minute; ++at) {
    const auto reading = At(at);
    if (reading) highest = std::max(highest, std::min(reading->in_use_bytes, reading->file_bytes));
  }
  return static_cast<double>(highest);
}

std::optional<FillForecast> SpaceHistory::Forecast(
    std::int64_t now, std::optional<std::int64_t> uncompacted_minutes) const {
  std::optional<FillForecast> soonest;
  const auto take = [&soonest](const FillForecast& forecast) {
    if (!soonest || forecast.latest_seconds < soonest->latest_seconds) soonest = forecast;
  };
  double quota = 0;
  for (std::int64_t at = now; at > now - kCycle && quota == 0; --at) {
    if (const auto reading = At(at)) quota = static_cast<double>(reading->quota_bytes);
  }
  if (quota == 0) return std::nullopt;

  for (const bool of_file : {false, true}) {
    const auto peak = Peak(now, of_file);
    if (!peak) continue;
    const double room = quota - *peak;
    if (room <= 0 || room >= kNeverUsed * quota) continue;
    for (const auto& [minutes, end, reach_seconds] : kHorizons) {
      if (!of_file && uncompacted_minutes && *uncompacted_minutes > minutes) continue;
      const auto start = Peak(now - minutes, of_file);
      const auto first = Peak(now - minutes + end, of_file);
      const auto last = Peak(now - end, of_file);
      if (!start || !first || !last || !Reaches(now - minutes)) continue;
      const double level = minutes < kLong ? *start : std::max(*start, HighestInUse(now - minutes));
      const auto pace = [](double from, double to, std::int64_t over) {
        return (to - from) / (60.0 * static_cast<double>(over));
      };
      const double whole = pace(level, *peak, minutes);
      const auto [slowest, fastest] =
          std::minmax({pace(level, *first, end), whole, pace(*last, *peak, end)});
      if (slowest <= 0 || room / slowest > reach_seconds) continue;
      take({.of_file = of_file,
            .horizon_minutes = minutes,
            .bytes_per_second = whole,
            .earliest_seconds = room / fastest,
            .latest_seconds = room / slowest});
    }
  }

  // The nearest reading, as scrapes may be minutes apart.
  const auto after = At(now);
  for (std::int64_t minutes = kFastMinutes; after && minutes <= kFastMinutesAtMost; ++minutes) {
    const auto before = At(now - minutes);
    if (!before) continue;
    const double grown =
        static_cast<double>(after->file_bytes) - static_cast<double>(before->file_bytes);
    const double pace = grown / (60.0 * static_cast<double>(minutes));
    const double left = quota - static_cast<double>(after->file_bytes);
    if (left > 0 && grown >= kFastShare * quota && left / pace <= kFastReach) {
      take({.of_file = true,
            .horizon_minutes = minutes,
            .bytes_per_second = pace,
            .earliest_seconds = left / pace,
            .latest_seconds = left / pace});
    }
    break;
  }
  return soonest;
}

}  // namespace headroom::accounting
