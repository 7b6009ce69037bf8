#include "options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "resources.h"

namespace headroom::loadgen {
namespace {

// Half as much again must pass etcd's default limit of 1.5 MiB for a request.
constexpr std::uint64_t kMaxMeanBytes = 900'000;
constexpr std::uint64_t kMaxCount = 1'000'000'000;
constexpr double kMaxSeconds = 1e9;

using Amounts = std::vector<std::pair<std::string, std::uint64_t>>;

// "pods=30,events=40"; throws CLI::ValidationError, which the parser of the command line turns into
// a message.
Amounts ParseAmounts(const std::string& flag, std::string_view text) {
  Amounts amounts;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    const std::size_t equals = item.find('=');
    const std::string_view digits =
        equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
    std::uint64_t amount = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), amount);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
        amount > kMaxCount) {
      throw CLI::ValidationError(flag, "\"" + std::string(item) + "\" is not NAME=NUMBER");
    }
    amounts.emplace_back(item.substr(0, equals), amount);
  }
  return amounts;
}

void SetByResource(const std::string& flag, const std::string& text, ByResource& target) {
  for (const auto& [name, amount] : ParseAmounts(flag, text)) {
    const int resource = FindResource(name);
    if (resource < 0) {
      std::string message = "unknown resource \"" + name + "\", known are";
      for (const Resource& candidate : AllResources()) {
        message += ' ';
        message += candidate.plural;
      }
      throw CLI::ValidationError(flag, message);
    }
    target.at(static_cast<std::size_t>(resource)) = amount;
  }
}

std::array<std::uint64_t, 3> ParseOps(const std::string& text) {
  constexpr std::array<std::string_view, 3> kNames{"create", "update", "delete"};
  std::array<std::uint64_t, 3> ops{};
  for (const auto& [name, amount] : ParseAmounts("--ops", text)) {
    const auto* const found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end())
      throw CLI::ValidationError("--ops", "unknown operation \"" + name + "\"");
    ops.at(static_cast<std::size_t>(std::distance(kNames.begin(), found))) = amount;
  }
  if (std::accumulate(ops.begin(), ops.end(), std::uint64_t{0}) == 0) {
    throw CLI::ValidationError("--ops", "all weights are 0");
  }
  return ops;
}

void SetSizes(const std::string& text, ByResource& target) {
  for (const Resource& resource : AllResources()) target.push_back(resource.mean_bytes);
  SetByResource("--size", text, target);
  if (*std::max_element(target.begin(), target.end()) > kMaxMeanBytes) {
    throw CLI::ValidationError("--size", "at most " + std::to_string(kMaxMeanBytes) +
                                             " bytes: etcd refuses requests above 1.5 MiB");
  }
}

std::chrono::milliseconds Milliseconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>(seconds));
}

}  // namespace

std::variant<Options, int> ParseOptions(int argc, char** argv) {
  Options options;
  std::string preload;
  // Shares of writes as in recording.csv.
  std::string mix =
      "events=546,leases=144,pods=132,ephemeralreports=111,jobs=62,nodes=2,policyreports=1";
  std::string ops;
  std::string sizes;
  double duration_seconds = 0;
  double compact_seconds = 0;

  CLI::App app(
      "Writes to etcd the way a Kubernetes API server does. Lists of resources are "
      "NAME=NUMBER,...; the last line of the output is "
      "one JSON object that counts what etcd acknowledged.",
      "loadgen");
  app.get_formatter()->column_width(34);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return "loadgen: " + std::string(error.what()) + "\n";
  });

  ClientOptions& client = options.client;
  app.add_option("--endpoints", client.endpoints,
                 "host:port or URLs, comma-separated, written to in turn")
      ->delimiter(',')
      ->capture_default_str()
      ->group("Connection");
  app.add_option("--cacert", client.cacert, "PEM file of the CA; turns TLS on")
      ->group("Connection");
  auto* cert = app.add_option("--cert", client.cert, "PEM file of the client certificate")
                   ->group("Connection");
  auto* key = app.add_option("--key", client.key, "PEM file of its key")->group("Connection");
  cert->needs(key);
  key->needs(cert);
  app.add_option("--server-name", client.server_name, "name to expect in the server's certificate")
      ->group("Connection");

  WorkloadOptions& workload = options.workload;
  app.add_option("--preload", preload,
                 "objects to create first, at full speed: pods=200,configmaps=100")
      ->group("Objects");
  app.add_option("--mix", mix, "relative weights of the writes after that")
      ->capture_default_str()
      ->group("Objects");
  app.add_option(
         "--ops", ops,
         "create=20,update=65,delete=15: relative weights for all resources, instead of each "
         "one's own; events, leases, nodes and CRDs go by their nature")
      ->group("Objects");
  app.add_option("--size", sizes,
                 "mean value bytes per resource, varied by +-50 %: policyreports=20000")
      ->group("Objects");
  app.add_option("--namespaces", workload.namespaces,
                 "number of namespaces; the first ones get most")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str()
      ->group("Objects");
  app.add_option("--seed", workload.seed,
                 "other seed, other objects; the same objects are adopted when there already")
      ->capture_default_str()
      ->group("Objects");
  app.add_option("--event-ttl", options.engine.event_ttl_seconds, "seconds that Events live")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}))
      ->capture_default_str()
      ->group("Objects");

  EngineOptions& engine = options.engine;
  app.add_option("--rate", engine.rate, "writes per second, 0 = as fast as it goes")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str()
      ->group("Pace and end");
  app.add_option("--in-flight", engine.in_flight, "writes not yet answered, at most")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str()
      ->group("Pace and end");
  app.add_option("--compact-interval", compact_seconds,
                 "seconds between compactions as an API server does them, 0 = none")
      ->check(CLI::Range(0.0, kMaxSeconds))
      ->capture_default_str()
      ->group("Pace and end");
  app.add_option("--writes", engine.writes,
                 "stop after so many acknowledged writes; 0 = only the preload")
      ->group("Pace and end");
  app.add_option("--duration", duration_seconds,
                 "stop so many seconds after the preload, 0 = never")
      ->check(CLI::Range(0.0, kMaxSeconds))
      ->capture_default_str()
      ->group("Pace and end");
  app.add_flag("--plain-puts", engine.plain_puts,
               "puts without the API server's guard: up to 3 times as fast; on keys of an earlier "
               "run creates are miscounted")
      ->group("Pace and end");
  app.add_flag("--until-nospace", engine.until_nospace,
               "stop when the quota refuses a write, instead of trying on")
      ->group("Pace and end");
  app.add_flag("--quiet", engine.quiet, "only the final line on standard output")
      ->group("Pace and end");

  try {
    app.parse(argc, argv);
    SetByResource("--preload", preload, workload.preload);
    SetByResource("--mix", mix, workload.mix);
    if (std::accumulate(workload.mix.begin(), workload.mix.end(), std::uint64_t{0}) == 0 &&
        engine.writes != 0U) {
      throw CLI::ValidationError("--mix", "all weights are 0; --writes 0 is for the preload alone");
    }
    if (!ops.empty()) workload.ops = ParseOps(ops);
    SetSizes(sizes, workload.mean_bytes);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  engine.duration = Milliseconds(duration_seconds);
  engine.compact_interval = Milliseconds(compact_seconds);
  return options;
}

}  // namespace headroom::loadgen
