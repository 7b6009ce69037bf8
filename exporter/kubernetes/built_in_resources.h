#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace headroom::kubernetes {

// A resource of kube-apiserver's own, and where it keeps the objects.
struct BuiltInResource {
  std::string_view path;   // after the prefix: "minions"
  std::string_view label;  // as `kubectl api-resources -o name` prints it: "nodes"
};

// Kubernetes up to 1.37 (its test/integration/etcd/data.go), in the order of their paths. The
// cluster tests compare this table with a real API server. podsecuritypolicy is of before 1.25;
// masterleases, peerserverleases and ranges are the API server's own and no resources of its
// interface.
inline constexpr auto kBuiltInResources = std::to_array<BuiltInResource>({
    {"apiextensions.k8s.io/customresourcedefinitions",
     "customresourcedefinitions.apiextensions.k8s.io"},
    {"apiregistration.k8s.io/apiservices", "apiservices.apiregistration.k8s.io"},
    {"certificatesigningrequests", "certificatesigningrequests.certificates.k8s.io"},
    {"clusterrolebindings", "clusterrolebindings.rbac.authorization.k8s.io"},
    {"clusterroles", "clusterroles.rbac.authorization.k8s.io"},
    {"clustertrustbundles", "clustertrustbundles.certificates.k8s.io"},
    {"compositepodgroups", "compositepodgroups.scheduling.k8s.io"},
    {"configmaps", "configmaps"},
    {"controllerrevisions", "controllerrevisions.apps"},
    {"controllers", "replicationcontrollers"},
    {"cronjobs", "cronjobs.batch"},
    {"csidrivers", "csidrivers.storage.k8s.io"},
    {"csinodes", "csinodes.storage.k8s.io"},
    {"csistoragecapacities", "csistoragecapacities.storage.k8s.io"},
    {"daemonsets", "daemonsets.apps"},
    {"deployments", "deployments.apps"},
    {"deviceclasses", "deviceclasses.resource.k8s.io"},
    {"devicetaintrules", "devicetaintrules.resource.k8s.io"},
    {"endpointslices", "endpointslices.discovery.k8s.io"},
    {"events", "events"},
    {"evictionrequests", "evictionrequests.lifecycle.k8s.io"},
    {"evictions", "evictions.lifecycle.k8s.io"},
    {"flowschemas", "flowschemas.flowcontrol.apiserver.k8s.io"},
    {"horizontalpodautoscalers", "horizontalpodautoscalers.autoscaling"},
    {"ingress", "ingresses.networking.k8s.io"},
    {"ingressclasses", "ingressclasses.networking.k8s.io"},
    {"ipaddresses", "ipaddresses.networking.k8s.io"},
    {"jobs", "jobs.batch"},
    {"leasecandidates", "leasecandidates.coordination.k8s.io"},
    {"leases", "leases.coordination.k8s.io"},
    {"limitranges", "limitranges"},
    {"masterleases", "masterleases"},
    {"minions", "nodes"},
    {"mutatingadmissionpolicies", "mutatingadmissionpolicies.admissionregistration.k8s.io"},
    {"mutatingadmissionpolicybindings",
     "mutatingadmissionpolicybindings.admissionregistration.k8s.io"},
    {"mutatingwebhookconfigurations", "mutatingwebhookconfigurations.admissionregistration.k8s.io"},
    {"namespaces", "namespaces"},
    {"networkpolicies", "networkpolicies.networking.k8s.io"},
    {"peerserverleases", "peerserverleases"},
    {"persistentvolumeclaims", "persistentvolumeclaims"},
    {"persistentvolumes", "persistentvolumes"},
    {"podcertificaterequests", "podcertificaterequests.certificates.k8s.io"},
    {"poddisruptionbudgets", "poddisruptionbudgets.policy"},
    {"podgroups", "podgroups.scheduling.k8s.io"},
    {"pods", "pods"},
    {"podsecuritypolicy", "podsecuritypolicies.policy"},
    {"podtemplates", "podtemplates"},
    {"priorityclasses", "priorityclasses.scheduling.k8s.io"},
    {"prioritylevelconfigurations", "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io"},
    {"ranges", "ranges"},
    {"replicasets", "replicasets.apps"},
    {"resourceclaims", "resourceclaims.resource.k8s.io"},
    {"resourceclaimtemplates", "resourceclaimtemplates.resource.k8s.io"},
    {"resourcepoolstatusrequests", "resourcepoolstatusrequests.resource.k8s.io"},
    {"resourcequotas", "resourcequotas"},
    {"resourceslices", "resourceslices.resource.k8s.io"},
    {"rolebindings", "rolebindings.rbac.authorization.k8s.io"},
    {"roles", "roles.rbac.authorization.k8s.io"},
    {"runtimeclasses", "runtimeclasses.node.k8s.io"},
    {"secrets", "secrets"},
    {"serviceaccounts", "serviceaccounts"},
    {"servicecidrs", "servicecidrs.networking.k8s.io"},
    {"services/endpoints", "endpoints"},
    {"services/specs", "services"},
    {"statefulsets", "statefulsets.apps"},
    {"storageclasses", "storageclasses.storage.k8s.io"},
    {"storageversionmigrations", "storageversionmigrations.storagemigration.k8s.io"},
    {"storageversions", "storageversions.internal.apiserver.k8s.io"},
    {"validatingadmissionpolicies", "validatingadmissionpolicies.admissionregistration.k8s.io"},
    {"validatingadmissionpolicybindings",
     "validatingadmissionpolicybindings.admissionregistration.k8s.io"},
    {"validatingwebhookconfigurations",
     "validatingwebhookconfigurations.admissionregistration.k8s.io"},
    {"volumeattachments", "volumeattachments.storage.k8s.io"},
    {"volumeattributesclasses", "volumeattributesclasses.storage.k8s.io"},
    {"workloads", "workloads.scheduling.k8s.io"},
});

static_assert(std::ranges::is_sorted(kBuiltInResources, {}, &BuiltInResource::path));

}  // namespace headroom::kubernetes
