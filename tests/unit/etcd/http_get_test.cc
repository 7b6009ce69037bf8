#include "etcd/http_get.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "support/byte_server.h"
#include "support/certificates.h"
#include "support/temporary_folder.h"

namespace headroom::etcd {
namespace {

using support::Authority;
using support::ByteServer;
using support::ClosedPort;
using support::Identity;
using support::Peer;
using support::TemporaryFolder;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

constexpr std::string_view kAnswer = "HTTP/1.0 200 OK\r\n\r\nthe body";

struct Got {
  absl::Status status;
  std::string body;
};

Got Get(const Endpoint& url, const TlsCredentials* tls = nullptr,
        std::chrono::milliseconds time = 1min, const std::stop_token& stop = {}) {
  Got got;
  got.status = HttpGet(url, tls, std::chrono::steady_clock::now() + time, stop,
                       [&got](std::string_view piece) { got.body += piece; });
  return got;
}

Endpoint Http(std::uint16_t port, std::string path = "/metrics") {
  return {.tls = false, .host = "127.0.0.1", .port = port, .path = std::move(path)};
}

Endpoint Https(std::uint16_t port, std::string host = "127.0.0.1") {
  return {.tls = true, .host = std::move(host), .port = port, .path = "/metrics"};
}

void AnswerAtOnce(Peer& peer) {
  peer.ReceiveHead();
  peer.Send(kAnswer);
}

TEST(HttpGet, GivesTheBodyOfAnAnswerInOnePiece) {
  const ByteServer server(AnswerAtOnce);
  const Got got = Get(Http(server.port()));
  EXPECT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(got.body, "the body");
}

TEST(HttpGet, GivesTheBodyOfAnAnswerThatComesByteByByte) {
  const ByteServer server([](Peer& peer) {
    peer.ReceiveHead();
    for (std::size_t i = 0; i < kAnswer.size(); ++i) peer.Send(kAnswer.substr(i, 1));
  });
  const Got got = Get(Http(server.port()));
  EXPECT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(got.body, "the body");
}

TEST(HttpGet, AsksForThePathAsGiven) {
  std::string request;
  {
    const ByteServer server([&request](Peer& peer) {
      request = peer.ReceiveHead();
      peer.Send(kAnswer);
    });
    ASSERT_TRUE(Get(Http(server.port(), "/a/b?c=d")).status.ok());
    EXPECT_THAT(request, StartsWith("GET /a/b?c=d HTTP/1.0\r\n"));
    EXPECT_THAT(request,
                HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
    ASSERT_TRUE(Get(Http(server.port(), "")).status.ok());
  }
  EXPECT_THAT(request, StartsWith("GET / HTTP/1.0\r\n"));
}

TEST(HttpGet, DoesNotWaitForTheConnectionToEndBehindAFullBody) {
  const ByteServer server([](Peer& peer) {
    peer.ReceiveHead();
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nthe body");
    peer.AwaitHangUp();
  });
  const Got got = Get(Http(server.port()));
  EXPECT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(got.body, "the body");
}

TEST(HttpGet, FailsWithWhatTheServerAnswered) {
  const ByteServer server([](Peer& peer) {
    peer.ReceiveHead();
    peer.Send("HTTP/1.0 403 Forbidden\r\n\r\nno");
  });
  const Got got = Get(Http(server.port()));
  EXPECT_THAT(std::string(got.status.message()), HasSubstr("403 Forbidden"));
  EXPECT_EQ(got.body, "");
}

TEST(HttpGet, FailsWhenTheServerHangsUp) {
  const ByteServer server([](Peer& peer) { peer.ReceiveHead(); });
  EXPECT_EQ(Get(Http(server.port())).status.code(), absl::StatusCode::kUnavailable);
}

TEST(HttpGet, GivesUpAtItsDeadlineWhenTheServerHangs) {
  const ByteServer server([](Peer& peer) { peer.AwaitHangUp(); });
  const auto start = std::chrono::steady_clock::now();
  const Got got = Get(Http(server.port()), nullptr, 50ms);
  EXPECT_EQ(got.status.code(), absl::StatusCode::kDeadlineExceeded) << got.status;
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
}

TEST(HttpGet, GivesUpAtItsDeadlineWithinTheBody) {
  const ByteServer server([](Peer& peer) {
    peer.ReceiveHead();
    peer.Send(kAnswer);
    peer.AwaitHangUp();
  });
  const Got got = Get(Http(server.port()), nullptr, 50ms);
  EXPECT_EQ(got.status.code(), absl::StatusCode::kDeadlineExceeded) << got.status;
}

TEST(HttpGet, GivesUpAtItsDeadlineWithinTheHandshake) {
  const TemporaryFolder folder;
  const auto tls = TlsCredentials::Load({.ca = folder.Write("ca", Authority("ca").certificate())});
  ASSERT_TRUE(tls.ok()) << tls.status();
  const ByteServer server([](Peer& peer) { peer.AwaitHangUp(); });
  const Got got = Get(Https(server.port()), tls->get(), 50ms);
  EXPECT_EQ(got.status.code(), absl::StatusCode::kDeadlineExceeded) << got.status;
}

TEST(HttpGet, EndsWhenAskedToStop) {
  std::stop_source stop;
  const ByteServer server([&stop](Peer& peer) {
    peer.ReceiveHead();
    stop.request_stop();
    peer.AwaitHangUp();
  });
  const Got got = Get(Http(server.port()), nullptr, 1min, stop.get_token());
  EXPECT_EQ(got.status.code(), absl::StatusCode::kCancelled) << got.status;
}

TEST(HttpGet, SaysThatAConnectionIsRefused) {
  const ClosedPort nobody;
  const Got got = Get(Http(nobody.port()));
  EXPECT_EQ(got.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(std::string(got.status.message()), "connect: Connection refused");
}

TEST(HttpGet, SaysThatAnHttpsUrlNeedsACa) {
  const ByteServer server([](Peer& peer) { peer.AwaitHangUp(); });
  EXPECT_THAT(std::string(Get(Https(server.port())).status.message()), HasSubstr("--etcd.cacert"));
}

// The CA of a cluster, a server that shows a certificate for the given names, and what a client
// needs to trust the CA.
class HttpGetOverTls : public testing::Test {
 protected:
  std::shared_ptr<const TlsCredentials> Credentials(const TlsFiles& files) {
    auto credentials = TlsCredentials::Load(files);
    EXPECT_TRUE(credentials.ok()) << credentials.status();
    return credentials.value_or(nullptr);
  }
  std::shared_ptr<const TlsCredentials> Trusting(const Authority& authority) {
    return Credentials({.ca = folder_.Write("ca.crt", authority.certificate())});
  }

  const TemporaryFolder folder_;
  const Authority ca_{"etcd-ca"};
};

TEST_F(HttpGetOverTls, ChecksAnAddressAgainstTheAddressesInTheCertificate) {
  const ByteServer server(ca_.Issue("etcd-0", "IP:127.0.0.1"), "", AnswerAtOnce);
  const Got got = Get(Https(server.port()), Trusting(ca_).get());
  EXPECT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(got.body, "the body");
}

TEST_F(HttpGetOverTls, RefusesACertificateForAnotherAddress) {
  const ByteServer server(ca_.Issue("127.0.0.1", "IP:127.0.0.2,DNS:127.0.0.1"), "", AnswerAtOnce);
  const Got got = Get(Https(server.port()), Trusting(ca_).get());
  EXPECT_EQ(got.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(std::string(got.status.message()), "the server's certificate: IP address mismatch");
  EXPECT_EQ(got.body, "");
}

TEST_F(HttpGetOverTls, ChecksAHostNameAgainstTheNamesInTheCertificate) {
  const ByteServer server(ca_.Issue("etcd-0", "DNS:localhost"), "", AnswerAtOnce);
  const auto tls = Trusting(ca_);
  const Got got = Get(Https(server.port(), "localhost"), tls.get());
  EXPECT_TRUE(got.status.ok()) << got.status;
  EXPECT_FALSE(Get(Https(server.port()), tls.get()).status.ok());
}

TEST_F(HttpGetOverTls, ChecksTheConfiguredServerNameInstead) {
  const ByteServer server(ca_.Issue("etcd-0", "DNS:etcd.example"), "", AnswerAtOnce);
  const std::string ca = folder_.Write("ca.crt", ca_.certificate());
  const auto right = Credentials({.ca = ca, .server_name = "etcd.example"});
  EXPECT_EQ(Get(Https(server.port()), right.get()).body, "the body");
  const auto wrong = Credentials({.ca = ca, .server_name = "other.example"});
  EXPECT_EQ(std::string(Get(Https(server.port()), wrong.get()).status.message()),
            "the server's certificate: hostname mismatch");
}

TEST_F(HttpGetOverTls, RefusesACertificateOfAnotherCa) {
  const ByteServer server(ca_.Issue("etcd-0", "IP:127.0.0.1"), "", AnswerAtOnce);
  const Authority other("other-ca");
  const Got got = Get(Https(server.port()), Trusting(other).get());
  EXPECT_EQ(got.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(std::string(got.status.message()),
            "the server's certificate: unable to get local issuer certificate");
  EXPECT_EQ(got.body, "");
}

TEST_F(HttpGetOverTls, ShowsItsOwnCertificate) {
  const ByteServer server(ca_.Issue("etcd-0", "IP:127.0.0.1"), ca_.certificate(), AnswerAtOnce);
  const Identity client = ca_.Issue("healthcheck-client");
  const auto tls = Credentials({.ca = folder_.Write("ca.crt", ca_.certificate()),
                                .certificate = folder_.Write("client.crt", client.certificate),
                                .key = folder_.Write("client.key", client.key)});
  const Got got = Get(Https(server.port()), tls.get());
  EXPECT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(got.body, "the body");
}

TEST_F(HttpGetOverTls, SaysThatTheServerWantsACertificate) {
  const ByteServer server(ca_.Issue("etcd-0", "IP:127.0.0.1"), ca_.certificate(), AnswerAtOnce);
  const Got got = Get(Https(server.port()), Trusting(ca_).get());
  EXPECT_THAT(std::string(got.status.message()), HasSubstr("certificate required"));
}

TEST_F(HttpGetOverTls, SaysThatTheServerSpeaksNoTls) {
  const ByteServer server([](Peer& peer) { peer.Send(kAnswer); });
  const Got got = Get(Https(server.port()), Trusting(ca_).get());
  EXPECT_THAT(std::string(got.status.message()), StartsWith("TLS handshake: "));
}

// Without TLS's own farewell anybody in between could have cut the page.
TEST_F(HttpGetOverTls, FailsWhenTheConnectionIsCut) {
  const ByteServer server(ca_.Issue("etcd-0", "IP:127.0.0.1"), "", [](Peer& peer) {
    peer.ReceiveHead();
    peer.Send(kAnswer);
    peer.Cut();
  });
  const Got got = Get(Https(server.port()), Trusting(ca_).get());
  EXPECT_THAT(std::string(got.status.message()), StartsWith("read: "));
}

}  // namespace
}  // namespace headroom::etcd
