#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "node/api_server.h"
#include "node/environment_file.h"
#include "node/etcd_config.h"
#include "node/static_pod.h"
#include "node/yaml_text.h"

namespace {

// The paths of a client lie on the node.
void Check(const std::optional<headroom::node::EtcdClient>& client) {
  if (!client) return;
  for (const auto* file : {&client->ca, &client->certificate, &client->key}) {
    if (!file->empty() && !file->is_absolute()) abort();
  }
}

void ReadClients(std::string_view text) {
  const auto pod = headroom::node::LoadMapping(text, "fuzz");
  if (!pod.ok()) return;
  const auto containers = headroom::node::ReadContainers(*pod, "fuzz");
  if (!containers.ok()) return;
  Check(headroom::node::ApiServerClient(*containers));
  Check(headroom::node::EtcdctlClient(*containers));
}

}  // namespace

// Any text is read without a crash, and what comes of it keeps the promises of EtcdConfig.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // A line of dashes parts the manifest from the configuration file that it may name.
  constexpr std::string_view kParting = "\n----\n";
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t parting = text.find(kParting);
  const auto config = headroom::node::ParseEtcdConfig(
      text.substr(0, parting), "fuzz",
      [&](const std::filesystem::path&) -> absl::StatusOr<std::string> {
        if (parting == std::string_view::npos) return absl::NotFoundError("none");
        return std::string(text.substr(parting + kParting.size()));
      });
  if (!config.ok()) {
    if (config.status().message().find('\n') != absl::string_view::npos) abort();
    return 0;
  }
  if (config->quota_bytes && (*config->quota_bytes < -1 || *config->quota_bytes == 0)) abort();
  if (config->auto_compaction_retention_seconds.value_or(0) < 0) abort();
  if (config->snapshot_count.value_or(0) < 0) abort();
  // What is absent although etcd has a default for it was set, and that is said. The flags beside
  // variables are not known.
  const bool absent = !config->quota_bytes || !config->auto_compaction_mode;
  const bool may_be_set = headroom::node::IsEnvironmentFile(text.substr(0, parting));
  if (absent && !may_be_set && config->warnings.empty()) abort();
  for (const auto& warning : config->warnings) {
    if (warning.find('\n') != std::string::npos) abort();
  }
  ReadClients(text.substr(0, parting));
  return 0;
}
