// etcd-headroom-exporter: parse options, wire the parts, serve until SIGTERM or SIGINT. With
// `analyze` or `report` as the first argument: tell about a database file, or the cluster, once.

#include <malloc.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analyze/command.h"
#include "build_info.h"
#include "collectors/churn_collector.h"
#include "collectors/disk_collector.h"
#include "collectors/inventory_collector.h"
#include "collectors/member_collector.h"
#include "collectors/member_labels.h"
#include "collectors/node_collector.h"
#include "collectors/process_collector.h"
#include "etcd/rpc_client.h"
#include "http/routes.h"
#include "http/server.h"
#include "logging/log.h"
#include "node/discovery.h"
#include "options/command_line.h"
#include "options/connections.h"
#include "report/command.h"

namespace headroom {
namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "etcd-headroom-exporter: error: %s\n",
               std::string(status.message()).c_str());
  return EXIT_FAILURE;
}

ChurnOptions ChurnOptionsOf(const Options& options,
                            const std::shared_ptr<etcd::RotatingCredentials>& tls) {
  return {.watch = {.endpoints = options.endpoints, .tls = tls, .timeout = options.timeout},
          .prefixes = options.registry_prefixes,
          .limits = {.resources = options.max_resources, .pairs = options.max_pairs},
          .count_objects = options.count_objects,
          .count_at_start = options.count_at_start};
}

// A connection to the member that writes to the database file; null when it is not known which of
// the endpoints that is.
std::shared_ptr<etcd::RpcClient> FileOwner(const Options& options,
                                           const std::shared_ptr<etcd::RotatingCredentials>& tls) {
  const auto config = options.node_config->Read();
  std::optional<std::size_t> own;
  if (config) own = ConfiguredEndpoint(options.endpoints, *config);
  if (!own && options.endpoints.size() == 1) own = 0;
  return own ? std::make_shared<etcd::RpcClient>(options.endpoints[*own], tls) : nullptr;
}

std::optional<DatabaseSpace> SpaceOf(etcd::RpcClient& member, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  member.StartStatus(deadline);
  // The next call must not begin before this one has ended, which it does by its deadline.
  const auto status = member.AwaitStatus(deadline + std::chrono::minutes(1));
  if (!status || !status->ok()) return std::nullopt;
  const etcd::StatusReply& reply = **status;
  return DatabaseSpace{.size_bytes = static_cast<std::uint64_t>(reply.db_size_bytes),
                       .in_use_bytes = static_cast<std::uint64_t>(reply.db_in_use_bytes)};
}

// `churn` must outlive what they are for; null where it is off.
InventoryOptions InventoryOptionsOf(const Options& options, ChurnCollector* churn,
                                    const std::shared_ptr<etcd::RpcClient>& owner) {
  return {.walk = {.file = options.db_file,
                   .prefixes = options.registry_prefixes,
                   .max_resources = options.max_resources,
                   .max_keys = options.inventory_max_keys,
                   .interval = options.inventory_interval,
                   .at_start = options.count_at_start,
                   .watched_revision =
                       [churn] { return churn ? churn->WatchedRevision() : std::nullopt; },
                   .member_space =
                       [owner, timeout = options.timeout] {
                         return owner ? SpaceOf(*owner, timeout) : std::nullopt;
                       }},
          .serve_objects = !options.collect_churn || !options.count_objects,
          .estimate = [churn] {
            return churn ? churn->EstimateObjectBytes() : std::map<std::string, double>();
          }};
}

// The set of signals that end this process; blocked in every thread, so that only main() takes
// them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A scraper or etcd that hangs up is an error of that one write.
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void LogDiscovery(const Options& options) {
  if (options.endpoints.empty()) {
    log::Info("no etcd on this node; looking again from time to time",
              {{"datastore", DatastoreName(options.datastore.kind)}});
  }
  const auto& found = options.datastore.etcd;
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
}

enum class End { kStopped, kDatastoreChanged };

// Until a signal to stop; or, on a Kubernetes node without etcd, until it has one.
End WaitForEnd(const Options& options, const sigset_t& stop_signals) {
  constexpr timespec kLookEvery{.tv_sec = 10, .tv_nsec = 0};
  for (;;) {
    const bool can_change = options.endpoints.empty();
    const int signal = can_change ? sigtimedwait(&stop_signals, nullptr, &kLookEvery)
                                  : sigwaitinfo(&stop_signals, nullptr);
    if (signal > 0) {
      log::Info("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
      return End::kStopped;
    }
    if (!can_change) continue;
    const auto datastore = node::Discover(options.rootfs);
    if (datastore.ok() && datastore->kind != options.datastore.kind) return End::kDatastoreChanged;
  }
}

absl::StatusOr<End> Serve(const Options& options) {
  const sigset_t stop_signals = BlockStopSignals();
  const auto tls = Credentials(options);
  if (!tls.ok()) return tls.status();
  if (options.check_only) {
    std::puts("the configuration is valid");
    return End::kStopped;
  }

  // The address first: where it cannot be had, nothing else has begun. Requests wait for the rest.
  std::promise<http::Server::Handler> routes;
  auto server = http::Server::Start(
      options.listen, [ready = routes.get_future().share()](const http::Request& request) {
        return ready.get()(request);
      });
  if (!server.ok()) return server.status();

  LogDiscovery(options);
  ProcessCollector process;
  std::vector<Collector*> collectors{&process};
  std::unique_ptr<MemberCollector> member;
  if (options.collect_member) {
    member = std::make_unique<MemberCollector>(Members(options, *tls), options.node_config,
                                               options.quota_bytes, NodeName(),
                                               DatastoreName(options.datastore.kind));
    collectors.push_back(member.get());
  }
  std::unique_ptr<DiskCollector> disk;
  if (member && !options.db_file.empty()) {
    disk = std::make_unique<DiskCollector>(options.db_file,
                                           [&member] { return member->local_member(); });
    collectors.push_back(disk.get());
  }
  std::unique_ptr<ChurnCollector> churn;
  if (options.collect_churn && !options.endpoints.empty()) {
    churn = std::make_unique<ChurnCollector>(ChurnOptionsOf(options, *tls), [&member] {
      return member ? member->compact_revision() : std::nullopt;
    });
    collectors.push_back(churn.get());
  }
  std::shared_ptr<etcd::RpcClient> file_owner;
  std::unique_ptr<InventoryCollector> inventory;
  if (options.collect_inventory && !options.endpoints.empty()) {
    file_owner = FileOwner(options, *tls);
    inventory =
        std::make_unique<InventoryCollector>(InventoryOptionsOf(options, churn.get(), file_owner));
    collectors.push_back(inventory.get());
  }
  NodeCollector node(options.node_config);
  if (options.collect_node) collectors.push_back(&node);

  routes.set_value(http::Routes(options.telemetry_path, collectors));
  log::Info("serving", {{"address", options.listen.Text()},
                        {"path", options.telemetry_path},
                        {"version", build::kVersion}});

  const End end = WaitForEnd(options, stop_signals);
  // Calls to a hung etcd end now, so that the scrapes under way are answered before the server
  // goes.
  if (member) member->Stop();
  if (churn) churn->Stop();
  if (inventory) inventory->Stop();
  if (file_owner) file_owner->Cancel();
  server->reset();
  return end;
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
  for (;;) {
    auto parsed = ParseCommandLine(argc, argv);
    if (!parsed.ok()) return Fail(parsed.status());
    if (const auto* print = std::get_if<PrintAndExit>(&*parsed)) {
      std::fputs(print->text.c_str(), stdout);
      return EXIT_SUCCESS;
    }
    const Options& options = std::get<Options>(*parsed);
    log::Configure(options.log_level, options.log_format);
    const auto end = Serve(options);
    if (!end.ok()) return Fail(end.status());
    if (*end == End::kStopped) return EXIT_SUCCESS;
    log::Info("the datastore of this node has changed; starting anew", {});
  }
}

}  // namespace
}  // namespace headroom

int main(int argc, char** argv) {
  try {
    return headroom::Main(argc, argv);
  } catch (const std::exception& error) {
    // Out of memory at start; everything else comes as a status.
    std::fprintf(stderr, "etcd-headroom-exporter: error: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
