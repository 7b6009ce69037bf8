#include "options/given_values.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "etcd/quota.h"
#include "options/parsed.h"
#include "support/temporary_folder.h"

namespace headroom {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    setenv(name_.c_str(), value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_.c_str()); }

 private:
  const std::string name_;
};

TEST(GivenValues, PutsTheFlagBeforeTheVariableBeforeTheFile) {
  const support::TemporaryFolder folder;
  const std::string file = "--config.file=" + folder.Write("c.yaml", "etcd.timeout: 7s\n");
  EXPECT_EQ(Parsed({file}).timeout, 7s);
  const Variable variable("ETCD_HEADROOM_ETCD_TIMEOUT", "6s");
  EXPECT_EQ(Parsed({file}).timeout, 6s);
  EXPECT_EQ(Parsed({file, "--etcd.timeout=5s"}).timeout, 5s);
}

TEST(GivenValues, TakesListsSwitchesAndTheFileByVariable) {
  const support::TemporaryFolder folder;
  const Variable file("ETCD_HEADROOM_CONFIG_FILE", folder.Write("c.yaml", "log.level: warn\n"));
  const Variable endpoints("ETCD_HEADROOM_ETCD_ENDPOINTS", "http://a:1,http://b:2");
  const Variable churn("ETCD_HEADROOM_COLLECTOR_CHURN", "false");
  const Options options = Parsed({});
  EXPECT_EQ(options.log_level, "warn");
  EXPECT_EQ(options.endpoints.size(), 2U);
  EXPECT_FALSE(options.collect_churn);
}

TEST(GivenValues, TakesAnEmptyVariableForNotSet) {
  const Variable variable("ETCD_HEADROOM_ETCD_TIMEOUT", "");
  EXPECT_EQ(Parsed({}).timeout, 2s);
}

TEST(GivenValues, NamesTheVariableWithAWrongValue) {
  const Variable variable("ETCD_HEADROOM_ETCD_TIMEOUT", "soon");
  EXPECT_THAT(Refusal({}), AllOf(StartsWith("ETCD_HEADROOM_ETCD_TIMEOUT: "), HasSubstr("soon")));
  EXPECT_EQ(Parsed({"--etcd.timeout=3s"}).timeout, 3s) << "the flag wins unseen";
}

TEST(GivenValues, RefusesAVariableWithoutAFlag) {
  for (const char* name : {"ETCD_HEADROOM_ETCD_TIMEOUTS", "ETCD_HEADROOM_CONFIG_CHECK",
                           "ETCD_HEADROOM_NO_COLLECTOR_CHURN", "ETCD_HEADROOM_VERSION"}) {
    const Variable variable(name, "1");
    EXPECT_THAT(Refusal({}), AllOf(StartsWith(name), HasSubstr("no such option")));
  }
  const Variable near("ETCD_HEADROOM_ETCD_TIMEOUTS", "1s");
  EXPECT_THAT(Refusal({}), EndsWith("did you mean ETCD_HEADROOM_ETCD_TIMEOUT?"));
}

TEST(GivenValues, LeavesTheVariablesOfAServiceAlone) {
  const Variable host("ETCD_HEADROOM_SERVICE_HOST", "10.96.0.7");
  const Variable named("ETCD_HEADROOM_SERVICE_PORT_METRICS", "9379");
  const Variable link("ETCD_HEADROOM_PORT", "tcp://10.96.0.7:9379");
  const Variable address("ETCD_HEADROOM_PORT_9379_TCP_ADDR", "10.96.0.7");
  EXPECT_EQ(Parsed({}).timeout, 2s);
}

TEST(CheckText, IsAConfigurationFileOfTheSameSettings) {
  const support::TemporaryFolder folder;
  const std::vector<std::string> given = {"--etcd.endpoints=https://a:1,https://b:1",
                                          "--etcd.cacert=/ca",
                                          "--churn.prefix=/x",
                                          "--etcd.quota-bytes=8GiB",
                                          "--no-collector.churn",
                                          "--inventory.count-at-start"};
  auto arguments = given;
  arguments.emplace_back("--config.check");
  const std::string text = Parsed(arguments).check_text;
  EXPECT_THAT(text, HasSubstr("etcd.endpoints: [https://a:1, https://b:1]  # flag\n"));
  EXPECT_THAT(text, HasSubstr("etcd.metrics-url: [https://a:1/metrics, https://b:1/metrics]  # "
                              "default\n"));
  EXPECT_THAT(text, HasSubstr("collector.churn: false  # flag\n"));
  EXPECT_THAT(text, HasSubstr("web.listen-address: [:9379]  # default\n"));

  const Options again = Parsed({"--config.file=" + folder.Write("c.yaml", text)});
  EXPECT_EQ(again.endpoints.size(), 2U);
  EXPECT_EQ(again.quota_bytes, std::int64_t{8} << 30);
  EXPECT_FALSE(again.collect_churn);
  EXPECT_TRUE(again.count_at_start);
  EXPECT_THAT(again.registry_prefixes, ElementsAre("/x"));
}

TEST(CheckText, HasEverySwitch) {
  const std::string text = Parsed({"--config.check"}).check_text;
  for (const char* on :
       {"collector.member", "collector.node", "collector.churn", "inventory.count"})
    EXPECT_THAT(text, HasSubstr(std::string(on) + ": true  # default\n"));
  for (const char* off : {"collector.inventory", "inventory.count-at-start"})
    EXPECT_THAT(text, HasSubstr(std::string(off) + ": false  # default\n"));
}

TEST(CommandLine, TakesSizesWithAUnit) {
  const auto quota = [](const std::string& text) {
    return *Parsed({"--etcd.quota-bytes=" + text}).quota_bytes;
  };
  EXPECT_EQ(quota("8GiB"), std::int64_t{8} << 30);
  EXPECT_EQ(quota("8Gi"), std::int64_t{8} << 30);
  EXPECT_EQ(quota("8GB"), 8'000'000'000);
  EXPECT_EQ(quota("512MiB"), std::int64_t{512} << 20);
  EXPECT_EQ(quota("-1"), etcd::kQuotaDisabled);
  for (const char* wrong :
       {"8XB", "0", "0GiB", "16EiB", "GiB", "1.5", "1.5GiB", "-1GiB", "9223372036854775808"})
    EXPECT_THAT(Refusal({std::string("--etcd.quota-bytes=") + wrong}), HasSubstr(wrong));
}

TEST(CommandLine, TakesNoFlagForTheValueOfTheOneBefore) {
  EXPECT_THAT(Refusal({"--etcd.cacert=", "--etcd.cert=/c"}),
              StartsWith("--etcd.cacert: the value is empty"));
}

}  // namespace
}  // namespace headroom
