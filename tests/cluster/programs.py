"""The programs of a Kubernetes cluster, which build.sh keeps in the user's cache."""

import functools
import json
import os
import pathlib
import shutil
import subprocess

import pytest
from harness.servers import servers

HERE = pathlib.Path(__file__).resolve().parent


@functools.cache
def etcd():
    """The etcd server of the cluster: the newest, or that of the version HEADROOM_ETCD."""
    wanted = os.environ.get("HEADROOM_ETCD") or str(servers()[-1])
    found = [server for server in servers() if str(server) == wanted]
    assert found, f"etcd {wanted} is not in the cache: HEADROOM_TEST_ALL=1 make servers"
    return found[0]


@functools.cache
def program(name):
    """The path of a program; builds it if need be, which can take minutes. Without Go the test is skipped."""
    if not shutil.which("go"):
        pytest.skip("Go is missing, which builds Kubernetes")
    done = subprocess.run([HERE / "build.sh", name], stdout=subprocess.PIPE, text=True, check=True)
    return pathlib.Path(done.stdout.strip())


def kubernetes():
    """Its version, 1.37.2 for example."""
    return program("kubeadm").parent.name.removeprefix("kubernetes-")


def sources(name):
    """The folder with the sources that a program was built from: its CRDs and its default settings lie there."""
    module = program(name).parent.name.rpartition("-")
    path = {"kwok": "sigs.k8s.io/kwok", "kyverno": "github.com/kyverno/kyverno"}[module[0]]
    done = subprocess.run(["go", "mod", "download", "-json", f"{path}@v{module[2]}"], capture_output=True, text=True, check=True,
                          env={**os.environ, "GOFLAGS": ""})  # fmt: skip
    return pathlib.Path(json.loads(done.stdout)["Dir"])
