#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "accounting/minute_ring.h"

namespace headroom::accounting {

// What a cluster of etcd uses of its quota at a moment, in bytes.
struct SpaceReading {
  // The file of the member that has the least room, as bytes of `quota_bytes`.
  std::uint64_t file_bytes = 0;
  std::uint64_t in_use_bytes = 0;                // the most of any voter
  std::uint64_t quota_bytes = 0;                 // the smallest; 0 where none is known
  std::optional<std::uint64_t> written_bytes{};  // since the last compaction: history, or new
};

// Minutes of a horizon, of the part at either end that has to grow as well, and how far in seconds
// a page looks ahead on its first day: as rules/config.libsonnet has them.
struct Horizon {
  std::int64_t minutes = 0;
  std::int64_t end = 0;
  double reach_seconds = 0;

  bool operator==(const Horizon&) const = default;
};
inline constexpr std::array kHorizons = {
    Horizon{11, 3, 28 * 60.0},   Horizon{16, 4, 36 * 60.0},     Horizon{30, 7, 42 * 60.0},
    Horizon{60, 15, 6 * 3600.0}, Horizon{120, 30, 12 * 3600.0}, Horizon{240, 60, 24 * 3600.0}};

// When the quota is used up if the growth of the last `horizon_minutes` goes on.
struct FillForecast {
  bool of_file = false;  // the file grows; else what is in use
  std::int64_t horizon_minutes = 0;
  double bytes_per_second = 0;  // over all of the horizon
  double earliest_seconds = 0;  // at the fastest part's pace
  double latest_seconds = 0;    // at the slowest part's

  bool operator==(const FillForecast&) const = default;
};

// The space of the last 24 hours, a step a minute, in 23 KiB. Not thread-safe.
class SpaceHistory {
 public:
  // Of several readings within a minute the last one stands.
  void Add(std::int64_t minute, const SpaceReading& reading);

  // Nothing where that minute has no reading.
  std::optional<SpaceReading> At(std::int64_t minute) const;

  // By the arithmetic of rules/recording (growth, forecast) with the shorter reach of a first day.
  // For several horizons h: the room at the peak of a compaction cycle (15 minutes), over the least
  // growth of the first part, the whole and the last part of h; the soonest that is within reach of
  // its horizon. Growth of an hour and more counts from the highest level of the day before it.
  // A file that took a tenth of the quota within 3 minutes and would use up the rest within 10 is
  // a forecast of its own. Nothing while three quarters of the quota were never used.
  //
  // `uncompacted_minutes`: since the last compaction. In-use of a shorter horizon may all be
  // history, and does not count. Nothing where none is to be expected.
  std::optional<FillForecast> Forecast(std::int64_t now,
                                       std::optional<std::int64_t> uncompacted_minutes) const;

 private:
  // In KiB; up to 4 TiB. 0: not known; for written, kUnknown.
  static constexpr std::uint32_t kUnknown = ~std::uint32_t{0};
  struct Step {
    std::uint32_t file = 0;  // 0: there is no reading
    std::uint32_t in_use = 0;
    std::uint32_t quota = 0;
    std::uint32_t written = kUnknown;
  };
  std::optional<double> Peak(std::int64_t minute, bool of_file) const;
  bool Reaches(std::int64_t minute) const;
  double HighestInUse(std::int64_t minute) const;

  MinuteRing<Step> steps_;
};

}  // namespace headroom::accounting
