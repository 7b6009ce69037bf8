#include "node/go_values.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"

namespace headroom::node {
namespace {

// absl's string_view is a type of its own in Debian's build.
absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

bool TakeSign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

// Takes the base prefix off; a lone "0" stays decimal.
int TakeBase(std::string_view& text) {
  if (text.size() < 2 || text[0] != '0') return 10;
  const char letter = text[1];
  const int base = letter == 'x' || letter == 'X'   ? 16
                   : letter == 'b' || letter == 'B' ? 2
                   : letter == 'o' || letter == 'O' ? 8
                                                    : 0;
  text.remove_prefix(base == 0 ? 1 : 2);
  return base == 0 ? 8 : base;
}

// Underscores stand between two digits, or between the base prefix and a digit.
bool UnderscoresFit(std::string_view digits, bool prefixed) {
  return !digits.ends_with('_') && digits.find("__") == std::string_view::npos &&
         (prefixed || !digits.starts_with('_'));
}

}  // namespace

std::optional<uint64_t> ParseGoUint64(std::string_view text) {
  const bool prefixed = text.size() > 1 && text[0] == '0';
  const int base = TakeBase(text);
  if (!UnderscoresFit(text, prefixed)) return std::nullopt;
  std::string digits(text);
  std::erase(digits, '_');
  uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value, base);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

std::optional<int64_t> ParseGoInt64(std::string_view text) {
  const bool negative = TakeSign(text);
  const std::optional<uint64_t> magnitude = ParseGoUint64(text);
  constexpr uint64_t kLimit = uint64_t{1} << 63U;
  if (!magnitude || *magnitude > kLimit - (negative ? 0U : 1U)) return std::nullopt;
  return static_cast<int64_t>(negative ? uint64_t{0} - *magnitude : *magnitude);
}

std::optional<int64_t> ParseGoDecimal(std::string_view text) {
  int64_t value = 0;
  // absl leaves blanks out.
  if (text.find_first_not_of("0123456789+-") != std::string_view::npos) return std::nullopt;
  return absl::SimpleAtoi(Absl(text), &value) ? std::optional(value) : std::nullopt;
}

std::optional<int64_t> ParseYamlInt64(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  if (const auto integer = ParseGoInt64(digits)) return integer;
  // absl takes "inf", "nan" and blanks, too.
  if (digits.find_first_not_of("0123456789.eE+-") != std::string::npos) return std::nullopt;
  double value = 0;
  if (!absl::SimpleAtod(digits, &value)) return std::nullopt;
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (value != std::trunc(value) || value < -kLimit || value >= kLimit) return std::nullopt;
  return static_cast<int64_t>(value);
}

std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text) {
  absl::Duration duration;
  // absl knows no micro sign, neither of the two that Go does.
  const std::string ascii = absl::StrReplaceAll(Absl(text), {{"\u00b5s", "us"}, {"\u03bcs", "us"}});
  if (!absl::ParseDuration(ascii, &duration)) return std::nullopt;
  const absl::Duration least = absl::FromChrono(std::chrono::nanoseconds::min());
  const absl::Duration most = absl::FromChrono(std::chrono::nanoseconds::max());
  if (duration < least || duration > most) return std::nullopt;
  return absl::ToChronoNanoseconds(duration);
}

}  // namespace headroom::node
