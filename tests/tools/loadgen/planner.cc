#include "planner.h"

#include <algorithm>
#include <numeric>
#include <utility>

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
constexpr std::uint64_t kEventRepeatPercent = 25;
constexpr std::uint64_t kDefaultFixedSet = 50;
constexpr std::uint64_t kMaxSkip = 16'384;

std::uint64_t Limit(const Resource& resource, std::uint64_t preload) {
  switch (resource.nature) {
    case Nature::kFixedSet:
      return preload > 0 ? preload : kDefaultFixedSet;
    case Nature::kEvents:
      return kRecentEvents;
    case Nature::kOrdinary:
      break;
  }
  return std::max(preload, kObjectLimit);
}

}  // namespace

Planner::Planner(WorkloadOptions options)
    : options_(std::move(options)),
      random_(Scramble(options_.seed)),
      populations_(AllResources().size()) {
  for (std::size_t i = 0; i < populations_.size(); ++i) {
    populations_[i].limit = Limit(AllResources()[i], options_.preload.at(i));
    populations_[i].preload_left = options_.preload.at(i);
    preload_open_ += options_.preload.at(i);
    mix_total_ += options_.mix.at(i);
  }
}

std::optional<Write> Planner::NextPreload() {
  for (std::size_t i = 0; i < populations_.size(); ++i) {
    if (populations_[i].preload_left == 0) continue;
    --populations_[i].preload_left;
    auto write = Begin(i, Op::kCreate);
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
  if (resource.nature == Nature::kFixedSet) return full ? Op::kUpdate : Op::kCreate;
  const std::uint64_t draw =
      random_.Below(std::accumulate(options_.ops.begin(), options_.ops.end(), std::uint64_t{0}));
  if (draw < options_.ops[0]) return full ? Op::kDelete : Op::kCreate;
  return draw < options_.ops[0] + options_.ops[1] ? Op::kUpdate : Op::kDelete;
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
    std::swap(population.idle[random_.Below(population.idle.size())], population.idle.back());
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
                            mean / 2 + random_.Below(mean + 1), random_);
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
  const bool fixed_set = AllResources()[write.resource].nature == Nature::kFixedSet;
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
  if (write.op != Op::kCreate) {
    GiveBack(write.resource, write.object);
    return;
  }
  --population.live;
  if (write.preload) ++population.preload_left;
  population.retry.push_back(write.object.serial);
}

void Planner::GiveBack(std::size_t resource, const StoredObject& object) {
  Population& population = populations_[resource];
  population.idle.push_back(object);
  if (AllResources()[resource].nature == Nature::kEvents &&
      population.idle.size() > population.limit) {
    std::swap(population.idle[random_.Below(population.idle.size())], population.idle.back());
    population.idle.pop_back();
    --population.live;
  }
}

}  // namespace headroom::loadgen
