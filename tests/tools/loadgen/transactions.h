#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "etcd_write.pb.h"

namespace headroom::loadgen {

// The guarded writes of kube-apiserver's etcd3 storage. When the guard fails, the answer holds the
// key's current revisions instead (the API server reads the value too; here nobody looks at it).

// Puts `key` if it does not exist. `lease` 0 = none.
etcdserverpb::TxnRequest CreateTxn(std::string key, std::string value, std::int64_t lease);

// Puts `key` if it is still at `mod_revision`.
etcdserverpb::TxnRequest UpdateTxn(std::string key, std::string value, std::int64_t mod_revision,
                                   std::int64_t lease);

// Deletes `key` if it is still at `mod_revision`.
etcdserverpb::TxnRequest DeleteTxn(std::string key, std::int64_t mod_revision);

// The mod_revision of the key that a failed guard reported; nothing when the key does not exist.
std::optional<std::int64_t> CurrentRevision(const etcdserverpb::TxnResponse& response);

}  // namespace headroom::loadgen
