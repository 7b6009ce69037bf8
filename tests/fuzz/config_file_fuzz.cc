#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "options/config_file.h"

// Any text is read without a crash. Keys come once, with a value and a line that the text has; what
// is refused is refused with its line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto entries = headroom::ParseConfigText(text);
  if (!entries.ok()) {
    if (std::string(entries.status().message()).rfind("line ", 0) != 0) abort();
    return 0;
  }
  std::set<std::string> keys;
  for (const headroom::ConfigEntry& entry : *entries) {
    if (!keys.insert(entry.key).second) abort();
    if (entry.values.empty()) abort();
    if (entry.line < 1 || static_cast<std::size_t>(entry.line) > size + 1) abort();
  }
  return 0;
}
