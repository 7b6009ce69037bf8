#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace headroom::log {

enum class Format { kLogfmt, kJson };

// One `key=value` of a log line. Text is escaped, so foreign text cannot forge a line. A number is
// a number in JSON, too.
struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double> value;
};
using Fields = std::initializer_list<Field>;

// Sets the process-wide log on stderr. `level` is one of kLevels, or kOff. Until then lines are
// logfmt at level info.
void Configure(std::string_view level, Format format);
inline constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};
inline constexpr std::string_view kOff = "off";

void Debug(std::string_view message, Fields fields = {});
void Info(std::string_view message, Fields fields = {});
void Warn(std::string_view message, Fields fields = {});
void Error(std::string_view message, Fields fields = {});

// The part of a line behind its level: `msg="..." key=value`, or the same as members of a JSON
// object.
std::string Render(Format format, std::string_view message, Fields fields);

}  // namespace headroom::log
