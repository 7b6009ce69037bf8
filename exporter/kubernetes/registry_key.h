#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kubernetes/foreign_prefixes.h"

// What the key of an etcd entry says about the Kubernetes object stored under it. kube-apiserver
// keeps built-in resources at <prefix>/<resource>/..., custom resources, CRDs and APIServices at
// <prefix>/<group>/<plural>/..., each followed by <namespace>/<name> or <name>.
namespace headroom::kubernetes {

// The label of keys that have no other.
inline constexpr std::string_view kOtherResource = "other";
// The key, under no prefix, at which kube-apiserver keeps the revision it compacted last. It is
// its own label.
inline constexpr std::string_view kCompactRevisionKey = "compact_rev_key";

// Longest resource label, in bytes; all its characters are of [a-z0-9.-].
inline constexpr std::size_t kMaxResourceBytes = 253;
// Longest namespace, in bytes: Kubernetes' own limit (a DNS label of RFC 1123).
inline constexpr std::size_t kMaxNamespaceBytes = 63;

// Whether `label` is that of a resource which Kubernetes itself has: "pods", "deployments.apps".
bool IsBuiltIn(std::string_view label);

struct RegistryKey {
  // As `kubectl api-resources -o name` prints it ("pods", "deployments.apps"),
  // kCompactRevisionKey, or the first segment of a key that is not Kubernetes' ("/calico"; see
  // ForeignPrefixes). kOtherResource if none of these is a valid label.
  std::string_view resource;
  // Empty for cluster-scoped objects, keys that are not Kubernetes' and malformed ones.
  std::string_view object_namespace;
  // The key is under a known prefix, yet not as kube-apiserver writes keys: no name, a part too
  // many, a namespace that is no DNS label, a resource that is no valid label.
  bool malformed = false;
  bool is_foreign = false;  // the key is under no known prefix

  bool operator==(const RegistryKey&) const = default;
};

// Whether keys with the ResourcePath of `key` can have a namespace.
bool HasNamespaces(const RegistryKey& key);
// The namespace of one of them, from what follows its ResourcePath: what Read gives, at less cost.
std::string_view NamespaceIn(std::string_view path);

// kube-apiserver's --etcd-prefix as it stands in keys: with one slash at either end, whether or not
// it was given with them.
std::string RegistryPrefix(std::string_view etcd_prefix);

// Reads keys without allocating. Copies name the same foreign prefixes.
class RegistryKeyReader {
 public:
  // `prefixes`: kube-apiserver's --etcd-prefix in any form; keys under none of them are
  // foreign. With an empty list the usual ones are known: /registry/ and OpenShift's
  // /kubernetes.io/ and /openshift.io/.
  explicit RegistryKeyReader(std::vector<std::string> prefixes = {});

  // Any bytes are a key. The result points into `key`, into static text or into this reader: it
  // is good until the next call and as long as `key` is.
  RegistryKey Read(std::string_view key);

  // The beginning of `key` that it shares with all keys of its resource under the same prefix:
  // "/registry/pods/". Of a foreign key its first segment, "/calico/". All of `key` where it has no
  // more; empty of a foreign key that has no name.
  std::string_view ResourcePath(std::string_view key) const;

  // The prefix that `key` is under, as in prefixes(); empty of a foreign key.
  std::string_view PrefixOf(std::string_view key) const;

  // As they stand in keys, longest first.
  const std::vector<std::string>& prefixes() const { return prefixes_; }
  ForeignPrefixes& foreign() const { return *foreign_; }

 private:
  // As it stands in a key.
  struct Resource {
    std::string_view name;   // the plural, or kubectl's name of a built-in one
    std::string_view group;  // empty of a built-in one
  };
  // Takes prefix and resource off `key`; nullopt under no known prefix.
  std::optional<Resource> TakeResource(std::string_view& key) const;
  // No valid label where the key is malformed.
  std::string_view Label(const Resource& resource);

  std::vector<std::string> prefixes_;  // "/registry/"; longest first, so that the closest one wins
  std::shared_ptr<ForeignPrefixes> foreign_ = std::make_shared<ForeignPrefixes>();
  std::array<char, kMaxResourceBytes> joined_;
};

}  // namespace headroom::kubernetes
