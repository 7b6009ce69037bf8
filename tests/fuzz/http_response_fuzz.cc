#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "etcd/http_response.h"
#include "pieces.h"

namespace {

struct Result {
  bool ok = false;
  bool complete = false;
  std::string error;
  std::string body;

  bool operator==(const Result&) const = default;
};

Result Read(std::string_view answer, std::size_t longest_piece) {
  Result result;
  headroom::etcd::HttpResponseReader reader(
      [&result](std::string_view piece) { result.body += piece; });
  absl::Status status;
  headroom::fuzz::ForEachPiece(answer, longest_piece, static_cast<std::uint32_t>(answer.size()),
                               [&](std::string_view piece) {
                                 if (status.ok()) status = reader.Feed(piece);
                               });
  if (status.ok()) status = reader.Finish();
  result.ok = status.ok();
  result.complete = status.ok() && reader.complete();
  result.error = std::string(status.message());
  return result;
}

}  // namespace

// Any answer is read without a crash; where the network cut it makes no difference; no body comes
// out of an answer that was refused by its head; what the server said is printable in the error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Heads over 16 KiB are refused by the piece that exceeds it.
  if (size > 16U << 10) return 0;
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  const Result whole = Read(answer, size + 1);
  for (const std::size_t longest_piece : {1U, 3U, 50U}) {
    if (Read(answer, longest_piece) != whole) abort();
  }
  if (whole.body.size() > answer.size()) abort();
  if (!whole.body.empty() && !answer.starts_with("HTTP/1.")) abort();
  for (const char c : whole.error) {
    if (c < ' ' || c > '~') abort();
  }
  return 0;
}
