#include "analyze/format.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace headroom::analyze {

std::string AlarmName(const bbolt::StoredAlarm& alarm) {
  if (alarm.type == bbolt::kNospaceAlarm) return "NOSPACE";
  if (alarm.type == bbolt::kCorruptAlarm) return "CORRUPT";
  return std::to_string(alarm.type);
}

std::string MemberId(std::uint64_t member) { return absl::StrCat(absl::Hex(member)); }

std::string Time(std::int64_t seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(seconds),
                          absl::UTCTimeZone());
}

}  // namespace headroom::analyze
