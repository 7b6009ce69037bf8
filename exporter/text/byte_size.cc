#include "text/byte_size.h"

#include <CLI/CLI.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace headroom {

std::optional<std::int64_t> ParseBytes(const std::string& text) {
  std::int64_t bytes = 0;
  std::string number = text;
  if (!absl::SimpleAtoi(text, &bytes)) {
    // CLI11 would take a unit alone for one of it.
    if (text.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(text.front())))
      return std::nullopt;
    try {
      CLI::AsSizeValue(/*kb_is_1000=*/true)(number);
    } catch (const CLI::Error&) {
      return std::nullopt;
    }
  }
  if (!absl::SimpleAtoi(number, &bytes) || bytes == 0) return std::nullopt;
  return bytes;
}

}  // namespace headroom
