#include "etcd/resolve.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>

#include <chrono>
#include <string>

namespace headroom::etcd {
namespace {

using std::chrono::steady_clock;

TEST(Resolve, TakesALiteralWithoutAskingAnybody) {
  const auto v4 = Resolve({.host = "127.0.0.1", .port = 2381}, steady_clock::now(), {});
  ASSERT_TRUE(v4.ok()) << v4.status();
  ASSERT_EQ(v4->size(), 1);
  const auto* address = reinterpret_cast<const sockaddr_in*>(v4->front().get());
  EXPECT_EQ(v4->front().family(), AF_INET);
  EXPECT_EQ(address->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
  EXPECT_EQ(address->sin_port, htons(2381));
  const auto v6 = Resolve({.host = "::1", .port = 2381}, steady_clock::now(), {});
  ASSERT_TRUE(v6.ok()) << v6.status();
  EXPECT_EQ(v6->front().family(), AF_INET6);
}

}  // namespace
}  // namespace headroom::etcd
