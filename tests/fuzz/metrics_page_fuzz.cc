#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "etcd/metrics_page.h"
#include "pieces.h"

namespace {

struct Result {
  headroom::etcd::PageFacts facts;
  int malformed_lines = 0;

  bool operator==(const Result&) const = default;
};

Result Read(std::string_view page, std::size_t longest_piece) {
  headroom::etcd::MetricsPageParser parser;
  headroom::fuzz::ForEachPiece(page, longest_piece, static_cast<std::uint32_t>(page.size()),
                               [&](std::string_view piece) { parser.Feed(piece); });
  const headroom::etcd::PageFacts facts = parser.Finish();
  return {.facts = facts, .malformed_lines = parser.malformed_lines()};
}

}  // namespace

// Any page is read without a crash, and where the network cut it makes no difference.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view page(reinterpret_cast<const char*>(data), size);
  headroom::etcd::MetricsPageParser whole;
  whole.Feed(page);
  const headroom::etcd::PageFacts facts = whole.Finish();
  const Result expected{.facts = facts, .malformed_lines = whole.malformed_lines()};
  for (const std::size_t longest_piece : {1U, 7U, 100U, 3000U}) {
    if (Read(page, longest_piece) != expected) abort();
  }
  return 0;
}
