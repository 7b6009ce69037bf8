#include "options/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "build_info.h"
#include "etcd/quota.h"
#include "etcd/rpc_client.h"
#include "files/small_file.h"
#include "options/config_file.h"

namespace headroom {
namespace {

// What CLI11 fills in; turned into Options once all of it is known to be valid.
struct RawOptions {
  std::vector<std::string> endpoints{"http://127.0.0.1:2379"};
  std::vector<std::string> metrics_urls;
  std::string timeout = "2s";
  std::int64_t quota_bytes = 0;
  std::string listen_address = ":9379";
  std::string log_format = "logfmt";
  std::string config_file;
  bool collect_churn = false;
  bool collect_inventory = false;
  Options options;
};

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

absl::Status CheckTimeout(const std::string& text) {
  absl::Duration duration;
  if (absl::ParseDuration(text, &duration) && duration >= absl::Milliseconds(10) &&
      duration <= absl::Minutes(1)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no duration from 10ms to 1m, such as 2s or 500ms"));
}

absl::Status CheckQuota(const std::string& text) {
  std::int64_t bytes = 0;
  if (absl::SimpleAtoi(text, &bytes) && bytes != 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text,
      "\" is no number of bytes; -1 means disabled, and unset etcd enforces 2147483648"));
}

absl::Status CheckTelemetryPath(const std::string& text) {
  const auto allowed = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("/-_.").find(c) != std::string_view::npos;
  };
  const bool taken = text == "/" || text == "/-/healthy" || text == "/-/ready";
  if (text.starts_with('/') && !taken && std::ranges::all_of(text, allowed))
    return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no path of its own such as /metrics"));
}

void AddEtcdOptions(CLI::App& app, RawOptions& raw) {
  constexpr const char* kGroup = "etcd";
  etcd::TlsFiles& tls = raw.options.tls;
  app.add_option("--etcd.endpoints", raw.endpoints,
                 "Client URL of each member of one cluster; repeat or separate by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(Check(CheckEndpoint))
      ->type_name("URL")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option("--etcd.metrics-url", raw.metrics_urls,
                 "etcd's own metrics page, one per endpoint in the same order (default: /metrics "
                 "on the endpoint)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(Check([](const std::string& text) { return etcd::ParseEndpoint(text).status(); }))
      ->type_name("URL")
      ->group(kGroup);
  app.add_option("--etcd.cacert", tls.ca,
                 "CA that signed the servers' certificates (PEM); needed for https")
      ->group(kGroup)
      ->type_name("FILE");
  app.add_option("--etcd.cert", tls.certificate, "Client certificate (PEM)")
      ->group(kGroup)
      ->type_name("FILE");
  app.add_option("--etcd.key", tls.key, "Key of the client certificate (PEM)")
      ->group(kGroup)
      ->type_name("FILE");
  app.add_option("--etcd.server-name", tls.server_name,
                 "Name to expect in the servers' certificates instead of the endpoint's")
      ->group(kGroup)
      ->type_name("NAME");
  app.add_option("--etcd.timeout", raw.timeout, "How long a member may take to answer")
      ->check(Check(CheckTimeout))
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(kGroup);
  app.add_option(
         "--etcd.quota-bytes", raw.quota_bytes,
         "Space quota, used where etcd does not tell its own and no manifest does; -1 = disabled")
      ->check(Check(CheckQuota))
      ->type_name("BYTES")
      ->group(kGroup);
  app.add_option("--etcd.config", raw.options.etcd_config,
                 "Static pod manifest or config file of the etcd on this node")
      ->type_name("FILE")
      ->group(kGroup);
  app.add_option("--path.rootfs", raw.options.rootfs,
                 "Where the node's root is mounted; the manifest is found below it")
      ->type_name("DIR")
      ->capture_default_str()
      ->group(kGroup);
}

void AddWebOptions(CLI::App& app, RawOptions& raw) {
  app.add_option("--web.listen-address", raw.listen_address,
                 "IPv4 address and port to serve plain HTTP on")
      ->check(
          Check([](const std::string& text) { return http::ParseListenAddress(text).status(); }))
      ->type_name("ADDRESS")
      ->capture_default_str()
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
  add("churn", raw.collect_churn, "Who writes; not in this version (default: off)");
  add("inventory", raw.collect_inventory, "What is stored; not in this version (default: off)");
}

void AddLogOptions(CLI::App& app, RawOptions& raw) {
  app.add_option("--log.level", raw.options.log_level, "Least level that is logged")
      ->check(
          CLI::IsMember(std::vector<std::string>(std::begin(log::kLevels), std::end(log::kLevels))))
      ->type_name("")
      ->capture_default_str()
      ->group("log");
  app.add_option("--log.format", raw.log_format, "Format of the log on stderr")
      ->check(CLI::IsMember({"logfmt", "json"}))
      ->type_name("")
      ->capture_default_str()
      ->group("log");
}

// Gives the file's values to the options that the command line left alone.
absl::Status ApplyConfigFile(CLI::App& app, const std::string& path) {
  const auto text = ReadSmallFile(path);
  if (!text.ok()) return text.status();
  const auto entries = ParseConfigText(*text);
  if (!entries.ok())
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", entries.status().message()));
  for (const ConfigEntry& entry : *entries) {
    const std::string where = absl::StrCat(path, ": line ", entry.line, ": ", entry.key, ": ");
    CLI::Option* option = app.get_option_no_throw("--" + entry.key);
    // The negated names of switches are for the command line; here they have values.
    const bool command_line_only = entry.key == "help" || entry.key == "version" ||
                                   entry.key.starts_with("config.") || entry.key.starts_with("no-");
    if (option == nullptr || command_line_only)
      return absl::InvalidArgumentError(where + "there is no such option");
    if (option->count() > 0) continue;
    if (entry.values.size() > 1 && option->get_items_expected_max() == 1 &&
        option->get_delimiter() == '\0') {
      return absl::InvalidArgumentError(where + "takes one value, not a list");
    }
    try {
      for (const std::string& value : entry.values) option->add_result(value);
      option->run_callback();
    } catch (const CLI::Error& error) {
      return absl::InvalidArgumentError(where + error.what());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Options> Validate(const CLI::App& app, RawOptions& raw) {
  Options& options = raw.options;
  if (raw.collect_churn || raw.collect_inventory) {
    return absl::UnimplementedError(
        "collectors churn and inventory are not in this version; leave them off");
  }
  for (const std::string& text : raw.endpoints)
    options.endpoints.push_back(*etcd::ParseEndpoint(text));
  for (const std::string& text : raw.metrics_urls) {
    options.metrics_urls.push_back(*etcd::ParseEndpoint(text));
    if (options.metrics_urls.back().path.empty()) options.metrics_urls.back().path = "/metrics";
  }
  if (options.metrics_urls.empty()) {
    options.metrics_urls = options.endpoints;
    for (etcd::Endpoint& url : options.metrics_urls) url.path = "/metrics";
  }
  if (options.metrics_urls.size() != options.endpoints.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--etcd.metrics-url: ", options.metrics_urls.size(), " given for ",
                     options.endpoints.size(), " endpoints; one each, or none"));
  }
  for (auto endpoint = options.endpoints.begin(); endpoint != options.endpoints.end(); ++endpoint) {
    if (std::find(options.endpoints.begin(), endpoint, *endpoint) != endpoint) {
      return absl::InvalidArgumentError(
          absl::StrCat("--etcd.endpoints: ", endpoint->Url(), " is given twice"));
    }
  }
  const etcd::TlsFiles& tls = options.tls;
  if (tls.certificate.empty() != tls.key.empty()) {
    return absl::InvalidArgumentError("--etcd.cert and --etcd.key: give both or neither");
  }
  const bool wants_tls = std::ranges::any_of(options.endpoints, &etcd::Endpoint::tls) ||
                         std::ranges::any_of(options.metrics_urls, &etcd::Endpoint::tls);
  if (wants_tls && tls.ca.empty())
    return absl::InvalidArgumentError("an https endpoint needs --etcd.cacert");
  if (!tls.certificate.empty() && tls.ca.empty())
    return absl::InvalidArgumentError("--etcd.cert needs --etcd.cacert");

  absl::Duration timeout;
  absl::ParseDuration(raw.timeout, &timeout);
  options.timeout = absl::ToChronoMilliseconds(timeout);
  if (app.get_option("--etcd.quota-bytes")->count() > 0) {
    options.quota_bytes = etcd::QuotaFromConfiguredBytes(raw.quota_bytes);
  }
  options.listen = *http::ParseListenAddress(raw.listen_address);
  options.log_format = raw.log_format == "json" ? log::Format::kJson : log::Format::kLogfmt;
  return options;
}

std::string VersionText() {
  return absl::StrCat("etcd-headroom-exporter, version ", build::kVersion,
                      " (revision: ", build::kRevision, ")\n  compiler: ", build::kCompiler,
                      "\n  linked: ", etcd::LinkedLibraries(), "\n");
}

// CLI11's messages may end in a line break; ours are one line.
std::string OneLine(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return std::string(absl::StripTrailingAsciiWhitespace(text));
}

}  // namespace

absl::StatusOr<std::variant<Options, PrintAndExit>> ParseCommandLine(int argc,
                                                                     const char* const* argv) {
  CLI::App app("Watches etcd's space quota and says who fills it. Strictly read-only.",
               "etcd-headroom-exporter");
  app.set_help_flag("--help", "Show this help");
  RawOptions raw;
  bool version = false;
  app.add_flag("--version", version, "Show version, revision and linked libraries");
  app.add_option("--config.file", raw.config_file,
                 "YAML file whose keys are the names of these flags; flags win")
      ->type_name("FILE")
      ->group("config");
  app.add_flag("--config.check", raw.options.check_only, "Validate flags and files, then exit")
      ->group("config");
  AddEtcdOptions(app, raw);
  AddWebOptions(app, raw);
  AddCollectorOptions(app, raw);
  AddLogOptions(app, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return PrintAndExit{app.help()};
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(OneLine(error.what()));
  }
  if (version) return PrintAndExit{VersionText()};
  if (!raw.config_file.empty()) {
    if (auto applied = ApplyConfigFile(app, raw.config_file); !applied.ok()) {
      return absl::InvalidArgumentError(OneLine(std::string(applied.message())));
    }
  }
  auto options = Validate(app, raw);
  if (!options.ok()) return options.status();
  return *std::move(options);
}

}  // namespace headroom
