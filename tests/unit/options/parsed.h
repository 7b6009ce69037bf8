#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "options/command_line.h"

// Command lines, and what becomes of them.
namespace headroom {

using Arguments = std::vector<std::string>;

inline absl::StatusOr<std::variant<Options, PrintAndExit>> Parse(const Arguments& arguments) {
  std::vector<const char*> argv{"etcd-headroom-exporter"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return ParseCommandLine(static_cast<int>(argv.size()), argv.data());
}

inline Options Parsed(const Arguments& arguments) {
  auto parsed = Parse(arguments);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  if (!parsed.ok() || !std::holds_alternative<Options>(*parsed)) return {};
  return std::get<Options>(*std::move(parsed));
}

inline std::string Printed(const Arguments& arguments) {
  const auto parsed = Parse(arguments);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  if (!parsed.ok() || !std::holds_alternative<PrintAndExit>(*parsed)) return "";
  return std::get<PrintAndExit>(*parsed).text;
}

// The one line that says why the arguments are refused.
inline std::string Refusal(const Arguments& arguments) {
  const auto parsed = Parse(arguments);
  EXPECT_FALSE(parsed.ok()) << testing::PrintToString(arguments);
  std::string message(parsed.status().message());
  EXPECT_FALSE(message.empty());
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  return message;
}

}  // namespace headroom
