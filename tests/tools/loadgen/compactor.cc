#include "compactor.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace headroom::loadgen {
namespace {

constexpr const char* kKey = "compact_rev_key";

}  // namespace

Compactor::Compactor(EtcdClient& client, std::chrono::milliseconds interval, Written written,
                     Failed failed)
    : client_(client),
      interval_(interval),
      written_(std::move(written)),
      failed_(std::move(failed)),
      due_(Clock::now() + interval) {}

void Compactor::Tick(Clock::time_point now) {
  if (interval_.count() == 0 || busy_ || now < due_) return;
  busy_ = true;
  Commit();
}

void Compactor::Commit() {
  etcdserverpb::TxnRequest txn;
  etcdserverpb::Compare& compare = *txn.add_compare();
  compare.set_result(etcdserverpb::Compare::EQUAL);
  compare.set_target(etcdserverpb::Compare::VERSION);
  compare.set_key(kKey);
  compare.set_version(version_);
  etcdserverpb::PutRequest& put = *txn.add_success()->mutable_request_put();
  put.set_key(kKey);
  put.set_value(std::to_string(revision_));
  txn.add_failure()->mutable_request_range()->set_key(kKey);
  client_.Txn(txn, [this](const CallResult& result, const etcdserverpb::TxnResponse& response) {
    Committed(result, response);
  });
}

void Compactor::Committed(const CallResult& result, const etcdserverpb::TxnResponse& response) {
  if (result.code != CallResult::Code::kOk) {
    failed_(result);
    Rest();
    return;
  }
  const std::int64_t compact_to = std::exchange(revision_, response.header().revision());
  if (!response.succeeded()) {  // another API server's turn: learn the version it left
    version_ = 0;
    if (response.responses_size() > 0 && response.responses(0).response_range().kvs_size() > 0) {
      version_ = response.responses(0).response_range().kvs(0).version();
    }
    Rest();
    return;
  }
  const std::size_t bytes = std::string_view(kKey).size() + std::to_string(compact_to).size();
  written_(version_ == 0, bytes, response.header().revision());
  ++version_;
  if (compact_to == 0) {  // the first tick has no earlier revision
    Rest();
    return;
  }
  Compact(compact_to);
}

void Compactor::Compact(std::int64_t revision) {
  etcdserverpb::CompactionRequest request;
  request.set_revision(revision);
  client_.Compact(request,
                  [this](const CallResult& result, const etcdserverpb::CompactionResponse&) {
                    if (result.code == CallResult::Code::kOk) {
                      ++compactions_;
                    } else {
                      failed_(result);
                    }
                    Rest();
                  });
}

// The API server sleeps a full interval after each turn; the turn's own time comes on top.
void Compactor::Rest() {
  busy_ = false;
  due_ = Clock::now() + interval_;
}

}  // namespace headroom::loadgen
