"""The programs that tests/tools/build_deploy_tools.sh keeps in the cache, and what they render."""

import functools
import os
import pathlib
import shutil
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/etcd-headroom"
KUBERNETES = ROOT / "deploy/kubernetes"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "etcd-headroom"
NAMESPACE = "etcd-headroom"
DISTRIBUTIONS = ("kubeadm", "k3s", "rke2")


def tool(name):
    """Path of a program in the cache or on the machine; the test is skipped without it."""
    kept = CACHE / "tools" / name
    found = str(kept) if kept.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is missing")
    return found


def require_containers():
    """Skips the test where nobody may make containers: without root, or in a sandbox that forbids it."""
    if os.geteuid() != 0:
        pytest.skip("only root can make containers")
    code, _, error = run("unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "mount", "-t", "tmpfs", "none", "/mnt")
    if code != 0:
        pytest.skip(f"this machine makes no containers: {error.strip()}")


def run(*command, **options):
    """(exit code, standard output, standard error)"""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    return done.returncode, done.stdout, done.stderr


def documents(text):
    return [document for document in yaml.safe_load_all(text) if document]


@functools.cache
def _rendered(command):
    code, out, error = run(*command)
    assert code == 0, error
    return out


def helm(*flags):
    """The objects of `helm template` with these flags."""
    return documents(_rendered((tool("helm"), "template", "etcd-headroom", CHART, "--namespace", NAMESPACE, *flags)))


def kustomize(folder):
    """The objects of `kustomize build`."""
    return documents(_rendered((tool("kustomize"), "build", folder)))


def of_kind(objects, *kinds):
    return [o for o in objects if o["kind"] in kinds]


def pods(objects):
    """The pod templates of all workloads."""
    found = [o["spec"]["template"] for o in of_kind(objects, "DaemonSet", "Deployment")]
    return found + [o["spec"]["jobTemplate"]["spec"]["template"] for o in of_kind(objects, "CronJob")]
