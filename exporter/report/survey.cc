#include "report/survey.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "etcd/rpc_client.h"
#include "monitor/members.h"
#include "node/cached_config.h"
#include "options/connections.h"
#include "report/all_members.h"
#include "report/exporter_day.h"
#include "report/file_survey.h"
#include "report/printable.h"
#include "report/sampling.h"
#include "report/situation.h"

namespace headroom::report {
namespace {

using Clock = std::chrono::steady_clock;

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

std::string HostPort(const std::string& url) {
  const auto endpoint = etcd::ParseEndpoint(url);
  return endpoint.ok() ? endpoint->HostPort() : url;
}

// Called by its host and port where only the name of this node is known.
MemberFact FactOf(const MemberReport& report) {
  MemberFact fact{.name = Printable(report.label), .url = report.etcd_url};
  const etcd::MemberFacts& facts = report.facts;
  fact.is_defragmenting = facts.page && facts.page->defrag_in_progress == 1;
  if (fact.name == Printable(NodeName())) fact.name = HostPort(report.etcd_url);
  if (!facts.status.ok()) {
    fact.problem = OneLine(facts.status.status());
    return fact;
  }
  fact.status = *facts.status;
  fact.status->server_version = Printable(facts.status->server_version);
  const etcd::QuotaSources quota = report.quota();
  fact.quota_bytes = quota.InForce(report.reports_quota);
  if (fact.quota_bytes) fact.quota_source = QuotaSourceName(quota);
  fact.compacted = facts.compact_revision;
  if (facts.page) {
    fact.open_read_transactions = facts.page->open_read_transactions;
    fact.start_time_seconds = facts.page->start_time_seconds;
  }
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

// `given`: those to report even if no member is behind them; not so a member's second URL.
void AddMembers(const ClusterReport& cluster, const MemberList& list,
                const std::vector<etcd::Endpoint>& given, Facts& facts) {
  facts.is_list_known = !list.empty();
  std::vector<const MemberReport*> seen;
  for (const etcd::ListedMember& member : list) {
    const MemberReport* report = ReportOf(member, cluster.members);
    MemberFact fact =
        report != nullptr ? FactOf(*report) : MemberFact{.problem = WhyNotAsked(member)};
    fact.name = Printable(LabelOf(member.id, list));
    fact.is_learner = member.is_learner;
    facts.members.push_back(std::move(fact));
    seen.push_back(report);
  }
  for (const MemberReport& report : cluster.members) {
    facts.is_kine = facts.is_kine || report.facts.is_kine;
    if (std::ranges::find(seen, &report) != seen.end()) continue;
    MemberFact fact = FactOf(report);
    if (!facts.is_list_known || fact.status) {
      facts.members.push_back(std::move(fact));
    } else if (std::ranges::find(given, fact.url, &etcd::Endpoint::Url) != given.end()) {
      facts.other_faults.push_back(
          absl::StrCat(fact.url, " is none of these members: ", fact.problem, "."));
    }
  }
}

std::string RaisedBy(const etcd::Alarm& alarm, const MemberList& list) {
  const bool is_member =
      std::ranges::find(list, alarm.member_id, &etcd::ListedMember::id) != list.end();
  return Printable(LabelOf(alarm.member_id, list)) +
         (is_member || list.empty() || alarm.member_id == 0 ? "" : " (no member of this cluster)");
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

NodeFact NodeOf(const Options& options) {
  NodeFact node{.config = options.node_config->Read(),
                .configured_quota_bytes = options.quota_bytes,
                .tls = options.tls};
  options.node_config->LogProblem();
  if (node.config && node.config->quota_bytes) {
    node.configured_quota_bytes = node.config->quota_bytes;
  }
  for (std::string* file : {&node.tls.ca, &node.tls.certificate, &node.tls.key}) {
    *file = OnNode(*file, options.rootfs);
  }
  // Also where the endpoints were given; not where the certificates are another cluster's.
  auto etcd = options.datastore.etcd;
  if (!etcd) {
    const auto found = node::Discover(options.rootfs);
    if (found.ok()) etcd = found->etcd;
  }
  if (etcd && (options.tls.ca.empty() || options.tls.ca == etcd->tls.ca)) {
    node.distribution = etcd->distribution;
  }
  if (!options.registry_prefixes.empty()) node.registry_prefix = options.registry_prefixes.front();
  return node;
}

// Of etcd before 3.6 only a member's own metrics page has its quota, which often listens on its own
// loopback address alone. Members of one cluster usually have one quota: this node's.
void AssumeQuotas(Facts& facts) {
  const MemberFact* local = facts.local_member();
  const auto quota = local != nullptr && local->quota_bytes ? local->quota_bytes
                                                            : facts.node.configured_quota_bytes;
  if (!quota) return;
  for (MemberFact& member : facts.members) {
    if (!member.status || member.quota_bytes) continue;
    // One that ran full with less has a smaller quota.
    if (facts.armed_nospace(member) && IsFit(member.size_bytes(), *quota)) continue;
    member.quota_bytes = quota;
    member.quota_source = kAssumed;
  }
}

// Of an exporter that watches this cluster and lets everybody in.
void AddDay(const Options& options, Facts& facts) {
  const auto address = ExporterAddress(options);
  if (!address) {
    facts.day_problem = "it does not serve plain HTTP to everybody";
    return;
  }
  const auto known = std::ranges::find_if(
      facts.members, [](const MemberFact& member) { return member.status.has_value(); });
  auto day = AskExporter(*address, Clock::now() + options.timeout);
  if (!day.ok()) {
    facts.day_problem = absl::StrCat(address->Text(), ": ", OneLine(day.status()));
  } else if (known != facts.members.end() && day->cluster_id != known->status->cluster_id) {
    facts.day_problem = address->Text() + " watches another cluster";
  } else {
    facts.day = *std::move(day);
  }
}

std::optional<std::uint64_t> InUse(headroom::Members& members, const MemberFact& member,
                                   std::chrono::milliseconds timeout) {
  for (const MemberReport& report : members.Report(Clock::now() + timeout).members) {
    if (report.facts.status.ok() && report.facts.status->member_id == member.status->member_id) {
      return Unsigned(report.facts.status->db_in_use_bytes);
    }
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<Facts> Survey(const Options& given, std::chrono::milliseconds sample,
                             const std::stop_token& stop, const OnProgress& on_progress) {
  const auto tls = Credentials(given);
  if (!tls.ok()) return tls.status();
  on_progress("asking the members");
  const MemberList learnt = LearnMembers(given, *tls);
  const Options options = WithMembers(given, learnt);
  const auto members = MembersOf(options, *tls);
  // Long enough for a Status and, where that hangs, for the page that shows why.
  const auto cluster = members->Report(Clock::now() + 2 * options.timeout);
  const MemberList& list = cluster.list.empty() ? learnt : cluster.list;

  Facts facts{.now_seconds = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()),
              .node = NodeOf(options)};
  AddMembers(cluster, list, given.endpoints, facts);
  std::ranges::sort(facts.members, {}, &MemberFact::name);
  AddAlarms(list, facts);
  on_progress("reading the database file");
  AddFile(
      given, stop,
      [&](const MemberFact& member) { return InUse(*members, member, options.timeout); }, facts);
  AssumeQuotas(facts);
  AddDay(options, facts);
  if (options.budgets) AddOverBudget(*options.budgets->Current(), facts);
  facts.sample = TakeSample(
      {.tls = *tls,
       .timeout = options.timeout,
       .prefixes = options.registry_prefixes,
       .max_resources = options.max_resources,
       .duration = sample,
       .stop = stop,
       .on_second_left =
           [&on_progress](double seconds) {
             on_progress(absl::StrFormat("watching what is written, %.0f s left, Ctrl-C ends it",
                                         std::max(0.0, seconds)));
           }},
      Situation(facts));
  facts.was_interrupted = stop.stop_requested();
  members->Stop();
  return facts;
}

}  // namespace headroom::report
