#include "logging/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "logging/escape.h"

namespace headroom::log {
namespace {

Format current_format = Format::kLogfmt;

std::string Pattern(Format format) {
  constexpr const char* kTime = "%Y-%m-%dT%H:%M:%S.%e";
  return format == Format::kJson ? fmt::format(R"({{"ts":"{}Z",%v}})", kTime)
                                 : fmt::format("ts={}Z %v", kTime);
}

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made =
        std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->flush_on(spdlog::level::debug);
    made->set_pattern(Pattern(Format::kLogfmt), spdlog::pattern_time_type::utc);
    return made;
  }();
  return *logger;
}

// spdlog's own name of a level would be "warning".
void Write(spdlog::level::level_enum level, std::string_view message, Fields fields) {
  if (!Logger().should_log(level)) return;
  const std::string_view name = kLevels.at(static_cast<std::size_t>(level - spdlog::level::debug));
  const std::string text = fmt::format(
      fmt::runtime(current_format == Format::kJson ? R"("level":"{}",{})" : "level={} {}"), name,
      Render(current_format, message, fields));
  Logger().log(level, spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace

void Configure(std::string_view level, Format format) {
  current_format = format;
  Logger().set_level(spdlog::level::from_str(std::string(level)));
  Logger().set_pattern(Pattern(format), spdlog::pattern_time_type::utc);
}

std::string Render(Format format, std::string_view message, Fields fields) {
  std::string text;
  const bool json = format == Format::kJson;
  const auto append = [&](const Field& field) {
    if (!text.empty()) text += json ? ',' : ' ';
    text += json ? JsonString(field.key) + ":" : std::string(field.key) + "=";
    if (const auto* words = std::get_if<std::string_view>(&field.value)) {
      text += json ? JsonString(*words) : LogfmtValue(*words);
    } else if (const auto* number = std::get_if<double>(&field.value)) {
      text += fmt::format("{:.6g}", *number);
    } else {
      text += std::to_string(std::get<std::int64_t>(field.value));
    }
  };
  append({"msg", message});
  for (const Field& field : fields) append(field);
  return text;
}

void Debug(std::string_view message, Fields fields) {
  Write(spdlog::level::debug, message, fields);
}
void Info(std::string_view message, Fields fields) { Write(spdlog::level::info, message, fields); }
void Warn(std::string_view message, Fields fields) { Write(spdlog::level::warn, message, fields); }
void Error(std::string_view message, Fields fields) { Write(spdlog::level::err, message, fields); }

}  // namespace headroom::log
