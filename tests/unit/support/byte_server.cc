#include "support/byte_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace headroom::support {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Bio Reader(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

// A socket on a free port of 127.0.0.1, which it holds until it is closed.
std::pair<int, std::uint16_t> BindFreePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (socket < 0 || bind(socket, generic, size) != 0 || getsockname(socket, generic, &size) != 0)
    throw std::runtime_error("no free port on 127.0.0.1");
  return {socket, ntohs(address.sin_port)};
}

ssl_ctx_st* ServerContext(const Identity& identity, const std::string& client_ca) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  X509* certificate =
      PEM_read_bio_X509(Reader(identity.certificate).get(), nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(Reader(identity.key).get(), nullptr, nullptr, nullptr);
  const bool used = SSL_CTX_use_certificate(context, certificate) == 1 &&
                    SSL_CTX_use_PrivateKey(context, key) == 1;
  X509_free(certificate);
  EVP_PKEY_free(key);
  if (!used) throw std::runtime_error("the server's identity cannot be used");
  if (!client_ca.empty()) {
    X509* ca = PEM_read_bio_X509(Reader(client_ca).get(), nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca);
    X509_free(ca);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

}  // namespace

int Peer::Receive(char* bytes, int size) {
  if (tls_ != nullptr) return SSL_read(tls_, bytes, size);
  return static_cast<int>(recv(socket_, bytes, static_cast<std::size_t>(size), 0));
}

std::string Peer::ReceiveHead() {
  std::string head;
  char byte = 0;
  while (!head.ends_with("\r\n\r\n") && Receive(&byte, 1) == 1) head += byte;
  return head;
}

void Peer::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const int sent =
        tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                        : static_cast<int>(send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Peer::Cut() { shutdown(socket_, SHUT_WR); }

void Peer::AwaitHangUp() {
  char byte = 0;
  while (Receive(&byte, 1) == 1) {
  }
}

ByteServer::ByteServer(Serve serve) : serve_(std::move(serve)) {
  std::tie(listener_, port_) = BindFreePort();
  listen(listener_, SOMAXCONN);
  thread_ = std::thread([this] { Run(); });
}

ByteServer::ByteServer(const Identity& identity, const std::string& client_ca, Serve serve)
    : serve_(std::move(serve)), tls_(ServerContext(identity, client_ca)) {
  // OpenSSL writes to sockets without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  std::tie(listener_, port_) = BindFreePort();
  listen(listener_, SOMAXCONN);
  thread_ = std::thread([this] { Run(); });
}

ByteServer::~ByteServer() {
  shutdown(listener_, SHUT_RDWR);  // ends accept()
  thread_.join();
  close(listener_);
  SSL_CTX_free(tls_);
}

void ByteServer::Run() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SSL* tls = tls_ != nullptr ? SSL_new(tls_) : nullptr;
    if (tls != nullptr) SSL_set_fd(tls, socket);
    if (tls == nullptr || SSL_accept(tls) == 1) {
      Peer peer(socket, tls);
      serve_(peer);
      if (tls != nullptr) SSL_shutdown(tls);
    }
    SSL_free(tls);
    // Closing at once would reset the connection over what the client has sent and nobody read.
    shutdown(socket, SHUT_WR);
    Peer(socket, nullptr).AwaitHangUp();
    close(socket);
  }
}

ClosedPort::ClosedPort() { std::tie(socket_, port_) = BindFreePort(); }
ClosedPort::~ClosedPort() { close(socket_); }

}  // namespace headroom::support
