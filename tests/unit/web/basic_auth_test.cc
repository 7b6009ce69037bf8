#include "web/basic_auth.h"

#include <gmock/gmock.h>

#include <map>
#include <string>

#include "absl/strings/escaping.h"

namespace headroom::web {
namespace {

// "open sesame", at the least cost and at one that takes a quarter of a second.
const std::string kSesame = "$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy";
const std::string kSlowSesame = "$2y$12$abcdefghijklmnopqrstuuq2uHH4t8IjTa8PV9VUUF1vssBH6WaR2";

std::string Basic(const std::string& text) { return "Basic " + absl::Base64Escape(text); }

class BasicAuthTest : public testing::Test {
 protected:
  bool Admits(const std::string& header) { return auth_.Admits(users_, header); }

  std::map<std::string, std::string> users_ = {{"prometheus", kSesame}};
  BasicAuth auth_;
};

TEST(IsBcrypt, KnowsItsThreeForms) {
  EXPECT_TRUE(IsBcrypt(kSesame));
  EXPECT_TRUE(IsBcrypt(kSlowSesame));
  EXPECT_TRUE(IsBcrypt("$2a$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy"));
}

TEST(IsBcrypt, RefusesPlainTextAndOtherHashes) {
  for (const std::string& hash :
       {std::string(), std::string("doe"), kSesame.substr(0, 59), kSesame + "a",
        "$2b$99$" + kSesame.substr(7), "$2x$" + kSesame.substr(4), "$2b$3/$" + kSesame.substr(7),
        "$2b$03$" + kSesame.substr(7), kSesame.substr(0, 59) + "-",
        std::string("$6$abcdefgh$") + std::string(48, 'x')})
    EXPECT_FALSE(IsBcrypt(hash)) << hash;
}

TEST_F(BasicAuthTest, AdmitsNameAndPassword) {
  EXPECT_TRUE(Admits(Basic("prometheus:open sesame")));
  EXPECT_TRUE(Admits("bAsIc " + absl::Base64Escape("prometheus:open sesame")));
}

TEST_F(BasicAuthTest, AdmitsNobodyElse) {
  for (const std::string& header :
       {std::string(), std::string("Basic"), std::string("Basic !"), Basic("prometheus"),
        Basic("prometheus:"), Basic("prometheus:open sesam"), Basic(":open sesame"),
        Basic("somebody:open sesame"), Basic(std::string("prometheus:open sesame\0x", 24)),
        "Bearer " + absl::Base64Escape("prometheus:open sesame")})
    EXPECT_FALSE(Admits(header)) << header;
}

TEST_F(BasicAuthTest, TakesAPasswordWithAColon) {
  users_["prometheus"] = "$2b$04$abcdefghijklmnopqrstuuIQ9AyrP6qHpzJiEKQ5zxtEz3TPNwuMe";
  EXPECT_TRUE(Admits(Basic("prometheus:a:b")));
  EXPECT_FALSE(Admits(Basic("prometheus:a")));
}

TEST_F(BasicAuthTest, RemembersThePasswordAndNotTheNameAlone) {
  users_["prometheus"] = kSlowSesame;
  ASSERT_TRUE(Admits(Basic("prometheus:open sesame")));
  EXPECT_FALSE(Admits(Basic("prometheus:another")));
  EXPECT_TRUE(Admits(Basic("prometheus:open sesame")));
}

TEST_F(BasicAuthTest, ForgetsAPasswordThatTheConfigurationHasReplaced) {
  ASSERT_TRUE(Admits(Basic("prometheus:open sesame")));
  users_["prometheus"] = "$2b$04$abcdefghijklmnopqrstuu" + std::string(31, '.');
  EXPECT_FALSE(Admits(Basic("prometheus:open sesame")));
  users_.clear();
  EXPECT_FALSE(Admits(Basic("prometheus:open sesame")));
}

}  // namespace
}  // namespace headroom::web
