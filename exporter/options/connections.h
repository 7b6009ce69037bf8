#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "etcd/member.h"
#include "etcd/rotating_credentials.h"
#include "options/options.h"
#include "web/rotating_config.h"

// How etcd is reached, by what the options say.
namespace headroom {

// Null where nothing speaks TLS. An error names the file, and the flags where the files were found
// and not given.
absl::StatusOr<std::shared_ptr<etcd::RotatingCredentials>> Credentials(const Options& options);

// Null without --web.config.file. An error names that flag, the file and the key in it.
absl::StatusOr<std::shared_ptr<web::RotatingConfig>> WebConfig(const Options& options);

// One for each endpoint. `tls` may be null for http.
std::vector<etcd::MemberOptions> MemberOptionsOf(
    const Options& options, const std::shared_ptr<etcd::RotatingCredentials>& tls);

// Where an exporter with these options answers requests from its node by plain HTTP. One that
// listens on every address answers at HOST_IP (set by the downward API in a pod), else on loopback.
// Nothing where it lets in only some, or serves on sockets alone.
std::optional<http::ListenAddress> ExporterAddress(const Options& options);

// The node's name for members whose own is unknown: NODE_NAME (set by the downward API in a
// pod), else the host name.
std::string NodeName();

// What the node has: "etcd", "kine" or "none".
const char* DatastoreName(node::Datastore::Kind kind);

}  // namespace headroom
