#include "options/connections.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace headroom {

std::string NodeName() {
  if (const char* name = std::getenv("NODE_NAME"); name != nullptr && *name != '\0') return name;
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return host.data();
}

const char* DatastoreName(node::Datastore::Kind kind) {
  switch (kind) {
    case node::Datastore::Kind::kEtcd:
      return "etcd";
    case node::Datastore::Kind::kKine:
      return "kine";
    case node::Datastore::Kind::kNone:
      return "none";
  }
  return "none";
}

absl::StatusOr<std::shared_ptr<etcd::RotatingCredentials>> Credentials(const Options& options) {
  if (options.tls.ca.empty()) return nullptr;
  auto opened = etcd::RotatingCredentials::Open(options.tls);
  const auto& found = options.datastore.etcd;
  if (opened.ok() || !found || found->tls.ca != options.tls.ca) return opened;
  return absl::Status(
      opened.status().code(),
      absl::StrCat(found->distribution, "'s etcd is on this node, but ", opened.status().message(),
                   "; give --etcd.cacert, --etcd.cert and --etcd.key"));
}

absl::StatusOr<std::shared_ptr<web::RotatingConfig>> WebConfig(const Options& options) {
  if (options.web_config_file.empty()) return nullptr;
  auto opened = web::RotatingConfig::Open(options.web_config_file);
  if (opened.ok()) return opened;
  return absl::Status(opened.status().code(),
                      absl::StrCat("--web.config.file: ", opened.status().message()));
}

std::optional<http::ListenAddress> ExporterAddress(const Options& options) {
  const auto listen =
      std::ranges::find(options.listen, std::string(), &http::ListenAddress::socket);
  if (listen == options.listen.end() || !options.web_config_file.empty()) return std::nullopt;
  http::ListenAddress address = *listen;
  const char* host_ip = std::getenv("HOST_IP");
  if (address.host.empty() && host_ip != nullptr) address.host = host_ip;
  if (address.host.empty() || address.host == "0.0.0.0") address.host = "127.0.0.1";
  return address;
}

std::vector<etcd::MemberOptions> MemberOptionsOf(
    const Options& options, const std::shared_ptr<etcd::RotatingCredentials>& tls) {
  std::vector<etcd::MemberOptions> members;
  for (std::size_t i = 0; i < options.endpoints.size(); ++i) {
    members.push_back({.endpoint = options.endpoints[i],
                       .metrics_url = options.metrics_urls[i],
                       .timeout = options.timeout,
                       .tls = tls});
  }
  return members;
}

}  // namespace headroom
