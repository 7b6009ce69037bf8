#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "etcd/endpoint.h"

// Any text is read without a crash. What is an endpoint can be dialled, is safe in the head of an
// HTTP request, and is read from its own URL as the same endpoint.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto endpoint =
      headroom::etcd::ParseEndpoint(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!endpoint.ok()) return 0;
  if (endpoint->host.empty() || endpoint->port == 0) abort();
  for (const char c : endpoint->Url()) {
    if (c <= ' ' || c > '~') abort();
  }
  const auto again = headroom::etcd::ParseEndpoint(endpoint->Url(), /*default_port=*/1);
  if (!again.ok() || *again != *endpoint) abort();
  return 0;
}
