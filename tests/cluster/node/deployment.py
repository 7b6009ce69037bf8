"""The exporter on a real node, deployed as the README and docs/install.md do."""

import json
import os
import re

from harness.exporter import BINARY, Page
from harness.wait import until
from machine import ADDRESS
from tools import NAMESPACE, ROOT

IMAGE = re.search(r"^docker build .* -t (\S+) \.$", (ROOT / "README.md").read_text(), re.M)[1]
DAEMONSET = "daemonset/etcd-headroom-exporter"
CLAIMED = r"Warning: resource \S+ is missing the kubectl.kubernetes.io/last-applied-configuration"


def kustomization(folder, overlay="kubeadm", components=(), patches=()):
    """Writes what docs/install.md shows, with the components uncommented that are wanted."""
    text = re.search(r"```yaml\n(resources: \[etcd-headroom/.*?)# components", (ROOT / "docs/install.md").read_text(), re.S)[1]
    text = text.replace("overlays/kubeadm", f"overlays/{overlay}")
    text += "components: " + json.dumps([f"etcd-headroom/deploy/kubernetes/components/{name}" for name in components])
    text += "\npatches: " + json.dumps(list(patches)) + "\n"
    folder.mkdir(exist_ok=True)
    (folder / "kustomization.yaml").write_text(re.sub(r"\betcd-headroom/deploy", os.path.relpath(ROOT / "deploy", folder), text))
    return folder


class Deployment:
    def __init__(self, node):
        self.node = node

    def load(self):
        """Gives containerd the exporter's image; returns its size."""
        return self.node.load(IMAGE, {"/usr/bin/etcd-headroom-exporter": BINARY}, ["/usr/bin/etcd-headroom-exporter"], "65534:65534")

    def apply(self, folder, *flags):
        """`kubectl apply -k`, which must have nothing to warn of."""
        done = self.node.try_kubectl("apply", *flags, "-k", folder)
        assert done.returncode == 0 and not done.stderr, done.stderr
        return done.stdout

    def roll_out(self):
        self.node.kubectl("-n", NAMESPACE, "rollout", "status", DAEMONSET, "--timeout=120s", timeout=130)

    def remove(self):
        self.node.kubectl("delete", "namespace", NAMESPACE, "--timeout=120s", timeout=130)

    def pod(self):
        (pod,) = json.loads(self.node.kubectl("-n", NAMESPACE, "get", "pods", "-o", "json"))["items"]
        return pod

    def process_status(self):
        """The kernel's /proc/PID/status of the exporter."""
        (container,) = self.node.type("crictl ps -q --name '^exporter$'").stdout.split()
        pid = json.loads(self.node.type(f"crictl inspect {container}").stdout)["info"]["pid"]
        return dict(line.split(":\t", 1) for line in self.node.type(f"cat /proc/{pid}/status").stdout.splitlines())

    def get(self, path, *flags, url=f"http://{ADDRESS}:9379"):
        done = self.node.machine.try_run("curl", "-sS", "--fail", "--max-time", 5, *flags, url + path)
        if done.returncode != 0:
            raise OSError(done.stderr)
        return done.stdout

    def scrape(self, *flags, **options):
        return Page(self.get("/metrics", *flags, **options))

    def comes_up(self, timeout=60):
        """Its page, once etcd is up on it and watched."""
        return until(lambda: (p := self.scrape()).value("up") == 1 and p.value("watch_connected") == 1 and p, timeout, "etcd on the page")
