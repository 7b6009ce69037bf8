#include "bbolt/prefetch.h"

namespace headroom::bbolt {
namespace {

// In two steps: where a page's records are stands at its beginning.
constexpr std::size_t kToHeader = 8;
constexpr std::size_t kToRecords = 4;

// From the beginning of the page; empty where there is none.
std::string_view PageOf(std::string_view file, std::uint32_t page_bytes, std::string_view branch,
                        std::size_t child) {
  const auto element = ReadBranchElement(branch, child);
  if (!element || element->child >= file.size() / page_bytes) return {};
  return file.substr(element->child * page_bytes);
}

}  // namespace

void Prefetch(std::string_view file, std::uint32_t page_bytes, std::string_view branch,
              std::size_t child) {
  if (child >= kToHeader) {
    __builtin_prefetch(PageOf(file, page_bytes, branch, child - kToHeader).data());
  }
  if (child >= kToRecords) {
    ForEachLine(PageOf(file, page_bytes, branch, child - kToRecords),
                [](const char* line) { __builtin_prefetch(line); });
  }
}

}  // namespace headroom::bbolt
