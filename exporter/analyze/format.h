#pragma once

#include <cstdint>
#include <string>

#include "bbolt/etcd_records.h"

namespace headroom::analyze {

// "1.4 GiB"; below 1 KiB "812 B".
std::string Bytes(std::uint64_t bytes);
// "1,234,567".
std::string Count(std::uint64_t count);
// "12.3 %"; of 0 nothing is a share.
std::string Percent(std::uint64_t part, std::uint64_t whole);
// "NOSPACE", "CORRUPT", else the number.
std::string AlarmName(const bbolt::Alarm& alarm);
// Hexadecimal, as etcdctl shows members.
std::string MemberId(std::uint64_t member);

}  // namespace headroom::analyze
