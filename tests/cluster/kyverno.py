"""Kyverno outside of the cluster: its admission and reports controllers as processes, with webhooks by URL."""

import re

from harness.ports import free_port
from harness.wait import until
from programs import sources

NAMESPACE = "kyverno"
SERVICE = f"kyverno-svc.{NAMESPACE}.svc"
# Of its manifest; a process brings the permissions of its kubeconfig, and runs without Deployment.
INSTALLED = re.compile(r"^kind: (Namespace|ConfigMap|CustomResourceDefinition)$", re.MULTILINE)


def install(plane):
    """The namespace, the settings and the CRDs."""
    manifest = (sources("kyverno") / "config/install-latest-testing.yaml").read_text(encoding="utf-8")
    documents = [document for document in manifest.split("\n---\n") if INSTALLED.search(document)]
    plane.kubectl("apply", "--server-side", "-f", "-", text="\n---\n".join(documents))
    plane.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=120s")


def start(plane):
    """Returns once the API server has webhooks."""
    port = free_port()
    _run(plane, "kyverno", "admission", f"--serverIP=127.0.0.1:{port}", f"--webhookServerPort={port}", "--webhookServerHost=127.0.0.1",
         f"--caSecretName={SERVICE}.kyverno-tls-ca", f"--tlsSecretName={SERVICE}.kyverno-tls-pair", "--controllerRuntimeMetricsAddress=0")  # fmt: skip
    _run(plane, "reports-controller", "reports")
    until(lambda: plane.is_ready() and "kyverno-policy-validating-webhook-cfg" in
          plane.kubectl("get", "validatingwebhookconfigurations", "--output=name"), 120, "Kyverno's webhooks")  # fmt: skip


def _run(plane, program, controller, *arguments):
    """As in Kyverno's manifest, on loopback."""
    name = f"kyverno-{controller}-controller"
    plane.run(program, "--metricsHost=127.0.0.1", f"--metricsPort={free_port()}", "--omitEvents=PolicyApplied,PolicySkipped", *arguments,
              env={"KYVERNO_NAMESPACE": NAMESPACE, "KYVERNO_POD_NAME": f"{name}-0", "KYVERNO_DEPLOYMENT": name,
                   "KYVERNO_SERVICEACCOUNT_NAME": name, "KYVERNO_ROLE_NAME": f"kyverno:{controller}-controller",
                   "KYVERNO_SVC": "kyverno-svc", "INIT_CONFIG": "kyverno", "METRICS_CONFIG": "kyverno-metrics"})  # fmt: skip


def audit_policies():
    """Rules of the Pod Security Standards that many Pods break, as Kyverno's own chart has them: nothing is refused."""

    def policy(name, message, pattern):
        return {"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": name},
                "spec": {"background": True, "rules": [
                    {"name": name, "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
                     "validate": {"failureAction": "Audit", "message": message, "pattern": {"spec": pattern}}}]}}  # fmt: skip

    def of_containers(**fields):
        return {"containers": [fields]}

    return [
        policy("require-run-as-nonroot", "Running as root is not allowed: set runAsNonRoot.", {"securityContext": {"runAsNonRoot": True}}),
        policy("restrict-seccomp", "Use of custom seccomp profiles is disallowed: set seccompProfile.",
               {"securityContext": {"seccompProfile": {"type": "RuntimeDefault | Localhost"}}}),
        policy("disallow-privilege-escalation", "Privilege escalation is disallowed: set allowPrivilegeEscalation to false.",
               of_containers(securityContext={"allowPrivilegeEscalation": "false"})),
        policy("require-requests-limits", "CPU and memory requests and limits are required.",
               of_containers(resources={"requests": {"memory": "?*", "cpu": "?*"}, "limits": {"memory": "?*"}})),
        policy("require-pod-probes", "Liveness and readiness probes are required.", of_containers(livenessProbe={"periodSeconds": ">0"})),
        policy("restrict-image-registries", "Images are to come from registry.example.com.",
               of_containers(image="registry.example.com/*")),
    ]  # fmt: skip
