"""What `analyze --removable` counts is what the API server says of the same objects, and its commands remove just that."""

import json
import re
import subprocess

import pytest
from harness import analyze
from harness.wait import until
from recorded import HELM, ROOT
from storm import job

NAMESPACE = "batch-jobs"


def helm(plane, *arguments):
    subprocess.run([HELM, f"--kubeconfig={plane.files.kubeconfig}", *arguments], check=True, capture_output=True)


def leave_behind(plane):
    """Finished Jobs with their Pods, revisions of a Deployment, releases of Helm."""
    plane.start_controllers()
    plane.start_nodes(5)
    plane.kubectl("create", "namespace", NAMESPACE)
    until(lambda: plane.kubectl("-n", NAMESPACE, "get", "serviceaccount", "default", check=False), 60, "a service account")
    jobs = [job(f"job-{i}", NAMESPACE, pods=1) for i in range(6)]
    for each in jobs:
        del each["spec"]["ttlSecondsAfterFinished"]
    plane.apply(*jobs)
    plane.kubectl("-n", NAMESPACE, "create", "deployment", "web", "--image=web:1")
    chart = ROOT / "deploy/helm/etcd-headroom"
    for revision in range(3):
        rolled_out = ("rollout", "status", "deployment/web", "--timeout=60s")
        plane.kubectl("-n", NAMESPACE, *rolled_out)
        plane.kubectl("-n", NAMESPACE, "set", "image", "deployment/web", f"*=web:{revision + 2}")
        helm(plane, "upgrade", "--install", "headroom", chart, "--namespace=monitoring", "--create-namespace",
             "--set=image.repository=etcd-headroom", f"--set=image.tag=r{revision}")  # fmt: skip
    plane.kubectl("-n", NAMESPACE, *rolled_out)
    plane.kubectl("-n", NAMESPACE, "wait", "--for=condition=Complete", "job", "--all", "--timeout=120s")
    until(lambda: counts(plane)["empty_replicasets"] == 3, 60, "three old revisions")


def items(plane, path):
    return plane.get(path)["items"]


def counts(plane):
    """{what: objects} by the API server."""
    jobs = items(plane, "/apis/batch/v1/jobs")
    finished = [each for each in jobs if any(c["type"] in ("Complete", "Failed") for c in each["status"].get("conditions", []))]
    return {
        "finished_jobs": len(finished),
        "finished_pods": sum(pod["status"]["phase"] in ("Succeeded", "Failed") for pod in items(plane, "/api/v1/pods")),
        "empty_replicasets": sum(rs["spec"]["replicas"] == rs["status"]["replicas"] == 0 for rs in items(plane, "/apis/apps/v1/replicasets")),
        "superseded_releases": len(items(plane, "/api/v1/secrets?labelSelector=owner%3Dhelm,status%3Dsuperseded")),
    }  # fmt: skip


def removable(plane):
    return {row["what"]: row for row in analyze.report(plane.database, "--removable")["removable"]}


@pytest.mark.parametrize("storage", ["protobuf", "json"])
def test_removable_objects_are_those_of_the_api_server(make_control_plane, storage):
    plane = make_control_plane(
        api_server=[f"--storage-media-type=application/{'json' if storage == 'json' else 'vnd.kubernetes.protobuf'}"]
    )
    leave_behind(plane)
    expected = counts(plane)
    found = until(
        lambda: (rows := removable(plane)) and {what: rows[what]["objects"] for what in rows if what in expected} == expected and rows
    )
    assert set(found) == set(expected) and min(expected.values()) > 1, (found, expected)

    kept = {path: len(items(plane, path)) for path in ("/apis/apps/v1/deployments", "/api/v1/nodes", "/api/v1/configmaps")}
    commands = [command for row in found.values() for command in re.findall(r"`(kubectl delete [^`]*)`", row["advice"])]
    assert len(commands) == 3, found
    for command in commands:
        plane.kubectl(*command.split()[1:], "--wait=false")
    until(lambda: {what: count for what, count in counts(plane).items() if count} == {"empty_replicasets": 3}, 60, "the objects to go")
    plane.kubectl("-n", NAMESPACE, "patch", "deployment", "web", "--type=merge", "-p", json.dumps({"spec": {"revisionHistoryLimit": 0}}))
    until(lambda: counts(plane)["empty_replicasets"] == 0, 60, "old revisions to go")
    until(lambda: not removable(plane), 30, "analyze to see it")
    assert {path: len(items(plane, path)) for path in kept} == kept
    assert helm_status(plane) == "deployed"


def helm_status(plane):
    done = subprocess.run([HELM, f"--kubeconfig={plane.files.kubeconfig}", "status", "headroom", "--namespace=monitoring", "--output=json"],
                          check=True, capture_output=True)  # fmt: skip
    return json.loads(done.stdout)["info"]["status"]
