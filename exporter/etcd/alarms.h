#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::etcd {

// One armed alarm. `member_id` is 0 when the server names no member (a CORRUPT alarm of the
// periodic check).
struct Alarm {
  std::uint64_t member_id = 0;
  std::string type;  // "NOSPACE", "CORRUPT", or whatever a later etcd adds

  bool operator==(const Alarm&) const = default;
};

// Reads one entry of StatusResponse.errors. Alarms appear there as protobuf text, `memberID:123
// alarm:NOSPACE `, whose spacing differs between etcd versions and whose memberID is left out when
// 0. Nothing for other errors ("etcdserver: no leader").
std::optional<Alarm> ParseAlarm(std::string_view error);

// All alarms among `errors`, each once.
template <typename Strings>
std::vector<Alarm> ParseAlarms(const Strings& errors) {
  std::vector<Alarm> alarms;
  for (const auto& error : errors) {
    auto alarm = ParseAlarm(error);
    if (alarm && std::find(alarms.begin(), alarms.end(), *alarm) == alarms.end())
      alarms.push_back(std::move(*alarm));
  }
  return alarms;
}

}  // namespace headroom::etcd
