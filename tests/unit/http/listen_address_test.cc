#include "http/listen_address.h"

#include <gmock/gmock.h>

#include <string>

namespace headroom::http {
namespace {

using testing::HasSubstr;

std::string Parsed(std::string_view text) {
  const auto address = ParseListenAddress(text);
  EXPECT_TRUE(address.ok()) << address.status();
  return address.ok() ? address->Text() : "";
}

std::string Refusal(std::string_view text) {
  const auto address = ParseListenAddress(text);
  EXPECT_EQ(address.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(address.status().message());
}

TEST(ParseListenAddress, TakesAnIpv4Address) {
  const auto address = ParseListenAddress("127.0.0.1:9379");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->host, "127.0.0.1");
  EXPECT_EQ(address->port, 9379);
  EXPECT_EQ(Parsed("0.0.0.0:65535"), "0.0.0.0:65535");
}

TEST(ParseListenAddress, TakesAllAddressesWithoutOne) { EXPECT_EQ(Parsed(":9379"), ":9379"); }

TEST(ParseListenAddress, KnowsLocalhost) { EXPECT_EQ(Parsed("localhost:80"), "127.0.0.1:80"); }

TEST(ParseListenAddress, SaysWhereTlsIsSetUp) {
  EXPECT_THAT(Refusal("https://0.0.0.0:9379"), HasSubstr("--web.config.file"));
  // CivetWeb's own way to ask for it.
  EXPECT_THAT(Refusal("0.0.0.0:9379s"), HasSubstr("--web.config.file"));
}

TEST(ParseListenAddress, TakesAnIpv6AddressInBrackets) {
  EXPECT_EQ(ParseListenAddress("[::1]:9379")->host, "::1");
  EXPECT_EQ(Parsed("[::1]:9379"), "[::1]:9379");
  for (const char* text : {"::1", "::1:9379", "fe80::1:9379"})
    EXPECT_THAT(Refusal(text), HasSubstr("in brackets")) << text;
  for (const char* text : {"[::g]:9379", "[]:9379", "[fe80::1%eth0]:9379"})
    EXPECT_THAT(Refusal(text), HasSubstr("no address between the brackets")) << text;
}

TEST(ParseListenAddress, TakesBracketsAroundAnIpv4Address) {
  EXPECT_EQ(Parsed("[10.0.0.1]:9379"), "10.0.0.1:9379");
}

TEST(ParseListenAddress, TakesAllOfIpv6ForAllOfBoth) { EXPECT_EQ(Parsed("[::]:9379"), ":9379"); }

TEST(ParseListenAddress, TakesAUnixSocket) {
  EXPECT_EQ(ParseListenAddress("unix:/run/a.sock")->socket, "/run/a.sock");
  EXPECT_EQ(Parsed("unix:/run/a.sock"), "unix:/run/a.sock");
  for (const char* text : {"unix:", "unix:a.sock", "unix:@a", "unix:/a,b", "unix:/a:b"})
    EXPECT_THAT(Refusal(text), HasSubstr("the path")) << text;
  EXPECT_THAT(Refusal("unix:/" + std::string(107, 'a')), HasSubstr("too long"));
}

TEST(ParseListenAddress, RefusesWhatIsNoPort) {
  EXPECT_THAT(Refusal("127.0.0.1"), HasSubstr("port is missing"));
  EXPECT_THAT(Refusal(""), HasSubstr("port is missing"));
  for (const char* text : {"127.0.0.1:", ":0", ":65536", ":-1", ":+1", ":80r", ": 80", ":80,81"})
    EXPECT_THAT(Refusal(text), HasSubstr("port is not a number from 1 to 65535")) << text;
}

TEST(ParseListenAddress, RefusesNamesAndBrokenAddresses) {
  for (const char* text :
       {"etcd-0:9379", "127.0.0:9379", "256.0.0.1:9379", "127.0.0.1,10.0.0.1:80"})
    EXPECT_THAT(Refusal(text), HasSubstr("no IPv4 address")) << text;
}

TEST(ParseListenAddress, NamesTheTextItRefuses) {
  EXPECT_THAT(Refusal("etcd-0:9379"), HasSubstr("\"etcd-0:9379\""));
}

}  // namespace
}  // namespace headroom::http
