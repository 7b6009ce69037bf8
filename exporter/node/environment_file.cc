#include "node/environment_file.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace headroom::node {
namespace {

bool IsName(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
  });
}

// NAME and VALUE of a line; nullopt of an empty one, a comment and what is no variable.
std::optional<std::pair<std::string, std::string>> Variable(std::string line) {
  absl::StripAsciiWhitespace(&line);
  const std::size_t equals = line.find('=');
  if (line.empty() || line[0] == '#' || line[0] == ';' || equals == std::string::npos) {
    return std::nullopt;
  }
  std::string name = line.substr(0, equals);
  std::string value = line.substr(equals + 1);
  absl::StripAsciiWhitespace(&name);
  absl::StripAsciiWhitespace(&value);
  if (!IsName(name)) return std::nullopt;
  const bool quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'') &&
                      value.back() == value.front();
  if (quoted) value = value.substr(1, value.size() - 2);
  return std::pair(std::move(name), std::move(value));
}

}  // namespace

bool IsEnvironmentFile(std::string_view text) {
  while (!text.empty()) {
    std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    absl::StripAsciiWhitespace(&line);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    return Variable(std::move(line)).has_value();
  }
  return false;
}

Environment ReadEnvironmentFile(std::string_view text) {
  const std::string joined =
      absl::StrReplaceAll(absl::string_view(text.data(), text.size()), {{"\\\n", ""}});
  Environment environment;
  for (std::string line : std::vector<std::string>(absl::StrSplit(joined, '\n'))) {
    if (auto variable = Variable(std::move(line))) {
      environment.Set(variable->first, std::move(variable->second));
    }
  }
  return environment;
}

}  // namespace headroom::node
