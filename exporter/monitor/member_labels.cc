#include "monitor/member_labels.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace headroom {
namespace {

const etcd::ListedMember* Find(std::uint64_t member_id, const MemberList& members) {
  const auto found = std::ranges::find(members, member_id, &etcd::ListedMember::id);
  return found == members.end() ? nullptr : &*found;
}

}  // namespace

std::string HexId(std::uint64_t id) { return absl::StrCat(absl::Hex(id)); }

std::string LabelOf(std::uint64_t member_id, const MemberList& members) {
  if (member_id == 0) return "unknown";
  const etcd::ListedMember* member = Find(member_id, members);
  if (member == nullptr || member->name.empty()) return HexId(member_id);
  const bool shared = std::ranges::count(members, member->name, &etcd::ListedMember::name) > 1;
  return shared ? absl::StrCat(member->name, "-", HexId(member_id)) : member->name;
}

std::optional<std::size_t> ConfiguredEndpoint(const std::vector<etcd::Endpoint>& endpoints,
                                              const node::EtcdConfig& config) {
  for (const std::string& url : config.client_urls) {
    const auto client = etcd::ParseEndpoint(url);
    if (!client.ok()) continue;
    const auto same = std::ranges::find(endpoints, client->HostPort(), &etcd::Endpoint::HostPort);
    if (same != endpoints.end()) return static_cast<std::size_t>(same - endpoints.begin());
  }
  if (endpoints.size() == 1 && config.client_urls.empty()) return 0;
  if (std::ranges::count_if(endpoints, &etcd::Endpoint::IsLoopback) != 1) return std::nullopt;
  return static_cast<std::size_t>(std::ranges::find_if(endpoints, &etcd::Endpoint::IsLoopback) -
                                  endpoints.begin());
}

std::string FallbackLabel(const etcd::Endpoint& endpoint, const node::EtcdConfig* config,
                          const std::string& node_name, bool shares_node) {
  if (config != nullptr && !config->name.empty()) return config->name;
  if (!endpoint.IsLoopback()) return endpoint.HostPort();
  return shares_node ? absl::StrCat(node_name, ":", endpoint.port) : node_name;
}

void MemberLabel::Answered(std::uint64_t member_id, const MemberList& members) {
  if (member_id != member_id_) {
    // A first answer keeps the fallback until there is a name; another member must not go by the
    // old one's.
    if (member_id_) label_ = fallback_;
    member_id_ = member_id;
    named_ = false;
  }
  const etcd::ListedMember* member = Find(member_id, members);
  if (named_ || member == nullptr || member->name.empty()) return;
  label_ = LabelOf(member_id, members);
  named_ = true;
}

}  // namespace headroom
