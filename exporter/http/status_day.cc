#include "http/status_day.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "kubernetes/write_attribution.h"
#include "text/human.h"

namespace headroom::http {
namespace {

using accounting::SpaceReading;

constexpr std::int64_t kWidth = 480;
constexpr std::int64_t kHeight = 80;

// The latest quota that is known; 0 where none is.
std::uint64_t QuotaOf(const DayView& day) {
  for (const auto& reading : day.space) {
    if (reading && reading->quota_bytes > 0) return reading->quota_bytes;
  }
  return 0;
}

// The lines of one figure; a gap where nothing was seen.
std::string Lines(const DayView& day, std::uint64_t quota, const char* look,
                  std::uint64_t SpaceReading::*figure) {
  std::string path;
  bool drawing = false;
  const auto steps = static_cast<std::int64_t>(day.space.size());
  for (std::int64_t i = steps - 1; i >= 0; --i) {
    const auto& reading = day.space[static_cast<std::size_t>(i)];
    if (reading) {
      const double share =
          std::min(1.0, static_cast<double>((*reading).*figure) / static_cast<double>(quota));
      const auto x = static_cast<double>((steps - 1 - i) * kWidth) /
                     static_cast<double>(std::max<std::int64_t>(steps - 1, 1));
      absl::StrAppendFormat(&path, "%c%.0f %.1f", drawing ? 'L' : 'M', x,
                            static_cast<double>(kHeight) * (1 - share));
      if (!drawing) path += "h1";
    }
    drawing = reading.has_value();
  }
  return absl::StrCat("<path class=\"", look, "\" d=\"", path, "\"/>");
}

// What the forecast is once the manager that wrote most lately stops; as HTML. Empty if no manager
// is known, or if nothing is left.
std::string WithoutTopManager(const accounting::FillForecast& forecast, const WriterWindow& seen) {
  const accounting::WriterSum& writers = seen.Of(accounting::WriterKind::kManager);
  std::map<std::string_view, std::uint64_t> managers;
  for (const auto& [writer, bytes] : writers.heaviest) {
    if (!kubernetes::IsNobody(writer.name)) managers[writer.name] += bytes;
  }
  const auto top =
      std::ranges::max_element(managers, {}, [](const auto& manager) { return manager.second; });
  if (top == managers.end() || top->second >= writers.total_bytes) return "";
  const double rest =
      1 - static_cast<double>(top->second) / static_cast<double>(writers.total_bytes);
  return absl::StrCat(
      " Without ", text::EscapeHtml(top->first), ", which wrote ",
      text::Percent(top->second, writers.total_bytes), " of the bytes of the last ",
      text::Duration(seen.seconds), ", in ",
      text::DurationRange(forecast.earliest_seconds / rest, forecast.latest_seconds / rest), ".");
}

}  // namespace

std::string ForecastSentence(const DayView& day) {
  const auto& forecast = day.forecast;
  if (!forecast) return "";
  return absl::StrCat(
      "Full in ", text::DurationRange(forecast->earliest_seconds, forecast->latest_seconds), ": ",
      forecast->of_file ? "the file" : "in-use", " grew by ",
      text::Bytes(static_cast<std::uint64_t>(forecast->bytes_per_second)), " a second over ",
      text::Duration(60.0 * static_cast<double>(forecast->horizon_minutes)), ".",
      WithoutTopManager(*forecast, day.quarter_hour));
}

std::string DaySection(const DayView& day) {
  const std::uint64_t quota = QuotaOf(day);
  const auto seen =
      std::ranges::count_if(day.space, [](const auto& step) { return step.has_value(); });
  if (quota == 0 || seen < 2) return "";
  const SpaceReading& latest =
      **std::ranges::find_if(day.space, [](const auto& step) { return step.has_value(); });
  const std::string says = absl::StrFormat(
      "File %s and in use %s of %s at the end of the last 24 hours", text::Bytes(latest.file_bytes),
      text::Bytes(latest.in_use_bytes), text::Bytes(quota));
  return absl::StrCat(
      "<h2>Last 24 hours</h2>\n<p><small>The frame is the quota. Light: the file. Dark: in use. "
      "The "
      "highest of each quarter of an hour.</small></p>\n<svg viewBox=\"0 0 ",
      kWidth, " ", kHeight, "\" role=\"img\" aria-label=\"", says, "\">",
      Lines(day, quota, "file", &SpaceReading::file_bytes),
      Lines(day, quota, "use", &SpaceReading::in_use_bytes), "</svg>\n");
}

}  // namespace headroom::http
