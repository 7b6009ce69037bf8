#include "kubernetes/cbor_scanner.h"

#include <algorithm>

namespace headroom::kubernetes {
namespace {

constexpr std::string_view kSelfDescribed = "\xd9\xd9\xf7";  // RFC 8949, 3.4.6

}  // namespace

CborScanner::CborScanner(std::string_view bytes) : bytes_(bytes) {
  if (bytes_.starts_with(kSelfDescribed)) bytes_.remove_prefix(kSelfDescribed.size());
}

void CborScanner::SkipValue() {
  // Each head stands for one value; containers add theirs to those that are left.
  for (std::uint64_t left = 1; left > 0; --left) {
    const auto head = Peek();
    if (!head) return Stop();
    Take(*head);
    const std::uint64_t items = std::min<std::uint64_t>(head->argument, bytes_.size());
    switch (head->major) {
      case kByteString:
      case kTextString:
        bytes_.remove_prefix(items);
        break;
      case kArray:
        left += items;
        break;
      case kMap:
        left += 2 * items;
        break;
      case kTag:
        ++left;
        break;
      default:
        break;
    }
  }
}

std::string_view CborScanner::TakeValue() {
  const std::string_view before = bytes_;
  SkipValue();
  return before.substr(0, before.size() - bytes_.size());
}

// RFC 8949, 3: three bits of major type, five of the argument or of how many bytes hold it.
std::optional<CborScanner::Head> CborScanner::Peek() const {
  if (bytes_.empty()) return std::nullopt;
  const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(bytes_[at]); };
  const unsigned low = byte(0) & 0x1fU;
  Head head{.major = byte(0) >> 5U, .argument = low, .size = 1};
  if (low < 24) return head;
  if (low > 27) return std::nullopt;
  const std::size_t more = std::size_t{1} << (low - 24);
  if (bytes_.size() < 1 + more) return std::nullopt;
  head.argument = 0;
  for (std::size_t i = 0; i < more; ++i) head.argument = head.argument << 8U | byte(1 + i);
  head.size += more;
  return head;
}

bool CborScanner::TakeText(std::string_view& text) {
  const auto head = Peek();
  if (!head || (head->major != kByteString && head->major != kTextString)) return false;
  Take(*head);
  text = bytes_.substr(0, head->argument);
  bytes_.remove_prefix(text.size());
  return true;
}

}  // namespace headroom::kubernetes
