#include "etcd/tls.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>

#include "support/certificates.h"
#include "support/temporary_folder.h"

namespace headroom::etcd {
namespace {

using support::Authority;
using support::Identity;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Files as a node has them, all in order; each test spoils one.
class TlsCredentialsTest : public testing::Test {
 protected:
  std::string Refusal() const {
    const auto credentials = TlsCredentials::Load(files_);
    EXPECT_FALSE(credentials.ok());
    std::string message(credentials.status().message());
    EXPECT_THAT(message, AllOf(Not(HasSubstr("BEGIN")), Not(HasSubstr("\n"))));
    // No line of the key is shown, whatever is wrong with it.
    EXPECT_THAT(message, Not(HasSubstr(client_.key.substr(28, 20))));
    return message;
  }

  const support::TemporaryFolder folder_;
  const Authority ca_{"etcd-ca"};
  const Identity client_ = ca_.Issue("healthcheck-client");
  TlsFiles files_{.ca = folder_.Write("ca.crt", ca_.certificate()),
                  .certificate = folder_.Write("client.crt", client_.certificate),
                  .key = folder_.Write("client.key", client_.key)};
};

TEST_F(TlsCredentialsTest, HoldTheFilesText) {
  files_.server_name = "etcd.example";
  const auto credentials = TlsCredentials::Load(files_);
  ASSERT_TRUE(credentials.ok()) << credentials.status();
  EXPECT_EQ((*credentials)->ca_pem(), ca_.certificate());
  EXPECT_EQ((*credentials)->certificate_pem(), client_.certificate);
  EXPECT_EQ((*credentials)->key_pem(), client_.key);
  EXPECT_EQ((*credentials)->server_name(), "etcd.example");
  EXPECT_NE((*credentials)->context(), nullptr);
}

TEST_F(TlsCredentialsTest, NeedNoClientCertificate) {
  const auto credentials = TlsCredentials::Load({.ca = files_.ca});
  ASSERT_TRUE(credentials.ok()) << credentials.status();
  EXPECT_EQ((*credentials)->certificate_pem(), "");
  EXPECT_EQ((*credentials)->key_pem(), "");
}

TEST_F(TlsCredentialsTest, TakeABundleOfCas) {
  folder_.Write("ca.crt", Authority("old-ca").certificate() + ca_.certificate());
  EXPECT_TRUE(TlsCredentials::Load(files_).ok());
}

TEST_F(TlsCredentialsTest, TakeACertificateWithItsChain) {
  folder_.Write("client.crt", client_.certificate + ca_.certificate());
  EXPECT_TRUE(TlsCredentials::Load(files_).ok());
}

TEST_F(TlsCredentialsTest, NameTheFileThatIsMissing) {
  const std::string nowhere = folder_.path() / "nowhere";
  for (std::string* file : {&files_.ca, &files_.certificate, &files_.key}) {
    const std::string kept = std::exchange(*file, nowhere);
    EXPECT_THAT(Refusal(), HasSubstr(nowhere + ": No such file or directory"));
    *file = kept;
  }
}

TEST_F(TlsCredentialsTest, RefuseAFolder) {
  files_.ca = folder_.path();
  EXPECT_THAT(Refusal(), HasSubstr(files_.ca + ": is not a regular file"));
}

TEST_F(TlsCredentialsTest, RefuseAnEmptyCa) {
  folder_.Write("ca.crt", "");
  EXPECT_EQ(Refusal(), "CA file " + files_.ca + ": no PEM certificate in it");
}

TEST_F(TlsCredentialsTest, RefuseAnEmptyCertificate) {
  folder_.Write("client.crt", "");
  EXPECT_EQ(Refusal(), "certificate " + files_.certificate + ": no PEM certificate in it");
}

TEST_F(TlsCredentialsTest, RefuseAnEmptyKey) {
  folder_.Write("client.key", "");
  EXPECT_EQ(Refusal(), "key " + files_.key + ": no unencrypted PEM private key in it");
}

TEST_F(TlsCredentialsTest, RefuseGarbage) {
  const std::string garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  folder_.Write("ca.crt", garbage);
  EXPECT_EQ(Refusal(), "CA file " + files_.ca + ": no PEM certificate in it");
  folder_.Write("ca.crt", ca_.certificate());
  folder_.Write("client.crt", garbage);
  EXPECT_EQ(Refusal(), "certificate " + files_.certificate + ": no PEM certificate in it");
}

TEST_F(TlsCredentialsTest, RefuseAKeyThatIsCut) {
  folder_.Write("client.key", client_.key.substr(0, client_.key.size() / 2));
  EXPECT_EQ(Refusal(), "key " + files_.key + ": no unencrypted PEM private key in it");
}

TEST_F(TlsCredentialsTest, RefuseACertificateInPlaceOfTheKey) {
  folder_.Write("client.key", client_.certificate);
  EXPECT_EQ(Refusal(), "key " + files_.key + ": no unencrypted PEM private key in it");
}

TEST_F(TlsCredentialsTest, RefuseAKeyInPlaceOfTheCertificate) {
  folder_.Write("client.crt", client_.key);
  EXPECT_EQ(Refusal(), "certificate " + files_.certificate + ": no PEM certificate in it");
}

TEST_F(TlsCredentialsTest, RefuseTheKeyOfAnotherCertificate) {
  folder_.Write("client.key", ca_.Issue("another").key);
  EXPECT_EQ(Refusal(),
            "key " + files_.key + ": does not belong to certificate " + files_.certificate);
}

// A passphrase would be asked for on a terminal that a daemon does not have.
TEST_F(TlsCredentialsTest, RefuseAnEncryptedKey) {
  folder_.Write("client.key", support::Encrypted(client_.key));
  EXPECT_EQ(Refusal(), "key " + files_.key + ": no unencrypted PEM private key in it");
}

TEST_F(TlsCredentialsTest, ReadThePasswordOfAUserWithoutTheLineBreakBehindIt) {
  files_.user = "headroom";
  files_.password = folder_.Write("password", "open sesame \n");
  const auto credentials = TlsCredentials::Load(files_);
  ASSERT_TRUE(credentials.ok()) << credentials.status();
  EXPECT_EQ((*credentials)->user(), "headroom");
  EXPECT_EQ((*credentials)->password(), "open sesame ");
  folder_.Write("password", "another");
  EXPECT_FALSE((*TlsCredentials::Load(files_))->SameAs(**credentials));
  folder_.Write("password", "\n");
  EXPECT_THAT(Refusal(), HasSubstr("password: is empty"));
}

}  // namespace
}  // namespace headroom::etcd
