#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "absl/status/status.h"
#include "node/etcd_config.h"

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
  // What is absent although etcd has a default for it was set, and that is said.
  const bool absent = !config->quota_bytes || !config->auto_compaction_mode;
  if (absent && config->warnings.empty()) abort();
  for (const auto& warning : config->warnings) {
    if (warning.find('\n') != std::string::npos) abort();
  }
  return 0;
}
