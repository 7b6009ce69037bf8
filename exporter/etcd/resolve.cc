#include "etcd/resolve.h"

#include <ares.h>
#include <netdb.h>
#include <poll.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace headroom::etcd {
namespace {

using Channel = std::unique_ptr<ares_channeldata, decltype(&ares_destroy)>;
using Answer = std::optional<absl::StatusOr<std::vector<SocketAddress>>>;

absl::StatusOr<std::vector<SocketAddress>> FromAres(int status, const ares_addrinfo* found) {
  if (status != ARES_SUCCESS) return absl::UnavailableError(ares_strerror(status));
  std::vector<SocketAddress> addresses;
  for (const auto* node = found->nodes; node != nullptr; node = node->ai_next) {
    SocketAddress address{.size = static_cast<socklen_t>(node->ai_addrlen)};
    std::memcpy(&address.storage, node->ai_addr, node->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

void Answered(void* answer, int status, int /*timeouts*/, ares_addrinfo* found) {
  static_cast<Answer*>(answer)->emplace(FromAres(status, found));
  ares_freeaddrinfo(found);
}

// The sockets that c-ares waits for, as poll takes them.
using Sockets = std::vector<pollfd>;

void Changed(void* sockets, ares_socket_t socket, int reads, int writes) {
  auto& all = *static_cast<Sockets*>(sockets);
  std::erase_if(all, [socket](const pollfd& known) { return known.fd == socket; });
  if (reads != 0 || writes != 0)
    all.push_back({.fd = socket, .events = static_cast<short>(writes != 0 ? POLLOUT : POLLIN)});
}

// Lets c-ares work for a moment: reads what has come, and times out what has not. Takes a copy of
// the sockets, because the work opens and closes some.
void Work(ares_channel channel, Sockets sockets, std::chrono::milliseconds longest) {
  poll(sockets.data(), sockets.size(), static_cast<int>(longest.count()));
  if (sockets.empty()) ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  for (const pollfd& ready : sockets) {
    ares_process_fd(channel, ready.revents != 0 ? ready.fd : ARES_SOCKET_BAD,
                    (ready.revents & POLLOUT) != 0 ? ready.fd : ARES_SOCKET_BAD);
  }
}

// The address that the host is, if it is a literal. c-ares 1.18 asks DNS for "127.0.0.1", too,
// which a node in an outage has not.
std::optional<SocketAddress> Literal(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(endpoint.port);
  if (getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found) != 0) return std::nullopt;
  SocketAddress address{.size = found->ai_addrlen};
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return address;
}

}  // namespace

absl::StatusOr<std::vector<SocketAddress>> Resolve(const Endpoint& endpoint, Deadline deadline,
                                                   const std::stop_token& stop) {
  if (const auto literal = Literal(endpoint)) return std::vector{*literal};
  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  // These outlive the channel, whose end answers what is still open.
  Answer answer;
  Sockets sockets;
  ares_channel raw = nullptr;
  ares_options options{};
  options.sock_state_cb = &Changed;
  options.sock_state_cb_data = &sockets;
  if (library != ARES_SUCCESS ||
      ares_init_options(&raw, &options, ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS)
    return absl::InternalError("c-ares does not start");
  const Channel channel(raw, &ares_destroy);
  const ares_addrinfo_hints hints{.ai_flags = ARES_AI_NUMERICSERV,
                                  .ai_family = AF_UNSPEC,
                                  .ai_socktype = SOCK_STREAM,
                                  .ai_protocol = 0};
  ares_getaddrinfo(raw, endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints,
                   &Answered, &answer);
  while (!answer) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (stop.stop_requested()) return absl::CancelledError("stopping");
    if (left.count() <= 0)
      return absl::DeadlineExceededError(absl::StrCat("no answer from DNS for ", endpoint.host));
    Work(raw, sockets, std::min(left, std::chrono::milliseconds(100)));
  }
  if (answer->ok()) return *std::move(answer);
  return absl::UnavailableError(
      absl::StrCat("look-up of ", endpoint.host, ": ", answer->status().message()));
}

}  // namespace headroom::etcd
