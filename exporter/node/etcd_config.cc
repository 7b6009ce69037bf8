#include "node/etcd_config.h"

#include <algorithm>
#include <exception>
#include <iterator>

#include "absl/status/status.h"
#include "node/config_keys.h"
#include "node/effective_config.h"
#include "node/environment_file.h"
#include "node/etcd_container.h"
#include "node/etcd_settings.h"
#include "node/node_file.h"
#include "node/static_pod.h"
#include "node/yaml_text.h"

namespace headroom::node {
namespace {

bool HasControlCharacters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 127; });
}

EtcdConfig UnreadableConfig(const std::string& because) {
  EtcdConfig config;
  config.warnings.push_back("no setting can be read: " + because);
  return config;
}

absl::StatusOr<EtcdConfig> ConfigOfFile(const YAML::Node& document, std::string_view origin) {
  // The file has no kind of its own, but other files of a node do.
  if (Find(document, "kind").IsDefined() || Find(document, "apiVersion").IsDefined()) {
    return absl::InvalidArgumentError(std::string(origin) +
                                      ": is no etcd configuration file but a " +
                                      MessageText(ScalarText(Find(document, "kind"))));
  }
  EtcdConfig config = EffectiveConfig(SettingsOf(document));
  std::ranges::move(UnknownKeys(document, origin), std::back_inserter(config.warnings));
  return config;
}

// The settings of a file that the flags in a container name.
EtcdConfig FollowConfigFile(const Container& container, const Setting& setting,
                            const NodeFileReader& read_node_file) {
  if (!setting.unreadable_because.empty()) {
    return UnreadableConfig("config-file: " + setting.unreadable_because);
  }
  const std::string name = "config-file " + MessageText(setting.value);
  if (IsUnknown(setting.value)) {
    return UnreadableConfig(name + " depends on what the node's files do not have");
  }
  const auto path = HostPath(container, setting.value);
  if (!path) return UnreadableConfig(name + " is not below a hostPath mount");
  // It stands in what is said of the file, which is one line.
  if (HasControlCharacters(path->native())) {
    return UnreadableConfig(name + " has control characters in its path");
  }
  const absl::StatusOr<std::string> text = read_node_file(*path);
  if (!text.ok()) return UnreadableConfig(name + ": " + std::string(text.status().message()));
  const absl::StatusOr<YAML::Node> document = LoadMapping(*text, path->string());
  if (!document.ok()) return UnreadableConfig(std::string(document.status().message()));
  absl::StatusOr<EtcdConfig> config = ConfigOfFile(*document, path->string());
  if (!config.ok()) return UnreadableConfig(std::string(config.status().message()));
  return *std::move(config);
}

void DropRelative(std::optional<std::filesystem::path>& path) {
  if (path && !path->is_absolute()) path.reset();
}

// The flags of the unit that has the variables are elsewhere, and count more.
EtcdConfig ConfigOfEnvironment(std::string_view text) {
  EtcdConfig config =
      EffectiveConfig(SettingsOf({.environment = ReadEnvironmentFile(text)}), Unset::kMayBeSet);
  DropRelative(config.data_dir);
  DropRelative(config.trusted_ca_file);
  return config;
}

// With the paths of a container turned into the node's.
EtcdConfig OnNode(EtcdConfig config, const Container& container) {
  for (auto* path : {&config.data_dir, &config.trusted_ca_file}) {
    if (*path) *path = HostPath(container, **path);
  }
  return config;
}

absl::StatusOr<EtcdConfig> ConfigOfPod(const YAML::Node& pod, std::string_view origin,
                                       const NodeFileReader& read_node_file) {
  const absl::StatusOr<std::vector<Container>> containers = ReadContainers(pod, origin);
  if (!containers.ok()) return containers.status();
  const absl::StatusOr<EtcdContainer> etcd = FindEtcdContainer(*containers, origin);
  if (!etcd.ok()) return etcd.status();
  if (!etcd->unreadable_because.empty()) return UnreadableConfig(etcd->unreadable_because);
  const bool by_script = !etcd->command.script.empty();
  const Settings settings = SettingsOf(etcd->command);
  const auto file = settings.find(kConfigFile);
  EtcdConfig config =
      file == settings.end() || file->second == Setting()
          ? EffectiveConfig(settings, by_script ? Unset::kMayBeSet : Unset::kDefault)
          : FollowConfigFile(*etcd->container, file->second, read_node_file);
  if (by_script) {
    config.warnings.emplace_back(
        "a shell script starts etcd and was not read: only the variables of the manifest count");
  }
  return OnNode(std::move(config), *etcd->container);
}

}  // namespace

absl::StatusOr<EtcdConfig> ParseEtcdConfig(std::string_view text, std::string_view origin,
                                           const NodeFileReader& read_node_file) {
  if (IsEnvironmentFile(text)) return ConfigOfEnvironment(text);
  try {
    const absl::StatusOr<YAML::Node> document = LoadMapping(text, origin);
    if (!document.ok()) return document.status();
    if (ScalarText(Find(*document, "kind")) == "Pod") {
      return ConfigOfPod(*document, origin, read_node_file);
    }
    absl::StatusOr<EtcdConfig> config = ConfigOfFile(*document, origin);
    if (config.ok()) DropRelative(config->data_dir);
    return config;
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(std::string(origin) + ": " + MessageText(error.what()));
  }
}

absl::StatusOr<EtcdConfig> ReadEtcdConfig(const std::filesystem::path& root,
                                          const std::filesystem::path& path) {
  const absl::StatusOr<std::string> text = ReadNodeFile(root, path);
  if (!text.ok()) return text.status();
  return ParseEtcdConfig(
      *text, (root / path.relative_path()).string(),
      [&root](const std::filesystem::path& file) { return ReadNodeFile(root, file); });
}

}  // namespace headroom::node
