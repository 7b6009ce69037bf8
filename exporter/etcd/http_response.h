#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace headroom::etcd {

// Reads the answer to an HTTP/1.0 GET as it arrives: status line and headers are held (at most 16
// KiB), the body is handed on piece by piece and never stored. The body ends where the connection
// ends, or at Content-Length.
class HttpResponseReader {
 public:
  explicit HttpResponseReader(std::function<void(std::string_view)> on_body)
      : on_body_(std::move(on_body)) {}

  // Fails on anything but a 200 answer in plain bytes, and on bodies over 16 MiB.
  absl::Status Feed(std::string_view piece);
  // True once Content-Length bytes have come; nothing more is expected.
  bool complete() const {
    return headers_done_ && content_length_ && body_bytes_ >= *content_length_;
  }
  // Call at the end of the connection: fails when the headers or a part of the body are missing.
  absl::Status Finish() const;

 private:
  absl::Status ReadHead();
  absl::Status Body(std::string_view piece);

  std::function<void(std::string_view)> on_body_;
  std::string head_;
  bool headers_done_ = false;
  std::optional<std::size_t> content_length_;
  std::size_t body_bytes_ = 0;
};

}  // namespace headroom::etcd
