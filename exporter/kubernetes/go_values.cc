#include "kubernetes/go_values.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>
#include <utility>

namespace headroom::kubernetes {
namespace {

constexpr uint64_t kInt64Limit = uint64_t{1} << 63;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// The value of a digit in any base up to 16; 16 for anything else.
uint64_t DigitValue(char c) {
  if (IsDigit(c)) return static_cast<uint64_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint64_t>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<uint64_t>(c - 'A') + 10;
  return 16;
}

std::optional<uint64_t> ParseDigits(std::string_view text, uint64_t base) {
  if (text.empty()) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    const uint64_t digit = DigitValue(c);
    if (digit >= base) return std::nullopt;
    if (value > (std::numeric_limits<uint64_t>::max() - digit) / base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

// Takes the base prefix off; a lone "0" stays decimal.
uint64_t TakeBase(std::string_view& text) {
  if (text.size() < 2 || text[0] != '0') return 10;
  constexpr std::array<std::pair<char, uint64_t>, 6> kBases = {
      {{'x', 16}, {'X', 16}, {'b', 2}, {'B', 2}, {'o', 8}, {'O', 8}}};
  for (const auto& [letter, base] : kBases) {
    if (text[1] == letter) {
      text.remove_prefix(2);
      return base;
    }
  }
  text.remove_prefix(1);
  return 8;
}

std::optional<uint64_t> ApplySignLimit(std::optional<uint64_t> magnitude, bool negative) {
  if (!magnitude || *magnitude > kInt64Limit - (negative ? 0 : 1)) return std::nullopt;
  return magnitude;
}

// Two's complement: the magnitude 2^63 only passes ApplySignLimit when it is negative.
int64_t WithSign(uint64_t magnitude, bool negative) {
  return static_cast<int64_t>(negative ? uint64_t{0} - magnitude : magnitude);
}

bool TakeSign(std::string_view& text) {
  if (TakePrefix(text, "-")) return true;
  TakePrefix(text, "+");
  return false;
}

// Takes decimal digits; false when they exceed what a duration can hold.
bool TakeWhole(std::string_view& text, uint64_t& value) {
  value = 0;
  while (!text.empty() && IsDigit(text.front())) {
    if (value > kInt64Limit / 10) return false;
    value = value * 10 + DigitValue(text.front());
    if (value > kInt64Limit) return false;
    text.remove_prefix(1);
  }
  return true;
}

// Takes the digits after a point; digits beyond 64 bits are dropped, as in Go.
void TakeFraction(std::string_view& text, uint64_t& value, double& scale) {
  value = 0;
  scale = 1;
  bool full = false;
  while (!text.empty() && IsDigit(text.front())) {
    full = full || value > (kInt64Limit - 1) / 10 - 1;
    if (!full) {
      value = value * 10 + DigitValue(text.front());
      scale *= 10;
    }
    text.remove_prefix(1);
  }
}

// Nanoseconds of the unit at the front of `text`, which is taken; 0 when there is none that Go
// knows.
uint64_t TakeUnit(std::string_view& text) {
  size_t length = 0;
  while (length < text.size() && text[length] != '.' && !IsDigit(text[length])) ++length;
  const std::string_view unit = text.substr(0, length);
  text.remove_prefix(length);
  constexpr std::array<std::pair<std::string_view, uint64_t>, 8> kUnits = {{
      {"ns", 1},
      {"us", 1'000},
      {"\u00b5s", 1'000},  // micro sign
      {"\u03bcs", 1'000},  // Greek mu
      {"ms", 1'000'000},
      {"s", 1'000'000'000},
      {"m", 60'000'000'000},
      {"h", 3'600'000'000'000},
  }};
  for (const auto& [name, nanoseconds] : kUnits) {
    if (unit == name) return nanoseconds;
  }
  return 0;
}

// One "<number><unit>" of a duration, in nanoseconds.
std::optional<uint64_t> TakeDurationTerm(std::string_view& text) {
  uint64_t whole = 0;
  const size_t before = text.size();
  if (!TakeWhole(text, whole)) return std::nullopt;
  bool digits = text.size() != before;
  uint64_t fraction = 0;
  double scale = 1;
  if (TakePrefix(text, ".")) {
    const size_t point = text.size();
    TakeFraction(text, fraction, scale);
    digits = digits || text.size() != point;
  }
  if (!digits) return std::nullopt;
  const uint64_t unit = TakeUnit(text);
  if (unit == 0 || whole > kInt64Limit / unit) return std::nullopt;
  const auto part =
      static_cast<uint64_t>(static_cast<double>(fraction) * (static_cast<double>(unit) / scale));
  return whole * unit + part;
}

}  // namespace

std::optional<uint64_t> ParseGoUint64(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const bool prefixed = text.size() > 1 && text[0] == '0';
  const uint64_t base = TakeBase(text);
  // Underscores stand between two digits, or between the base prefix and a digit.
  std::string digits;
  bool after_digit = prefixed;
  for (const char c : text) {
    if (c == '_' && !after_digit) return std::nullopt;
    after_digit = c != '_';
    if (after_digit) digits.push_back(c);
  }
  if (!after_digit) return std::nullopt;
  return ParseDigits(digits, base);
}

std::optional<int64_t> ParseGoInt64(std::string_view text) {
  const bool negative = TakeSign(text);
  const std::optional<uint64_t> magnitude = ApplySignLimit(ParseGoUint64(text), negative);
  if (!magnitude) return std::nullopt;
  return WithSign(*magnitude, negative);
}

std::optional<int64_t> ParseGoDecimal(std::string_view text) {
  const bool negative = TakeSign(text);
  const std::optional<uint64_t> magnitude = ApplySignLimit(ParseDigits(text, 10), negative);
  if (!magnitude) return std::nullopt;
  return WithSign(*magnitude, negative);
}

std::optional<int64_t> ParseYamlInt64(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  if (const auto integer = ParseGoInt64(digits)) return integer;
  // from_chars takes "inf" and "nan", too, but no plus.
  if (digits.find_first_not_of("0123456789.eE+-") != std::string::npos) return std::nullopt;
  std::string_view rest = digits;
  if (TakePrefix(rest, "+") && rest.starts_with('-')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc() || end != rest.data() + rest.size()) return std::nullopt;
  constexpr auto kLimit = static_cast<double>(kInt64Limit);
  if (value != std::trunc(value) || value < -kLimit || value >= kLimit) return std::nullopt;
  return static_cast<int64_t>(value);
}

std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text) {
  const bool negative = TakeSign(text);
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return std::nullopt;
  uint64_t total = 0;
  while (!text.empty()) {
    const std::optional<uint64_t> term = TakeDurationTerm(text);
    if (!term || *term > kInt64Limit || total > kInt64Limit - *term) return std::nullopt;
    total += *term;
  }
  const std::optional<uint64_t> magnitude = ApplySignLimit(total, negative);
  if (!magnitude) return std::nullopt;
  return std::chrono::nanoseconds(WithSign(*magnitude, negative));
}

}  // namespace headroom::kubernetes
