#include "etcd/resolve.h"

#include <ares.h>
#include <netdb.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

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

// Lets c-ares work for a moment: reads what has come, and times out what has not.
void Work(ares_channel channel, std::chrono::milliseconds longest) {
  std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
  const auto wanted = static_cast<unsigned>(ares_getsock(channel, sockets.data(), sockets.size()));
  std::array<pollfd, ARES_GETSOCK_MAXNUM> descriptors{};
  nfds_t count = 0;
  for (unsigned i = 0; i < sockets.size(); ++i) {
    const bool reads = (wanted >> i & 1U) != 0;
    const bool writes = (wanted >> (i + ARES_GETSOCK_MAXNUM) & 1U) != 0;
    if (!reads && !writes) continue;
    descriptors.at(count++) = {.fd = sockets.at(i),
                               .events = static_cast<short>(writes ? POLLOUT : POLLIN)};
  }
  poll(descriptors.data(), count, static_cast<int>(longest.count()));
  if (count == 0) ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  for (nfds_t i = 0; i < count; ++i) {
    const pollfd& ready = descriptors.at(i);
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
  Answer answer;  // outlives the channel, whose end answers what is still open
  ares_channel raw = nullptr;
  if (library != ARES_SUCCESS || ares_init(&raw) != ARES_SUCCESS)
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
    Work(raw, std::min(left, std::chrono::milliseconds(100)));
  }
  if (answer->ok()) return *std::move(answer);
  return absl::UnavailableError(
      absl::StrCat("look-up of ", endpoint.host, ": ", answer->status().message()));
}

}  // namespace headroom::etcd
