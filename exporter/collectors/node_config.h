#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "kubernetes/etcd_config.h"

namespace headroom {

// The node's etcd configuration on disk, read again when it is older than kMaxAge. Thread-safe.
class NodeConfig {
 public:
  static constexpr std::chrono::seconds kMaxAge{10};

  // An empty `path` means there is none. Paths are taken below `root`.
  NodeConfig(std::filesystem::path root, std::filesystem::path path)
      : root_(std::move(root)), path_(std::move(path)) {}

  // Null when there is none or it cannot be read; why is logged once per change.
  std::shared_ptr<const kubernetes::EtcdConfig> Read();

 private:
  void LogChange(const std::string& problem);

  const std::filesystem::path root_;
  const std::filesystem::path path_;

  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> read_at_;
  std::shared_ptr<const kubernetes::EtcdConfig> config_;
  std::string logged_problem_;
};

}  // namespace headroom
