// loadgen: writes to a real etcd the way a Kubernetes API server does: the same keys, value
// encodings, guarded transactions, shared Event leases and compaction loop. For the demo, the
// integration tests and the benchmarks.
//
// A small cluster, until interrupted; goes on trying when etcd is full or away:
//   loadgen --preload pods=200,policyreports=300 --mix pods=30,events=70 --rate 50
// The quota filled as fast as etcd takes it:
//   loadgen --mix pods=1 --ops create=1 --size pods=20000 --rate 0 --plain-puts --until-nospace
// Kyverno is installed on 60 nodes; then its reports, Events and short-lived Jobs at the recorded
// pace, and 7 updates of leases a second:
//   loadgen --preload customresourcedefinitions=22,nodes=60,leases=60 --rate 53
// Objects created, nothing more:
//   loadgen --preload secrets=1000 --writes 0 --quiet
//
// Standard output: a progress line every 5 s, at the end one JSON object; standard error: failures.
// Exit code 0 also after SIGINT, SIGTERM and a full quota.

#include <atomic>
#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <variant>

#include "engine.h"
#include "etcd_client.h"
#include "options.h"
#include "planner.h"

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");

int Run(int argc, char** argv) {
  using namespace headroom::loadgen;
  const auto parsed = ParseOptions(argc, argv);
  if (const int* exit_code = std::get_if<int>(&parsed)) return *exit_code;
  const auto& options = std::get<Options>(parsed);

  const auto client = EtcdClient::Make(options.client);
  if (!client.ok()) {
    std::cerr << "loadgen: " << client.status().message() << "\n";
    return 1;
  }
  std::signal(SIGINT, [](int) { stop = true; });
  std::signal(SIGTERM, [](int) { stop = true; });

  Planner planner(options.workload);
  Engine engine(options.engine, **client, planner);
  engine.Run(stop);
  std::cout << engine.Summary() << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "loadgen: " << error.what() << "\n";
    return 1;
  }
}
