#include "http/listen_address.h"

#include <arpa/inet.h>

#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace headroom::http {

std::string ListenAddress::Text() const { return absl::StrCat(host, ":", port); }

absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto wrong = [text](std::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat("listen address \"", std::string(text), "\": ", std::string(what)));
  };
  // CivetWeb's own way to ask for TLS: a port such as 9379s.
  const bool is_tls_port = text.size() > 1 && text.ends_with('s') &&
                           absl::ascii_isdigit(static_cast<unsigned char>(text[text.size() - 2]));
  // The HTTP library of Debian crashes on the first TLS handshake and is built without IPv6.
  if (text.starts_with("https://") || is_tls_port) {
    return wrong("TLS is not served; put a proxy with mutual TLS in front of 127.0.0.1:9379");
  }
  if (text.find('[') != std::string_view::npos || text.find(':') != text.rfind(':')) {
    return wrong("IPv6 is not served; listen on an IPv4 address such as 127.0.0.1:9379");
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos)
    return wrong("the port is missing; expected address:port or :port");
  ListenAddress address{.host = std::string(text.substr(0, colon))};
  const std::string_view port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size() || address.port == 0) {
    return wrong("the port is not a number from 1 to 65535");
  }
  if (address.host == "localhost") address.host = "127.0.0.1";
  in_addr binary{};
  if (!address.host.empty() && inet_pton(AF_INET, address.host.c_str(), &binary) != 1) {
    return wrong("the address is no IPv4 address");
  }
  return address;
}

}  // namespace headroom::http
