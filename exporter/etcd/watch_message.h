#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

// Reads etcdserverpb.WatchResponse from its bytes on the wire, so that values are measured and
// passed over where a generated message would copy them.
namespace headroom::etcd {

// One key's change (mvccpb.Event). The views are good only within the callback.
struct WatchEvent {
  enum class Type { kPut, kDelete };

  Type type = Type::kPut;
  std::string_view key;  // any bytes, never empty
  // Revisions. Of a delete etcd sends key and mod_revision only, the rest is 0.
  std::int64_t create_revision = 0;
  std::int64_t mod_revision = 0;
  std::int64_t version = 0;     // 1: the put created the key; more: it updated it
  std::int64_t lease = 0;       // 0: none
  std::size_t value_bytes = 0;  // the value's full size
  // The value's first bytes, kMaxValuePrefix at most. Where they lie in one piece they are here
  // anyway; where they do not, only when `wants_value` said so, else this is empty.
  std::string_view value_prefix;
};

// All of a response but its events.
struct WatchHeader {
  std::uint64_t cluster_id = 0;
  std::uint64_t member_id = 0;
  std::int64_t revision = 0;  // of the store when it was sent; 0 in a cancellation by compaction
  std::int64_t watch_id = 0;  // -1: a progress report, or a watch that was refused
  bool created = false;
  bool canceled = false;
  std::int64_t compact_revision = 0;  // of a watch canceled because it asked for less; else 0
  std::string cancel_reason;          // kMaxCancelReason bytes at most
  bool fragment = false;              // more parts of this response follow
  std::size_t events = 0;             // how many were handed on
};

class WatchMessageReader {
 public:
  static constexpr std::size_t kMaxValuePrefix = std::size_t{64} * 1024;
  static constexpr std::size_t kMaxCancelReason = 1024;

  // Reads one whole message that lies in `pieces` (the slices of a gRPC byte buffer; empty ones
  // are fine). Calls `on_event` for each event in the message's order; before that perhaps
  // `wants_value` with its key, whether the start of a value that does not lie in one piece is
  // worth copying. Nothing of a message that lies in one piece is copied.
  // Fails with InvalidArgument on bytes that are no WatchResponse; events before the fault have
  // been handed on by then. Work is linear in the message's size; between calls at most
  // 2 x kMaxValuePrefix bytes are held.
  absl::StatusOr<WatchHeader> Read(absl::Span<const std::string_view> pieces,
                                   absl::FunctionRef<bool(std::string_view key)> wants_value,
                                   absl::FunctionRef<void(const WatchEvent&)> on_event);

 private:
  // For a key and a value's start that lie across pieces.
  std::string key_;
  std::string value_;
};

}  // namespace headroom::etcd
