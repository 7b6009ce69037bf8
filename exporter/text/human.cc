#include "text/human.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"

namespace headroom::text {

std::string Bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return absl::StrCat(bytes, " B");
  double amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  // What would be rounded to 1024.0 is 1.0 of the next.
  for (; amount >= 1023.95 && unit + 1 < kUnits.size(); ++unit) amount /= 1024;
  return absl::StrFormat("%.1f %s", amount, kUnits.at(unit));
}

std::string Count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string Percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  return absl::StrFormat("%.1f %%", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string Duration(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 60 * kMinute;
  constexpr double kDay = 24 * kHour;
  if (seconds < 1.5 * kMinute) return absl::StrFormat("%.0f s", seconds);
  if (seconds < 1.5 * kHour) return absl::StrFormat("%.0f min", seconds / kMinute);
  if (seconds < 2 * kDay) return absl::StrFormat("%.1f h", seconds / kHour);
  return absl::StrFormat("%.0f days", seconds / kDay);
}

std::string DurationRange(double earliest, double latest) {
  const std::string from = Duration(earliest);
  const std::string to = Duration(latest);
  if (latest < 1.25 * earliest || from == to) return "about " + Duration((earliest + latest) / 2);
  return absl::StrCat(from, " to ", to);
}

std::string UtcTime(std::int64_t seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(seconds),
                          absl::UTCTimeZone());
}

std::string EscapeHtml(std::string_view text) {
  return absl::StrReplaceAll(
      absl::string_view(text.data(), text.size()),
      {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

}  // namespace headroom::text
