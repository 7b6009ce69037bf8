#include "node/config_keys.h"

#include <gmock/gmock.h>

namespace headroom::node {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

std::vector<std::string> Unknown(const std::string& text) {
  return UnknownKeys(YAML::Load(text), "/etc/etcd.conf");
}

TEST(UnknownKeys, NamesWhatWasProbablyMeant) {
  EXPECT_THAT(Unknown("quota-backend-byte: 8589934592"),
              ElementsAre("unknown setting quota-backend-byte in /etc/etcd.conf: etcd ignores it; "
                          "did you mean quota-backend-bytes?"));
  for (const char* written : {"quota_backend_bytes", "quota-backend-bites", "qouta-backend-bytes",
                              "quota-backendbytes", "Quota_Backend_Bytes"}) {
    EXPECT_THAT(Unknown(std::string(written) + ": 1"),
                ElementsAre(EndsWith("did you mean quota-backend-bytes?")))
        << written;
  }
}

TEST(UnknownKeys, DoNotGuess) {
  for (const char* written : {"nonsense", "n", "quota", "quota-bytes"}) {
    EXPECT_THAT(Unknown(std::string(written) + ": 1"),
                ElementsAre("unknown setting " + std::string(written) +
                            " in /etc/etcd.conf: etcd 3.4 to 3.7 ignores it"));
  }
  EXPECT_THAT(Unknown(std::string(1000, 'x') + ": 1"), ElementsAre(EndsWith("ignores it")));
}

TEST(UnknownKeys, AreNotThoseOfAnyVersionInAnyCase) {
  EXPECT_THAT(Unknown("name: a\nQuota-Backend-Bytes: 1\ndebug: true\n"
                      "experimental-initial-corrupt-check: true\nfeature-gates: x\n"
                      "client-transport-security: {cert-file: x}\nlisten-client-http-urls: x\n"),
              IsEmpty());
}

TEST(UnknownKeys, AreAFewLinesHoweverManyThereAre) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "nonsense" + std::to_string(i) + ": 1\n";
  const auto warnings = Unknown(text);
  EXPECT_EQ(warnings.size(), kMaxUnknownKeys + 1);
  EXPECT_EQ(warnings.back(), "more settings in /etc/etcd.conf are unknown");
}

}  // namespace
}  // namespace headroom::node
