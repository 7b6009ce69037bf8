#include "kubernetes/json_scanner.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace headroom::kubernetes {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Takes the four hexadecimal digits of "\uXXXX" off `text`.
std::optional<std::uint32_t> TakeCodeUnit(std::string_view& text) {
  constexpr std::size_t kDigits = 4;
  std::uint32_t unit = 0;
  const std::string_view digits = text.substr(0, kDigits);
  const char* const end = digits.data() + digits.size();
  const auto [parsed, error] = std::from_chars(digits.data(), end, unit, 16);
  if (digits.size() != kDigits || error != std::errc() || parsed != end) return std::nullopt;
  text.remove_prefix(kDigits);
  return unit;
}

// A character as UTF-8.
class Utf8 {
 public:
  explicit Utf8(std::uint32_t code_point) {
    if (code_point < 0x80) {
      Put(code_point);
    } else if (code_point < 0x800) {
      Put(0xc0U | code_point >> 6U);
      Continue(code_point);
    } else if (code_point < 0x10000) {
      Put(0xe0U | code_point >> 12U);
      Continue(code_point >> 6U);
      Continue(code_point);
    } else {
      Put(0xf0U | code_point >> 18U);
      Continue(code_point >> 12U);
      Continue(code_point >> 6U);
      Continue(code_point);
    }
  }
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  void Put(std::uint32_t byte) { bytes_[size_++] = static_cast<char>(byte); }
  void Continue(std::uint32_t bits) { Put(0x80U | (bits & 0x3fU)); }

  std::array<char, 4> bytes_ = {};
  std::size_t size_ = 0;
};

// Takes what follows "\u" off `text`: one code unit, or the two of a surrogate pair.
std::uint32_t TakeUnicodeEscape(std::string_view& text) {
  const auto first = TakeCodeUnit(text);
  if (!first) return '?';
  if (*first < 0xd800 || *first > 0xdfff) return *first;
  if (*first > 0xdbff || !text.starts_with("\\u")) return '?';
  std::string_view after = text.substr(2);
  const auto second = TakeCodeUnit(after);
  if (!second || *second < 0xdc00 || *second > 0xdfff) return '?';
  text = after;
  return 0x10000 + ((*first - 0xd800) << 10U) + (*second - 0xdc00);
}

// Takes what follows a backslash off `text`.
std::uint32_t TakeEscape(std::string_view& text) {
  if (text.empty()) return '?';
  const char kind = text.front();
  text.remove_prefix(1);
  switch (kind) {
    case '"':
    case '\\':
    case '/':
      return static_cast<unsigned char>(kind);
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'u':
      return TakeUnicodeEscape(text);
    default:
      return '?';
  }
}

}  // namespace

void JsonScanner::TakeString(std::string_view& raw) {
  SkipAnyOf(kBlanks);
  if (Peek() != '"') return SkipValue();
  raw = ReadString();
}

void JsonScanner::SkipValue() {
  SkipAnyOf(kBlanks);
  std::size_t depth = 0;
  do {
    switch (Peek()) {
      case '"':
        ReadString();
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        // With no bracket open it is the end of what holds this value.
        if (depth == 0) return;
        --depth;
        break;
      default:
        if (depth == 0) {  // a number or a literal
          at_ = std::min(text_.find_first_of(",}] \t\r\n", at_), text_.size());
          return;
        }
    }
    ++at_;
  } while (depth > 0 && at_ < text_.size());
}

void JsonScanner::SkipAnyOf(std::string_view characters) {
  at_ = std::min(text_.find_first_not_of(characters, at_), text_.size());
}

std::string_view JsonScanner::TakeValue() {
  SkipAnyOf(kBlanks);
  const std::size_t begin = at_;
  SkipValue();
  return text_.substr(begin, at_ - begin);
}

bool JsonScanner::Enter(char bracket) {
  SkipAnyOf(kBlanks);
  if (Peek() != bracket) return false;
  ++at_;
  return true;
}

bool JsonScanner::NextElement() {
  SkipAnyOf(", \t\r\n");
  if (at_ == text_.size()) return false;
  if (Peek() != ']') return true;
  ++at_;
  return false;
}

bool JsonScanner::NextKey(std::string_view& key) {
  SkipAnyOf(", \t\r\n");
  if (Peek() == '}') {
    ++at_;
    return false;
  }
  if (Peek() != '"') return false;
  key = ReadString();
  SkipAnyOf(kBlanks);
  if (Peek() != ':') return false;
  ++at_;
  return true;
}

// From the quote on; what has no closing one ends with the text.
std::string_view JsonScanner::ReadString() {
  const std::size_t begin = ++at_;
  std::size_t quote = 0;
  for (;;) {
    if (quote < at_) quote = std::min(text_.find('"', at_), text_.size());
    const std::size_t backslash = text_.substr(0, quote).find('\\', at_);
    if (backslash == std::string_view::npos) break;
    at_ = std::min(backslash + 2, text_.size());
    if (at_ == text_.size()) quote = at_;
  }
  at_ = std::min(quote + 1, text_.size());
  return text_.substr(begin, quote - begin);
}

std::string_view UnescapeJson(std::string_view raw, std::span<char> buffer) {
  std::size_t size = 0;
  while (!raw.empty()) {
    const auto backslash = std::min(raw.find('\\'), raw.size());
    const std::size_t plain =
        raw.substr(0, backslash).copy(buffer.data() + size, buffer.size() - size);
    size += plain;
    raw.remove_prefix(backslash);
    if (raw.empty() || plain < backslash) break;
    raw.remove_prefix(1);
    const Utf8 character(TakeEscape(raw));
    if (size + character.text().size() > buffer.size()) break;
    size += character.text().copy(buffer.data() + size, character.text().size());
  }
  return {buffer.data(), size};
}

}  // namespace headroom::kubernetes
