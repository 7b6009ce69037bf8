#include "http/server.h"

#include <civetweb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "http/unix_socket.h"
#include "logging/log.h"

namespace headroom::http {
namespace {

constexpr std::chrono::seconds kDrain{2};

// A worker serves one connection. One that hangs keeps it for kPatience, milliseconds, in the TLS
// handshake and as long again in the request. So 300 of them delay a scrape by 300 / kWorkers
// rounds of twice that, 4.4 s. A worker that never served takes 16 KiB.
constexpr const char* kWorkers = "64";
constexpr const char* kPatience = "500";
// That a connection of this worker has not brought a request yet, since when. A worker serves one
// at a time.
thread_local std::optional<std::chrono::steady_clock::time_point> waits_since;
// As many stalled clients at once that a scrape waits for a worker.
constexpr std::size_t kManyStalled = 32;
constexpr std::chrono::milliseconds kStalled{400};
// Connections that wait for a worker. Past that the kernel drops them, and their clients try again
// after one second, then three, then seven.
constexpr const char* kBacklog = "1024";

std::string_view Header(const mg_connection* connection, const char* name) {
  const char* value = mg_get_header(connection, name);
  return value != nullptr ? std::string_view(value) : std::string_view();
}

// By hand: CivetWeb's own response functions write no head to a client that asks for a websocket.
// False when the client has hung up.
bool Send(mg_connection* connection, const Response& response, bool body) {
  std::string text = absl::StrCat(
      "HTTP/1.1 ", response.status, " ", mg_get_response_code_text(connection, response.status),
      "\r\nContent-Type: ", response.content_type,
      body ? absl::StrCat("\r\nContent-Length: ", response.body.size()) : "",
      response.gzip ? "\r\nContent-Encoding: gzip" : "");
  for (const auto& [name, value] : response.headers)
    absl::StrAppend(&text, "\r\n", name, ": ", value);
  text += "\r\n\r\n";
  if (body) text += response.body;
  return mg_write(connection, text.data(), text.size()) == static_cast<int>(text.size());
}

bool KernelHasIpv6() {
  const int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe >= 0) close(probe);
  return probe >= 0;
}

// As CivetWeb wants it: "s" behind a port is TLS, "+" before it both families, "x" a Unix socket.
std::string CivetwebText(const ListenAddress& address, bool tls) {
  if (!address.socket.empty()) return "x" + address.socket;
  const std::string text = address.host.empty()
                               ? absl::StrCat(KernelHasIpv6() ? "+" : "", address.port)
                               : address.Text();
  return tls ? text + "s" : text;
}

// Unix sockets last: CivetWeb takes one for a host name when a later address has a colon.
std::string CivetwebTexts(const std::vector<ListenAddress>& addresses, bool tls) {
  std::vector<std::string> texts;
  std::vector<std::string> sockets;
  for (const ListenAddress& address : addresses)
    (address.socket.empty() ? texts : sockets).push_back(CivetwebText(address, tls));
  texts.insert(texts.end(), sockets.begin(), sockets.end());
  return absl::StrJoin(texts, ",");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const std::vector<ListenAddress>& addresses,
                                                      ssl_ctx_st* tls, Handler handler) {
  std::unique_ptr<Server> server(new Server(tls, std::move(handler)));
  for (const ListenAddress& address : addresses) {
    if (address.socket.empty()) continue;
    if (auto removed = RemoveStaleSocket(address.socket); !removed.ok()) return removed;
    server->sockets_.push_back(address.socket);
  }
  mg_callbacks callbacks{};
  callbacks.begin_request = [](mg_connection* connection) {
    return static_cast<Server*>(mg_get_user_data(mg_get_context(connection)))->Serve(connection);
  };
  callbacks.init_connection = [](const mg_connection*, void**) {
    waits_since = std::chrono::steady_clock::now();
    return 0;
  };
  callbacks.connection_close = [](const mg_connection* connection) {
    static_cast<Server*>(mg_get_user_data(mg_get_context(connection)))->OnClose(connection);
  };
  callbacks.log_message = [](const mg_connection* connection, const char* message) {
    auto* self = static_cast<Server*>(mg_get_user_data(mg_get_context(connection)));
    if (self == nullptr) return 1;
    log::Debug("http", {{"message", message}});
    const std::lock_guard lock(self->mutex_);
    if (self->first_log_line_.empty()) self->first_log_line_ = message;
    return 1;  // keeps CivetWeb from writing to a log of its own
  };
  // Called again when it stops, to leave the context to us.
  callbacks.external_ssl_ctx = [](void** context, void* self) {
    *context = static_cast<Server*>(self)->tls_;
    return 1;
  };
  const std::string ports = CivetwebTexts(addresses, tls != nullptr);
  const std::array options{"listening_ports",
                           ports.c_str(),
                           "num_threads",
                           kWorkers,
                           "listen_backlog",
                           kBacklog,
                           "request_timeout_ms",
                           kPatience,
                           "max_request_size",
                           "8192",
                           "tcp_nodelay",
                           "1",
                           "enable_keep_alive",
                           "yes",
                           "keep_alive_timeout_ms",
                           kPatience,
                           "enable_directory_listing",
                           "no",
                           static_cast<const char*>(nullptr)};
  mg_init_library(0);
  {
    const GroupOnlyFiles sockets;
    server->context_ = mg_start(&callbacks, server.get(), const_cast<const char**>(options.data()));
  }
  if (server->context_ == nullptr) {
    const std::string texts = absl::StrJoin(
        addresses, ", ",
        [](std::string* out, const ListenAddress& address) { *out += address.Text(); });
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", texts, ": ", server->first_log_line_));
  }
  return server;
}

Server::~Server() {
  if (context_ != nullptr) {
    {
      // mg_stop cuts what is in flight.
      std::unique_lock lock(mutex_);
      idle_.wait_for(lock, kDrain, [this] { return in_flight_ == 0; });
    }
    // First: once CivetWeb has let go of them, they may be a successor's.
    for (const std::string& path : sockets_) unlink(path.c_str());
    mg_stop(context_);
  }
  mg_exit_library();
}

Server::Server(ssl_ctx_st* tls, Handler handler)
    : tls_(tls), handler_(std::move(handler)), stalled_(kManyStalled) {}

// A probe that connects and hangs up takes no time.
void Server::OnClose(const mg_connection* connection) {
  const auto since = std::exchange(waits_since, std::nullopt);
  const auto now = std::chrono::steady_clock::now();
  if (!since || now - *since < kStalled || !stalled_.Dropped(now)) return;
  log::Warn("clients connect and send no request: scrapes wait for them, up to 5 s",
            {{"peer", mg_get_request_info(connection)->remote_addr}});
}

int Server::Serve(mg_connection* connection) {
  waits_since.reset();
  {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
  }
  const mg_request_info* info = mg_get_request_info(connection);
  const Request request{
      .method = info->request_method,
      .path = info->local_uri,
      .accept_encoding = Header(connection, "Accept-Encoding"),
      .authorization = Header(connection, "Authorization"),
      .scrape_timeout = Header(connection, "X-Prometheus-Scrape-Timeout-Seconds")};
  const auto start = std::chrono::steady_clock::now();
  const Response response = handler_(request);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const bool has_body = request.method != "HEAD";
  if (Send(connection, response, has_body) && has_body && response.on_sent) response.on_sent();
  log::Debug("request", {{"path", request.path},
                         {"peer", info->remote_addr},
                         {"status", response.status},
                         {"bytes", static_cast<std::int64_t>(response.body.size())},
                         {"seconds", took.count()}});
  {
    const std::lock_guard lock(mutex_);
    --in_flight_;
  }
  idle_.notify_all();
  return response.status;
}

std::string LinkedLibrary() { return absl::StrCat("CivetWeb ", mg_version()); }

}  // namespace headroom::http
