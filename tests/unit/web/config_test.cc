#include "web/config.h"

#include <gmock/gmock.h>

#include <string>

namespace headroom::web {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

const std::string kHash = "$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy";
const std::string kPair = "tls_server_config:\n  cert_file: a.crt\n  key_file: /etc/a.key\n";

Config Parsed(const std::string& text) {
  const auto config = ParseConfig(text, "/etc/headroom");
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *config : Config{};
}

std::string Refusal(const std::string& text) {
  const auto config = ParseConfig(text, "/etc/headroom");
  EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(config.status().message());
}

TEST(ParseWebConfig, AnEmptyFileIsPlainHttpForEverybody) {
  for (const char* text : {"", "# nothing\n", "tls_server_config:\nbasic_auth_users: {}\n"}) {
    const Config config = Parsed(text);
    EXPECT_FALSE(config.tls);
    EXPECT_TRUE(config.users.empty() && config.headers.empty());
  }
}

TEST(ParseWebConfig, FindsFilesBesideItself) {
  const Config config = Parsed(kPair);
  ASSERT_TRUE(config.tls);
  EXPECT_EQ(config.tls->certificate.file, "/etc/headroom/a.crt");
  EXPECT_EQ(config.tls->key.file, "/etc/a.key");
  EXPECT_EQ(config.tls->client_auth, ClientAuth::kNone);
}

TEST(ParseWebConfig, TakesTextInPlaceOfFiles) {
  const Config config = Parsed("tls_server_config:\n  cert: |\n    PEM\n  key: KEY\n");
  EXPECT_EQ(config.tls->certificate.text, "PEM\n");
  EXPECT_EQ(config.tls->key.text, "KEY");
}

TEST(ParseWebConfig, TakesAllThatTlsHas) {
  const Config config = Parsed(kPair +
                               "  client_auth_type: RequireAndVerifyClientCert\n"
                               "  client_ca_file: ca.crt\n  min_version: TLS13\n"
                               "  max_version: TLS13\n  prefer_server_cipher_suites: false\n"
                               "  cipher_suites: [TLS_AES_128_GCM_SHA256]\n");
  EXPECT_EQ(config.tls->client_auth, ClientAuth::kRequireAndVerify);
  EXPECT_EQ(config.tls->client_ca.file, "/etc/headroom/ca.crt");
  EXPECT_EQ(config.tls->min_version, 0x0304);
  EXPECT_FALSE(config.tls->prefer_server_cipher_suites);
  EXPECT_THAT(config.tls->cipher_suites, ElementsAre("TLS_AES_128_GCM_SHA256"));
}

TEST(ParseWebConfig, TakesUsersAndHeaders) {
  const Config config = Parsed("basic_auth_users:\n  prometheus: " + kHash +
                               "\nhttp_server_config:\n  http2: false\n  headers:\n"
                               "    X-Frame-Options: deny\n    X-XSS-Protection: 1\n"
                               "    Content-Security-Policy:\n");
  EXPECT_THAT(config.users, ElementsAre(Pair("prometheus", kHash)));
  EXPECT_THAT(config.headers,
              ElementsAre(Pair("X-Frame-Options", "deny"), Pair("X-XSS-Protection", "1")));
}

TEST(ParseWebConfig, NamesAKeyThatIsNotSupported) {
  EXPECT_EQ(Refusal("rate_limit:\n  burst: 1\n"), "line 1: rate_limit: not supported");
  EXPECT_EQ(Refusal(kPair + "  curve_preferences: [X25519]\n"),
            "line 4: tls_server_config.curve_preferences: not supported");
  EXPECT_EQ(Refusal("http_server_config:\n  headers:\n    Server: x\n"),
            "line 3: http_server_config.headers.Server: not supported");
  EXPECT_THAT(Refusal("http_server_config:\n  http2: true\n"),
              HasSubstr("http_server_config.http2: expected false"));
}

TEST(ParseWebConfig, NamesTheKeyThatIsMissing) {
  EXPECT_THAT(Refusal("tls_server_config:\n  min_version: TLS13\n"),
              HasSubstr("tls_server_config.cert_file: missing"));
  EXPECT_THAT(Refusal("tls_server_config:\n  cert_file: a\n  key_file: ''\n"),
              HasSubstr("tls_server_config.key_file: missing"));
  EXPECT_THAT(Refusal(kPair + "  client_auth_type: RequireAndVerifyClientCert\n"),
              HasSubstr("tls_server_config.client_ca_file: missing"));
  EXPECT_THAT(Refusal(kPair + "  client_ca_file: ca.crt\n"),
              HasSubstr("tls_server_config.client_auth_type: missing"));
}

TEST(ParseWebConfig, RefusesValuesThatFitNothing) {
  for (const char* line :
       {"client_auth_type: Sometimes", "min_version: TLS10", "max_version: [TLS13]",
        "prefer_server_cipher_suites: maybe", "cipher_suites: TLS_AES_128_GCM_SHA256", "cert: text",
        "cert_file: again", "client_auth_type:", "min_version: TLS13\n  max_version: TLS12"})
    EXPECT_THAT(Refusal(kPair + "  " + line + "\n"), HasSubstr("tls_server_config.")) << line;
  for (const char* text :
       {"- a list", "word", "tls_server_config: word", "a: [", "basic_auth_users: 1"})
    Refusal(text);
  EXPECT_THAT(Refusal("http_server_config:\n  headers:\n    X-Frame-Options: allow\n"),
              HasSubstr("expected deny or sameorigin"));
  EXPECT_THAT(Refusal("http_server_config:\n  headers:\n    X-XSS-Protection: \"1\\r\\nX: y\"\n"),
              HasSubstr("more than one line"));
}

TEST(ParseWebConfig, NamesTheUserAndNeverThePassword) {
  const std::string refusal = Refusal("basic_auth_users:\n  john: plain-secret\n");
  EXPECT_EQ(refusal, "line 2: basic_auth_users.john: the password is no bcrypt hash");
}

}  // namespace
}  // namespace headroom::web
