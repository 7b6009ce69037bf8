"""The programs that tests/tools/build_deploy_tools.sh keeps in the cache, and what they render."""

import functools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/etcd-headroom"
KUBERNETES = ROOT / "deploy/kubernetes"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "etcd-headroom"
NAMESPACE = "etcd-headroom"
IMAGE = "registry.example/etcd-headroom-exporter"  # nobody can own it; deploy/render.sh names it, too
WITH_IMAGE = f"--set=image.repository={IMAGE}"
DISTRIBUTIONS = ("kubeadm", "k3s", "rke2")


def tool(name):
    """Path of a program in the cache or on the machine; the test is skipped without it."""
    kept = CACHE / "tools" / name
    found = str(kept) if kept.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is missing")
    return found


@functools.cache
def _no_containers():
    """Why nobody may make containers here, or None: without root, in a sandbox that forbids it, without a memory cgroup to write to."""
    if os.geteuid() != 0:
        return "only root can make containers"
    code, _, error = run("unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "mount", "-t", "tmpfs", "none", "/mnt")
    if code != 0:
        return f"this machine makes no containers: {error.strip()}"
    # What runs /bin/true with a limit of memory also runs the exporter, and a booted Debian.
    runc, name = tool("runc"), f"etcd-headroom-probe-{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder:
        bundle = pathlib.Path(folder)
        subprocess.run([runc, "spec", "--bundle", bundle], check=True)
        config = json.loads((bundle / "config.json").read_text())
        config["process"].update({"terminal": False, "args": ["/bin/true"]})
        config["mounts"] += [{"type": "bind", "source": path, "destination": path, "options": ["rbind", "ro"]}
                             for path in ("/bin", "/lib", "/lib64", "/usr") if os.path.exists(path)]  # fmt: skip
        config["root"]["readonly"] = False
        config["linux"]["resources"]["memory"] = {"limit": 48 << 20}
        (bundle / "rootfs").mkdir()
        (bundle / "config.json").write_text(json.dumps(config))
        code, out, error = run(runc, "run", "--bundle", bundle, name, stdin=subprocess.DEVNULL)
        run(runc, "delete", "--force", name)
    return f"runc cannot run a container with a limit of memory: {(error or out).strip()[-500:]}" if code != 0 else None


def require_containers():
    """Skips the test where nobody may make containers, and says why."""
    if reason := _no_containers():
        pytest.skip(reason)


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
    return documents(_rendered((tool("helm"), "template", "etcd-headroom", CHART, "--namespace", NAMESPACE, WITH_IMAGE, *flags)))


def kustomize(folder):
    """The objects of `kustomize build`."""
    return documents(_rendered((tool("kustomize"), "build", folder)))


def of_kind(objects, *kinds):
    return [o for o in objects if o["kind"] in kinds]


def pods(objects):
    """The pod templates of all workloads."""
    found = [o["spec"]["template"] for o in of_kind(objects, "DaemonSet", "Deployment")]
    return found + [o["spec"]["jobTemplate"]["spec"]["template"] for o in of_kind(objects, "CronJob")]
