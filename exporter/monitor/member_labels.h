#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "etcd/endpoint.h"
#include "etcd/rpc_client.h"
#include "node/etcd_config.h"

namespace headroom {

using MemberList = std::vector<etcd::ListedMember>;

// Hexadecimal, as etcdctl shows member and cluster ids.
std::string HexId(std::uint64_t id);

// What a member is called in labels by its entry in the member list: its name, with its id where
// two members share the name; its id where it has none or is not listed; "unknown" for id 0.
std::string LabelOf(std::uint64_t member_id, const MemberList& members);

// Index of the endpoint that the node's own etcd configuration describes: the one whose address
// stands among its client URLs, else the only one on a loopback address, else the only one at all
// where the configuration has no client URLs. Nothing when it is unknown.
std::optional<std::size_t> ConfiguredEndpoint(const std::vector<etcd::Endpoint>& endpoints,
                                              const node::EtcdConfig& config);

// What an endpoint's member is called before etcd has named it: the configuration's `--name`
// where that is its own
// (`config`, may be null), the node's name for a loopback address, else "host:port". `shares_node`:
// several endpoints are on loopback addresses, so the port has to be in the label.
std::string FallbackLabel(const etcd::Endpoint& endpoint, const node::EtcdConfig* config,
                          const std::string& node_name, bool shares_node);

// The `member` label of one endpoint. It changes at most once, when the member list first names the
// member, and again only when another member id answers.
class MemberLabel {
 public:
  explicit MemberLabel(std::string fallback) : fallback_(std::move(fallback)), label_(fallback_) {}

  // `member_id` answered at this endpoint.
  void Answered(std::uint64_t member_id, const MemberList& members);

  const std::string& text() const { return label_; }
  // The last that answered; nothing before the first.
  const std::optional<std::uint64_t>& member_id() const { return member_id_; }

 private:
  std::string fallback_;
  std::string label_;
  std::optional<std::uint64_t> member_id_;
  bool named_ = false;
};

}  // namespace headroom
