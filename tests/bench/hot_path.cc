// What one event of the watch costs, part by part: time, and allocations ("allocs", per event).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "accounting/churn_ledger.h"
#include "accounting/heavy_hitters.h"
#include "accounting/history_window.h"
#include "accounting/object_counts.h"
#include "etcd/watch_message.h"
#include "kubernetes/event_object.h"
#include "kubernetes/registry_key.h"
#include "kubernetes/stored_event.h"
#include "support/wire.h"

namespace {
std::atomic<std::uint64_t> allocations = 0;
}  // namespace

// All other forms of new end up in this one. Inlined, g++ 12 takes free() for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace headroom {
namespace {

constexpr std::size_t kResources = 40;
constexpr std::size_t kNamespaces = 25;
constexpr std::size_t kValueBytes = 2000;

// Reports what was allocated from its making to its end, by event.
class CountAllocations {
 public:
  CountAllocations(benchmark::State& state, std::uint64_t events_per_iteration = 1)
      : state_(state), events_per_iteration_(events_per_iteration), before_(allocations) {}
  CountAllocations(const CountAllocations&) = delete;
  CountAllocations& operator=(const CountAllocations&) = delete;
  ~CountAllocations() {
    const std::uint64_t events =
        static_cast<std::uint64_t>(state_.iterations()) * events_per_iteration_;
    state_.counters["allocs"] =
        static_cast<double>(allocations - before_) / static_cast<double>(events);
    state_.SetItemsProcessed(static_cast<std::int64_t>(events));
  }

 private:
  benchmark::State& state_;
  std::uint64_t events_per_iteration_;
  std::uint64_t before_;
};

// Keys as a cluster of many teams writes them, in no order.
std::vector<std::string> Keys() {
  std::vector<std::string> keys;
  for (std::size_t resource = 0; resource < kResources; ++resource) {
    const std::string plural = "kind" + std::to_string(resource) + "s";
    const std::string path = resource % 2 == 0 ? plural : "group.example.com/" + plural;
    for (std::size_t i = 0; i < kNamespaces; ++i) {
      keys.push_back("/registry/" + path + "/team-" + std::to_string(i) + "/object-5f7d8c");
    }
  }
  std::shuffle(keys.begin(), keys.end(), std::minstd_rand(1));
  return keys;
}

std::string Put(const std::string& key, std::uint64_t revision) {
  using test::Bytes;
  using test::Number;
  return Bytes(11, Bytes(2, Bytes(1, key) + Number(2, 1) + Number(3, revision) + Number(4, 7) +
                                Bytes(5, std::string(kValueBytes, 'v'))));
}

std::string Header() { return test::Bytes(1, test::Number(1, 1) + test::Number(3, 1000)); }

void RegistryKey(benchmark::State& state) {
  const std::vector<std::string> keys = Keys();
  kubernetes::RegistryKeyReader reader;
  std::size_t next = 0;
  const CountAllocations count(state);
  for (auto step : state) {
    benchmark::DoNotOptimize(reader.Read(keys[next++ % keys.size()]));
  }
}
BENCHMARK(RegistryKey);

void EventInProtobuf(benchmark::State& state) {
  const std::string value = test::StoredEvent{.reporting_component = "kubelet",
                                              .reason = "BackOff",
                                              .involved_kind = "Pod",
                                              .involved_namespace = "team-a"}
                                .Protobuf();
  kubernetes::EventObjectReader reader;
  const CountAllocations count(state);
  for (auto step : state) benchmark::DoNotOptimize(reader.Read(value));
}
BENCHMARK(EventInProtobuf);

void EventInJson(benchmark::State& state) {
  const std::string value =
      R"({"apiVersion":"v1","count":3,"eventTime":null,"involvedObject":{"apiVersion":"v1",)"
      R"("kind":"Pod","name":"web-1","namespace":"team-a"},"kind":"Event","message":")" +
      std::string(300, 'm') +
      R"(","metadata":{"name":"web-1.17a0b","namespace":"team-a"},"reason":"BackOff",)"
      R"("reportingComponent":"kubelet","source":{"component":"kubelet"},"type":"Normal"})";
  kubernetes::EventObjectReader reader;
  const CountAllocations count(state);
  for (auto step : state) benchmark::DoNotOptimize(reader.Read(value));
}
BENCHMARK(EventInJson);

// One message of `events` puts of 2 KB each, in slices of `slice` bytes (0: in one piece).
void WatchMessage(benchmark::State& state) {
  const auto events = static_cast<std::uint64_t>(state.range(0));
  const std::vector<std::string> keys = Keys();
  std::string message = Header();
  for (std::size_t i = 0; i < events; ++i) message += Put(keys[i], 1000);
  const std::size_t slice =
      state.range(1) == 0 ? message.size() : static_cast<std::size_t>(state.range(1));
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < message.size(); at += slice) {
    pieces.push_back(std::string_view(message).substr(at, slice));
  }
  etcd::WatchMessageReader reader;
  const CountAllocations count(state, events);
  for (auto step : state) {
    std::uint64_t bytes = 0;
    const auto header = reader.Read(
        pieces, [](std::string_view) { return false; },
        [&](const etcd::WatchEvent& event) { bytes += event.key.size() + event.value_bytes; });
    benchmark::DoNotOptimize(header.ok());
    benchmark::DoNotOptimize(bytes);
  }
}
BENCHMARK(WatchMessage)->ArgNames({"events", "slice"})->Args({1, 0})->Args({1000, 0});
BENCHMARK(WatchMessage)->ArgNames({"events", "slice"})->Args({1, 1000})->Args({1000, 8192});

// All that is kept of a write.
struct Accounts {
  accounting::ResourceTable resources;
  accounting::ChurnLedger ledger;
  accounting::NamespaceHitters namespaces{200};
  accounting::HistoryWindow history;
  accounting::ObjectCounts objects;

  void Record(const kubernetes::RegistryKey& key, std::int64_t revision, std::uint64_t bytes,
              accounting::TimePoint now) {
    const accounting::ResourceId resource = resources.Find(key.resource);
    ledger.Record(resource, accounting::WriteOp::kUpdate, bytes, now);
    namespaces.Add({resources.Name(resource), key.object_namespace}, bytes, now);
    history.Add(resource, revision, bytes);
    objects.Apply(resource, accounting::WriteOp::kUpdate);
  }
};

// Writes to `pairs` namespaces of one resource; 200 have places, 800 more are watched.
void Accounting(benchmark::State& state) {
  const auto pairs = static_cast<std::size_t>(state.range(0));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < pairs; ++i) names.push_back("team-" + std::to_string(i));
  Accounts accounts;
  accounts.history.Start(1);
  std::int64_t revision = 1;
  accounting::TimePoint now{std::chrono::hours(1)};
  const auto record = [&] {
    const std::string& name = names[static_cast<std::size_t>(revision) % names.size()];
    accounts.Record({.resource = "pods", .object_namespace = name}, revision++, kValueBytes, now);
    now += std::chrono::microseconds(200);  // 5,000 writes a second
  };
  for (std::size_t i = 0; i < 10 * pairs; ++i) record();
  const CountAllocations count(state);
  for (auto step : state) record();
}
BENCHMARK(Accounting)->ArgName("pairs")->Arg(100)->Arg(1000)->Arg(12000);

void EventAccounting(benchmark::State& state) {
  accounting::EventHitters events(200);
  const accounting::TimePoint now{std::chrono::hours(1)};
  events.Add({"kubelet", "BackOff", "Pod"}, 800, now);
  const CountAllocations count(state);
  for (auto step : state) events.Add({"kubelet", "BackOff", "Pod"}, 800, now);
}
BENCHMARK(EventAccounting);

// From the message's bytes to the accounts, one event a message: 40 resources, 5 namespaces.
void WholePath(benchmark::State& state) {
  std::vector<std::string> messages;
  for (std::size_t resource = 0; resource < kResources; ++resource) {
    for (std::size_t i = 0; i < 5; ++i) {
      const std::string key = "/registry/group.example.com/kind" + std::to_string(resource) +
                              "s/team-" + std::to_string(i) + "/object-5f7d8c";
      messages.push_back(Header() + Put(key, 1000));
    }
  }
  etcd::WatchMessageReader reader;
  kubernetes::RegistryKeyReader keys;
  Accounts accounts;
  accounts.history.Start(1);
  std::int64_t revision = 1;
  const auto read = [&] {
    const std::string_view message = messages[static_cast<std::size_t>(revision) % messages.size()];
    const accounting::TimePoint now = std::chrono::steady_clock::now();
    const auto header = reader.Read(
        {&message, 1}, [](std::string_view) { return false; },
        [&](const etcd::WatchEvent& event) {
          accounts.Record(keys.Read(event.key), revision++, event.key.size() + event.value_bytes,
                          now);
        });
    benchmark::DoNotOptimize(header.ok());
  };
  for (std::size_t i = 0; i < 10 * messages.size(); ++i) read();
  const CountAllocations count(state);
  for (auto step : state) read();
}
BENCHMARK(WholePath);

}  // namespace
}  // namespace headroom
