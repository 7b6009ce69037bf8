"""What is wrong in a manifest shows where an administrator looks: the pod is not Ready, and its events say why."""

import json
import re

import pytest
from deployment import DAEMONSET, kustomization
from harness.wait import until
from tools import NAMESPACE

NET_ADMIN = 12  # linux/capability.h
POD = "/spec/template/spec"
CONTAINER = f"{POD}/containers/0"
# (operation, path, value, what the kubelet says of it)
WRONG = {
    "hostPath": ("replace", f"{POD}/volumes/0/hostPath/path", "/etc/kubernetes/elsewhere",
                 'path "/etc/kubernetes/elsewhere" does not exist'),
    "seccomp profile": ("replace", f"{POD}/securityContext/seccompProfile", {"type": "Localhost", "localhostProfile": "missing.json"},
                        "cannot load seccomp profile .*missing.json"),
    "probe": ("replace", f"{CONTAINER}/readinessProbe/httpGet/port", 9380, r"Readiness probe failed: .*:9380.* connection refused"),
}  # fmt: skip


def apply(deployment, folder, operation, path, value):
    patch = json.dumps([{"op": operation, "path": path, "value": value}])
    deployment.apply(kustomization(folder, patches=[{"target": {"kind": "DaemonSet"}, "patch": patch}]))


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_shows_in_the_pods_events(wrong, namespace, tmp_path):
    *change, said = WRONG[wrong]
    apply(namespace, tmp_path, *change)

    def is_said():
        events = json.loads(namespace.node.kubectl("-n", NAMESPACE, "get", "events", "-o", "json"))["items"]
        messages = [event["message"] for event in events]
        assert any(re.search(said, message) for message in messages), messages
        return True

    until(is_said, 90, said)
    conditions = {condition["type"]: condition["status"] for condition in namespace.pod()["status"]["conditions"]}
    assert conditions["Ready"] == "False"


def test_a_capability_that_is_added_shows_in_the_kernels_word(namespace, tmp_path):
    """One that does not exist shows nowhere: the container starts without it."""
    apply(namespace, tmp_path, "add", f"{CONTAINER}/securityContext/capabilities/add", ["NET_ADMIN", "NO_SUCH"])
    namespace.roll_out()
    assert int(namespace.process_status()["CapBnd"], 16) == 1 << NET_ADMIN


def test_a_user_who_may_not_read_the_manifest_of_etcd_shows_in_the_log(namespace, tmp_path):
    apply(namespace, tmp_path, "replace", f"{POD}/securityContext/runAsUser", 65534)
    log = ("-n", NAMESPACE, "logs", DAEMONSET)
    until(lambda: "manifests/etcd.yaml: Permission denied" in namespace.node.try_kubectl(*log).stdout, 60, "the log")
    (status,) = namespace.pod()["status"]["containerStatuses"]
    assert not status["ready"]
