#include "etcd/endpoint.h"

#include <charconv>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace headroom::etcd {
namespace {

bool IsHostCharacter(char c, bool bracketed) {
  const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return alphanumeric || c == '.' || c == '-' || c == '_' || (bracketed && (c == ':' || c == '%'));
}

}  // namespace

std::string Endpoint::HostPort() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return ipv6 ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

std::string Endpoint::Url() const {
  return absl::StrCat(tls ? "https://" : "http://", HostPort(), path);
}

bool Endpoint::IsLoopback() const {
  return host.starts_with("127.") || host == "::1" || host == "localhost";
}

absl::StatusOr<Endpoint> ParseEndpoint(std::string_view text, std::uint16_t default_port) {
  const auto wrong = [text](std::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat("endpoint \"", std::string(text), "\": ", std::string(what),
                     "; expected http://host:port or https://host:port"));
  };
  Endpoint endpoint;
  std::string_view rest = text;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
    const std::string_view name = rest.substr(0, scheme);
    if (name != "http" && name != "https") return wrong("the scheme is neither http nor https");
    endpoint.tls = name == "https";
    rest.remove_prefix(scheme + 3);
  }
  if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
    if (rest.substr(slash) != "/") endpoint.path = rest.substr(slash);
    rest = rest.substr(0, slash);
  }
  std::string_view port;
  bool has_port = false;
  const bool bracketed = rest.starts_with('[');
  if (bracketed) {
    const auto close = rest.find(']');
    if (close == std::string_view::npos) return wrong("the bracket is not closed");
    endpoint.host = rest.substr(1, close - 1);
    if (endpoint.host.find(':') == std::string::npos)
      return wrong("only an IPv6 address stands in brackets");
    rest.remove_prefix(close + 1);
    has_port = rest.starts_with(':');
    if (!has_port && !rest.empty()) return wrong("only a port may follow the bracket");
    if (has_port) port = rest.substr(1);
  } else {
    const auto colon = rest.find(':');
    endpoint.host = rest.substr(0, colon);
    has_port = colon != std::string_view::npos;
    if (has_port) port = rest.substr(colon + 1);
    if (port.find(':') != std::string_view::npos) return wrong("an IPv6 address needs brackets");
  }
  if (endpoint.host.empty()) return wrong("there is no host");
  for (const char c : endpoint.host) {
    if (!IsHostCharacter(c, bracketed))
      return wrong("the host has a character that no host name has");
  }
  endpoint.port = default_port;
  if (has_port) {
    const auto [end, error] =
        std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    if (error != std::errc() || end != port.data() + port.size() || endpoint.port == 0) {
      return wrong("the port is not a number from 1 to 65535");
    }
  }
  for (const char c : endpoint.path) {
    // Above ASCII a char is negative on some machines and positive on others.
    if (c <= ' ' || c >= 0x7f) return wrong("the path has a blank, control or non-ASCII character");
  }
  return endpoint;
}

}  // namespace headroom::etcd
