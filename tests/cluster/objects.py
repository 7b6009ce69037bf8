"""One object of many kinds, so that each has its key in etcd."""

CRD = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.example.com"},
    "spec": {"group": "example.com", "scope": "Namespaced",
             "names": {"plural": "widgets", "singular": "widget", "kind": "Widget"},
             "versions": [{"name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
                           "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]},
}  # fmt: skip

POD = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "c", "image": "i"}], "nodeSelector": {"no": "where"}}}
SELECTOR = {"matchLabels": {"app": "x"}}
RULES = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
WEBHOOK = {"name": "x.example.com", "clientConfig": {"url": "https://127.0.0.1:1/"}, "sideEffects": "None", "failurePolicy": "Ignore",
           "admissionReviewVersions": ["v1"]}  # fmt: skip


def widget(name, namespace="team-a", **spec):
    return {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def many_kinds(namespace):
    """Objects that no controller of this cluster finishes."""

    def of(version, kind, namespaced=True, **fields):
        metadata = {"name": "x", **({"namespace": namespace} if namespaced else {})}
        return {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}

    return [
        of("v1", "ConfigMap", data={"a": "b"}),
        of("v1", "Secret", stringData={"a": "b"}),
        of("v1", "LimitRange", spec={"limits": []}),
        of("v1", "ResourceQuota", spec={"hard": {"count/secrets": "100"}}),
        of("v1", "Service", spec={"ports": [{"port": 80}], "selector": {"app": "x"}}),
        of("v1", "PersistentVolumeClaim", spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}),
        of("v1", "PodTemplate", template=POD),
        of("v1", "ReplicationController", spec={"replicas": 1, "selector": {"app": "x"}, "template": POD}),
        of("apps/v1", "Deployment", spec={"selector": SELECTOR, "template": POD}),
        of("apps/v1", "DaemonSet", spec={"selector": SELECTOR, "template": POD}),
        of("apps/v1", "StatefulSet", spec={"serviceName": "x", "selector": SELECTOR, "template": POD}),
        of("batch/v1", "CronJob", spec={"schedule": "0 0 1 1 *", "jobTemplate": {"spec": {"template": {"spec": {
            **POD["spec"], "restartPolicy": "Never"}}}}}),
        of("autoscaling/v2", "HorizontalPodAutoscaler", spec={"maxReplicas": 2, "scaleTargetRef": {"kind": "Deployment", "name": "x",
                                                                                               "apiVersion": "apps/v1"}}),
        of("policy/v1", "PodDisruptionBudget", spec={"maxUnavailable": 1, "selector": SELECTOR}),
        of("networking.k8s.io/v1", "NetworkPolicy", spec={"podSelector": {}}),
        of("networking.k8s.io/v1", "Ingress", spec={"defaultBackend": {"service": {"name": "x", "port": {"number": 80}}}}),
        of("networking.k8s.io/v1", "IngressClass", False, spec={"controller": "example.com/x"}),
        of("rbac.authorization.k8s.io/v1", "Role", rules=RULES),
        of("rbac.authorization.k8s.io/v1", "ClusterRole", False, rules=RULES),
        of("storage.k8s.io/v1", "StorageClass", False, provisioner="example.com/x"),
        of("storage.k8s.io/v1", "CSIDriver", False, spec={}),
        of("scheduling.k8s.io/v1", "PriorityClass", False, value=1),
        of("node.k8s.io/v1", "RuntimeClass", False, handler="x"),
        of("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", False, webhooks=[WEBHOOK]),
        of("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", False, webhooks=[WEBHOOK]),
        of("discovery.k8s.io/v1", "EndpointSlice", addressType="IPv4", endpoints=[], ports=[]),
        of("coordination.k8s.io/v1", "Lease", spec={"holderIdentity": "x"}),
    ]  # fmt: skip
