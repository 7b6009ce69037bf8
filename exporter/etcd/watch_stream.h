#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "etcd/deadline.h"
#include "etcd/endpoint.h"
#include "etcd/rpc_client.h"
#include "etcd/tls.h"
#include "etcd/watch_message.h"

namespace headroom::etcd {

// One watch of the whole key space on a connection of its own. Messages are parsed as gRPC holds
// them; what is not read yet waits in the sender, for HTTP/2's flow control holds it back. Belongs
// to one thread; Cancel() to any.
class WatchStream {
 public:
  // `tls` may be null for http endpoints.
  WatchStream(const Endpoint& endpoint, std::shared_ptr<const TlsCredentials> tls);
  WatchStream(const WatchStream&) = delete;
  WatchStream& operator=(const WatchStream&) = delete;
  ~WatchStream();  // ends the watch

  // Asks for Status on the same connection.
  absl::StatusOr<StatusReply> Status(Deadline deadline);

  // Asks for all changes from `start_revision` on, 0 = from now. etcd refuses it without a leader.
  // Call once, before Next.
  absl::Status Open(std::int64_t start_revision);

  // Reads the next message, handing its events on like WatchMessageReader. Nothing when there is
  // none by `until`. When the stream has ended: why, and no more calls.
  absl::StatusOr<std::optional<WatchHeader>> Next(
      Deadline until, absl::FunctionRef<bool(std::string_view key)> wants_value,
      absl::FunctionRef<void(const WatchEvent&)> on_event);

  // Ends calls under way and refuses later ones.
  void Cancel();

 private:
  class Call;  // keeps gRPC's headers out of this one
  std::unique_ptr<Call> call_;
};

}  // namespace headroom::etcd
