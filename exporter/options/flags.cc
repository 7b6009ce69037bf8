#include "options/flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "etcd/endpoint.h"
#include "text/byte_size.h"

namespace headroom {
namespace {

// A check for CLI11: its error is the status' message.
template <typename Parse>
CLI::Validator Check(Parse parse) {
  return CLI::Validator(
      [parse](std::string& text) { return std::string(absl::Status(parse(text)).message()); }, "");
}

absl::Status CheckEndpoint(const std::string& text) {
  const auto endpoint = etcd::ParseEndpoint(text);
  if (!endpoint.ok()) return endpoint.status();
  if (endpoint->path.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("endpoint \"", text, "\": a client endpoint has no path"));
}

absl::Status CheckQuota(const std::string& text) {
  if (ParseBytes(text)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" is no size such as 8GiB; -1 means disabled, and unset etcd enforces 2GiB"));
}

// Without what CLI11 would add to the help.
CLI::Validator CheckCount(int least, int most) { return CLI::Range(least, most).description(""); }

absl::Status CheckTelemetryPath(const std::string& text) {
  const auto allowed = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("/-_.").find(c) != std::string_view::npos;
  };
  const bool taken = text == "/" || text.starts_with("/-/") || text == "/runbooks" ||
                     text == "/history" || text.starts_with("/runbooks/") ||
                     text.starts_with("/reference/");
  if (text.starts_with('/') && !taken && std::ranges::all_of(text, allowed))
    return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no path of its own such as /metrics"));
}

void AddEtcdOptions(CLI::App& app, RawOptions& raw) {
  constexpr const char* kGroup = "etcd";
  etcd::TlsFiles& tls = raw.options.tls;
  app.add_option("--etcd.endpoints", raw.endpoints,
                 "Client URL of each member of one cluster; repeat or separate by commas (default: "
                 "the etcd that is found on this node, with all that belongs to it; outside "
                 "Kubernetes else http://127.0.0.1:2379)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(Check(CheckEndpoint))
      ->type_name("URL")
      ->group(kGroup);
  app.add_option(
         "--etcd.metrics-url", raw.metrics_urls,
         "etcd's own metrics page, one per endpoint in the same order (default: where etcd's "
         "settings have it, else /metrics on the endpoint)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(Check([](const std::string& text) { return etcd::ParseEndpoint(text).status(); }))
      ->type_name("URL")
      ->group(kGroup);
  const auto add = [&app](const char* flag, std::string& value, const char* says,
                          const char* type) {
    app.add_option(flag, value, says)->group(kGroup)->type_name(type);
  };
  add("--etcd.cacert", tls.ca, "CA that signed the servers' certificates (PEM); needed for https",
      "FILE");
  add("--etcd.cert", tls.certificate, "Client certificate (PEM)", "FILE");
  add("--etcd.key", tls.key, "Key of the client certificate (PEM)", "FILE");
  add("--etcd.server-name", tls.server_name,
      "Name to expect in the servers' certificates instead of the endpoint's", "NAME");
  add("--etcd.username", tls.user,
      "User of an etcd with authentication; needs https and --etcd.password-file", "NAME");
  add("--etcd.password-file", tls.password, "File with the user's password", "FILE");
  app.add_option("--etcd.timeout", raw.timeout, "How long a member may take to answer")
      ->check(CheckDuration(absl::Milliseconds(10), absl::Minutes(1),
                            "from 10ms to 1m, such as 2s or 500ms"))
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--etcd.quota-bytes", raw.quota_bytes,
                 "Fallback quota, used if neither etcd nor its manifest reports one; -1 = disabled")
      ->check(Check(CheckQuota))
      ->type_name("BYTES")
      ->group(kGroup);
  app.add_option("--etcd.config", raw.options.etcd_config,
                 "Static pod manifest or config file of the etcd on this node")
      ->type_name("FILE")
      ->group(kGroup);
  app.add_option(
         "--path.rootfs", raw.options.rootfs,
         "Where the node's root is mounted; what is found by its place on the node is below it")
      ->type_name("DIR")
      ->capture_default_str()
      ->group(kGroup);
}

void AddWebOptions(CLI::App& app, RawOptions& raw) {
  app.add_option("--web.listen-address", raw.listen_addresses,
                 "Address and port to serve on, IPv4 or IPv6, or unix:PATH for a socket; repeat or "
                 "separate by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(
          Check([](const std::string& text) { return http::ParseListenAddress(text).status(); }))
      ->type_name("ADDRESS")
      ->default_str(":9379")
      ->group("web");
  app.add_option("--web.config.file", raw.options.web_config_file,
                 "TLS, passwords and headers of the pages, in the format of Prometheus' "
                 "exporter-toolkit")
      ->type_name("FILE")
      ->group("web");
  app.add_option("--web.telemetry-path", raw.options.telemetry_path, "Path of the metrics page")
      ->check(Check(CheckTelemetryPath))
      ->type_name("PATH")
      ->capture_default_str()
      ->group("web");
}

void AddCollectorOptions(CLI::App& app, RawOptions& raw) {
  const auto add = [&app](const std::string& name, bool& on, const std::string& what) {
    app.add_flag(absl::StrCat("--collector.", name, ",!--no-collector.", name), on, what)
        ->group("collectors");
  };
  add("member", raw.options.collect_member,
      "Space, quota, revisions and alarms of the members (default: on)");
  add("node", raw.options.collect_node,
      "Settings in the static pod manifest or config file (default: on)");
  add("churn", raw.options.collect_churn,
      "Who writes how much, by one watch of the whole key space (default: on)");
  add("inventory", raw.options.collect_inventory,
      "What is stored, by a walk of the database file now and then (default: on if that of the "
      "etcd of this node can be read, or --inventory.db-file or --budget.file is given)");
}

void AddChurnOptions(CLI::App& app, RawOptions& raw) {
  constexpr const char* kGroup = "churn";
  app.add_option(
         "--churn.prefix", raw.options.registry_prefixes,
         "kube-apiserver's --etcd-prefix, where it is none of /registry, /kubernetes.io and "
         "/openshift.io; repeat or separate by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("PREFIX")
      ->group(kGroup);
  app.add_option("--churn.max-resources", raw.options.max_resources,
                 "Resources with series of their own; the rest is other")
      ->check(CheckCount(1, 10'000))
      ->type_name("NUMBER")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--churn.max-pairs", raw.options.max_pairs,
                 "Heaviest pairs of resource and namespace, managers, and kinds of Event objects "
                 "with series of their own; the rest is other")
      ->check(CheckCount(1, 10'000))
      ->type_name("NUMBER")
      ->capture_default_str()
      ->group(kGroup);
}

void AddInventoryOptions(CLI::App& app, RawOptions& raw) {
  constexpr const char* kGroup = "inventory";
  app.add_flag("--inventory.count,!--no-inventory.count", raw.options.count_objects,
               "Count the objects of each resource once; the watch keeps the counts (default: on)")
      ->group(kGroup);
  app.add_flag(
         "--inventory.count-at-start", raw.options.count_at_start,
         "Count, and walk the database file, at once, not one to five minutes after the start")
      ->group(kGroup);
  app.add_option(
         "--inventory.db-file", raw.options.db_file,
         "Path to the etcd database, member/snap/db in its data directory. Setting it enables "
         "the inventory collector; its disk is reported in any case (default: that of the "
         "etcd of this node)")
      ->type_name("FILE")
      ->group(kGroup);
  app.add_option("--inventory.interval", raw.inventory_interval, "Between two walks of it")
      ->check(CheckDuration(absl::Seconds(1), absl::Hours(24), "from 1s to 24h, such as 10m"))
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--budget.file", raw.budget_file,
                 "YAML file of what each namespace may have stored. Setting it enables the "
                 "inventory collector")
      ->type_name("FILE")
      ->group(kGroup);
  app.add_option("--inventory.max-keys", raw.options.inventory_max_keys,
                 "Distinct keys past which a walk is given up; each takes up to 14 bytes of memory "
                 "for as long as it lasts")
      ->check(CheckCount(1'000, 1'000'000'000))
      ->type_name("NUMBER")
      ->capture_default_str()
      ->group(kGroup);
}

void AddLogOptions(CLI::App& app, RawOptions& raw) {
  app.add_option("--log.level", raw.options.log_level, "Least level that is logged")
      ->check(
          CLI::IsMember(std::vector<std::string>(std::begin(log::kLevels), std::end(log::kLevels))))
      ->type_name("LEVEL")
      ->capture_default_str()
      ->group("log");
  app.add_option("--log.format", raw.log_format, "Format of the log on stderr")
      ->check(CLI::IsMember({"logfmt", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str()
      ->group("log");
}

// Flags of no use to what looks at etcd once.
constexpr std::array kServingFlags = {"--config.check",        "--web.config.file",
                                      "--web.telemetry-path",  "--collector.member",
                                      "--collector.node",      "--collector.churn",
                                      "--churn.max-resources", "--churn.max-pairs",
                                      "--inventory.count",     "--inventory.count-at-start",
                                      "--inventory.interval",  "--log.level",
                                      "--log.format"};

}  // namespace

CLI::Validator CheckDuration(absl::Duration least, absl::Duration most, const std::string& which) {
  return Check([least, most, which](const std::string& text) {
    absl::Duration duration;
    const bool fits = absl::ParseDuration(text, &duration) && duration >= least && duration <= most;
    return fits ? absl::OkStatus()
                : absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no duration ", which));
  });
}

void AddFlags(CLI::App& app, RawOptions& raw) {
  app.set_help_flag("-h,--help", "Show this help");
  app.add_flag("-V,--version", raw.version, "Show version, revision and linked libraries");
  app.add_option("--config.file", raw.config_file,
                 "YAML file whose keys are the names of these flags")
      ->type_name("FILE")
      ->group("config");
  app.add_flag("--config.check", raw.check_only,
               "Check all settings, print those in force, then exit")
      ->group("config");
  AddEtcdOptions(app, raw);
  AddWebOptions(app, raw);
  AddCollectorOptions(app, raw);
  AddChurnOptions(app, raw);
  AddInventoryOptions(app, raw);
  AddLogOptions(app, raw);
}

void HideServingFlags(CLI::App& app) {
  // CLI11 leaves out of its help what is in the group without a name.
  for (const char* name : kServingFlags) app.get_option(name)->group("");
}

}  // namespace headroom
