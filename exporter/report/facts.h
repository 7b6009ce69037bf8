#pragma once

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
#include "kubernetes/etcd_config.h"

// What a report is made of. Texts from etcd are fit to be printed.
namespace headroom::report {

// One member of the cluster, whether or not it answered.
struct MemberFact {
  std::string name;
  std::string url;      // client URL; empty when the member has none
  std::string problem;  // why it did not answer; empty when it did
  bool is_defragmenting = false;
  std::optional<etcd::StatusReply> status;  // when it answered
  std::optional<std::int64_t> quota_bytes;  // etcd::kQuotaDisabled when disabled
  std::string quota_source;                 // "status", "metrics", "manifest", "flag"
  std::optional<etcd::CompactRevision> compacted;

  bool is_leader() const { return status && status->leader_id == status->member_id; }
  // Bytes it compares to its quota as a share of that; nothing where either is unknown, or the
  // quota disabled.
  std::optional<double> quota_used() const {
    if (!status || !quota_bytes || *quota_bytes <= 0) return std::nullopt;
    return static_cast<double>(status->db_size_bytes) / static_cast<double>(*quota_bytes);
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
    std::string name;  // resource, "resource in namespace", "component: reason of kind"
    std::uint64_t writes = 0;
    std::uint64_t bytes = 0;  // key + value of creates and updates
  };

  std::string skipped_because;  // why it was not taken; empty when it was
  bool is_past = false;         // the last revisions before writes were refused: at no known pace
  double seconds = 0;           // that it took
  std::int64_t revisions = 0;
  std::uint64_t puts = 0;
  std::vector<Writer> resources;  // most bytes first, likewise below; those that wrote
  std::vector<Writer> namespaces;
  std::vector<Writer> event_objects;

  std::uint64_t bytes() const;
  // Known only of what is being written now.
  bool has_pace() const { return skipped_because.empty() && !is_past && seconds > 0; }
};

// Of the node this runs on.
struct NodeFact {
  std::string distribution;  // "kubeadm", "k3s", "RKE2"; empty where nothing was discovered
  std::shared_ptr<const kubernetes::EtcdConfig> config;  // null when there is none to read
  etcd::TlsFiles tls;                                    // as they are called on the node
  std::string registry_prefix = "/registry";             // kube-apiserver's --etcd-prefix
};

struct Facts {
  std::vector<MemberFact> members;
  bool is_list_known = false;             // the members are all that the cluster has
  std::vector<std::string> other_faults;  // of endpoints that are no member's above
  std::vector<AlarmFact> alarms;
  bool is_kine = false;
  Sample sample;
  NodeFact node;
  std::optional<analyze::Analysis> file;       // of the database file on this node, when readable
  std::vector<analyze::Row> event_components;  // of that file
  std::string file_problem;                    // why there is no `file`; empty also when not sought
};

}  // namespace headroom::report
