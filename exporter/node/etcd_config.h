#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace headroom::node {

// What etcd uses when its quota is not set.
inline constexpr int64_t kDefaultQuotaBytes = 2147483648;

// How a node configures its etcd, as far as that is known without running it.
struct EtcdConfig {
  // --name; empty when it is not set or can not be read.
  std::string name;
  // The quota in force: the default when it is unset or 0, -1 when it is disabled (any negative
  // value). Absent when it is set to what can not be read.
  std::optional<int64_t> quota_bytes;
  // "periodic" (etcd's default) or "revision"; absent when it can not be read.
  std::optional<std::string> auto_compaction_mode;
  // 0 = off, etcd's default. Absent in revision mode and when it can not be read.
  std::optional<double> auto_compaction_retention_seconds;
  // Raft entries between snapshots; absent when not set, since the default depends on etcd's
  // version.
  std::optional<int64_t> snapshot_count;
  // listen-client-urls, then advertise-client-urls, each once and without those that can not be
  // read.
  std::vector<std::string> client_urls;
  // listen-metrics-urls, read the same way: metrics pages besides that of the clients.
  std::vector<std::string> metrics_urls;
  // listen-client-http-urls (etcd 3.4.25, 3.5.8 and later), too. Where it is set, the client
  // URLs speak gRPC alone and the metrics page is here.
  std::vector<std::string> client_http_urls;
  // data-dir by its path on the node. Absent when it is not set, relative, below no hostPath mount
  // of the pod, or can not be read.
  std::optional<std::filesystem::path> data_dir;
  // trusted-ca-file by its path on the node, of a flag or a variable. A configuration file has it
  // elsewhere, and is not asked.
  std::optional<std::filesystem::path> trusted_ca_file;
  // One line each: what was set but could not be read, and why; then keys of the configuration file
  // that etcd does not know.
  std::vector<std::string> warnings;
};

// Reads how etcd is configured from a static pod manifest (core/v1, kind: Pod), an etcd
// configuration file, either as YAML or JSON, or a file of ETCD_... variables. `root` is where the
// node's file system is mounted
// ("/", or "/host" in a container) and is put in front of every path; `path` is the node's. A
// manifest's --config-file is followed through the pod's hostPath mounts.
//
// Fails, with the path in the message, when PATH can not be read or is larger than 1 MiB,
// InvalidArgument when it is malformed or something else, NotFound also when the pod runs no etcd.
// What fails behind a manifest that was read, such as its configuration file, leaves settings
// absent and a warning.
absl::StatusOr<EtcdConfig> ReadEtcdConfig(const std::filesystem::path& root,
                                          const std::filesystem::path& path);

// Gives the content of a file of the node, by its path on the node.
using NodeFileReader =
    std::function<absl::StatusOr<std::string>(const std::filesystem::path& path)>;

// The same from the text of the file. `origin` names it in messages.
absl::StatusOr<EtcdConfig> ParseEtcdConfig(std::string_view text, std::string_view origin,
                                           const NodeFileReader& read_node_file);

}  // namespace headroom::node
