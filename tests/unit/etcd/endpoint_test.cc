#include "etcd/endpoint.h"

#include <gmock/gmock.h>

#include <string>

namespace headroom::etcd {
namespace {

using testing::HasSubstr;

Endpoint Parsed(std::string_view text) {
  const auto endpoint = ParseEndpoint(text);
  EXPECT_TRUE(endpoint.ok()) << endpoint.status();
  return endpoint.value_or(Endpoint());
}

// Why `text` is no endpoint.
std::string Refusal(std::string_view text) {
  const auto endpoint = ParseEndpoint(text);
  EXPECT_EQ(endpoint.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(endpoint.status().message());
}

TEST(ParseEndpoint, ReadsClientAndMetricsUrls) {
  EXPECT_EQ(Parsed("http://127.0.0.1:2379"),
            (Endpoint{.tls = false, .host = "127.0.0.1", .port = 2379, .path = ""}));
  EXPECT_EQ(Parsed("https://etcd-0.example:9978/metrics"),
            (Endpoint{.tls = true, .host = "etcd-0.example", .port = 9978, .path = "/metrics"}));
}

TEST(ParseEndpoint, FillsInWhatIsLeftOut) {
  EXPECT_EQ(Parsed("etcd-0"), (Endpoint{.tls = false, .host = "etcd-0", .port = 2379}));
  EXPECT_EQ(Parsed("https://etcd-0").port, 2379);
  EXPECT_EQ(ParseEndpoint("http://etcd-0", 2381)->port, 2381);
  EXPECT_EQ(ParseEndpoint("http://etcd-0:1", 2381)->port, 1);
}

TEST(ParseEndpoint, TakesABareSlashForNoPath) {
  EXPECT_EQ(Parsed("http://a:1/"), Parsed("http://a:1"));
}

TEST(ParseEndpoint, TakesIpv6InBrackets) {
  EXPECT_EQ(Parsed("https://[::1]:2379"), (Endpoint{.tls = true, .host = "::1", .port = 2379}));
  EXPECT_EQ(Parsed("[fe80::1%eth0]").host, "fe80::1%eth0");
}

TEST(ParseEndpoint, RefusesIpv6WithoutBrackets) {
  EXPECT_THAT(Refusal("http://fd00::1:2379"), HasSubstr("needs brackets"));
}

TEST(ParseEndpoint, RefusesBracketsAroundAnythingElse) {
  EXPECT_THAT(Refusal("http://[etcd-0]:2379"), HasSubstr("IPv6"));
  EXPECT_THAT(Refusal("http://[a%b]:2379"), HasSubstr("IPv6"));
  EXPECT_THAT(Refusal("http://[::1"), HasSubstr("not closed"));
  EXPECT_THAT(Refusal("http://[::1]2379"), HasSubstr("only a port"));
}

TEST(ParseEndpoint, RefusesOtherSchemes) {
  EXPECT_THAT(Refusal("unix://a"), HasSubstr("scheme"));
  EXPECT_THAT(Refusal("HTTPS://a"), HasSubstr("scheme"));
  EXPECT_THAT(Refusal("://a"), HasSubstr("scheme"));
}

TEST(ParseEndpoint, RefusesWhatIsNoPort) {
  for (const char* text : {"a:", "a:0", "a:65536", "a:-1", "a:+1", "a:1x", "a: 1", "a:http"})
    EXPECT_THAT(Refusal(text), HasSubstr("port is not a number from 1 to 65535"));
  EXPECT_EQ(Parsed("a:65535").port, 65535);
}

TEST(ParseEndpoint, RefusesWhatIsNoHost) {
  EXPECT_THAT(Refusal(""), HasSubstr("no host"));
  EXPECT_THAT(Refusal("http://"), HasSubstr("no host"));
  EXPECT_THAT(Refusal("http://:2379"), HasSubstr("no host"));
  EXPECT_THAT(Refusal("http://user@a:1"), HasSubstr("character"));
  EXPECT_THAT(Refusal("http://a b:1"), HasSubstr("character"));
  EXPECT_THAT(Refusal("http://a%2e:1"), HasSubstr("character"));
}

TEST(ParseEndpoint, RefusesPathsThatCouldForgeARequest) {
  EXPECT_THAT(Refusal("http://a:1/metrics HTTP/1.0"), HasSubstr("the path has a blank"));
  EXPECT_THAT(Refusal("http://a:1/\r\nX: y"), HasSubstr("the path has a blank"));
  EXPECT_THAT(Refusal("http://a:1/\x7f"), HasSubstr("the path has a blank"));
  EXPECT_THAT(Refusal("http://a:1/ä"), HasSubstr("the path has a blank"));
}

TEST(ParseEndpoint, NamesTheTextItRefuses) {
  EXPECT_THAT(Refusal("ftp://a:1"), HasSubstr("\"ftp://a:1\""));
}

TEST(Endpoint, WritesItsUrl) {
  for (const char* url : {"http://127.0.0.1:2379", "https://[fd00::1]:2379", "http://a:1/metrics"})
    EXPECT_EQ(Parsed(url).Url(), url);
  EXPECT_EQ(Parsed("https://[fd00::1]:2379/metrics").HostPort(), "[fd00::1]:2379");
}

TEST(Endpoint, KnowsLoopbackAddresses) {
  EXPECT_TRUE(Parsed("http://127.0.0.1:2379").IsLoopback());
  EXPECT_TRUE(Parsed("http://127.1.2.3:2379").IsLoopback());
  EXPECT_TRUE(Parsed("http://[::1]:2379").IsLoopback());
  EXPECT_TRUE(Parsed("http://localhost:2379").IsLoopback());
  EXPECT_FALSE(Parsed("http://10.0.0.1:2379").IsLoopback());
  EXPECT_FALSE(Parsed("http://[fd00::1]:2379").IsLoopback());
  EXPECT_FALSE(Parsed("http://localhost.example:2379").IsLoopback());
}

}  // namespace
}  // namespace headroom::etcd
