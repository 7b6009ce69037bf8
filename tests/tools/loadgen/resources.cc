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
    Resource{"deployments", "apps", "deployments", "deployments", "apps/v1", "Deployment",
             "kubectl", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"daemonsets", "apps", "daemonsets", "daemonsets", "apps/v1", "DaemonSet", "helm", "*",
             kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"statefulsets", "apps", "statefulsets", "statefulsets", "apps/v1", "StatefulSet",
             "helm", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"controllerrevisions", "apps", "controllerrevisions", "controllerrevisions", "apps/v1",
             "ControllerRevision", "kube-controller-manager", "*", kProtobuf, kPlain, kOrdinary,
             1200},
    Resource{"cronjobs", "batch", "cronjobs", "cronjobs", "batch/v1", "CronJob", "helm", "*",
             kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"serviceaccounts", "", "serviceaccounts", "serviceaccounts", "v1", "ServiceAccount",
             "helm", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"persistentvolumeclaims", "", "persistentvolumeclaims", "persistentvolumeclaims", "v1",
             "PersistentVolumeClaim", "helm", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"persistentvolumes", "", "persistentvolumes", "persistentvolumes", "v1",
             "PersistentVolume", "csi-provisioner", "", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"namespaces", "", "namespaces", "namespaces", "v1", "Namespace", "kubectl", "",
             kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"resourcequotas", "", "resourcequotas", "resourcequotas", "v1", "ResourceQuota",
             "kube-controller-manager", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"limitranges", "", "limitranges", "limitranges", "v1", "LimitRange", "kubectl", "*",
             kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"roles", "rbac.authorization.k8s.io", "roles", "roles", "rbac.authorization.k8s.io/v1",
             "Role", "helm", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"rolebindings", "rbac.authorization.k8s.io", "rolebindings", "rolebindings",
             "rbac.authorization.k8s.io/v1", "RoleBinding", "helm", "*", kProtobuf, kPlain,
             kOrdinary, 1200},
    Resource{"clusterroles", "rbac.authorization.k8s.io", "clusterroles", "clusterroles",
             "rbac.authorization.k8s.io/v1", "ClusterRole", "helm", "", kProtobuf, kPlain,
             kOrdinary, 1200},
    Resource{"clusterrolebindings", "rbac.authorization.k8s.io", "clusterrolebindings",
             "clusterrolebindings", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "helm",
             "", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"horizontalpodautoscalers", "autoscaling", "horizontalpodautoscalers",
             "horizontalpodautoscalers", "autoscaling/v2", "HorizontalPodAutoscaler",
             "kube-controller-manager", "*", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"poddisruptionbudgets", "policy", "poddisruptionbudgets", "poddisruptionbudgets",
             "policy/v1", "PodDisruptionBudget", "kube-controller-manager", "*", kProtobuf, kPlain,
             kOrdinary, 1200},
    Resource{"networkpolicies", "networking.k8s.io", "networkpolicies", "networkpolicies",
             "networking.k8s.io/v1", "NetworkPolicy", "helm", "*", kProtobuf, kPlain, kOrdinary,
             1200},
    Resource{"storageclasses", "storage.k8s.io", "storageclasses", "storageclasses",
             "storage.k8s.io/v1", "StorageClass", "helm", "", kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"volumeattachments", "storage.k8s.io", "volumeattachments", "volumeattachments",
             "storage.k8s.io/v1", "VolumeAttachment", "csi-attacher", "", kProtobuf, kPlain,
             kOrdinary, 1200},
    Resource{"priorityclasses", "scheduling.k8s.io", "priorityclasses", "priorityclasses",
             "scheduling.k8s.io/v1", "PriorityClass", "helm", "", kProtobuf, kPlain, kOrdinary,
             1200},
    Resource{"validatingwebhookconfigurations", "admissionregistration.k8s.io",
             "validatingwebhookconfigurations", "validatingwebhookconfigurations",
             "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "helm", "",
             kProtobuf, kPlain, kOrdinary, 1200},
    Resource{"ephemeralreports", "reports.kyverno.io", "ephemeralreports.reports.kyverno.io",
             "reports.kyverno.io/ephemeralreports", "reports.kyverno.io/v1", "EphemeralReport",
             "kyverno", "*", kJson, kPlain, kOrdinary, 1500},
    Resource{"certificaterequests", "cert-manager.io", "certificaterequests.cert-manager.io",
             "cert-manager.io/certificaterequests", "cert-manager.io/v1", "CertificateRequest",
             "cert-manager-certificates-request-manager", "*", kJson, kPlain, kOrdinary, 1500},
    Resource{"orders", "acme.cert-manager.io", "orders.acme.cert-manager.io",
             "acme.cert-manager.io/orders", "acme.cert-manager.io/v1", "Order",
             "cert-manager-orders", "*", kJson, kPlain, kOrdinary, 1500},
    Resource{"virtualservices", "networking.istio.io", "virtualservices.networking.istio.io",
             "networking.istio.io/virtualservices", "networking.istio.io/v1", "VirtualService",
             "argocd-controller", "*", kJson, kPlain, kOrdinary, 1500},
    Resource{"applications", "argoproj.io", "applications.argoproj.io", "argoproj.io/applications",
             "argoproj.io/v1alpha1", "Application", "argocd-controller", "*", kJson, kPlain,
             kOrdinary, 1500},
    Resource{"ciliumendpoints", "cilium.io", "ciliumendpoints.cilium.io",
             "cilium.io/ciliumendpoints", "cilium.io/v2", "CiliumEndpoint", "cilium-agent", "*",
             kJson, kPlain, kOrdinary, 1500},
    Resource{"ciliumidentities", "cilium.io", "ciliumidentities.cilium.io",
             "cilium.io/ciliumidentities", "cilium.io/v2", "CiliumIdentity", "cilium-agent", "",
             kJson, kPlain, kOrdinary, 1500},
    Resource{"servicemonitors", "monitoring.coreos.com", "servicemonitors.monitoring.coreos.com",
             "monitoring.coreos.com/servicemonitors", "monitoring.coreos.com/v1", "ServiceMonitor",
             "helm", "*", kJson, kPlain, kOrdinary, 1500},
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
