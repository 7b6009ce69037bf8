#include "kubernetes/resource_prefix.h"

#include <array>
#include <utility>

#include "kubernetes/registry_key.h"

namespace headroom::kubernetes {
namespace {

// The first segments of Kubernetes' storage test table (test/integration/etcd, 1.36), with what is
// kept deeper and the API server's own, in order.
constexpr std::array kBuiltIn = std::to_array<std::string_view>({
    "apiextensions.k8s.io/customresourcedefinitions",
    "apiregistration.k8s.io/apiservices",
    "certificatesigningrequests",
    "clusterrolebindings",
    "clusterroles",
    "clustertrustbundles",
    "configmaps",
    "controllerrevisions",
    "controllers",
    "cronjobs",
    "csidrivers",
    "csinodes",
    "csistoragecapacities",
    "daemonsets",
    "deployments",
    "deviceclasses",
    "devicetaintrules",
    "endpointslices",
    "events",
    "flowschemas",
    "horizontalpodautoscalers",
    "ingress",
    "ingressclasses",
    "ipaddresses",
    "jobs",
    "leasecandidates",
    "leases",
    "limitranges",
    "masterleases",
    "minions",
    "mutatingadmissionpolicies",
    "mutatingadmissionpolicybindings",
    "mutatingwebhookconfigurations",
    "namespaces",
    "networkpolicies",
    "peerserverleases",
    "persistentvolumeclaims",
    "persistentvolumes",
    "podcertificaterequests",
    "poddisruptionbudgets",
    "podgroups",
    "pods",
    "podsecuritypolicy",
    "podtemplates",
    "priorityclasses",
    "prioritylevelconfigurations",
    "ranges",
    "replicasets",
    "resourceclaims",
    "resourceclaimtemplates",
    "resourcepoolstatusrequests",
    "resourcequotas",
    "resourceslices",
    "rolebindings",
    "roles",
    "runtimeclasses",
    "secrets",
    "serviceaccounts",
    "servicecidrs",
    "services/endpoints",
    "services/specs",
    "statefulsets",
    "storageclasses",
    "storageversionmigrations",
    "storageversions",
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
    "validatingwebhookconfigurations",
    "volumeattachments",
    "volumeattributesclasses",
    "workloads",
});

}  // namespace

std::vector<ResourcePrefix> BuiltInPrefixes(std::string_view registry_prefix) {
  const std::string prefix = RegistryPrefix(registry_prefix);
  RegistryKeyReader reader({prefix});
  std::vector<ResourcePrefix> prefixes;
  prefixes.reserve(kBuiltIn.size());
  for (const std::string_view path : kBuiltIn) {
    std::string key_prefix = prefix + std::string(path) + "/";
    std::string resource(reader.Read(key_prefix + "name").resource);
    prefixes.push_back({.resource = std::move(resource), .key_prefix = std::move(key_prefix)});
  }
  return prefixes;
}

std::optional<ResourcePrefix> CustomResourcePrefix(std::string_view registry_prefix,
                                                   std::string_view crd_name) {
  const auto dot = crd_name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string prefix = RegistryPrefix(registry_prefix);
  const std::string key_prefix = prefix + std::string(crd_name.substr(dot + 1)) + "/" +
                                 std::string(crd_name.substr(0, dot)) + "/";
  RegistryKeyReader reader({prefix});
  // Of a name that is no CRD's (a group without a dot, a slash) the keys would be something else's.
  if (reader.Read(key_prefix + "name").resource != crd_name) return std::nullopt;
  return ResourcePrefix{.resource = std::string(crd_name), .key_prefix = key_prefix};
}

}  // namespace headroom::kubernetes
