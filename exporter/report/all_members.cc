#include "report/all_members.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "etcd/rpc_client.h"
#include "options/connections.h"

namespace headroom::report {

MemberList LearnMembers(const Options& options,
                        const std::shared_ptr<etcd::RotatingCredentials>& tls) {
  for (const etcd::Endpoint& endpoint : options.endpoints) {
    etcd::RpcClient client(endpoint, tls);
    auto members = client.ListMembers(std::chrono::steady_clock::now() + options.timeout);
    if (members.ok()) return *std::move(members);
  }
  return {};
}

std::vector<etcd::Endpoint> ClientEndpoints(const etcd::ListedMember& member) {
  std::vector<etcd::Endpoint> endpoints;
  for (const std::string& url : member.client_urls) {
    auto endpoint = etcd::ParseEndpoint(url);
    if (!endpoint.ok()) continue;
    endpoint->path.clear();
    endpoints.push_back(*std::move(endpoint));
  }
  return endpoints;
}

Options WithMembers(Options options, const MemberList& members) {
  for (const etcd::ListedMember& member : members) {
    for (const etcd::Endpoint& url : ClientEndpoints(member)) {
      const bool is_there = std::ranges::find(options.endpoints, url.HostPort(),
                                              &etcd::Endpoint::HostPort) != options.endpoints.end();
      if (is_there || (url.tls && options.tls.ca.empty())) continue;
      options.endpoints.push_back(url);
      options.metrics_urls.push_back(url);
      options.metrics_urls.back().path = "/metrics";
    }
  }
  return options;
}

std::unique_ptr<Members> MembersOf(const Options& options,
                                   const std::shared_ptr<etcd::RotatingCredentials>& tls) {
  return std::make_unique<Members>(MemberOptionsOf(options, tls), options.node_config,
                                   options.quota_bytes, NodeName(),
                                   DatastoreName(options.datastore.kind));
}

}  // namespace headroom::report
