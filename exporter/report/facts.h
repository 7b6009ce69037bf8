#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyze/analysis.h"
#include "etcd/compact_revision.h"
#include "etcd/quota.h"
#include "etcd/rpc_client.h"
#include "etcd/tls.h"
#include "files/disk_space.h"
#include "monitor/day_view.h"
#include "node/etcd_config.h"
#include "report/pace.h"

// What a report is made of. Texts from etcd are fit to be printed.
namespace headroom::report {

// Sizes and revisions are never negative, but come as signed numbers.
inline std::uint64_t Unsigned(std::int64_t number) {
  return number < 0 ? 0 : static_cast<std::uint64_t>(number);
}

// The quota_source of a member whose quota is taken to be this node's.
inline constexpr const char* kAssumed = "assumed";

// One member of the cluster, whether or not it answered.
struct MemberFact {
  std::string name;     // "host:port" of its URL while nothing names it
  std::string url;      // client URL; empty when the member has none
  std::string problem;  // why it did not answer; empty when it did
  bool is_learner = false;
  bool is_defragmenting = false;
  std::optional<etcd::StatusReply> status;  // when it answered
  std::optional<std::int64_t> quota_bytes;  // etcd::kQuotaDisabled when disabled
  std::string quota_source;                 // "status", "metrics", "manifest", "flag", kAssumed
  std::optional<etcd::CompactRevision> compacted;
  std::optional<std::int64_t> open_read_transactions;
  std::optional<double> start_time_seconds;  // of its process, Unix time

  bool is_leader() const { return status && status->is_leader(); }
  std::uint64_t size_bytes() const { return status ? Unsigned(status->db_size_bytes) : 0; }
  std::uint64_t in_use_bytes() const { return status ? Unsigned(status->db_in_use_bytes) : 0; }
  std::uint64_t free_bytes() const {
    return size_bytes() > in_use_bytes() ? size_bytes() - in_use_bytes() : 0;
  }
  // Nothing where the quota is unknown or disabled.
  std::optional<std::uint64_t> limit_bytes() const {
    if (!quota_bytes || *quota_bytes <= 0) return std::nullopt;
    return static_cast<std::uint64_t>(*quota_bytes);
  }
  // The same; if the quota is unknown, the size of the file: as much fits for sure.
  std::uint64_t presumed_limit_bytes() const { return limit_bytes().value_or(size_bytes()); }
  // Bytes it compares to its quota as a share of that; nothing where either is unknown, or the
  // quota disabled.
  std::optional<double> quota_used() const {
    if (!status || !limit_bytes()) return std::nullopt;
    return static_cast<double>(size_bytes()) / static_cast<double>(*limit_bytes());
  }
};

struct AlarmFact {
  std::string type;       // "NOSPACE", "CORRUPT", or whatever a later etcd adds
  std::string raised_by;  // name of a member

  bool operator==(const AlarmFact&) const = default;
};

// What was written while we looked, or last.
struct Sample {
  struct Writer {
    std::string name;  // resource, "component: reason of kind"
    std::uint64_t writes = 0;
    std::uint64_t bytes = 0;  // key + value of creates and updates
  };
  // As kubernetes::Writer has them.
  struct Manager {
    std::string manager;
    std::string resource;
    std::string subresource;
    std::uint64_t writes = 0;
    std::uint64_t bytes = 0;
  };

  struct Namespace {
    std::string resource;
    std::string object_namespace;  // empty for objects of the whole cluster
    std::uint64_t writes = 0;
    std::uint64_t bytes = 0;

    // "pods in shop", "nodes (cluster)".
    std::string name() const {
      return resource + (object_namespace.empty() ? " (cluster)" : " in " + object_namespace);
    }
  };

  std::string skipped_because;  // why it was not taken; empty when it was
  bool is_past = false;         // the last revisions that are kept: at no known pace
  double seconds = 0;           // that it took
  std::int64_t revisions = 0;
  std::uint64_t puts = 0;
  // Those that wrote, most bytes first.
  std::vector<Manager> managers;
  std::vector<Writer> resources;
  std::vector<Namespace> namespaces;
  std::vector<Writer> event_objects;
  // How fast the pages in use grew meanwhile, if the readings agree.
  std::optional<Growth> growth;
  // What the contact has in use at the end. The members were asked before the file was read and the
  // sample taken, which may be minutes ago.
  std::optional<std::uint64_t> last_in_use_bytes;
  // Of the bytes written, the part that stays: objects created less objects deleted, but for those
  // that expire. 0 to 1.
  double new_share = 0;
  // The same of Events, which stay for an hour.
  double event_share = 0;
  // Until when the member that was watched knew a leader, of `seconds`.
  double led_seconds = 0;

  std::uint64_t bytes() const;
  // Known only of what is being written now.
  bool has_pace() const { return skipped_because.empty() && !is_past && seconds > 0; }
};

// A namespace that has more stored, live and history, than its budget.
struct BudgetFact {
  std::string object_namespace;
  std::string owner;  // empty if none is given
  std::uint64_t stored_bytes = 0;
  std::uint64_t budget_bytes = 0;
};

// Of the node this runs on.
struct NodeFact {
  std::string distribution;  // "kubeadm", "k3s", "RKE2"; empty where nothing was discovered
  std::shared_ptr<const node::EtcdConfig> config;      // null when there is none to read
  std::optional<std::int64_t> configured_quota_bytes;  // by config, else by flag
  etcd::TlsFiles tls;                                  // as they are called on the node
  std::string data_dir;                       // by its path on the node; empty when it is unknown
  std::optional<DiskSpace> disk;              // of the data directory
  std::uint64_t memory_bytes = 0;             // of the machine; 0 if unknown
  std::string registry_prefix = "/registry";  // kube-apiserver's --etcd-prefix
};

struct Facts {
  std::vector<MemberFact> members;        // by name
  bool is_list_known = false;             // the members are all that the cluster has
  std::vector<std::string> other_faults;  // of endpoints that are no member's above
  std::vector<AlarmFact> alarms;          // from the file while no member answers
  bool is_kine = false;
  bool was_interrupted = false;  // by the operator; what was to come is missing
  double now_seconds = 0;        // Unix time of the report
  Sample sample;
  // What this node's exporter remembers of this cluster; else why nothing is known, which is empty
  // where that was not asked.
  std::optional<DayView> day;
  std::string day_problem;
  NodeFact node;
  // Index of this node's member; nothing if it is unknown or did not answer.
  std::optional<std::size_t> local;
  std::optional<analyze::Analysis> file;       // of the database file on this node, when readable
  std::vector<analyze::Row> event_components;  // of that file
  std::vector<BudgetFact> over_budget;         // by that file, the furthest over first
  std::string file_problem;                    // why there is no `file`; empty also when not sought
  // What the local member has in use beyond what the file walk reached: pages that hold nothing
  // and cannot be used again while a read transaction is open. Needs `local` and `file`.
  std::optional<std::uint64_t> pinned_bytes;

  const MemberFact* local_member() const { return local ? &members[*local] : nullptr; }
  bool armed_nospace(const MemberFact& member) const {
    const AlarmFact nospace{.type = "NOSPACE", .raised_by = member.name};
    return std::ranges::find(alarms, nospace) != alarms.end();
  }
};

}  // namespace headroom::report
