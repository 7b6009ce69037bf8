#include "resources.h"

#include <array>
#include <string>

namespace headroom::loadgen {
namespace {

using enum Encoding;
using enum NameStyle;
using enum Nature;

// Built-ins are stored without their group; only what has a path of its own, or a dot in its path,
// shows it in the label.
constexpr std::array kResources{
    Resource{"pods", "", "pods", "pods", "v1", "Pod", "kubelet", "*", kProtobuf, kPod, kOrdinary,
             4000},
    Resource{"configmaps", "", "configmaps", "configmaps", "v1", "ConfigMap", "helm", "*",
             kProtobuf, kPlain, kOrdinary, 3000},
    Resource{"secrets", "", "secrets", "secrets", "v1", "Secret", "helm", "*", kProtobuf, kPlain,
             kOrdinary, 2500},
    Resource{"replicasets", "apps", "replicasets", "replicasets", "apps/v1", "ReplicaSet",
             "kube-controller-manager", "*", kProtobuf, kHashed, kOrdinary, 2500},
    Resource{"jobs", "batch", "jobs", "jobs", "batch/v1", "Job", "kube-controller-manager", "*",
             kProtobuf, kHashed, kOrdinary, 2000},
    Resource{"services", "", "services", "services/specs", "v1", "Service", "helm", "*", kProtobuf,
             kPlain, kOrdinary, 900},
    Resource{"endpointslices", "discovery.k8s.io", "endpointslices", "endpointslices",
             "discovery.k8s.io/v1", "EndpointSlice", "kube-controller-manager", "*", kProtobuf,
             kHashed, kOrdinary, 1500},
    Resource{"nodes", "", "nodes", "minions", "v1", "Node", "kubelet", "", kProtobuf, kNode,
             kFixedSet, 8000},
    Resource{"leases", "coordination.k8s.io", "leases.coordination.k8s.io", "leases",
             "coordination.k8s.io/v1", "Lease", "kubelet", "kube-node-lease", kProtobuf, kNode,
             kFixedSet, 500},
    Resource{"events", "", "events", "events", "v1", "Event", "kubelet", "*", kProtobuf, kEvent,
             kEvents, 800},
    Resource{"policyreports", "wgpolicyk8s.io", "policyreports.wgpolicyk8s.io",
             "wgpolicyk8s.io/policyreports", "wgpolicyk8s.io/v1alpha2", "PolicyReport", "kyverno",
             "*", kJson, kUid, kOrdinary, 8000},
    Resource{"certificates", "cert-manager.io", "certificates.cert-manager.io",
             "cert-manager.io/certificates", "cert-manager.io/v1", "Certificate",
             "cert-manager-certificates-issuing", "*", kJson, kPlain, kOrdinary, 2500},
};

}  // namespace

std::span<const Resource> AllResources() { return kResources; }

int FindResource(std::string_view name) {
  for (std::size_t i = 0; i < kResources.size(); ++i) {
    const Resource& resource = kResources[i];
    if (name == resource.plural || name == resource.label) return static_cast<int>(i);
    if (name == std::string(resource.plural) + "." + std::string(resource.group))
      return static_cast<int>(i);
  }
  return -1;
}

}  // namespace headroom::loadgen
