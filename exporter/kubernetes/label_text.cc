#include "kubernetes/label_text.h"

#include <algorithm>

namespace headroom::kubernetes {
namespace {

unsigned char Byte(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool IsContinuation(std::string_view text, std::size_t at) {
  return at < text.size() && (Byte(text, at) & 0xc0U) == 0x80;
}

// The length of the well-formed UTF-8 sequence at the front of `text` (Unicode's table 3-7), if
// that is a character fit to be shown; else 0. C1 controls (U+0080 to U+009F) are not.
std::size_t FitCharacter(std::string_view text) {
  const unsigned char lead = Byte(text, 0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  if (!IsContinuation(text, 1)) return 0;
  const unsigned char second = Byte(text, 1);
  if (lead < 0xe0) return lead > 0xc2 || (lead == 0xc2 && second >= 0xa0) ? 2 : 0;
  if (!IsContinuation(text, 2)) return 0;
  if (lead < 0xf0) {
    const bool overlong = lead == 0xe0 && second < 0xa0;
    const bool surrogate = lead == 0xed && second >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (!IsContinuation(text, 3)) return 0;
  const bool overlong = lead == 0xf0 && second < 0x90;
  const bool beyond_unicode = lead > 0xf4 || (lead == 0xf4 && second >= 0x90);
  return overlong || beyond_unicode ? 0 : 4;
}

// How much of the front of `text` is fit as it is, at most kMaxLabelBytes.
std::size_t FitPrefix(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const std::size_t length = FitCharacter(text.substr(size));
    if (length == 0 || size + length > kMaxLabelBytes) break;
    size += length;
  }
  return size;
}

}  // namespace

std::string PrintableText(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = FitCharacter(text);
    shown += length == 0 ? "?" : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown;
}

std::string_view LabelText::Fit(std::string_view text) {
  return FitPrefix(text) == text.size() ? text : Copy(text);
}

std::string_view LabelText::Copy(std::string_view text) {
  std::size_t size = 0;
  while (!text.empty()) {
    const std::size_t length = FitCharacter(text);
    const std::string_view shown = length == 0 ? "?" : text.substr(0, length);
    if (size + shown.size() > buffer_.size()) break;
    shown.copy(buffer_.data() + size, shown.size());
    size += shown.size();
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return {buffer_.data(), size};
}

}  // namespace headroom::kubernetes
