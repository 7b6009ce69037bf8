#include "collectors/node_config.h"

#include <string>

#include "absl/strings/str_join.h"
#include "logging/log.h"

namespace headroom {

std::shared_ptr<const kubernetes::EtcdConfig> NodeConfig::Read() {
  if (path_.empty()) return nullptr;
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (read_at_ && now - *read_at_ < kMaxAge) return config_;
  read_at_ = now;
  auto read = kubernetes::ReadEtcdConfig(root_, path_);
  if (read.ok()) {
    LogChange(absl::StrJoin(read->warnings, "; "));
    config_ = std::make_shared<const kubernetes::EtcdConfig>(*std::move(read));
  } else {
    LogChange(std::string(read.status().message()));
    config_ = nullptr;
  }
  return config_;
}

void NodeConfig::LogChange(const std::string& problem) {
  if (problem == logged_problem_) return;
  logged_problem_ = problem;
  if (problem.empty()) {
    log::Info("etcd's configuration is readable", {{"file", path_.string()}});
  } else {
    log::Warn("etcd's configuration has problems; settings that cannot be read are left out",
              {{"file", path_.string()}, {"problem", problem}});
  }
}

}  // namespace headroom
