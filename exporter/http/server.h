#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "http/listen_address.h"
#include "http/stalled_clients.h"

struct mg_context;
struct mg_connection;
struct ssl_ctx_st;

namespace headroom::http {

struct Request {
  std::string_view method;
  std::string_view path;  // decoded, without the query
  std::string_view accept_encoding;
  std::string_view authorization;
  std::string_view
      scrape_timeout;  // Prometheus' header X-Prometheus-Scrape-Timeout-Seconds; empty without it
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  bool gzip = false;                                         // the body is compressed
  std::vector<std::pair<std::string, std::string>> headers;  // more of them
  std::function<void()>
      on_sent;  // called once all of a GET's answer is with the system; may be null
};

// HTTP by CivetWeb. 64 workers serve a connection each; idle or dripping ones are dropped after
// half a second, so that 300 of them delay others by 5 s at most. Requests over 8 KiB are refused.
class Server {
 public:
  // Called by several workers at once.
  using Handler = std::function<Response(const Request&)>;

  // Listens and serves at once. Unavailable when one of the addresses cannot be listened on. With
  // `tls`, which must outlive the server, all but Unix sockets serve HTTPS alone.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const std::vector<ListenAddress>& addresses,
                                                       ssl_ctx_st* tls, Handler handler);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  // Waits for requests under way, two seconds at most, then closes all connections; takes one or
  // two seconds more.
  ~Server();

 private:
  Server(ssl_ctx_st* tls, Handler handler);
  int Serve(mg_connection* connection);
  void OnClose(const mg_connection* connection);

  ssl_ctx_st* const tls_;
  const Handler handler_;
  std::vector<std::string> sockets_;  // to remove at the end
  std::mutex mutex_;
  std::condition_variable idle_;
  int in_flight_ = 0;           // guarded by mutex_
  std::string first_log_line_;  // of CivetWeb: why it does not start; guarded by mutex_
  StalledClients stalled_;
  mg_context* context_ = nullptr;
};

// Name and release of the linked HTTP library, for --version.
std::string LinkedLibrary();

}  // namespace headroom::http
