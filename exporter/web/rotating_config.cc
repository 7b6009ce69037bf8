#include "web/rotating_config.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "logging/log.h"

namespace headroom::web {

RotatingConfig::RotatingConfig(std::string path, std::shared_ptr<const LoadedConfig> loaded)
    : path_(std::move(path)),
      serves_tls_(loaded->tls() != nullptr),
      files_([this] { return LoadAgain(); }, std::move(loaded)),
      choose_([this] { return Current()->tls(); }) {
  if (serves_tls_) tls_ = MakeChoosingContext(choose_);
}

absl::StatusOr<std::shared_ptr<RotatingConfig>> RotatingConfig::Open(const std::string& path) {
  auto loaded = LoadedConfig::Load(path);
  if (!loaded.ok()) return loaded.status();
  return std::shared_ptr<RotatingConfig>(new RotatingConfig(path, *std::move(loaded)));
}

std::shared_ptr<const LoadedConfig> RotatingConfig::Current() {
  const std::lock_guard lock(mutex_);
  const Files::News news = files_.ReadWhenDue();
  if (news == Files::News::kUnusable) {
    log::Warn("web configuration is not usable; the last good one stays in use",
              {{"problem", files_.problem()}});
  } else if (news != Files::News::kNone) {
    log::Info("web configuration is read again", {{"file", path_}});
  }
  return files_.value();
}

absl::StatusOr<std::shared_ptr<const LoadedConfig>> RotatingConfig::LoadAgain() const {
  auto loaded = LoadedConfig::Load(path_);
  if (loaded.ok() && ((*loaded)->tls() != nullptr) != serves_tls_) {
    return absl::FailedPreconditionError(absl::StrCat(
        path_, ": tls_server_config: to ", serves_tls_ ? "remove" : "add", " it, restart"));
  }
  return loaded;
}

}  // namespace headroom::web
