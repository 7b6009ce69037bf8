#include "options/command_line.h"

#include <gmock/gmock.h>

#include <CLI/App.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "etcd/quota.h"
#include "options/parsed.h"
#include "support/temporary_folder.h"

namespace headroom {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

std::vector<std::string> Urls(const std::vector<etcd::Endpoint>& endpoints) {
  std::vector<std::string> urls;
  urls.reserve(endpoints.size());
  for (const etcd::Endpoint& endpoint : endpoints) urls.push_back(endpoint.Url());
  return urls;
}

// A kubeadm node's root folder; `--path.rootfs` for it is its first argument.
class KubeadmNode {
 public:
  Arguments operator()(Arguments more) const {
    more.insert(more.begin(), "--path.rootfs=" + folder_.path().string());
    return more;
  }
  std::filesystem::path path() const { return folder_.path(); }

 private:
  const support::TemporaryFolder folder_;
  const std::string manifest_ =
      folder_.Write("etc/kubernetes/manifests/etcd.yaml",
                    "{apiVersion: v1, kind: Pod, metadata: {name: etcd}, spec: {containers: "
                    "[{name: etcd, command: "
                    "[etcd, '--listen-client-urls=https://127.0.0.1:2379', "
                    "'--listen-metrics-urls=http://127.0.0.1:2381']}]}}");
};

TEST(CommandLine, TakesAllThatBelongsToTheEtcdOfTheNode) {
  const KubeadmNode node;
  const Options options = Parsed(node({}));
  EXPECT_THAT(Urls(options.endpoints), ElementsAre("https://127.0.0.1:2379"));
  EXPECT_THAT(Urls(options.metrics_urls), ElementsAre("http://127.0.0.1:2381/metrics"));
  EXPECT_EQ(options.tls.ca, node.path() / "etc/kubernetes/pki/etcd/ca.crt");
  EXPECT_EQ(options.etcd_config, "/etc/kubernetes/manifests/etcd.yaml");
  EXPECT_EQ(options.datastore.kind, node::Datastore::Kind::kEtcd);
}

TEST(CommandLine, LetsFlagsAndFileWinOverDiscovery) {
  const KubeadmNode node;
  const support::TemporaryFolder folder;
  const std::string file = folder.Write("c.yaml",
                                        "etcd.metrics-url: http://127.0.0.1:9\n"
                                        "etcd.server-name: etcd.example\n");
  const Options options =
      Parsed(node({"--config.file=" + file, "--etcd.cacert=/ca", "--etcd.cert=/c", "--etcd.key=/k",
                   "--etcd.config=/srv/etcd.yaml"}));
  EXPECT_THAT(Urls(options.endpoints), ElementsAre("https://127.0.0.1:2379"));
  EXPECT_THAT(Urls(options.metrics_urls), ElementsAre("http://127.0.0.1:9/metrics"));
  EXPECT_EQ(options.tls.ca, "/ca");
  EXPECT_EQ(options.tls.certificate, "/c");
  EXPECT_EQ(options.tls.server_name, "etcd.example");
  EXPECT_EQ(options.etcd_config, "/srv/etcd.yaml");
}

TEST(CommandLine, DoesNotLookAtTheNodeWhenTheEndpointIsGiven) {
  const KubeadmNode node;
  const Options options = Parsed(node({"--etcd.endpoints=http://etcd-0:2379"}));
  EXPECT_THAT(Urls(options.endpoints), ElementsAre("http://etcd-0:2379"));
  EXPECT_EQ(options.tls.ca, "");
  EXPECT_EQ(options.etcd_config, "");
}

TEST(CommandLine, HasNoEndpointOnAKubernetesNodeWithoutEtcd) {
  const support::TemporaryFolder worker;
  setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1", 1);
  const Options options = Parsed({"--path.rootfs=" + worker.path().string()});
  unsetenv("KUBERNETES_SERVICE_HOST");
  EXPECT_THAT(options.endpoints, IsEmpty());
  EXPECT_THAT(options.metrics_urls, IsEmpty());
}

TEST(CommandLine, HasDefaultsForOneEtcdOnThisHost) {
  const support::TemporaryFolder empty_root;
  const std::string rootfs = empty_root.path();
  const Options options = Parsed({"--path.rootfs=" + rootfs});
  EXPECT_THAT(Urls(options.endpoints), ElementsAre("http://127.0.0.1:2379"));
  EXPECT_THAT(Urls(options.metrics_urls), ElementsAre("http://127.0.0.1:2379/metrics"));
  EXPECT_EQ(options.timeout, 2s);
  EXPECT_EQ(options.quota_bytes, std::nullopt);
  EXPECT_EQ(options.rootfs, rootfs);
  EXPECT_EQ(options.etcd_config, "");
  EXPECT_EQ(options.listen.at(0).Text(), ":9379");
  EXPECT_EQ(options.telemetry_path, "/metrics");
  EXPECT_TRUE(options.collect_member);
  EXPECT_TRUE(options.collect_node);
  EXPECT_EQ(options.log_level, "info");
  EXPECT_EQ(options.log_format, log::Format::kLogfmt);
  EXPECT_EQ(options.check_text, "");
}

TEST(CommandLine, TakesEveryOption) {
  const Options options = Parsed(
      {"--etcd.endpoints=https://a:1", "--etcd.metrics-url=http://a:2/m", "--etcd.cacert=/ca",
       "--etcd.cert=/cert", "--etcd.key=/key", "--etcd.server-name=etcd.example",
       "--etcd.timeout=500ms", "--etcd.quota-bytes=8589934592", "--etcd.config=/etc/etcd.yaml",
       "--path.rootfs=/host", "--web.listen-address=127.0.0.1:1234", "--web.telemetry-path=/own",
       "--no-collector.member", "--no-collector.node", "--log.level=debug", "--log.format=json",
       "--config.check"});
  EXPECT_THAT(Urls(options.endpoints), ElementsAre("https://a:1"));
  EXPECT_THAT(Urls(options.metrics_urls), ElementsAre("http://a:2/m"));
  EXPECT_EQ(options.tls.ca, "/ca");
  EXPECT_EQ(options.tls.certificate, "/cert");
  EXPECT_EQ(options.tls.key, "/key");
  EXPECT_EQ(options.tls.server_name, "etcd.example");
  EXPECT_EQ(options.timeout, 500ms);
  EXPECT_EQ(options.quota_bytes, 8'589'934'592);
  EXPECT_EQ(options.etcd_config, "/etc/etcd.yaml");
  EXPECT_EQ(options.rootfs, "/host");
  EXPECT_EQ(options.listen.at(0).Text(), "127.0.0.1:1234");
  EXPECT_EQ(options.telemetry_path, "/own");
  EXPECT_FALSE(options.collect_member);
  EXPECT_FALSE(options.collect_node);
  EXPECT_EQ(options.log_level, "debug");
  EXPECT_EQ(options.log_format, log::Format::kJson);
  EXPECT_THAT(options.check_text, HasSubstr("etcd.timeout: 500ms  # flag\n"));
}

TEST(CommandLine, TakesEndpointsByCommaAndByRepeating) {
  const Options options =
      Parsed({"--etcd.endpoints=http://a:1,http://b:1", "--etcd.endpoints", "http://c:1"});
  EXPECT_THAT(Urls(options.endpoints), ElementsAre("http://a:1", "http://b:1", "http://c:1"));
  EXPECT_THAT(Urls(options.metrics_urls),
              ElementsAre("http://a:1/metrics", "http://b:1/metrics", "http://c:1/metrics"));
}

TEST(CommandLine, AddsThePathThatAMetricsUrlLeavesOut) {
  const Options options = Parsed({"--etcd.metrics-url=http://127.0.0.1:2381"});
  EXPECT_THAT(Urls(options.metrics_urls), ElementsAre("http://127.0.0.1:2381/metrics"));
}

TEST(CommandLine, TakesTheMetricsPageFromWhereTheConfiguredEtcdHasItsHttp) {
  const support::TemporaryFolder root;
  root.Write("etcd.conf", "listen-client-http-urls: http://127.0.0.1:2382\n");
  const auto urls = [&root](const std::string& endpoint) {
    return Urls(Parsed({"--path.rootfs=" + root.path().string(), "--etcd.config=/etcd.conf",
                        "--etcd.endpoints=" + endpoint})
                    .metrics_urls);
  };
  EXPECT_THAT(urls("http://127.0.0.1:2379"), ElementsAre("http://127.0.0.1:2382/metrics"));
  EXPECT_THAT(urls("http://a:2379"), ElementsAre("http://a:2379/metrics")) << "another node's";
}

TEST(CommandLine, WantsOneMetricsUrlAnEndpoint) {
  EXPECT_EQ(Refusal({"--etcd.endpoints=http://a:1,http://b:1", "--etcd.metrics-url=http://a:2"}),
            "--etcd.metrics-url: 1 given for 2 endpoints; one each, or none");
}

TEST(CommandLine, RefusesAnEndpointTwice) {
  EXPECT_THAT(Refusal({"--etcd.endpoints=http://a:2379,a"}),
              HasSubstr("http://a:2379 is given twice"));
}

TEST(CommandLine, RefusesAnEndpointWithAPath) {
  EXPECT_THAT(Refusal({"--etcd.endpoints=http://a:1/metrics"}),
              AllOf(HasSubstr("--etcd.endpoints"), HasSubstr("has no path")));
}

TEST(CommandLine, WantsACaForTls) {
  EXPECT_EQ(Refusal({"--etcd.endpoints=https://a:1"}), "an https endpoint needs --etcd.cacert");
  EXPECT_EQ(Refusal({"--etcd.metrics-url=https://a:1"}), "an https endpoint needs --etcd.cacert");
  EXPECT_EQ(Refusal({"--etcd.cert=/cert", "--etcd.key=/key"}), "--etcd.cert needs --etcd.cacert");
}

TEST(CommandLine, WantsCertificateAndKeyTogether) {
  EXPECT_THAT(Refusal({"--etcd.cacert=/ca", "--etcd.cert=/cert"}), HasSubstr("both or neither"));
  EXPECT_THAT(Refusal({"--etcd.cacert=/ca", "--etcd.key=/key"}), HasSubstr("both or neither"));
}

TEST(CommandLine, TakesTimeoutsFrom10MillisecondsTo1Minute) {
  EXPECT_EQ(Parsed({"--etcd.timeout=10ms"}).timeout, 10ms);
  EXPECT_EQ(Parsed({"--etcd.timeout=1m"}).timeout, 60s);
  EXPECT_EQ(Parsed({"--etcd.timeout=1.5s"}).timeout, 1500ms);
  for (const char* timeout : {"9ms", "61s", "0", "-1s", "2", "inf", "soon", ""})
    EXPECT_THAT(Refusal({std::string("--etcd.timeout=") + timeout}), HasSubstr("--etcd.timeout"));
}

TEST(CommandLine, TakesNegativeQuotasForDisabled) {
  EXPECT_EQ(Parsed({"--etcd.quota-bytes=-1"}).quota_bytes, etcd::kQuotaDisabled);
  EXPECT_EQ(Parsed({"--etcd.quota-bytes=-7"}).quota_bytes, etcd::kQuotaDisabled);
}

TEST(CommandLine, RefusesPathsThatAreTakenOrUnsafe) {
  for (const char* path : {"/", "/-/healthy", "/-/ready", "/history", "/runbooks", "/runbooks/a.md",
                           "/reference/b.md", "metrics", "", "/a b", "/<b>", "/a?b"}) {
    EXPECT_THAT(Refusal({std::string("--web.telemetry-path=") + path}),
                HasSubstr("--web.telemetry-path"))
        << path;
  }
}

TEST(CommandLine, RefusesOtherLogLevelsAndFormats) {
  EXPECT_THAT(Refusal({"--log.level=loud"}), AllOf(HasSubstr("--log.level"), HasSubstr("loud")));
  EXPECT_THAT(Refusal({"--log.format=xml"}), AllOf(HasSubstr("--log.format"), HasSubstr("xml")));
}

TEST(CommandLine, ReadsADatabaseFileThatIsNamed) {
  const Options options = Parsed({"--etcd.endpoints=http://a:1", "--inventory.db-file=/db",
                                  "--inventory.interval=90s", "--inventory.max-keys=5000"});
  EXPECT_TRUE(options.collect_inventory);
  EXPECT_EQ(options.db_file, "/db");
  EXPECT_EQ(options.inventory_interval, 90s);
  EXPECT_EQ(options.inventory_max_keys, 5'000);
  EXPECT_FALSE(Parsed({"--inventory.db-file=/db", "--no-collector.inventory"}).collect_inventory)
      << "the switch decides";
  for (const char* interval : {"0s", "500ms", "25h", "often"}) {
    EXPECT_THAT(Refusal({std::string("--inventory.interval=") + interval}),
                AllOf(HasSubstr("--inventory.interval"), HasSubstr(interval)));
  }
  EXPECT_THAT(Refusal({"--inventory.max-keys=0"}), HasSubstr("--inventory.max-keys"));
}

TEST(CommandLine, ReadsTheDatabaseFileOfTheNodeIfItCan) {
  const KubeadmNode node;
  const std::filesystem::path place = node.path() / "var/lib/etcd/member/snap/db";
  const Options without = Parsed(node({}));
  EXPECT_EQ(without.db_file, place) << "kubeadm's default, for the report";
  EXPECT_FALSE(without.collect_inventory);
  EXPECT_THAT(without.unreadable_db_file, AllOf(HasSubstr(place), HasSubstr("No such file")));
  EXPECT_EQ(Parsed(node({"--no-collector.inventory"})).unreadable_db_file, "") << "nobody wants it";
  std::filesystem::create_directories(place.parent_path());
  std::ofstream(place) << "x";
  EXPECT_TRUE(Parsed(node({})).collect_inventory);
  EXPECT_EQ(Parsed(node({})).unreadable_db_file, "");
  EXPECT_FALSE(Parsed(node({"--no-collector.inventory"})).collect_inventory);
}

TEST(CommandLine, ReadsBudgetsAndTheFileThatTheyNeed) {
  const support::TemporaryFolder folder;
  const std::string good = folder.Write("good", "budgets: [{namespace: a, bytes: 1MiB}]");
  const Options options = Parsed({"--etcd.endpoints=http://a:1", "--budget.file=" + good});
  ASSERT_NE(options.budgets, nullptr);
  EXPECT_EQ(options.budgets->Current()->front().glob, "a");
  EXPECT_TRUE(options.collect_inventory);
  const std::string bad = folder.Write("bad", "budgets:\n  - {namespace: a, bytes: 0}\n");
  EXPECT_THAT(Refusal({"--budget.file=" + bad}),
              StartsWith("--budget.file: " + bad + ": line 2: bytes: "));
}

TEST(CommandLine, FindsTheDatabaseFile) {
  const KubeadmNode node;
  EXPECT_EQ(Parsed(node({"--inventory.db-file=/db"})).db_file, "/db") << "as given";
  const support::TemporaryFolder root;
  root.Write("etcd.conf", "data-dir: /srv/etcd\n");
  const Options options = Parsed({"--path.rootfs=" + root.path().string(), "--collector.inventory",
                                  "--etcd.endpoints=http://a:1", "--etcd.config=/etcd.conf"});
  EXPECT_EQ(options.db_file, root.path() / "srv/etcd/member/snap/db") << "that etcd's";
  EXPECT_EQ(Parsed({"--etcd.endpoints=http://a:1", "--collector.inventory"}).db_file, "");
}

TEST(CommandLine, TakesTheLimitsOfTheChurn) {
  const Options options =
      Parsed({"--churn.prefix=/one,/two/deep", "--churn.max-resources=7", "--churn.max-pairs=9",
              "--no-inventory.count", "--inventory.count-at-start"});
  EXPECT_TRUE(options.collect_churn);
  EXPECT_THAT(options.registry_prefixes, ElementsAre("/one", "/two/deep"));
  EXPECT_EQ(options.max_resources, 7);
  EXPECT_EQ(options.max_pairs, 9);
  EXPECT_FALSE(options.count_objects);
  EXPECT_TRUE(options.count_at_start);
  EXPECT_FALSE(Parsed({"--no-collector.churn"}).collect_churn);
  EXPECT_THAT(Refusal({"--churn.max-resources=0"}), HasSubstr("--churn.max-resources"));
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(Refusal({"--no-such-flag"}), HasSubstr("--no-such-flag"));
  EXPECT_THAT(Refusal({"stray"}), HasSubstr("stray"));
}

TEST(CommandLine, ShowsHelpWithEveryFlag) {
  const std::string help = Printed({"--help"});
  for (const char* flag :
       {"--etcd.endpoints", "--etcd.cacert", "--path.rootfs", "--web.listen-address",
        "--collector.member", "--log.level", "--config.file", "--version"}) {
    EXPECT_THAT(help, HasSubstr(flag));
  }
}

TEST(CommandLine, TakesTheFlagsOfServingForALookAtOnceButHidesThem) {
  const auto parse = [](std::vector<const char*> argv) {
    argv.insert(argv.begin(), "report");
    CLI::App app("", "report");
    return ParseCommandLine(app, static_cast<int>(argv.size()), argv.data(), Purpose::kOnce);
  };
  const auto taken = parse({"--etcd.endpoints=http://a:1", "--web.listen-address=:1",
                            "--no-collector.churn", "--log.level=debug"});
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(std::get<Options>(*taken).listen.at(0).Text(), ":1");

  const auto help = parse({"--help"});
  ASSERT_TRUE(help.ok());
  const std::string text = std::get<PrintAndExit>(*help).text;
  for (const char* flag :
       {"--etcd.endpoints", "--etcd.quota-bytes", "--path.rootfs", "--churn.prefix",
        "--collector.inventory", "--inventory.db-file", "--web.listen-address"})
    EXPECT_THAT(text, HasSubstr(flag));
  for (const char* flag : {"--web.telemetry-path", "--log.", "--collector.member", "--churn.max",
                           "--inventory.interval", "--inventory.count", "--config.check"})
    EXPECT_THAT(text, Not(HasSubstr(flag)));
}

TEST(CommandLine, ShowsItsVersionAndLibraries) {
  EXPECT_THAT(Printed({"--version"}),
              AllOf(StartsWith("etcd-headroom-exporter, version "), HasSubstr("gRPC "),
                    HasSubstr("OpenSSL "), HasSubstr("CivetWeb 1.16")));
}

class ConfigFileTest : public testing::Test {
 protected:
  // The flag that names a file with this text.
  std::string File(std::string_view text) const {
    return "--config.file=" + folder_.Write("config.yaml", text);
  }
  std::string RefusalOf(std::string_view text) const {
    const std::string flag = File(text);
    std::string refusal = Refusal({flag});
    EXPECT_THAT(refusal, StartsWith((folder_.path() / "config.yaml").string() + ": "));
    return refusal;
  }

  const support::TemporaryFolder folder_;
};

TEST_F(ConfigFileTest, SetsWhatFlagsSet) {
  const Options options =
      Parsed({File("etcd.endpoints:\n  - http://a:1\n  - http://b:1\netcd.timeout: 3s\n"
                   "etcd.quota-bytes: -1\ncollector.node: false\nlog.format: json\n")});
  EXPECT_THAT(Urls(options.endpoints), ElementsAre("http://a:1", "http://b:1"));
  EXPECT_EQ(options.timeout, 3s);
  EXPECT_EQ(options.quota_bytes, etcd::kQuotaDisabled);
  EXPECT_FALSE(options.collect_node);
  EXPECT_TRUE(options.collect_member);
  EXPECT_EQ(options.log_format, log::Format::kJson);
}

TEST_F(ConfigFileTest, SplitsEndpointsAtCommasToo) {
  EXPECT_THAT(Urls(Parsed({File("etcd.endpoints: http://a:1,http://b:1\n")}).endpoints),
              ElementsAre("http://a:1", "http://b:1"));
}

TEST_F(ConfigFileTest, GivesWayToFlags) {
  const Options options =
      Parsed({"--etcd.endpoints=http://flag:1", "--etcd.timeout=1s",
              File("etcd.endpoints: http://file:1\netcd.timeout: 3s\nlog.level: debug\n"),
              "--collector.node"});
  EXPECT_THAT(Urls(options.endpoints), ElementsAre("http://flag:1"));
  EXPECT_EQ(options.timeout, 1s);
  EXPECT_EQ(options.log_level, "debug");
}

TEST_F(ConfigFileTest, SwitchesCollectors) {
  EXPECT_FALSE(Parsed({File("collector.member: false\n")}).collect_member);
  EXPECT_TRUE(Parsed({File("collector.member: true\n")}).collect_member);
}

TEST_F(ConfigFileTest, KnowsSwitchesByOneName) {
  EXPECT_THAT(RefusalOf("log.level: info\nno-collector.member: true\n"),
              HasSubstr("line 2: no-collector.member: there is no such option"));
}

TEST_F(ConfigFileTest, RefusesASwitchThatIsNeitherOnNorOff) {
  EXPECT_THAT(RefusalOf("collector.member: maybe\n"), HasSubstr("line 1: collector.member: "));
}

TEST_F(ConfigFileTest, ChecksValuesAsFlagsDo) {
  EXPECT_THAT(RefusalOf("log.level: info\netcd.timeout: soon\n"),
              AllOf(HasSubstr("line 2: etcd.timeout: "), HasSubstr("soon")));
  EXPECT_THAT(RefusalOf("etcd.endpoints: ftp://a\n"), HasSubstr("scheme"));
  EXPECT_THAT(RefusalOf("etcd.quota-bytes: 0\n"), HasSubstr("line 1: etcd.quota-bytes: "));
}

TEST_F(ConfigFileTest, RefusesAListForASingleValue) {
  EXPECT_THAT(RefusalOf("etcd.timeout: [1s, 2s]\n"),
              HasSubstr("line 1: etcd.timeout: takes one value, not a list"));
}

TEST_F(ConfigFileTest, RefusesKeysThatAreNoOptions) {
  for (const char* key : {"no.such", "help", "version", "config.file", "config.check", ""}) {
    EXPECT_THAT(RefusalOf("\"" + std::string(key) + "\": true\n"),
                HasSubstr("there is no such option"))
        << key;
  }
}

TEST_F(ConfigFileTest, NamesTheLineOfBrokenYaml) {
  EXPECT_THAT(RefusalOf("log.level: info\netcd.endpoints: [\n"), HasSubstr(": line "));
}

TEST_F(ConfigFileTest, RefusesAFileThatCannotBeRead) {
  EXPECT_THAT(Refusal({"--config.file=/nowhere.yaml"}), HasSubstr("/nowhere.yaml: No such file"));
  EXPECT_THAT(Refusal({"--config.file=" + folder_.path().string()}),
              HasSubstr("is not a regular file"));
}

}  // namespace
}  // namespace headroom
