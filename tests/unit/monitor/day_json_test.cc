#include "monitor/day_json.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace headroom {
namespace {

using nlohmann::json;
using testing::HasSubstr;

DayView Full() {
  DayView day{.cluster_id = 0xabc};
  day.forecast = {.of_file = true,
                  .horizon_minutes = 3,
                  .bytes_per_second = 10,
                  .earliest_seconds = 100,
                  .latest_seconds = 200};
  day.space = {std::nullopt,
               accounting::SpaceReading{
                   .file_bytes = 5, .in_use_bytes = 4, .quota_bytes = 9, .written_bytes = 0}};
  day.quarter_hour = {.seconds = 900,
                      .by_kind = {{{7, {{{"kubelet", "pods"}, 6}}},
                                   {7, {{{"shop", "pods"}, 5}}},
                                   {2, {{{"kubelet", "Killing"}, 2}}}}}};
  day.day = {.seconds = 86400, .by_kind = {{{9, {{{"helm", "secrets"}, 9}}}, {}, {}}}};
  return day;
}

TEST(DayJson, LeavesOutWhatIsUnknown) {
  DayView day;
  day.space = {std::nullopt, accounting::SpaceReading{.file_bytes = 5, .in_use_bytes = 4}};
  const json object = json::parse(DayJson(day));
  EXPECT_FALSE(object.contains("forecast"));
  EXPECT_FALSE(object.contains("cluster_id"));
  EXPECT_EQ(object.at("space"),
            json::parse(R"([{"seconds_ago": 900, "file_bytes": 5, "in_use_bytes": 4}])"));
  EXPECT_EQ(object.at("last_24_hours").at("seconds"), 0);
}

TEST(DayJson, HasTheForecastAndTheWritersOfBothWindows) {
  const json object = json::parse(DayJson(Full()));
  EXPECT_EQ(object.at("forecast"), json::parse(R"({"of": "file", "horizon_seconds": 180,
      "bytes_per_second": 10.0, "full_in_seconds": {"earliest": 100.0, "latest": 200.0}})"));
  EXPECT_EQ(object.at("last_15_minutes"), json::parse(R"({"seconds": 900.0,
      "managers": {"bytes": 7,
                   "heaviest": [{"manager": "kubelet", "resource": "pods", "bytes": 6}]},
      "namespaces": {"bytes": 7,
                     "heaviest": [{"namespace": "shop", "resource": "pods", "bytes": 5}]},
      "event_objects": {"bytes": 2,
          "heaviest": [{"component": "kubelet", "reason": "Killing", "bytes": 2}]}})"));
}

TEST(DayJson, IsReadBackAsItWas) {
  const auto day = ParseDayJson(DayJson(Full()));
  ASSERT_TRUE(day.ok()) << day.status();
  EXPECT_EQ(day->cluster_id, 0xabcU);
  EXPECT_EQ(day->forecast, Full().forecast);
  EXPECT_EQ(day->space.at(1)->written_bytes, 0U);
  EXPECT_EQ(DayJson(*day), DayJson(Full()));
}

TEST(DayJson, RefusesWhatIsNone) {
  for (const char* text : {"", "{}", "[]", "not found\n", R"({"space": 1})",
                           R"({"space": [{"seconds_ago": -1}], "last_15_minutes": {}})"}) {
    EXPECT_THAT(ParseDayJson(text).status().message(), HasSubstr("no history: ")) << text;
  }
}

}  // namespace
}  // namespace headroom
