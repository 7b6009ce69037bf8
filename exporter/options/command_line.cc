#include "options/command_line.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "build_info/build_info.h"
#include "etcd/quota.h"
#include "etcd/rpc_client.h"
#include "http/server.h"
#include "node/cached_config.h"
#include "node/discovery.h"
#include "options/check_text.h"
#include "options/cli_error.h"
#include "options/flags.h"
#include "options/given_values.h"
#include "text/byte_size.h"
#include "text/wrap.h"

namespace headroom {
namespace {

// Every pod has this variable, whatever its service account.
bool InsideKubernetes() { return std::getenv("KUBERNETES_SERVICE_HOST") != nullptr; }

// Fills in what neither flags nor file have given.
absl::Status ApplyDiscovery(Options& options) {
  auto datastore = node::Discover(options.rootfs);
  if (!datastore.ok()) {
    return {datastore.status().code(),
            absl::StrCat("looking for etcd on this node: ", datastore.status().message(),
                         "; give --etcd.endpoints")};
  }
  options.datastore = *std::move(datastore);
  if (const auto& etcd = options.datastore.etcd) {
    options.endpoints.push_back(etcd->endpoint);
    if (options.metrics_urls.empty()) options.metrics_urls.push_back(etcd->metrics_url);
    if (options.etcd_config.empty()) {
      options.etcd_config = etcd->config_file;
      options.node_config = etcd->config;
    }
    etcd::TlsFiles& tls = options.tls;
    if (tls.ca.empty() && tls.certificate.empty() && tls.key.empty()) {
      etcd::TlsFiles given = std::move(tls);
      tls = etcd->tls;
      tls.server_name = std::move(given.server_name);
      tls.user = std::move(given.user);
      tls.password = std::move(given.password);
    }
  } else if (options.datastore.kind == node::Datastore::Kind::kNone && !InsideKubernetes()) {
    options.endpoints.push_back(*etcd::ParseEndpoint("http://127.0.0.1:2379"));
  }
  return absl::OkStatus();
}

// One for each endpoint that was given. The page is not on the endpoint where the only one, on this
// node, is of an etcd that serves its clients' HTTP elsewhere.
std::vector<etcd::Endpoint> MetricsUrls(const std::vector<etcd::Endpoint>& endpoints,
                                        const node::EtcdConfig* config) {
  std::vector<etcd::Endpoint> urls = endpoints;
  for (etcd::Endpoint& url : urls) url.path = "/metrics";
  if (urls.size() == 1 && urls[0].IsLoopback() && config != nullptr &&
      !config->client_http_urls.empty()) {
    urls[0] = node::MetricsUrl(*config).value_or(urls[0]);
  }
  return urls;
}

// The file of the etcd whose configuration is known, below the root; empty when it is not.
std::string DatabaseFile(const Options& options, const node::EtcdConfig* config) {
  std::filesystem::path folder;
  if (config != nullptr && config->data_dir) {
    folder = *config->data_dir;
  } else if (options.datastore.etcd) {
    folder = options.datastore.etcd->data_dir;
  }
  if (folder.empty()) return "";
  return options.rootfs / folder.relative_path() / "member/snap/db";
}

// Empty where this process may read the file, or there is none.
std::string WhyUnreadable(const std::string& path) {
  if (path.empty() || faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0) return "";
  return absl::StrCat(path, ": ", std::generic_category().message(errno));
}

absl::StatusOr<Options> Validate(const CLI::App& app, RawOptions& raw) {
  Options& options = raw.options;
  for (const std::string& text : raw.endpoints)
    options.endpoints.push_back(*etcd::ParseEndpoint(text));
  for (const std::string& text : raw.metrics_urls) {
    options.metrics_urls.push_back(*etcd::ParseEndpoint(text));
    if (options.metrics_urls.back().path.empty()) options.metrics_urls.back().path = "/metrics";
  }
  if (options.endpoints.empty()) {
    if (auto applied = ApplyDiscovery(options); !applied.ok()) return applied;
  }
  if (!options.node_config) {
    options.node_config = std::make_shared<node::CachedConfig>(options.rootfs, options.etcd_config);
  }
  const auto config = options.node_config->Read();
  if (options.metrics_urls.empty())
    options.metrics_urls = MetricsUrls(options.endpoints, config.get());
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
  if (tls.user.empty() != tls.password.empty())
    return absl::InvalidArgumentError(
        "--etcd.username and --etcd.password-file: give both or neither");
  if (!tls.user.empty() && !std::ranges::all_of(options.endpoints, &etcd::Endpoint::tls))
    return absl::InvalidArgumentError("--etcd.username: a password is sent over https alone");
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
    options.quota_bytes = etcd::QuotaFromConfiguredBytes(*ParseBytes(raw.quota_bytes));
  }
  absl::Duration interval;
  absl::ParseDuration(raw.inventory_interval, &interval);
  options.inventory_interval = absl::ToChronoSeconds(interval);
  if (!raw.budget_file.empty()) {
    auto budgets = budgets::BudgetFile::Open(raw.budget_file);
    if (!budgets.ok()) {
      return absl::Status(budgets.status().code(),
                          absl::StrCat("--budget.file: ", budgets.status().message()));
    }
    options.budgets = *std::move(budgets);
  }
  // To name the file is to want it read, and budgets need it. One that was found is read if it can
  // be. A switch decides before all of these.
  const bool is_wanted = !options.db_file.empty() || options.budgets;
  if (options.db_file.empty()) options.db_file = DatabaseFile(options, config.get());
  if (app.get_option("--collector.inventory")->count() == 0) {
    if (!is_wanted) options.unreadable_db_file = WhyUnreadable(options.db_file);
    options.collect_inventory =
        is_wanted || (!options.db_file.empty() && options.unreadable_db_file.empty());
  }

  for (const std::string& text : raw.listen_addresses)
    options.listen.push_back(*http::ParseListenAddress(text));
  options.log_format = raw.log_format == "json" ? log::Format::kJson : log::Format::kLogfmt;
  return options;
}

std::string VersionText() {
  return absl::StrCat("etcd-headroom-exporter, version ", build::kVersion,
                      " (revision: ", build::kRevision, ")\n  compiler: ", build::kCompiler,
                      "\n  linked: ", etcd::LinkedLibraries(), ", ", http::LinkedLibrary(), "\n");
}

}  // namespace

absl::StatusOr<std::variant<Options, PrintAndExit>> ParseCommandLine(int argc,
                                                                     const char* const* argv) {
  CLI::App app("Shows how far etcd is from refusing writes, as metrics. Strictly read-only.",
               "etcd-headroom-exporter");
  app.footer(
      "Other commands:\n"
      "  report                      How etcd stands now, and what to do\n"
      "  analyze FILE                What an etcd database file or snapshot holds\n"
      "\n"
      "Each flag can be set by a variable, too: --etcd.timeout by ETCD_HEADROOM_ETCD_TIMEOUT.\n"
      "A flag wins over its variable, the variable over the file, the file over what is found.");
  return ParseCommandLine(app, argc, argv);
}

absl::StatusOr<std::variant<Options, PrintAndExit>> ParseCommandLine(CLI::App& app, int argc,
                                                                     const char* const* argv,
                                                                     Purpose purpose) {
  if (auto checked = CheckNoEmptyValue(argc, argv); !checked.ok()) return checked;
  RawOptions raw;
  AddFlags(app, raw);
  if (purpose == Purpose::kOnce) HideServingFlags(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return PrintAndExit{text::WrapHelp(app.help())};
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(CliError(app, error));
  }
  if (raw.version) return PrintAndExit{VersionText()};
  GivenValues given(app);
  if (auto taken = given.TakeEnvironment(); !taken.ok()) return taken;
  if (!raw.config_file.empty()) {
    if (auto taken = given.TakeFile(raw.config_file); !taken.ok()) return taken;
  }
  auto options = Validate(app, raw);
  if (!options.ok()) return options.status();
  if (raw.check_only) options->check_text = CheckText(app, given, *options);
  return *std::move(options);
}

}  // namespace headroom
