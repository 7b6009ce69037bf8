#include "web/loaded_config.h"

#include <gmock/gmock.h>

#include <string>

#include "support/certificates.h"
#include "support/temporary_folder.h"

namespace headroom::web {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LoadedConfigTest : public testing::Test {
 protected:
  std::string Write(const std::string& more) const {
    return folder_.Write("web.yml",
                         "tls_server_config:\n  cert_file: a.crt\n  key_file: a.key\n" + more);
  }
  std::string Refusal(const std::string& path) const {
    const auto loaded = LoadedConfig::Load(path);
    EXPECT_FALSE(loaded.ok());
    return std::string(loaded.status().message());
  }

  const support::TemporaryFolder folder_;
  const support::Authority ca_{"scrapers"};
  const support::Identity server_ = ca_.Issue("exporter");
  const support::Identity other_ = ca_.Issue("exporter");
  const std::string certificate_ = folder_.Write("a.crt", server_.certificate);
  const std::string key_ = folder_.Write("a.key", server_.key);
};

TEST_F(LoadedConfigTest, ServesTlsWithAPair) {
  const auto loaded = LoadedConfig::Load(Write(""));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_NE((*loaded)->tls(), nullptr);
}

TEST_F(LoadedConfigTest, ServesPlainHttpWithout) {
  const auto loaded = LoadedConfig::Load(folder_.Write("web.yml", ""));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ((*loaded)->tls(), nullptr);
}

TEST_F(LoadedConfigTest, IsTheSameUntilOneOfItsFilesDiffers) {
  const std::string path = Write("");
  const auto loaded = *LoadedConfig::Load(path);
  EXPECT_TRUE((*LoadedConfig::Load(path))->SameAs(*loaded));
  folder_.Write("a.crt", other_.certificate);
  folder_.Write("a.key", other_.key);
  EXPECT_FALSE((*LoadedConfig::Load(path))->SameAs(*loaded));
}

TEST_F(LoadedConfigTest, NamesTheKeyWhoseFileIsNotUsable) {
  const std::string path = Write("");
  EXPECT_THAT(Refusal(folder_.path() / "none.yml"), HasSubstr("none.yml"));
  folder_.Write("a.key", other_.key);
  EXPECT_THAT(Refusal(path), AllOf(HasSubstr("web.yml: tls_server_config.key_file"),
                                   HasSubstr("does not belong to"), Not(HasSubstr("BEGIN"))));
  folder_.Write("a.key", "");
  EXPECT_THAT(Refusal(path), HasSubstr("no unencrypted PEM private key"));
  folder_.Write("a.crt", "");
  EXPECT_THAT(Refusal(path), HasSubstr("tls_server_config.cert_file"));
}

TEST_F(LoadedConfigTest, NamesACaFileWithoutCertificate) {
  folder_.Write("ca.crt", "nothing");
  EXPECT_THAT(Refusal(Write("  client_ca_file: ca.crt\n  client_auth_type: "
                            "RequireAndVerifyClientCert\n")),
              HasSubstr("tls_server_config.client_ca_file"));
}

TEST_F(LoadedConfigTest, NamesACipherSuiteThatOpensslLacks) {
  ASSERT_TRUE(LoadedConfig::Load(Write("  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "
                                       "TLS_AES_256_GCM_SHA384]\n"))
                  .ok());
  EXPECT_THAT(Refusal(Write("  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]\n")),
              HasSubstr("cipher_suites: TLS_RSA_WITH_RC4_128_SHA is not supported"));
}

}  // namespace
}  // namespace headroom::web
