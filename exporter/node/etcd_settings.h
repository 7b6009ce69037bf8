#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "node/command_line.h"
#include "node/yaml_text.h"

// The few etcd settings the exporter looks at, as texts, from wherever etcd would take them.
namespace headroom::node {

inline constexpr std::string_view kName = "name";
inline constexpr std::string_view kQuota = "quota-backend-bytes";
inline constexpr std::string_view kCompactionMode = "auto-compaction-mode";
inline constexpr std::string_view kCompactionRetention = "auto-compaction-retention";
inline constexpr std::string_view kSnapshotCount = "snapshot-count";
inline constexpr std::string_view kListenClientUrls = "listen-client-urls";
inline constexpr std::string_view kAdvertiseClientUrls = "advertise-client-urls";
inline constexpr std::string_view kListenMetricsUrls = "listen-metrics-urls";
inline constexpr std::string_view kListenClientHttpUrls = "listen-client-http-urls";
inline constexpr std::string_view kDataDir = "data-dir";
inline constexpr std::string_view kTrustedCaFile = "trusted-ca-file";
inline constexpr std::string_view kConfigFile = "config-file";

inline constexpr std::array<std::string_view, 12> kSettings = {kName,
                                                               kQuota,
                                                               kCompactionMode,
                                                               kCompactionRetention,
                                                               kSnapshotCount,
                                                               kListenClientUrls,
                                                               kAdvertiseClientUrls,
                                                               kListenMetricsUrls,
                                                               kListenClientHttpUrls,
                                                               kDataDir,
                                                               kTrustedCaFile,
                                                               kConfigFile};

struct Setting {
  std::string value;               // may hold kUnknown
  std::string unreadable_because;  // why the value is unknown; empty when it is known

  bool operator==(const Setting&) const = default;
};

// By flag name without dashes. What is not set is not in it.
using Settings = std::map<std::string_view, Setting>;

// Every setting unreadable for the same reason.
Settings Unreadable(const std::string& because);

// Flags in Go's syntax (one or two dashes, "=" or the next argument, the last one wins), else
// variables named ETCD_QUOTA_BACKEND_BYTES and so on, unreadable where a script names the setting.
// The settings of a configuration file are not followed.
Settings SettingsOf(const EtcdCommand& command);

// The settings of an etcd configuration file: flag names as keys at the top level, in upper or
// lower case. Numbers are turned into decimal digits, as flags have them.
Settings SettingsOf(const YAML::Node& config_file);

}  // namespace headroom::node
