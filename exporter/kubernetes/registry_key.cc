#include "kubernetes/registry_key.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "kubernetes/built_in_resources.h"

namespace headroom::kubernetes {
namespace {

constexpr std::string_view kOpenShiftPrefix = "/openshift.io/";

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsResourceLabel(std::string_view text) {
  return !text.empty() && text.size() <= kMaxResourceBytes &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLowerOrDigit(c) || c == '-' || c == '.'; });
}

bool IsNamespace(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNamespaceBytes && text.front() != '-' &&
         text.back() != '-' && std::all_of(text.begin(), text.end(), [](char c) {
           return IsLowerOrDigit(c) || c == '-';
         });
}

bool IsGroup(std::string_view segment) { return segment.find('.') != std::string_view::npos; }

// Takes the first segment off; an empty `path` has one more, which is empty.
std::string_view TakeSegment(std::string_view& path) {
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), segment.size() + 1));
  return segment;
}

// A resource that this build does not know keeps the name of its path.
std::string_view BuiltInName(std::string_view segment) {
  const auto* const known =
      std::ranges::lower_bound(kBuiltInResources, segment, {}, &BuiltInResource::path);
  return known != kBuiltInResources.end() && known->path == segment ? known->label : segment;
}

// Takes what names a built-in resource off `path`; empty when it names none.
std::string_view TakeBuiltIn(std::string_view segment, std::string_view& path,
                             std::string_view prefix) {
  if (segment == "services") {
    const std::string_view kind = TakeSegment(path);
    if (kind == "specs") return "services";
    if (kind == "endpoints") return "endpoints";
    return {};
  }
  if (segment == "oauth" && prefix == kOpenShiftPrefix) return TakeSegment(path);
  return BuiltInName(segment);
}

// The API server's own entries, which belong to no namespace.
bool HasNoNamespaces(std::string_view resource) {
  return resource == "ranges" || resource == "masterleases" || resource == "peerserverleases";
}

// Reads <namespace>/<name> or <name> into `key`.
void ReadName(std::string_view path, RegistryKey& key) {
  if (path.find('/') == std::string_view::npos || HasNoNamespaces(key.resource)) {
    key.malformed = path.empty();
    return;
  }
  key.object_namespace = NamespaceIn(path);
  key.malformed = key.object_namespace.empty();
}

}  // namespace

bool HasNamespaces(const RegistryKey& key) {
  return !key.is_foreign && key.resource != kOtherResource && !HasNoNamespaces(key.resource);
}

std::string_view NamespaceIn(std::string_view path) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view object_namespace = path.substr(0, slash);
  const std::string_view name = path.substr(slash + 1);
  if (name.empty() || name.find('/') != std::string_view::npos) return {};
  return IsNamespace(object_namespace) ? object_namespace : std::string_view();
}

std::string RegistryPrefix(std::string_view etcd_prefix) {
  while (etcd_prefix.starts_with('/')) etcd_prefix.remove_prefix(1);
  while (etcd_prefix.ends_with('/')) etcd_prefix.remove_suffix(1);
  return etcd_prefix.empty() ? "/" : "/" + std::string(etcd_prefix) + "/";
}

bool IsBuiltIn(std::string_view label) {
  return std::ranges::find(kBuiltInResources, label, &BuiltInResource::label) !=
         kBuiltInResources.end();
}

RegistryKeyReader::RegistryKeyReader(std::vector<std::string> prefixes)
    : prefixes_(std::move(prefixes)) {
  if (prefixes_.empty()) prefixes_ = {"/registry", "/kubernetes.io", std::string(kOpenShiftPrefix)};
  for (std::string& prefix : prefixes_) prefix = RegistryPrefix(prefix);
  std::sort(prefixes_.begin(), prefixes_.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

RegistryKey RegistryKeyReader::Read(std::string_view key) {
  if (key == kCompactRevisionKey) return {.resource = kCompactRevisionKey};
  const std::string_view whole = key;
  const auto resource = TakeResource(key);
  if (!resource) {
    const std::string_view path = foreign_->Find(whole);
    return {.resource = path.empty() ? kOtherResource : path.substr(0, path.size() - 1),
            .is_foreign = true};
  }
  const std::string_view label = Label(*resource);
  if (!IsResourceLabel(label)) return {.resource = kOtherResource, .malformed = true};

  RegistryKey read{.resource = label};
  ReadName(key, read);
  return read;
}

std::string_view RegistryKeyReader::ResourcePath(std::string_view key) const {
  if (key == kCompactRevisionKey) return key;
  std::string_view rest = key;
  if (!TakeResource(rest)) return key.substr(0, foreign_->Find(key).size());
  return key.substr(0, key.size() - rest.size());
}

std::string_view RegistryKeyReader::PrefixOf(std::string_view key) const {
  const auto prefix = std::find_if(prefixes_.begin(), prefixes_.end(), [&](const auto& known) {
    // Where the prefix ends, most keys that are under another one have no slash.
    return key.size() >= known.size() && key[known.size() - 1] == '/' && key.starts_with(known);
  });
  return prefix == prefixes_.end() ? std::string_view() : *prefix;
}

std::optional<RegistryKeyReader::Resource> RegistryKeyReader::TakeResource(
    std::string_view& key) const {
  const std::string_view prefix = PrefixOf(key);
  if (prefix.empty()) return std::nullopt;

  key.remove_prefix(prefix.size());
  std::string_view segment = TakeSegment(key);
  if (!IsGroup(segment)) return Resource{.name = TakeBuiltIn(segment, key, prefix)};
  std::string_view plural = TakeSegment(key);
  if (IsGroup(plural)) {  // an aggregated API server with a prefix of its own
    segment = plural;
    plural = TakeSegment(key);
  }
  return Resource{.name = plural, .group = segment};
}

std::string_view RegistryKeyReader::Label(const Resource& resource) {
  const auto& [name, group] = resource;
  if (group.empty()) return name;
  const std::size_t size = name.size() + 1 + group.size();
  if (name.empty() || size > joined_.size()) return {};
  std::memcpy(joined_.data(), name.data(), name.size());
  joined_[name.size()] = '.';
  std::memcpy(joined_.data() + name.size() + 1, group.data(), group.size());
  return {joined_.data(), size};
}

}  // namespace headroom::kubernetes
