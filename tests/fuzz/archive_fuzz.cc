#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "absl/status/status.h"
#include "analyze/archive.h"

using headroom::analyze::Packing;
using headroom::analyze::Unpack;

// Any bytes are an archive: it is unpacked or refused with a reason, and ends when its taker says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view archive(reinterpret_cast<const char*>(data), size);
  static_cast<void>(headroom::analyze::Unsupported(archive));
  for (const Packing packing : {Packing::kGzip, Packing::kZip}) {
    constexpr std::size_t kMost = 4U << 20U;
    std::size_t taken = 0;
    bool refused = false;
    const absl::Status done = Unpack(packing, archive, [&](std::string_view piece) {
      if (refused || piece.empty()) abort();
      taken += piece.size();
      refused = taken > kMost;
      return refused ? absl::ResourceExhaustedError("enough") : absl::OkStatus();
    });
    if (refused != absl::IsResourceExhausted(done)) abort();
    if (!done.ok() && done.message().empty()) abort();
    if (done.message().find('\n') != std::string_view::npos) abort();
  }
  return 0;
}
