#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "node/etcd_config.h"

namespace headroom::node {

// How this node configures its etcd, read again when it is older than kMaxAge. Thread-safe.
class CachedConfig {
 public:
  static constexpr std::chrono::seconds kMaxAge{10};

  // An empty `path` means there is none. Paths are taken below `root`.
  CachedConfig(std::filesystem::path root, std::filesystem::path path)
      : root_(std::move(root)), path_(std::move(path)) {}

  // Null when there is none or it cannot be read.
  std::shared_ptr<const EtcdConfig> Read();

  // Logs what the last reading could not read, once per change.
  void LogProblem();

 private:
  const std::filesystem::path root_;
  const std::filesystem::path path_;

  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> read_at_;
  std::shared_ptr<const EtcdConfig> config_;
  std::string problem_;
  std::string logged_problem_;
};

}  // namespace headroom::node
