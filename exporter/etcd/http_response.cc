#include "etcd/http_response.h"

#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace headroom::etcd {
namespace {

constexpr std::size_t kMaxHeadBytes = 16U << 10;
constexpr std::size_t kMaxBodyBytes = 16U << 20;
constexpr std::string_view kEndOfHead = "\r\n\r\n";

std::string Printable(std::string_view text) {
  std::string printable;
  for (const char c : text.substr(0, 80))
    printable += absl::ascii_isprint(static_cast<unsigned char>(c)) ? c : '?';
  return printable;
}

}  // namespace

absl::Status HttpResponseReader::Feed(std::string_view piece) {
  if (headers_done_) return Body(piece);
  // The end of the head may lie across two pieces.
  const std::size_t searched =
      head_.size() < kEndOfHead.size() ? 0 : head_.size() - kEndOfHead.size() + 1;
  head_ += piece;
  const auto end = head_.find(kEndOfHead, searched);
  if (end == std::string::npos) {
    if (head_.size() > kMaxHeadBytes)
      return absl::InvalidArgumentError("the headers of the answer do not end");
    return absl::OkStatus();
  }
  const std::string body = head_.substr(end + kEndOfHead.size());
  head_.resize(end + 2);
  headers_done_ = true;
  if (auto read = ReadHead(); !read.ok()) return read;
  return Body(body);
}

absl::Status HttpResponseReader::ReadHead() {
  std::string_view rest = head_;
  const std::string_view status_line = rest.substr(0, rest.find("\r\n"));
  if (!status_line.starts_with("HTTP/1.")) {
    return absl::InvalidArgumentError(
        absl::StrCat("not an HTTP answer: \"", Printable(status_line), "\""));
  }
  const std::string_view code = status_line.substr(std::min<std::size_t>(8, status_line.size()));
  if (code != " 200" && !code.starts_with(" 200 ")) {
    return absl::FailedPreconditionError(absl::StrCat("answered \"", Printable(status_line), "\""));
  }
  rest.remove_prefix(status_line.size() + 2);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string name = absl::AsciiStrToLower(std::string(line.substr(0, colon)));
    const std::string value(absl::StripAsciiWhitespace(std::string(line.substr(colon + 1))));
    if (name == "transfer-encoding")
      return absl::InvalidArgumentError("the answer is chunked, which HTTP/1.0 does not know");
    if (name != "content-length") continue;
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc() || end != value.data() + value.size()) {
      return absl::InvalidArgumentError("Content-Length is not a number");
    }
    content_length_ = length;
  }
  return absl::OkStatus();
}

absl::Status HttpResponseReader::Body(std::string_view piece) {
  if (content_length_)
    piece = piece.substr(0, *content_length_ - std::min(*content_length_, body_bytes_));
  body_bytes_ += piece.size();
  if (body_bytes_ > kMaxBodyBytes)
    return absl::InvalidArgumentError("the answer is larger than 16 MiB");
  if (!piece.empty()) on_body_(piece);
  return absl::OkStatus();
}

absl::Status HttpResponseReader::Finish() const {
  if (!headers_done_) return absl::UnavailableError("the connection closed before an answer");
  if (content_length_ && body_bytes_ < *content_length_)
    return absl::UnavailableError("the connection closed within the answer");
  return absl::OkStatus();
}

}  // namespace headroom::etcd
