#include "http/status_day.h"

#include <gmock/gmock.h>

namespace headroom::http {
namespace {

using accounting::SpaceReading;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t kMiB = 1 << 20;

SpaceReading Reading(std::uint64_t file, std::uint64_t in_use) {
  return {.file_bytes = file * kMiB, .in_use_bytes = in_use * kMiB, .quota_bytes = 1000 * kMiB};
}

DayView Filling() {
  DayView day;
  day.forecast = {.of_file = true,
                  .horizon_minutes = 3,
                  .bytes_per_second = 2048,
                  .earliest_seconds = 300,
                  .latest_seconds = 301};
  return day;
}

TEST(StatusDay, SaysNothingWithoutAForecast) { EXPECT_EQ(ForecastSentence(DayView()), ""); }

TEST(StatusDay, GivesOneTimeWhereBothEndsReadAlike) {
  EXPECT_EQ(ForecastSentence(Filling()),
            "Full in about 5 min: the file grew by 2.0 KiB a second over 3 min.");
}

TEST(StatusDay, SaysWhatIsLeftOnceTheTopManagerStops) {
  DayView day = Filling();
  day.quarter_hour.seconds = 900;
  day.quarter_hour.by_kind.front() = {
      100, {{{"none", "pods"}, 30}, {{"<b>argo", "pods"}, 30}, {{"<b>argo", "jobs.batch"}, 20}}};
  EXPECT_THAT(
      ForecastSentence(day),
      HasSubstr(" Without &lt;b&gt;argo, which wrote 50.0 % of the bytes of the last 15 min, "
                "in about 10 min."));
  day.quarter_hour.by_kind.front() = {100, {{{"argo", "pods"}, 100}}};
  EXPECT_THAT(ForecastSentence(day), Not(HasSubstr("Without"))) << "nothing is left";
}

TEST(StatusDay, DrawsWhatIsKnownOfTheDay) {
  DayView day;
  day.space = {Reading(600, 500), std::nullopt, Reading(400, 300), Reading(200, 100)};
  EXPECT_THAT(DaySection(day),
              AllOf(HasSubstr("aria-label=\"File 600.0 MiB and in use 500.0 MiB of 1000.0 MiB"),
                    HasSubstr("<path class=\"file\" d=\"M0 64.0h1L160 48.0M480 32.0h1\"/>"),
                    HasSubstr("<path class=\"use\" d=\"M0 72.0h1L160 56.0M480 40.0h1\"/>")));
}

TEST(StatusDay, DrawsNothingOfTooLittle) {
  DayView day;
  EXPECT_EQ(DaySection(day), "");
  day.space = {Reading(600, 500), std::nullopt};
  EXPECT_EQ(DaySection(day), "") << "one quarter of an hour";
  day.space = {SpaceReading{.file_bytes = 1}, SpaceReading{.file_bytes = 1}};
  EXPECT_EQ(DaySection(day), "") << "the quota is unknown or disabled";
}

}  // namespace
}  // namespace headroom::http
