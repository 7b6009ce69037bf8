#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "etcd/alarms.h"

// Any error text is read without a crash; what is found in it is an alarm's type and id and nothing
// else of the text, since both become label values.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto alarm =
      headroom::etcd::ParseAlarm(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!alarm) return 0;
  constexpr std::string_view kOfATypeName = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  if (alarm->type.empty()) abort();
  if (alarm->type.find_first_not_of(kOfATypeName) != std::string::npos) abort();
  const std::string as_etcd_writes_it =
      "memberID:" + std::to_string(alarm->member_id) + " alarm:" + alarm->type + " ";
  if (headroom::etcd::ParseAlarm(as_etcd_writes_it) != alarm) abort();
  return 0;
}
