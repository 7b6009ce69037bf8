#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "http/listen_address.h"

struct mg_context;
struct mg_connection;

namespace headroom::http {

struct Request {
  std::string_view method;
  std::string_view path;  // decoded, without the query
  std::string_view accept_encoding;
  std::string_view
      scrape_timeout;  // Prometheus' header X-Prometheus-Scrape-Timeout-Seconds; empty without it
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  bool gzip = false;  // the body is compressed
  std::string allow;  // for 405
  std::function<void()>
      on_sent;  // called once all of a GET's answer is with the system; may be null
};

// Plain HTTP on one address by CivetWeb. 16 workers serve a connection each; idle or dripping ones
// are dropped after a second, requests over 8 KiB are refused.
class Server {
 public:
  // Called by several workers at once.
  using Handler = std::function<Response(const Request&)>;

  // Listens and serves at once. Fails when the address cannot be had.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ListenAddress& address,
                                                       Handler handler);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  // Waits for requests under way, two seconds at most, then closes all connections; takes one or
  // two seconds more.
  ~Server();

 private:
  explicit Server(Handler handler) : handler_(std::move(handler)) {}
  int Serve(mg_connection* connection);

  const Handler handler_;
  std::mutex mutex_;
  std::condition_variable idle_;
  int in_flight_ = 0;           // guarded by mutex_
  std::string first_log_line_;  // of CivetWeb: why it does not start; guarded by mutex_
  mg_context* context_ = nullptr;
};

// Name and release of the linked HTTP library, for --version.
std::string LinkedLibrary();

}  // namespace headroom::http
