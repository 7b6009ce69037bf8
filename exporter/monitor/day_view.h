#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "accounting/space_history.h"
#include "accounting/writer_history.h"

namespace headroom {

// Who wrote in a while, by accounting::WriterKind.
struct WriterWindow {
  double seconds = 0;  // how much of it was seen; 0: nothing is known
  std::array<accounting::WriterSum, accounting::kWriterKinds> by_kind;

  const accounting::WriterSum& Of(accounting::WriterKind kind) const {
    return by_kind.at(static_cast<std::size_t>(kind));
  }
};

// The last 24 hours, as of one moment.
struct DayView {
  static constexpr std::int64_t kStepMinutes = 15;

  std::optional<std::uint64_t> cluster_id;  // of etcd; nothing while no member has answered
  std::optional<accounting::FillForecast> forecast;
  // Of each quarter of an hour the fullest minute, the last one first; absent where none was seen.
  std::vector<std::optional<accounting::SpaceReading>> space;
  WriterWindow quarter_hour;
  WriterWindow day;
};

}  // namespace headroom
