#include "monitor/day_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "monitor/member_labels.h"

namespace headroom {
namespace {

using accounting::SpaceReading;
using accounting::WriterSum;
using Object = nlohmann::ordered_json;

constexpr std::size_t kRows = 20;
constexpr std::int64_t kStepSeconds = 60 * DayView::kStepMinutes;
constexpr std::size_t kSteps = accounting::kDayMinutes / DayView::kStepMinutes;

// By WriterKind: the list's name and those of its columns.
struct Kind {
  const char* list;
  const char* name;
  const char* resource;
};
constexpr std::array<Kind, accounting::kWriterKinds> kKinds = {
    Kind{"managers", "manager", "resource"}, Kind{"namespaces", "namespace", "resource"},
    Kind{"event_objects", "component", "reason"}};

Object WindowObject(const WriterWindow& window) {
  Object object{{"seconds", window.seconds}};
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    const auto& [list, name, resource] = kKinds.at(kind);
    const WriterSum& sum = window.by_kind.at(kind);
    Object rows = Object::array();
    for (std::size_t i = 0; i < std::min(sum.heaviest.size(), kRows); ++i) {
      const auto& [writer, bytes] = sum.heaviest[i];
      rows.push_back({{name, writer.name}, {resource, writer.resource}, {"bytes", bytes}});
    }
    object[list] = {{"bytes", sum.total_bytes}, {"heaviest", std::move(rows)}};
  }
  return object;
}

WriterWindow WindowOf(const Object& object) {
  WriterWindow window{.seconds = object.at("seconds").get<double>(), .by_kind = {}};
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    const auto& [list, name, resource] = kKinds.at(kind);
    WriterSum& sum = window.by_kind.at(kind);
    sum.total_bytes = object.at(list).at("bytes").get<std::uint64_t>();
    for (const Object& row : object.at(list).at("heaviest")) {
      sum.heaviest.push_back(
          {{row.at(name).get<std::string>(), row.at(resource).get<std::string>()},
           row.at("bytes").get<std::uint64_t>()});
    }
  }
  return window;
}

Object ForecastObject(const accounting::FillForecast& forecast) {
  return {{"of", forecast.of_file ? "file" : "in_use"},
          {"horizon_seconds", 60 * forecast.horizon_minutes},
          {"bytes_per_second", forecast.bytes_per_second},
          {"full_in_seconds",
           {{"earliest", forecast.earliest_seconds}, {"latest", forecast.latest_seconds}}}};
}

accounting::FillForecast ForecastOf(const Object& object) {
  const Object& full = object.at("full_in_seconds");
  return {.of_file = object.at("of").get<std::string>() == "file",
          .horizon_minutes = object.at("horizon_seconds").get<std::int64_t>() / 60,
          .bytes_per_second = object.at("bytes_per_second").get<double>(),
          .earliest_seconds = full.at("earliest").get<double>(),
          .latest_seconds = full.at("latest").get<double>()};
}

DayView DayOf(const Object& object) {
  DayView day;
  std::uint64_t id = 0;
  if (object.contains("cluster_id") &&
      absl::SimpleHexAtoi(object.at("cluster_id").get<std::string>(), &id)) {
    day.cluster_id = id;
  }
  if (object.contains("forecast")) day.forecast = ForecastOf(object.at("forecast"));
  for (const Object& step : object.at("space")) {
    const auto at = static_cast<std::size_t>(step.at("seconds_ago").get<std::uint64_t>() /
                                             static_cast<std::uint64_t>(kStepSeconds));
    if (at >= kSteps) continue;
    if (at >= day.space.size()) day.space.resize(at + 1);
    SpaceReading reading{.file_bytes = step.at("file_bytes").get<std::uint64_t>(),
                         .in_use_bytes = step.at("in_use_bytes").get<std::uint64_t>(),
                         .quota_bytes = step.value("quota_bytes", std::uint64_t{0})};
    if (step.contains("uncompacted_bytes"))
      reading.written_bytes = step.at("uncompacted_bytes").get<std::uint64_t>();
    day.space[at] = reading;
  }
  day.quarter_hour = WindowOf(object.at("last_15_minutes"));
  day.day = WindowOf(object.at("last_24_hours"));
  return day;
}

}  // namespace

std::string DayJson(const DayView& day) {
  Object object = Object::object();
  if (day.cluster_id) object["cluster_id"] = HexId(*day.cluster_id);
  if (day.forecast) object["forecast"] = ForecastObject(*day.forecast);
  object["space"] = Object::array();
  for (std::size_t i = 0; i < day.space.size(); ++i) {
    if (!day.space[i]) continue;
    const SpaceReading& reading = *day.space[i];
    Object step{{"seconds_ago", kStepSeconds * static_cast<std::int64_t>(i)},
                {"file_bytes", reading.file_bytes},
                {"in_use_bytes", reading.in_use_bytes}};
    if (reading.quota_bytes > 0) step["quota_bytes"] = reading.quota_bytes;
    if (reading.written_bytes) step["uncompacted_bytes"] = *reading.written_bytes;
    object["space"].push_back(std::move(step));
  }
  object["last_15_minutes"] = WindowObject(day.quarter_hour);
  object["last_24_hours"] = WindowObject(day.day);
  return object.dump(1, ' ', false, Object::error_handler_t::replace) + "\n";
}

absl::StatusOr<DayView> ParseDayJson(std::string_view text) {
  try {
    return DayOf(Object::parse(text));
  } catch (const Object::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("no history: ", error.what()));
  }
}

}  // namespace headroom
