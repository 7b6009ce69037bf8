#include "planner.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "event_kinds.h"
#include "identity.h"
#include "managed_fields.h"
#include "values.h"

namespace headroom::loadgen {
namespace {

// Bounds the memory of this tool (24 bytes an object), and in the end also the live data of a
// workload that only creates.
constexpr std::uint64_t kObjectLimit = 100'000;
// Repeats come soon after the first Event, or not at all.
constexpr std::uint64_t kRecentEvents = 1000;
constexpr std::uint64_t kEventRepeatPercent = 2;
constexpr std::uint64_t kDefaultFixedSet = 60;
// The API server adds its conditions in two updates.
constexpr std::uint64_t kInstallWrites = 3;
// Of CRDs: two of Kyverno's 22 are this much larger than the mean, the others smaller.
constexpr std::uint64_t kLargeEvery = 11;
constexpr std::uint64_t kLargePercent = 686;
constexpr std::uint64_t kSmallPercent = 41;
// Passes etcd's default limit of 1.5 MiB for a request.
constexpr std::uint64_t kMaxValueBytes = 1'400'000;
constexpr std::uint64_t kMaxSkip = 16'384;

std::uint64_t Limit(const Resource& resource, std::uint64_t preload) {
  switch (resource.nature) {
    case Nature::kFixedSet:
    case Nature::kInstalled:
      return preload > 0 ? preload : kDefaultFixedSet;
    case Nature::kEvents:
      return kRecentEvents;
    case Nature::kOrdinary:
      break;
  }
  return std::max(preload, kObjectLimit);
}

bool IsFixedSet(const Resource& resource) {
  return resource.nature == Nature::kFixedSet || resource.nature == Nature::kInstalled;
}

std::uint64_t ValueBytes(const Resource& resource, std::uint64_t serial, std::uint64_t mean,
                         Random& random) {
  if (resource.nature != Nature::kInstalled) return mean / 2 + random.Below(mean + 1);
  return std::min(mean * (serial % kLargeEvery == 0 ? kLargePercent : kSmallPercent) / 100,
                  kMaxValueBytes);
}

}  // namespace

Planner::Planner(WorkloadOptions options)
    : options_(std::move(options)),
      random_(Scramble(options_.seed)),
      populations_(AllResources().size()) {
  for (std::size_t i = 0; i < populations_.size(); ++i) {
    populations_[i].limit = Limit(AllResources()[i], options_.preload.at(i));
    const bool installed = AllResources()[i].nature == Nature::kInstalled;
    populations_[i].preload_left = options_.preload.at(i) * (installed ? kInstallWrites : 1);
    preload_open_ += populations_[i].preload_left;
    mix_total_ += options_.mix.at(i);
  }
}

std::optional<Write> Planner::NextPreload() {
  for (std::size_t i = 0; i < populations_.size(); ++i) {
    Population& population = populations_[i];
    if (population.preload_left == 0) continue;
    const bool update =
        AllResources()[i].nature == Nature::kInstalled && population.live >= options_.preload.at(i);
    const auto unfinished = [](const StoredObject& object) {
      return object.version < kInstallWrites;
    };
    if (update && std::ranges::none_of(population.idle, unfinished)) continue;
    --population.preload_left;
    auto write = Begin(i, update ? Op::kUpdate : Op::kCreate);
    if (write) write->preload = true;
    return write;
  }
  return std::nullopt;
}

std::optional<Write> Planner::NextChurn() {
  if (mix_total_ == 0) return std::nullopt;
  const std::size_t resource = DrawResource();
  const std::optional<Op> op = DrawOp(AllResources()[resource], populations_[resource]);
  if (!op) return std::nullopt;
  return Begin(resource, *op);
}

std::size_t Planner::DrawResource() {
  std::uint64_t left = random_.Below(mix_total_);
  std::size_t resource = 0;
  while (left >= options_.mix[resource]) left -= options_.mix[resource++];
  return resource;
}

std::optional<Op> Planner::DrawOp(const Resource& resource, const Population& population) {
  const bool none_idle = population.idle.empty();
  if (resource.nature == Nature::kEvents) {
    return !none_idle && random_.Below(100) < kEventRepeatPercent ? Op::kUpdate : Op::kCreate;
  }
  const bool full = population.live >= population.limit;
  if (none_idle) return full ? std::nullopt : std::optional(Op::kCreate);
  if (IsFixedSet(resource)) return full ? Op::kUpdate : Op::kCreate;
  const auto& ops = options_.ops ? *options_.ops : resource.ops;
  const std::uint64_t draw =
      random_.Below(std::accumulate(ops.begin(), ops.end(), std::uint64_t{0}));
  if (draw < ops[0]) return full ? Op::kDelete : Op::kCreate;
  return draw < ops[0] + ops[1] ? Op::kUpdate : Op::kDelete;
}

std::optional<Write> Planner::Begin(std::size_t resource, Op op) {
  Population& population = populations_[resource];
  Write write;
  write.resource = resource;
  write.op = op;
  if (op == Op::kCreate) {
    if (population.retry.empty()) {
      write.object.serial = population.next_serial++;
    } else {
      write.object.serial = population.retry.back();
      population.retry.pop_back();
    }
    ++population.live;
  } else {
    // An installation writes each as often.
    const bool installed = AllResources()[resource].nature == Nature::kInstalled;
    std::swap(installed ? *std::ranges::min_element(population.idle, {}, &StoredObject::version)
                        : population.idle[random_.Below(population.idle.size())],
              population.idle.back());
    write.object = population.idle.back();
    population.idle.pop_back();
  }
  ++write.object.version;
  const Resource& kind = AllResources()[resource];
  const Identity identity =
      MakeIdentity(kind, write.object.serial, options_.seed, options_.namespaces);
  write.key = MakeKey(kind, identity);
  write.manager = ManagerOf(kind, identity);
  if (op != Op::kDelete) {
    const std::uint64_t mean = options_.mean_bytes.at(resource);
    write.value = MakeValue(kind, identity, write.object.version,
                            ValueBytes(kind, write.object.serial, mean, random_), random_);
  }
  return write;
}

void Planner::Done(const Write& write, std::int64_t revision) {
  if (write.preload) --preload_open_;
  if (write.op == Op::kDelete) {
    --populations_[write.resource].live;
    return;
  }
  if (write.op == Op::kCreate) populations_[write.resource].skip = 1;
  StoredObject object = write.object;
  object.mod_revision = revision;
  GiveBack(write.resource, object);
}

void Planner::Conflict(const Write& write, std::optional<std::int64_t> current) {
  if (write.preload) --preload_open_;
  Population& population = populations_[write.resource];
  const bool fixed_set = IsFixedSet(AllResources()[write.resource]);
  if (!current) {  // gone: an expired lease, or somebody else
    --population.live;
    if (fixed_set) population.retry.push_back(write.object.serial);
    return;
  }
  if (write.op == Op::kCreate && !write.preload && !fixed_set) {
    // An earlier run's key: get past all of them in a few steps.
    population.next_serial += population.skip;
    population.skip = std::min(population.skip * 2, kMaxSkip);
  }
  // Somebody else's write, or one of ours whose answer was lost.
  StoredObject object = write.object;
  object.mod_revision = *current;
  GiveBack(write.resource, object);
}

void Planner::Failed(const Write& write) {
  Population& population = populations_[write.resource];
  if (write.preload) ++population.preload_left;
  if (write.op != Op::kCreate) {
    StoredObject object = write.object;
    --object.version;
    GiveBack(write.resource, object);
    return;
  }
  --population.live;
  population.retry.push_back(write.object.serial);
}

void Planner::GiveBack(std::size_t resource, const StoredObject& object) {
  Population& population = populations_[resource];
  const Resource& kind = AllResources()[resource];
  const bool events = kind.nature == Nature::kEvents;
  if (events && !Repeats(EventKindFor(HashOf(kind, object.serial, options_.seed)))) {
    --population.live;
    return;
  }
  population.idle.push_back(object);
  if (events && population.idle.size() > population.limit) {
    std::swap(population.idle[random_.Below(population.idle.size())], population.idle.back());
    population.idle.pop_back();
    --population.live;
  }
}

}  // namespace headroom::loadgen
