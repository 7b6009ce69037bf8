#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Where kube-apiserver keeps the objects of a resource, to count them. The reverse of RegistryKey.
namespace headroom::kubernetes {

struct ResourcePrefix {
  std::string resource;    // the label that RegistryKeyReader gives to the keys below
  std::string key_prefix;  // "/registry/minions/"; all keys that start with it, and no others

  bool operator==(const ResourcePrefix&) const = default;
};

// The built-in resources of Kubernetes up to 1.37 under one --etcd-prefix ("/registry", slashes
// around it or not), in the order of their key prefixes.
std::vector<ResourcePrefix> BuiltInPrefixes(std::string_view registry_prefix);

// The same for a custom resource by the name of its CRD, "<plural>.<group>"; nullopt when that is
// no such name.
std::optional<ResourcePrefix> CustomResourcePrefix(std::string_view registry_prefix,
                                                   std::string_view crd_name);

}  // namespace headroom::kubernetes
