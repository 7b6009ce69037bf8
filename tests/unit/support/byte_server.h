#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "support/certificates.h"

struct ssl_ctx_st;
struct ssl_st;

namespace headroom::support {

// The server's end of one connection, with TLS on it where the server has an identity.
class Peer {
 public:
  Peer(int socket, ssl_st* tls) : socket_(socket), tls_(tls) {}

  // Reads until a blank line, which ends the head of an HTTP request. Also what came before the
  // client hung up.
  std::string ReceiveHead();
  void Send(std::string_view bytes);
  // Ends the connection without the farewell of TLS.
  void Cut();
  // Returns once the client has closed the connection.
  void AwaitHangUp();

 private:
  int Receive(char* bytes, int size);

  int socket_;
  ssl_st* tls_;
};

// Serves the connections to a free port of 127.0.0.1 one after another: `serve` is called with
// each, and the connection closed when it returns. Clients must hang up before this object goes.
class ByteServer {
 public:
  using Serve = std::function<void(Peer&)>;

  explicit ByteServer(Serve serve);
  // Over TLS; clients must show a certificate signed by `client_ca` (PEM) where that is given.
  ByteServer(const Identity& identity, const std::string& client_ca, Serve serve);
  ByteServer(const ByteServer&) = delete;
  ByteServer& operator=(const ByteServer&) = delete;
  ~ByteServer();

  std::uint16_t port() const { return port_; }

 private:
  void Run();

  Serve serve_;
  ssl_ctx_st* tls_ = nullptr;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// A port of 127.0.0.1 where connections are refused while this object lives.
class ClosedPort {
 public:
  ClosedPort();
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  ~ClosedPort();

  std::uint16_t port() const { return port_; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

}  // namespace headroom::support
