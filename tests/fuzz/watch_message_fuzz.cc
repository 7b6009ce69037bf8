#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "etcd/watch_message.h"
#include "pieces.h"

using headroom::etcd::WatchEvent;
using headroom::etcd::WatchHeader;
using headroom::etcd::WatchMessageReader;

namespace {

// Keys of an even length ask for their values.
bool WantsValue(std::string_view key) { return key.size() % 2 == 0; }

struct Event {
  WatchEvent::Type type;
  std::string key;
  std::int64_t create_revision, mod_revision, version, lease;
  std::size_t value_bytes;
  std::string value_prefix;

  bool operator==(const Event&) const = default;
};

struct Result {
  bool read = false;
  WatchHeader header;
  std::vector<Event> events;

  bool operator==(const Result& other) const {
    const auto fields = [](const WatchHeader& h) {
      return std::tie(h.cluster_id, h.member_id, h.revision, h.watch_id, h.created, h.canceled,
                      h.compact_revision, h.cancel_reason, h.fragment, h.events);
    };
    return read == other.read && fields(header) == fields(other.header) && events == other.events;
  }
};

Result Read(const std::vector<std::string_view>& pieces) {
  WatchMessageReader reader;
  Result result;
  const auto header = reader.Read(pieces, WantsValue, [&](const WatchEvent& event) {
    if (event.key.empty()) abort();
    if (event.value_prefix.size() > WatchMessageReader::kMaxValuePrefix) abort();
    if (event.value_prefix.size() > event.value_bytes) abort();
    // Whether a value that nobody asked for is there depends on the pieces.
    const std::string_view value = WantsValue(event.key) ? event.value_prefix : "";
    result.events.push_back({event.type, std::string(event.key), event.create_revision,
                             event.mod_revision, event.version, event.lease, event.value_bytes,
                             std::string(value)});
  });
  result.read = header.ok();
  if (header.ok()) result.header = *header;
  return result;
}

}  // namespace

// Any message is read without a crash, and where it was cut into slices makes no difference.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const Result whole = Read({message});
  for (const std::size_t longest_piece : {1U, 7U, 100U, 3000U}) {
    std::vector<std::string_view> pieces = {""};
    headroom::fuzz::ForEachPiece(message, longest_piece, static_cast<std::uint32_t>(size),
                                 [&](std::string_view piece) { pieces.push_back(piece); });
    if (!(Read(pieces) == whole)) abort();
  }
  return 0;
}
