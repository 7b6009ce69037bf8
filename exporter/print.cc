#include "print.h"

#include <algorithm>
#include <cstdio>

namespace headroom {

void PrintError(std::string message) {
  std::ranges::replace(message, '\n', ' ');
  std::fprintf(stderr, "etcd-headroom-exporter: error: %s\n", message.c_str());
}

bool Print(const std::string& text) {
  const bool written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  if (!written) PrintError("standard output: cannot be written to");
  return written;
}

}  // namespace headroom
