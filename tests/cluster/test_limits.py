"""What `report` prints to stop a namespace is taken by a real API server, and stops it."""

import json
import subprocess

import pytest
from harness.exporter import BINARY
from harness.wait import until

BUDGETS = "budgets: [{namespace: shop, bytes: 20KiB, owner: team-a}]"


@pytest.fixture
def plane(make_control_plane):
    plane = make_control_plane()
    plane.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    return plane


def config_map(name, text):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}, "data": {"text": text}}


def limit(plane, tmp_path):
    """The manifest that the report prints, once the file on disk has what was written."""
    budgets = tmp_path / "budgets.yaml"
    budgets.write_text(BUDGETS)
    command = [BINARY, "report", f"--path.rootfs={plane.files.root}", "--sample=0s", "--output=json", f"--budget.file={budgets}"]

    def found():
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode in (0, 1), done.stderr
        limits = json.loads(done.stdout)["limits"]
        return limits and limits[0]

    return until(found, 30, "a limit")


def refused(plane, manifest):
    return plane.kubectl("create", "--dry-run=server", "--filename=-", text=json.dumps(manifest), check=False) == ""


def test_a_quota_stops_new_objects(plane, tmp_path):
    plane.start_controllers()
    plane.apply(*(config_map(f"filler-{i}", "x" * 2000) for i in range(15)))
    found = limit(plane, tmp_path)
    assert found["resource"] == "configmaps" and "kind: ResourceQuota" in found["manifest"]
    plane.kubectl("apply", "--dry-run=server", "--filename=-", text=found["manifest"])
    assert not refused(plane, config_map("one-more", "x"))
    plane.kubectl("apply", "--filename=-", text=found["manifest"])
    until(lambda: refused(plane, config_map("one-more", "x")), 60, "the quota")


def test_a_policy_stops_rewrites(plane, tmp_path):
    for i in range(15):
        plane.apply(config_map("rewritten", str(i) * 2000))
    found = limit(plane, tmp_path)
    assert found["resource"] == "configmaps" and "kind: ValidatingAdmissionPolicy" in found["manifest"]
    plane.kubectl("apply", "--dry-run=server", "--filename=-", text=found["manifest"])
    plane.kubectl("apply", "--filename=-", text=found["manifest"])
    until(lambda: refused(plane, config_map("one-more", "x")), 60, "the policy")
    elsewhere = config_map("one-more", "x")
    elsewhere["metadata"]["namespace"] = "default"
    assert not refused(plane, elsewhere)
