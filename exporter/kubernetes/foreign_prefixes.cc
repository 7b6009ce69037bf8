#include "kubernetes/foreign_prefixes.h"

#include <algorithm>
#include <span>

#include "kubernetes/label_text.h"
#include "kubernetes/registry_key.h"

namespace headroom::kubernetes {
namespace {

// With its slashes; empty if nothing follows it.
std::string_view FirstSegment(std::string_view key) {
  const std::size_t begin = key.starts_with('/') ? 1 : 0;
  const std::size_t slash = key.find('/', begin);
  if (slash == std::string_view::npos || slash == begin) return {};
  return key.substr(0, slash + 1);
}

// Without a slash in front it could be taken for a resource of Kubernetes.
bool LooksLikeAResource(std::string_view name) {
  return name.find('.') != std::string_view::npos || IsBuiltIn(name);
}

}  // namespace

std::string_view ForeignPrefixes::Find(std::string_view key) {
  const std::string_view path = FirstSegment(key);
  if (path.empty()) return {};
  const std::lock_guard lock(mutex_);
  const auto known = std::span(paths_).first(count_);
  if (const auto found = std::ranges::find(known, path); found != known.end()) return *found;
  if (closed_ || count_ == kMost) return {};
  const std::string_view name = path.substr(0, path.size() - 1);
  LabelText label;
  if (label.Fit(name).data() != name.data()) return {};
  if (!name.starts_with('/') && LooksLikeAResource(name)) return {};
  paths_[count_] = path;
  return paths_[count_++];
}

void ForeignPrefixes::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

bool ForeignPrefixes::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_ || count_ == kMost;
}

std::vector<std::string> ForeignPrefixes::paths() const {
  const std::lock_guard lock(mutex_);
  return {paths_.begin(), paths_.begin() + static_cast<std::ptrdiff_t>(count_)};
}

}  // namespace headroom::kubernetes
