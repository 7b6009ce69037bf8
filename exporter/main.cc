// etcd-headroom-exporter: parse options, wire the parts, serve until SIGTERM or SIGINT. With
// `analyze` or `report` as the first argument: show a database file, or the cluster, once.

#include <malloc.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "analyze_command.h"
#include "build_info/build_info.h"
#include "etcd/rpc_client.h"
#include "http/guarded.h"
#include "http/routes.h"
#include "http/server.h"
#include "logging/log.h"
#include "monitor/monitor.h"
#include "node/discovery.h"
#include "options/cli_error.h"
#include "options/command_line.h"
#include "options/connections.h"
#include "print.h"
#include "report_command.h"

namespace headroom {
namespace {

int Fail(const absl::Status& status) {
  PrintError(ErrorLine(status));
  return EXIT_FAILURE;
}

MonitorOptions MonitorOptionsOf(const Options& options,
                                const std::shared_ptr<etcd::RotatingCredentials>& tls) {
  MonitorOptions of{.members = MemberOptionsOf(options, tls),
                    .node_config = options.node_config,
                    .quota_flag_bytes = options.quota_bytes,
                    .node_name = NodeName(),
                    .node_datastore = DatastoreName(options.datastore.kind),
                    .budgets = options.budgets,
                    .db_file = options.db_file,
                    .watch_members = options.collect_member,
                    .show_node_config = options.collect_node};
  if (options.endpoints.empty()) return of;
  if (options.collect_churn) {
    of.churn = {.watch = {.endpoints = options.endpoints, .tls = tls, .timeout = options.timeout},
                .prefixes = options.registry_prefixes,
                .limits = {.resources = options.max_resources, .pairs = options.max_pairs},
                .count_objects = options.count_objects,
                .count_at_start = options.count_at_start};
  }
  if (options.collect_inventory) {
    of.inventory = {.file = options.db_file,
                    .prefixes = options.registry_prefixes,
                    .max_resources = options.max_resources,
                    .max_keys = options.inventory_max_keys,
                    .interval = options.inventory_interval,
                    .at_start = options.count_at_start};
  }
  return of;
}

// Sent by habit to make a daemon read its configuration again or open its log. Both would end it.
constexpr std::array kIgnoredSignals = {SIGHUP, SIGUSR1, SIGUSR2};

// The set of signals that main() takes; blocked in every thread, so that nothing else does.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  for (const int ignored : kIgnoredSignals) sigaddset(&signals, ignored);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A scraper or etcd that hangs up is an error of that one write.
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void LogDiscovery(const Options& options) {
  const node::Datastore& datastore = options.datastore;
  if (options.endpoints.empty() && datastore.kind == node::Datastore::Kind::kKine) {
    log::Info(
        "no etcd on this node but an SQL or dqlite datastore; looking again from time to time",
        {{"datastore", DatastoreName(datastore.kind)}});
  } else if (options.endpoints.empty()) {
    log::Warn("no etcd on this node; looking again from time to time",
              {{"datastore", DatastoreName(datastore.kind)},
               {"kube_apiserver_uses", absl::StrJoin(datastore.elsewhere, ",")},
               {"looked_below", options.rootfs},
               {"looked_for", node::SearchedPlaces()},
               {"else_give", "--etcd.endpoints"}});
  }
  for (const std::string& other : datastore.overrides) {
    const auto hash = other.find('#');
    log::Warn("kube-apiserver keeps some resources in another etcd: watch it by a second instance",
              {{"resources", other.substr(0, hash)},
               {"flag", "--etcd.endpoints=" +
                            (hash == std::string::npos
                                 ? other
                                 : absl::StrReplaceAll(other.substr(hash + 1), {{";", ","}}))}});
  }
  const auto& found = datastore.etcd;
  if (!found) return;
  const auto log = [&found](const char* what, const std::string& where) {
    log::Info("found on this node", {{"of", found->distribution}, {what, where}});
  };
  log("endpoint", found->endpoint.Url());
  log("metrics_url", options.metrics_urls.front().Url());
  log("config", options.etcd_config);
  log("cacert", options.tls.ca);
  log("cert", options.tls.certificate);
  log("key", options.tls.key);
  if (options.unreadable_db_file.empty()) return;
  log::Info(
      "exact bytes are off: etcd's database file cannot be read",
      {{"error", options.unreadable_db_file},
       {"do", "set inventory.enabled of the chart, or mount etcd's data directory read-only"}});
}

std::string SignalName(int signal) { return std::string("SIG") + sigabbrev_np(signal); }

// Until a signal to stop; or, on a Kubernetes node without etcd, until it has one. Kubernetes or
// systemd then starts the process again, and it finds that etcd.
void WaitForEnd(const Options& options, const sigset_t& stop_signals) {
  constexpr timespec kLookEvery{.tv_sec = 10, .tv_nsec = 0};
  for (;;) {
    const bool can_change = options.endpoints.empty();
    const int signal = can_change ? sigtimedwait(&stop_signals, nullptr, &kLookEvery)
                                  : sigwaitinfo(&stop_signals, nullptr);
    if (std::ranges::find(kIgnoredSignals, signal) != kIgnoredSignals.end()) {
      log::Info(
          "signal ignored: certificates and etcd's settings are read again by themselves, "
          "other configuration by a restart",
          {{"signal", SignalName(signal)}});
      continue;
    }
    if (signal > 0) {
      log::Info("stopping", {{"signal", SignalName(signal)}});
      return;
    }
    if (!can_change) continue;
    const auto datastore = node::Discover(options.rootfs);
    if (datastore.ok() && datastore->kind != options.datastore.kind) {
      log::Info("stopping, to be started again: the datastore of this node has changed",
                {{"datastore", DatastoreName(datastore->kind)}});
      return;
    }
  }
}

absl::Status Serve(const Options& options) {
  const sigset_t stop_signals = BlockStopSignals();
  const auto tls = Credentials(options);
  if (!tls.ok()) return tls.status();
  const auto web = WebConfig(options);
  if (!web.ok()) return web.status();
  if (!options.check_text.empty()) {
    std::fputs(options.check_text.c_str(), stdout);
    return absl::OkStatus();
  }

  // The address first: where it cannot be had, nothing else has begun. Requests wait for the rest.
  std::promise<http::Server::Handler> routes;
  auto server = http::Server::Start(
      options.listen, *web ? (*web)->tls() : nullptr,
      http::Guarded(*web, [ready = routes.get_future().share()](const http::Request& request) {
        return ready.get()(request);
      }));
  if (!server.ok()) return server.status();

  LogDiscovery(options);
  Monitor monitor(MonitorOptionsOf(options, *tls));
  routes.set_value(http::Routes(options.telemetry_path, monitor));
  log::Info("serving", {{"address", absl::StrJoin(options.listen, ",",
                                                  [](std::string* out, const auto& address) {
                                                    *out += address.Text();
                                                  })},
                        {"tls", *web && (*web)->tls() != nullptr ? "yes" : "no"},
                        {"path", options.telemetry_path},
                        {"version", build::kVersion}});

  WaitForEnd(options, stop_signals);
  // Calls to a hung etcd end now, so that the scrapes under way are answered before the server
  // goes.
  monitor.Stop();
  server->reset();
  return absl::OkStatus();
}

int Main(int argc, const char* const* argv) {
  // One heap for all threads: a dozen of them that allocate little would else spread over as many.
  mallopt(M_ARENA_MAX, 1);
  // Large buffers go back to the system when freed; by default the first one freed keeps the rest.
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
  mallopt(M_TRIM_THRESHOLD, 128 << 10);
  if (argc > 1 && argv[1] == std::string_view("analyze")) return analyze::Main(argc - 1, argv + 1);
  if (argc > 1 && argv[1] == std::string_view("report")) return report::Main(argc - 1, argv + 1);
  etcd::InitializeGrpc();
  const auto parsed = ParseCommandLine(argc, argv);
  if (!parsed.ok()) return Fail(parsed.status());
  if (const auto* print = std::get_if<PrintAndExit>(&*parsed)) {
    std::fputs(print->text.c_str(), stdout);
    return EXIT_SUCCESS;
  }
  const Options& options = std::get<Options>(*parsed);
  log::Configure(options.log_level, options.log_format);
  const absl::Status served = Serve(options);
  return served.ok() ? EXIT_SUCCESS : Fail(served);
}

}  // namespace
}  // namespace headroom

int main(int argc, char** argv) {
  try {
    return headroom::Main(argc, argv);
  } catch (const std::exception& error) {
    // Out of memory at start; everything else comes as a status.
    headroom::PrintError(error.what());
    return EXIT_FAILURE;
  }
}
