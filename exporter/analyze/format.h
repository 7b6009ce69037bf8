#pragma once

#include <cstdint>
#include <string>

#include "bbolt/etcd_records.h"

namespace headroom::analyze {

// "NOSPACE", "CORRUPT", else the number.
std::string AlarmName(const bbolt::StoredAlarm& alarm);
// Hexadecimal, as etcdctl shows members.
std::string MemberId(std::uint64_t member);
// "2026-11-28T10:12:33Z" of seconds since 1970.
std::string Time(std::int64_t seconds);

}  // namespace headroom::analyze
