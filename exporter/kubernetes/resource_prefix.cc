#include "kubernetes/resource_prefix.h"

#include "kubernetes/built_in_resources.h"
#include "kubernetes/registry_key.h"
#include "kubernetes/resource_name.h"

namespace headroom::kubernetes {
std::vector<ResourcePrefix> BuiltInPrefixes(std::string_view registry_prefix) {
  const std::string prefix = RegistryPrefix(registry_prefix);
  std::vector<ResourcePrefix> prefixes;
  prefixes.reserve(kBuiltInResources.size());
  for (const auto& [path, label] : kBuiltInResources) {
    prefixes.push_back(
        {.resource = std::string(label), .key_prefix = prefix + std::string(path) + "/"});
  }
  return prefixes;
}

std::optional<ResourcePrefix> CustomResourcePrefix(std::string_view registry_prefix,
                                                   std::string_view crd_name) {
  const auto [plural, group] = SplitResource(crd_name);
  if (group.empty()) return std::nullopt;
  const std::string prefix = RegistryPrefix(registry_prefix);
  const std::string key_prefix = prefix + std::string(group) + "/" + std::string(plural) + "/";
  RegistryKeyReader reader({prefix});
  // Of a name that is no CRD's (a group without a dot, a slash) the keys would be something else's.
  if (reader.Read(key_prefix + "name").resource != crd_name) return std::nullopt;
  return ResourcePrefix{.resource = std::string(crd_name), .key_prefix = key_prefix};
}

}  // namespace headroom::kubernetes
