#include "resources.h"

#include <array>
#include <string>

namespace headroom::loadgen {
namespace {

using enum Encoding;
using enum NameStyle;
using enum Nature;

// Creates, updates and deletes of the cluster that recording.csv is of, and below its sizes and
// shares of managedFields.
constexpr std::array<std::uint64_t, 3> kPodOps{14, 72, 14};
constexpr std::array<std::uint64_t, 3> kJobOps{15, 70, 15};
constexpr std::array<std::uint64_t, 3> kReportOps{52, 0, 48};

constexpr std::array kResources{
    Resource{"pods", "", "pods", "v1", "Pod", "kubelet", "*", kProtobuf, kPod, kOrdinary, 2250, 49,
             kPodOps},
    Resource{"configmaps", "", "configmaps", "v1", "ConfigMap", "helm", "*", kProtobuf, kPlain,
             kOrdinary, 3000},
    Resource{"secrets", "", "secrets", "v1", "Secret", "helm", "*", kProtobuf, kPlain, kOrdinary,
             2500},
    Resource{"replicasets", "apps", "replicasets", "apps/v1", "ReplicaSet",
             "kube-controller-manager", "*", kProtobuf, kHashed, kOrdinary, 1610, 60},
    Resource{"jobs", "batch", "jobs", "batch/v1", "Job", "kube-controller-manager", "*", kProtobuf,
             kHashed, kOrdinary, 1720, 47, kJobOps},
    Resource{"services", "", "services/specs", "v1", "Service", "helm", "*", kProtobuf, kPlain,
             kOrdinary, 900},
    Resource{"endpointslices", "discovery.k8s.io", "endpointslices", "discovery.k8s.io/v1",
             "EndpointSlice", "kube-controller-manager", "*", kProtobuf, kHashed, kOrdinary, 1500},
    Resource{"nodes", "", "minions", "v1", "Node", "kubelet", "", kProtobuf, kNode, kFixedSet, 2100,
             53},
    Resource{"leases", "coordination.k8s.io", "leases", "coordination.k8s.io/v1", "Lease",
             "kubelet", "kube-node-lease", kProtobuf, kNode, kFixedSet, 480, 50},
    Resource{"events", "", "events", "v1", "Event", "kubelet", "*", kProtobuf, kEvent, kEvents, 790,
             27},
    Resource{"policyreports", "wgpolicyk8s.io", "wgpolicyk8s.io/policyreports",
             "wgpolicyk8s.io/v1alpha2", "PolicyReport", "reports-controller", "*", kJson, kUid,
             kOrdinary, 3380, 12},
    Resource{"certificates", "cert-manager.io", "cert-manager.io/certificates",
             "cert-manager.io/v1", "Certificate", "cert-manager-certificates-issuing", "*", kJson,
             kPlain, kOrdinary, 2500},
    Resource{"deployments", "apps", "deployments", "apps/v1", "Deployment", "kubectl", "*",
             kProtobuf, kPlain, kOrdinary, 2040, 57},
    Resource{"daemonsets", "apps", "daemonsets", "apps/v1", "DaemonSet", "helm", "*", kProtobuf,
             kPlain, kOrdinary, 1200},
    Resource{"statefulsets", "apps", "statefulsets", "apps/v1", "StatefulSet", "helm", "*",
             kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"controllerrevisions", "apps", "controllerrevisions", "apps/v1", "ControllerRevision",
             "kube-controller-manager", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"cronjobs", "batch", "cronjobs", "batch/v1", "CronJob", "helm", "*", kProtobuf, kPlain,
             kOrdinary, 1200},
    Resource{"serviceaccounts", "", "serviceaccounts", "v1", "ServiceAccount", "helm", "*",
             kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"persistentvolumeclaims", "", "persistentvolumeclaims", "v1", "PersistentVolumeClaim",
             "helm", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"persistentvolumes", "", "persistentvolumes", "v1", "PersistentVolume",
             "csi-provisioner", "", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"namespaces", "", "namespaces", "v1", "Namespace", "kubectl", "", kProtobuf, kPlain,
             kOrdinary, 1200},
    Resource{"resourcequotas", "", "resourcequotas", "v1", "ResourceQuota",
             "kube-controller-manager", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"limitranges", "", "limitranges", "v1", "LimitRange", "kubectl", "*", kProtobuf,
             kPlain, kOrdinary, 1200},
    Resource{"roles", "rbac.authorization.k8s.io", "roles", "rbac.authorization.k8s.io/v1", "Role",
             "helm", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"rolebindings", "rbac.authorization.k8s.io", "rolebindings",
             "rbac.authorization.k8s.io/v1", "RoleBinding", "helm", "*", kProtobuf, kPlain,
             kOrdinary, 1200},
    Resource{"clusterroles", "rbac.authorization.k8s.io", "clusterroles",
             "rbac.authorization.k8s.io/v1", "ClusterRole", "helm", "", kProtobuf, kPlain,
             kOrdinary, 1200},
    Resource{"clusterrolebindings", "rbac.authorization.k8s.io", "clusterrolebindings",
             "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "helm", "", kProtobuf, kPlain,
             kOrdinary, 1200},
    Resource{"horizontalpodautoscalers", "autoscaling", "horizontalpodautoscalers",
             "autoscaling/v2", "HorizontalPodAutoscaler", "kube-controller-manager", "*", kProtobuf,
             kPlain, kOrdinary, 1200},
    Resource{"poddisruptionbudgets", "policy", "poddisruptionbudgets", "policy/v1",
             "PodDisruptionBudget", "kube-controller-manager", "*", kProtobuf, kPlain, kOrdinary,
             1200},
    Resource{"networkpolicies", "networking.k8s.io", "networkpolicies", "networking.k8s.io/v1",
             "NetworkPolicy", "helm", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"storageclasses", "storage.k8s.io", "storageclasses", "storage.k8s.io/v1",
             "StorageClass", "helm", "", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"volumeattachments", "storage.k8s.io", "volumeattachments", "storage.k8s.io/v1",
             "VolumeAttachment", "csi-attacher", "", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"priorityclasses", "scheduling.k8s.io", "priorityclasses", "scheduling.k8s.io/v1",
             "PriorityClass", "helm", "", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"validatingwebhookconfigurations", "admissionregistration.k8s.io",
             "validatingwebhookconfigurations", "admissionregistration.k8s.io/v1",
             "ValidatingWebhookConfiguration", "helm", "", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"ephemeralreports", "reports.kyverno.io", "reports.kyverno.io/ephemeralreports",
             "reports.kyverno.io/v1", "EphemeralReport", "kyverno", "*", kJson, kGenerated,
             kOrdinary, 4440, 22, kReportOps},
    Resource{"customresourcedefinitions", "apiextensions.k8s.io",
             "apiextensions.k8s.io/customresourcedefinitions", "apiextensions.k8s.io/v1beta1",
             "CustomResourceDefinition", "kubectl", "", kJson, kPlain, kInstalled, 95'340, 0},
    Resource{"certificaterequests", "cert-manager.io", "cert-manager.io/certificaterequests",
             "cert-manager.io/v1", "CertificateRequest",
             "cert-manager-certificates-request-manager", "*", kJson, kPlain, kOrdinary, 1500},
    Resource{"orders", "acme.cert-manager.io", "acme.cert-manager.io/orders",
             "acme.cert-manager.io/v1", "Order", "cert-manager-orders", "*", kJson, kPlain,
             kOrdinary, 1500},
    Resource{"virtualservices", "networking.istio.io", "networking.istio.io/virtualservices",
             "networking.istio.io/v1", "VirtualService", "argocd-controller", "*", kJson, kPlain,
             kOrdinary, 1500},
    Resource{"applications", "argoproj.io", "argoproj.io/applications", "argoproj.io/v1alpha1",
             "Application", "argocd-controller", "*", kJson, kPlain, kOrdinary, 1500},
    Resource{"ciliumendpoints", "cilium.io", "cilium.io/ciliumendpoints", "cilium.io/v2",
             "CiliumEndpoint", "cilium-agent", "*", kJson, kPlain, kOrdinary, 1500},
    Resource{"ciliumidentities", "cilium.io", "cilium.io/ciliumidentities", "cilium.io/v2",
             "CiliumIdentity", "cilium-agent", "", kJson, kPlain, kOrdinary, 1500},
    Resource{"servicemonitors", "monitoring.coreos.com", "monitoring.coreos.com/servicemonitors",
             "monitoring.coreos.com/v1", "ServiceMonitor", "helm", "*", kJson, kPlain, kOrdinary,
             1500},
};

}  // namespace

std::span<const Resource> AllResources() { return kResources; }

std::string LabelOf(const Resource& resource) {
  if (resource.group.empty()) return std::string(resource.plural);
  return std::string(resource.plural) + "." + std::string(resource.group);
}

int FindResource(std::string_view name) {
  for (std::size_t i = 0; i < kResources.size(); ++i) {
    if (name == kResources[i].plural || name == LabelOf(kResources[i])) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace headroom::loadgen
