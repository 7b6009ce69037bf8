#include "http/listen_address.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace headroom::http {
namespace {

bool IsAddress(int family, const std::string& text) {
  in6_addr binary{};
  return inet_pton(family, text.c_str(), &binary) == 1;
}

}  // namespace

std::string ListenAddress::Text() const {
  if (!socket.empty()) return absl::StrCat("unix:", socket);
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto wrong = [text](std::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat("listen address \"", std::string(text), "\": ", std::string(what)));
  };
  if (text.starts_with("unix:")) {
    const std::string_view path = text.substr(5);
    if (!path.starts_with('/')) return wrong("the path of the socket is not absolute");
    if (path.size() >= sizeof(sockaddr_un::sun_path)) return wrong("the path is too long");
    // CivetWeb's list of addresses has a meaning for them.
    if (path.find_first_of(",:") != std::string_view::npos) return wrong("the path has , or :");
    return ListenAddress{.socket = std::string(path)};
  }
  // CivetWeb's own way to ask for TLS: a port such as 9379s.
  const bool is_tls_port = text.size() > 1 && text.ends_with('s') &&
                           absl::ascii_isdigit(static_cast<unsigned char>(text[text.size() - 2]));
  if (text.starts_with("https://") || is_tls_port)
    return wrong("give address:port; --web.config.file has the certificate");
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return wrong("the port is missing; expected address:port or :port");
  ListenAddress address{.host = std::string(text.substr(0, colon))};
  const std::string_view port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size() || address.port == 0)
    return wrong("the port is not a number from 1 to 65535");
  if (address.host == "localhost") address.host = "127.0.0.1";
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
    if (!IsAddress(AF_INET6, address.host) && !IsAddress(AF_INET, address.host))
      return wrong("no address between the brackets");
    if (address.host == "::") address.host.clear();
  } else if (address.host.find(':') != std::string::npos) {
    return wrong("an IPv6 address stands in brackets: [::1]:9379");
  } else if (!address.host.empty() && !IsAddress(AF_INET, address.host)) {
    return wrong("the address is no IPv4 address");
  }
  return address;
}

}  // namespace headroom::http
