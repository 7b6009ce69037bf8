#include "transactions.h"

#include <utility>

namespace headroom::loadgen {
namespace {

void Guard(etcdserverpb::TxnRequest& txn, const std::string& key, std::int64_t mod_revision) {
  etcdserverpb::Compare& compare = *txn.add_compare();
  compare.set_result(etcdserverpb::Compare::EQUAL);
  compare.set_target(etcdserverpb::Compare::MOD);
  compare.set_key(key);
  compare.set_mod_revision(mod_revision);
  etcdserverpb::RangeRequest& range = *txn.add_failure()->mutable_request_range();
  range.set_key(key);
  range.set_keys_only(true);
}

}  // namespace

etcdserverpb::TxnRequest CreateTxn(std::string key, std::string value, std::int64_t lease) {
  return UpdateTxn(std::move(key), std::move(value), 0,
                   lease);  // etcd: a key that does not exist is at revision 0
}

etcdserverpb::TxnRequest UpdateTxn(std::string key, std::string value, std::int64_t mod_revision,
                                   std::int64_t lease) {
  etcdserverpb::TxnRequest txn;
  Guard(txn, key, mod_revision);
  etcdserverpb::PutRequest& put = *txn.add_success()->mutable_request_put();
  put.set_key(std::move(key));
  put.set_value(std::move(value));
  put.set_lease(lease);
  return txn;
}

etcdserverpb::TxnRequest DeleteTxn(std::string key, std::int64_t mod_revision) {
  etcdserverpb::TxnRequest txn;
  Guard(txn, key, mod_revision);
  txn.add_success()->mutable_request_delete_range()->set_key(std::move(key));
  return txn;
}

std::optional<std::int64_t> CurrentRevision(const etcdserverpb::TxnResponse& response) {
  if (response.responses_size() == 0 || response.responses(0).response_range().kvs_size() == 0)
    return std::nullopt;
  return response.responses(0).response_range().kvs(0).mod_revision();
}

}  // namespace headroom::loadgen
