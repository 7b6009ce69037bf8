#include "analyze/format.h"

#include "absl/strings/str_cat.h"

namespace headroom::analyze {

std::string AlarmName(const bbolt::StoredAlarm& alarm) {
  if (alarm.type == bbolt::kNospaceAlarm) return "NOSPACE";
  if (alarm.type == bbolt::kCorruptAlarm) return "CORRUPT";
  return std::to_string(alarm.type);
}

std::string MemberId(std::uint64_t member) { return absl::StrCat(absl::Hex(member)); }

}  // namespace headroom::analyze
