#include "lease_keeper.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace headroom::loadgen {
namespace {

constexpr int kMaxObjectsPerLease = 1000;
constexpr std::int64_t kMaxReuseSeconds = 60;

}  // namespace

LeaseKeeper::LeaseKeeper(EtcdClient& client, std::int64_t ttl_seconds)
    : client_(client),
      ttl_seconds_(ttl_seconds),
      reuse_seconds_(std::clamp<std::int64_t>(ttl_seconds / 20, 1, kMaxReuseSeconds)) {}

bool LeaseKeeper::Usable() const {
  return lease_ != 0 && objects_ < kMaxObjectsPerLease && Clock::now() < reuse_until_;
}

void LeaseKeeper::WithLease(Use use) {
  if (!granting_ && Usable()) {
    ++objects_;
    use({}, lease_);
    return;
  }
  waiting_.push_back(std::move(use));
  if (!granting_) Grant();
}

void LeaseKeeper::Grant() {
  granting_ = true;
  // The lease's life begins in etcd later than here; counting from here errs on the safe side.
  reuse_until_ = Clock::now() + std::chrono::seconds(reuse_seconds_);
  etcdserverpb::LeaseGrantRequest request;
  request.set_ttl(ttl_seconds_ + reuse_seconds_);
  client_.LeaseGrant(
      request, [this](const CallResult& result, const etcdserverpb::LeaseGrantResponse& response) {
        Granted(result, response.id());
      });
}

void LeaseKeeper::Granted(const CallResult& result, std::int64_t lease) {
  granting_ = false;
  lease_ = result.code == CallResult::Code::kOk ? lease : 0;
  objects_ = 0;
  if (lease_ != 0) ++granted_;
  std::deque<Use> waiting = std::exchange(waiting_, {});
  while (!waiting.empty()) {
    // Handing on the rest through WithLease asks for the next lease when this one is full.
    const Use use = std::move(waiting.front());
    waiting.pop_front();
    if (lease_ != 0) {
      WithLease(use);
    } else {
      use(result, 0);
    }
  }
}

}  // namespace headroom::loadgen
