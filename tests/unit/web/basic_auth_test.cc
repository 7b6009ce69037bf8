#include "web/basic_auth.h"

#include <gmock/gmock.h>

#include <ctime>
#include <latch>
#include <map>
#include <string>
#include <thread>
#include <vector>

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

// The processor's time, as the clock's says little on a busy machine.
TEST_F(BasicAuthTest, ChecksNoMoreThanFourGuessesAtATime) {
  constexpr int kGuesses = 16;
  users_["prometheus"] = kSlowSesame;
  const std::clock_t before = std::clock();
  EXPECT_FALSE(Admits(Basic("prometheus:one")));
  const std::clock_t one = std::clock() - before;
  std::latch together(kGuesses);
  std::vector<std::jthread> guesses;
  const std::clock_t start = std::clock();
  for (int i = 0; i < kGuesses; ++i) {
    guesses.emplace_back([&] {
      together.arrive_and_wait();
      EXPECT_FALSE(Admits(Basic("prometheus:wrong")));
    });
  }
  guesses.clear();
  EXPECT_LT(std::clock() - start, kGuesses / 2 * one) << "the others are refused unchecked";
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
