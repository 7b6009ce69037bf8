#include "etcd/http_get.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "etcd/http_response.h"
#include "etcd/resolve.h"

namespace headroom::etcd {
namespace {

absl::Status SystemError(std::string_view doing, int error) {
  return absl::UnavailableError(absl::StrCat(std::string(doing), ": ", std::strerror(error)));
}

// A non-blocking TCP connection, with or without TLS on it. Every wait ends at the deadline or when
// stop is requested.
class Connection {
 public:
  Connection(Deadline deadline, const std::stop_token& stop) : deadline_(deadline), stop_(stop) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    SSL_free(ssl_);
    if (socket_ >= 0) close(socket_);
  }

  absl::Status Connect(const SocketAddress& address) {
    socket_ = socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return SystemError("socket", errno);
    if (connect(socket_, address.get(), address.size) != 0 && errno != EINPROGRESS)
      return SystemError("connect", errno);
    if (auto ready = Wait(POLLOUT); !ready.ok()) return ready;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? absl::OkStatus() : SystemError("connect", error);
  }

  absl::Status Handshake(const TlsCredentials& tls, const std::string& host) {
    const std::string& name = tls.server_name().empty() ? host : tls.server_name();
    ssl_ = SSL_new(tls.context());
    SSL_set_fd(ssl_, socket_);
    std::array<unsigned char, sizeof(in6_addr)> binary{};
    const bool is_address = inet_pton(AF_INET, name.c_str(), binary.data()) == 1 ||
                            inet_pton(AF_INET6, name.c_str(), binary.data()) == 1;
    if (is_address) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), name.c_str());
    } else {
      SSL_set1_host(ssl_, name.c_str());
      // What SSL_set_tlsext_host_name does, without its C cast. OpenSSL copies the name.
      SSL_ctrl(ssl_, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(name.c_str()));
    }
    return Drive([this] { return SSL_connect(ssl_); }, "TLS handshake").status();
  }

  absl::Status Write(std::string_view text) {
    while (!text.empty()) {
      const int size = static_cast<int>(text.size());
      const auto written = Drive(
          [&] {
            return ssl_ != nullptr
                       ? SSL_write(ssl_, text.data(), size)
                       : static_cast<int>(send(socket_, text.data(), text.size(), MSG_NOSIGNAL));
          },
          "write");
      if (!written.ok()) return written.status();
      text.remove_prefix(static_cast<std::size_t>(*written));
    }
    return absl::OkStatus();
  }

  // Bytes read; 0 at the end of the connection.
  absl::StatusOr<int> Read(std::array<char, 16384>& buffer) {
    const int size = static_cast<int>(buffer.size());
    return Drive(
        [&] {
          return ssl_ != nullptr ? SSL_read(ssl_, buffer.data(), size)
                                 : static_cast<int>(recv(socket_, buffer.data(), buffer.size(), 0));
        },
        "read");
  }

 private:
  absl::Status Wait(short events) {
    for (;;) {
      if (stop_.stop_requested()) return absl::CancelledError("stopping");
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          deadline_ - std::chrono::steady_clock::now());
      if (left.count() <= 0) return absl::DeadlineExceededError("no answer in time");
      pollfd descriptor{.fd = socket_, .events = events, .revents = 0};
      // A stop request is looked for between short waits; it comes once in the life of the process.
      const int ready =
          poll(&descriptor, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 100)));
      if (ready > 0) return absl::OkStatus();
      if (ready < 0 && errno != EINTR) return SystemError("poll", errno);
    }
  }

  // Repeats `step` until it has done something, waiting for the socket as it asks.
  template <typename Step>
  absl::StatusOr<int> Drive(Step step, std::string_view doing) {
    for (;;) {
      ERR_clear_error();
      const int result = step();
      if (result > 0) return result;
      short events = 0;
      if (ssl_ == nullptr) {
        if (result == 0) return 0;
        if (errno != EAGAIN && errno != EINTR) return SystemError(doing, errno);
        events = doing == "write" ? POLLOUT : POLLIN;
      } else {
        switch (SSL_get_error(ssl_, result)) {
          case SSL_ERROR_ZERO_RETURN:
            return 0;
          case SSL_ERROR_WANT_READ:
            events = POLLIN;
            break;
          case SSL_ERROR_WANT_WRITE:
            events = POLLOUT;
            break;
          default:
            return TlsError(doing);
        }
      }
      if (auto ready = Wait(events); !ready.ok()) return ready;
    }
  }

  absl::Status TlsError(std::string_view doing) {
    if (const auto verdict = SSL_get_verify_result(ssl_); verdict != X509_V_OK) {
      return absl::UnavailableError(
          absl::StrCat("the server's certificate: ", X509_verify_cert_error_string(verdict)));
    }
    const char* reason = ERR_reason_error_string(ERR_get_error());
    return absl::UnavailableError(
        absl::StrCat(std::string(doing), ": ", reason != nullptr ? reason : "connection closed"));
  }

  const Deadline deadline_;
  const std::stop_token& stop_;
  int socket_ = -1;
  SSL* ssl_ = nullptr;
};

absl::Status GetOver(Connection& connection, const Endpoint& url, const TlsCredentials* tls,
                     HttpResponseReader& response) {
  if (url.tls) {
    if (tls == nullptr) return absl::FailedPreconditionError("an https URL needs --etcd.cacert");
    if (auto done = connection.Handshake(*tls, url.host); !done.ok()) return done;
  }
  const std::string request =
      absl::StrCat("GET ", url.path.empty() ? "/" : url.path, " HTTP/1.0\r\nHost: ", url.HostPort(),
                   "\r\nAccept: text/plain\r\n\r\n");
  if (auto written = connection.Write(request); !written.ok()) return written;
  std::array<char, 16384> buffer{};
  while (!response.complete()) {
    const auto size = connection.Read(buffer);
    if (!size.ok()) return size.status();
    if (*size == 0) break;
    if (auto read = response.Feed({buffer.data(), static_cast<std::size_t>(*size)}); !read.ok())
      return read;
  }
  return response.Finish();
}

}  // namespace

absl::Status HttpGet(const Endpoint& url, const TlsCredentials* tls, Deadline deadline,
                     const std::stop_token& stop, std::function<void(std::string_view)> on_body) {
  const auto addresses = Resolve(url, deadline, stop);
  if (!addresses.ok()) return addresses.status();
  HttpResponseReader response(std::move(on_body));
  absl::Status connected = absl::UnavailableError("no address");
  for (const SocketAddress& address : *addresses) {
    Connection connection(deadline, stop);
    connected = connection.Connect(address);
    if (connected.ok()) return GetOver(connection, url, tls, response);
  }
  return connected;
}

}  // namespace headroom::etcd
