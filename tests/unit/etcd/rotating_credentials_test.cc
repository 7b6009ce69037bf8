#include "etcd/rotating_credentials.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <memory>
#include <string>

#include "support/certificates.h"
#include "support/temporary_folder.h"

namespace headroom::etcd {
namespace {

using support::Authority;
using support::Identity;

class RotatingCredentialsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = RotatingCredentials::Open(files_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    credentials_ = *std::move(opened);
  }

  const support::TemporaryFolder folder_;
  const Authority ca_{"etcd-ca"};
  const Identity first_ = ca_.Issue("healthcheck-client");
  const Identity second_ = ca_.Issue("healthcheck-client");
  const TlsFiles files_{.ca = folder_.Write("ca.crt", ca_.certificate()),
                        .certificate = folder_.Write("client.crt", first_.certificate),
                        .key = folder_.Write("client.key", first_.key),
                        .server_name = ""};
  std::shared_ptr<RotatingCredentials> credentials_;
};

TEST_F(RotatingCredentialsTest, AreRefusedLikeTheFiles) {
  folder_.Write("client.key", second_.key);
  EXPECT_EQ(RotatingCredentials::Open(files_).status(), TlsCredentials::Load(files_).status());
}

TEST_F(RotatingCredentialsTest, StayTheSameWhileTheFilesDo) {
  const auto used = credentials_->Current();
  EXPECT_FALSE(credentials_->Refresh());
  EXPECT_EQ(credentials_->Current(), used) << "another set would mean a new connection";
}

TEST_F(RotatingCredentialsTest, TakeARenewedPairOnceBothHalvesAreThere) {
  folder_.Write("client.crt", second_.certificate);
  EXPECT_FALSE(credentials_->Refresh());
  EXPECT_EQ(credentials_->Current()->certificate_pem(), first_.certificate);

  folder_.Write("client.key", second_.key);
  EXPECT_TRUE(credentials_->Refresh());
  EXPECT_EQ(credentials_->Current()->certificate_pem(), second_.certificate);
  EXPECT_EQ(credentials_->Current()->key_pem(), second_.key);
}

TEST_F(RotatingCredentialsTest, SurviveEveryFileBeingEmptyOrGone) {
  const auto used = credentials_->Current();
  for (const std::string& file : {files_.ca, files_.certificate, files_.key}) {
    const std::string aside = file + ".aside";
    std::filesystem::rename(file, aside);
    EXPECT_FALSE(credentials_->Refresh()) << file;
    folder_.Write(std::filesystem::path(file).filename().string(), "");
    EXPECT_FALSE(credentials_->Refresh()) << file;
    EXPECT_EQ(credentials_->Current(), used) << file;
    std::filesystem::rename(aside, file);
  }
  EXPECT_FALSE(credentials_->Refresh());
  EXPECT_EQ(credentials_->Current(), used);
}

TEST_F(RotatingCredentialsTest, TakeAnotherCa) {
  const Authority other("new-ca");
  folder_.Write("ca.crt", ca_.certificate() + other.certificate());
  EXPECT_TRUE(credentials_->Refresh());
  EXPECT_EQ(credentials_->Current()->ca_pem(), ca_.certificate() + other.certificate());
}

}  // namespace
}  // namespace headroom::etcd
