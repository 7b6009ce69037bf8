#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Archives put together byte by byte, right or wrong.
namespace headroom::test {

std::string Gzip(std::string_view text);

struct ZipEntry {
  std::string name;
  std::string text;
  bool stored = false;       // instead of deflated
  std::uint16_t flags = 0;   // 1: encrypted
  std::uint16_t method = 0;  // of neither, when it is not 0
  bool zip64 = false;        // sizes are said to be elsewhere
};
std::string Zip(const std::vector<ZipEntry>& entries, std::string_view comment = "");

}  // namespace headroom::test
