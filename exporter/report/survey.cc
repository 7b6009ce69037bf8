#include "report/survey.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "collectors/inventory_walker.h"
#include "collectors/member_collector.h"
#include "collectors/node_config.h"
#include "etcd/rpc_client.h"
#include "kubernetes/label_text.h"
#include "options/connections.h"
#include "report/sampling.h"
#include "report/situation.h"

namespace headroom::report {
namespace {

using Clock = std::chrono::steady_clock;
using Tls = std::shared_ptr<etcd::RotatingCredentials>;

// A name that is fit for a terminal.
std::string Printable(std::string_view text) {
  return std::string(kubernetes::LabelText().Fit(text));
}

// An error likewise, in one line.
std::string OneLine(const absl::Status& status) {
  std::string text(status.message());
  std::ranges::replace_if(
      text, [](char c) { return !absl::ascii_isprint(static_cast<unsigned char>(c)); }, ' ');
  return text;
}

// As the first endpoint has it that tells. Empty when none does.
MemberList LearnMembers(const Options& options, const Tls& tls) {
  for (const etcd::Endpoint& endpoint : options.endpoints) {
    etcd::RpcClient client(endpoint, tls);
    auto members = client.ListMembers(Clock::now() + options.timeout);
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

// The options with all the endpoints of the listed members that can be asked.
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

// Why a listed member was not asked.
std::string WhyNotAsked(const etcd::ListedMember& member) {
  return ClientEndpoints(member).empty() ? "it advertises no client URL that can be used"
                                         : "its client URL is https: give --etcd.cacert";
}

const char* QuotaSourceName(const etcd::QuotaSources& quota) {
  if (quota.status) return "status";
  if (quota.metrics) return "metrics";
  return quota.manifest ? "manifest" : "flag";
}

MemberFact FactOf(const MemberReport& report) {
  MemberFact fact{.name = Printable(report.label), .url = report.etcd_url};
  const etcd::MemberFacts& facts = report.facts;
  fact.is_defragmenting = facts.page && facts.page->defrag_in_progress == 1;
  if (!facts.status.ok()) {
    fact.problem = OneLine(facts.status.status());
    return fact;
  }
  fact.status = *facts.status;
  fact.status->server_version = Printable(facts.status->server_version);
  const etcd::QuotaSources quota = QuotaOf(report);
  fact.quota_bytes = quota.InForce(report.tells_quota);
  if (fact.quota_bytes) fact.quota_source = QuotaSourceName(quota);
  fact.compacted = facts.compact_revision;
  return fact;
}

// The report of a listed member; null when it was not asked.
const MemberReport* ReportOf(const etcd::ListedMember& member,
                             const std::vector<MemberReport>& reports) {
  const auto answered = std::ranges::find_if(reports, [&](const MemberReport& report) {
    return report.facts.status.ok() && report.facts.status->member_id == member.id;
  });
  if (answered != reports.end()) return &*answered;
  for (const etcd::Endpoint& url : ClientEndpoints(member)) {
    const auto asked = std::ranges::find_if(reports, [&](const MemberReport& report) {
      return !report.facts.status.ok() && report.etcd_url == url.Url();
    });
    if (asked != reports.end()) return &*asked;
  }
  return nullptr;
}

// `given`: those to be told of even where no member is behind them; a member's second URL is not.
void AddMembers(const MemberCollector::ClusterReport& cluster, const MemberList& list,
                const std::vector<etcd::Endpoint>& given, Facts& facts) {
  facts.is_list_known = !list.empty();
  std::vector<const MemberReport*> told;
  for (const etcd::ListedMember& member : list) {
    const MemberReport* report = ReportOf(member, cluster.members);
    MemberFact fact =
        report != nullptr ? FactOf(*report) : MemberFact{.problem = WhyNotAsked(member)};
    fact.name = Printable(LabelOf(member.id, list));
    facts.members.push_back(std::move(fact));
    told.push_back(report);
  }
  for (const MemberReport& report : cluster.members) {
    facts.is_kine = facts.is_kine || report.facts.is_kine;
    if (std::ranges::find(told, &report) != told.end()) continue;
    MemberFact fact = FactOf(report);
    if (!facts.is_list_known || fact.status) {
      facts.members.push_back(std::move(fact));
    } else if (std::ranges::find(given, fact.url, &etcd::Endpoint::Url) != given.end()) {
      facts.other_faults.push_back(
          absl::StrCat(fact.url, " is none of the members told here: ", fact.problem, "."));
    }
  }
}

std::string RaisedBy(const etcd::Alarm& alarm, const MemberList& list) {
  const bool is_member =
      std::ranges::find(list, alarm.member_id, &etcd::ListedMember::id) != list.end();
  return Printable(LabelOf(alarm.member_id, list)) +
         (is_member || list.empty() || alarm.member_id == 0 ? "" : " (no longer a member)");
}

void AddAlarms(const MemberList& list, Facts& facts) {
  for (const MemberFact& member : facts.members) {
    if (!member.status) continue;
    for (const etcd::Alarm& alarm : member.status->alarms) {
      AlarmFact fact{.type = Printable(alarm.type), .raised_by = RaisedBy(alarm, list)};
      if (std::ranges::find(facts.alarms, fact) == facts.alarms.end()) {
        facts.alarms.push_back(std::move(fact));
      }
    }
  }
}

// As a file is called on the node, where its root is mounted elsewhere.
std::string OnNode(const std::string& file, const std::string& rootfs) {
  std::string_view path = file;
  std::string_view root = rootfs;
  if (root.ends_with('/')) root.remove_suffix(1);
  if (path.starts_with(root) && path.substr(root.size()).starts_with('/')) {
    path.remove_prefix(root.size());
  }
  return std::string(path);
}

NodeFact NodeOf(const Options& options, NodeConfig& config) {
  NodeFact node{.config = config.Read(), .tls = options.tls};
  for (std::string* file : {&node.tls.ca, &node.tls.certificate, &node.tls.key}) {
    *file = OnNode(*file, options.rootfs);
  }
  // Also where the endpoints were given; not where the certificates are another cluster's.
  const auto found = Discover(options.rootfs);
  if (found.ok() && found->etcd &&
      (options.tls.ca.empty() || options.tls.ca == found->etcd->tls.ca)) {
    node.distribution = found->etcd->distribution;
  }
  if (!options.registry_prefixes.empty()) node.registry_prefix = options.registry_prefixes.front();
  return node;
}

// While etcd runs its disk is left to it.
void AddFile(const Options& options, Facts& facts) {
  if (options.db_file.empty()) return;
  const analyze::Background gently{.bytes_per_second = InventoryWalker::kColdBytesPerSecond,
                                   .max_keys = options.inventory_max_keys};
  const bool etcd_runs = std::ranges::any_of(
      facts.members, [](const MemberFact& member) { return member.status.has_value(); });
  const auto quiet = [](std::uint64_t, std::uint64_t) {};
  const auto read = [&](analyze::Breakdown by) {
    return analyze::Analyze(options.db_file, options.registry_prefixes, by, quiet,
                            etcd_runs ? &gently : nullptr);
  };
  auto file = read(analyze::Breakdown::kNamespace);
  if (!file.ok()) {
    facts.file_problem = OneLine(file.status());
    if (absl::IsResourceExhausted(file.status())) {
      facts.file_problem += "; raise --inventory.max-keys";
    }
    return;
  }
  facts.file = *std::move(file);
  const auto& rows = facts.file->resources;
  if (rows.empty() || rows.front().resource != "events") return;
  if (auto events = read(analyze::Breakdown::kComponent); events.ok()) {
    facts.event_components = std::move(events->breakdown);
  }
}

}  // namespace

absl::StatusOr<Facts> Survey(const Options& given, std::chrono::milliseconds sample,
                             const std::function<void(std::string_view)>& on_progress) {
  const auto tls = Credentials(given);
  if (!tls.ok()) return tls.status();
  on_progress("asking the members");
  const MemberList learnt = LearnMembers(given, *tls);
  const Options options = WithMembers(given, learnt);
  const auto config = std::make_shared<NodeConfig>(options.rootfs, options.etcd_config);
  MemberCollector collector(Members(options, *tls), config, options.quota_bytes, NodeName(),
                            DatastoreName(options.datastore.kind));
  // Long enough for a Status and, where that hangs, for the page that tells why.
  const auto cluster = collector.Report(Clock::now() + 2 * options.timeout);
  const MemberList& list = cluster.list.empty() ? learnt : cluster.list;

  Facts facts{.node = NodeOf(options, *config)};
  AddMembers(cluster, list, given.endpoints, facts);
  AddAlarms(list, facts);
  on_progress("reading the database file");
  AddFile(options, facts);
  on_progress("watching what is written");
  facts.sample = TakeSample({.tls = *tls,
                             .timeout = options.timeout,
                             .prefixes = options.registry_prefixes,
                             .max_resources = options.max_resources,
                             .duration = sample},
                            Situation(facts));
  collector.Stop();
  return facts;
}

}  // namespace headroom::report
