#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/status.h"
#include "etcd/deadline.h"
#include "etcd/endpoint.h"
#include "etcd/tls.h"

// What all gRPC clients of this module share; beside login.h the one header here that includes
// gRPC's.
namespace headroom::etcd {

// A connection of its own: channels here never share one. It is made in the background and made
// again after a failure as long as calls are made. `tls` may be null for http endpoints.
std::shared_ptr<grpc::Channel> MakeChannel(const Endpoint& endpoint, const TlsCredentials* tls);

std::chrono::system_clock::time_point WallClock(Deadline deadline);

// gRPC and abseil share their codes. Of a failed connection the last cause says most.
absl::Status ToAbsl(const grpc::Status& status);

}  // namespace headroom::etcd
