#include "etcd/failure_cause.h"

#include <chrono>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "etcd/http_get.h"
#include "text/human.h"

namespace headroom::etcd {
namespace {

// gRPC keeps OpenSSL's verdict to itself; a handshake of our own has it.
std::string CauseOfTls(Endpoint endpoint, const TlsCredentials& tls, Deadline deadline,
                       const std::stop_token& stop) {
  endpoint.path = "/version";
  const std::string seen(HttpGet(endpoint, &tls, deadline, stop, [](auto) {}).message());
  if (seen.starts_with("the server's certificate")) return seen;
  // TLS 1.3 refuses a client certificate only after the handshake.
  const bool is_refused =
      seen.starts_with("read") || seen.starts_with("write") || absl::StrContains(seen, "alert");
  if (!is_refused)
    return seen.starts_with("TLS handshake") ? "the port may not speak TLS: give http://" : "";
  if (tls.certificate_pem().empty())
    return "etcd wants a client certificate: give --etcd.cert and --etcd.key";
  const auto expiry = tls.certificate_expiry();
  if (expiry && *expiry < std::chrono::system_clock::now()) {
    return absl::StrCat("the client certificate expired at ",
                        text::UtcTime(std::chrono::system_clock::to_time_t(*expiry)));
  }
  return "etcd refuses the client certificate: its CA signs others, or it is for servers alone";
}

}  // namespace

std::string FailureCause(const Endpoint& endpoint, RotatingCredentials* tls,
                         const std::string& error, bool was_up, Deadline deadline,
                         const std::stop_token& stop) {
  if (absl::StrContains(error, "refused")) return "";
  if (absl::StrContains(error, "Failed parsing HTTP/2"))
    return "what answers is not etcd's client port";
  if (endpoint.tls) return CauseOfTls(endpoint, *tls->Current(), deadline, stop);
  const bool hung_up =
      absl::StrContains(error, "Socket closed") || absl::StrContains(error, "reset by peer");
  return hung_up && !was_up ? "the port may speak TLS: give https:// and the certificates" : "";
}

}  // namespace headroom::etcd
