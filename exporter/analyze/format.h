#pragma once

#include <cstdint>
#include <string>

#include "bbolt/etcd_records.h"

namespace headroom::analyze {

// "NOSPACE", "CORRUPT", else the number.
std::string AlarmName(const bbolt::StoredAlarm& alarm);
// Hexadecimal, as etcdctl shows members.
std::string MemberId(std::uint64_t member);

}  // namespace headroom::analyze
