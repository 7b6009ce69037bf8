#include "node/cached_config.h"

#include "absl/strings/str_join.h"
#include "logging/log.h"

namespace headroom::node {

std::shared_ptr<const EtcdConfig> CachedConfig::Read() {
  if (path_.empty()) return nullptr;
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  if (read_at_ && now - *read_at_ < kMaxAge) return config_;
  read_at_ = now;
  auto read = ReadEtcdConfig(root_, path_);
  if (read.ok()) {
    problem_ = absl::StrJoin(read->warnings, "; ");
    config_ = std::make_shared<const EtcdConfig>(*std::move(read));
  } else {
    problem_ = std::string(read.status().message());
    config_ = nullptr;
  }
  return config_;
}

void CachedConfig::LogProblem() {
  const std::lock_guard lock(mutex_);
  if (problem_ == logged_problem_) return;
  logged_problem_ = problem_;
  if (problem_.empty()) {
    log::Info("etcd's configuration is readable", {{"file", path_.string()}});
  } else {
    log::Warn("etcd's configuration has problems; settings that cannot be read are left out",
              {{"file", path_.string()}, {"problem", problem_}});
  }
}

}  // namespace headroom::node
