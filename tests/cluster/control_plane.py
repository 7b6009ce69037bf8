"""A control plane without its node: kubeadm's own commands as processes on loopback."""

import base64
import json
import subprocess

from harness.etcd import etcdctl
from harness.ports import free_port
from harness.process import Process
from harness.wait import until
from kubeadm import NodeFiles
from programs import etcd as etcd_server
from programs import program, sources

AUDIT_POLICY = """
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: None, verbs: [get, list, watch]}
- {level: RequestResponse}
"""


class ControlPlane:
    """etcd and the API server; the controllers where they are asked for. Everything is in `folder`."""

    def __init__(self, folder, api_server=(), etcd=()):
        """`api_server`: flags after those that kubeadm writes. `etcd`: name=value, which kubeadm writes into the manifest."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.files = NodeFiles(folder / "node", etcd)
        self.audit_log = folder / "audit.log"
        (folder / "audit.yaml").write_text(AUDIT_POLICY)
        self.etcd = Process([etcd_server().binary, *self.files.command("etcd")], folder / "etcd.log")
        self.processes = [self.etcd]
        self.api_server = self._start("kube-apiserver", f"--audit-policy-file={folder}/audit.yaml", f"--audit-log-path={self.audit_log}",
                                      "--audit-log-format=json", *api_server)  # fmt: skip
        try:
            until(self.is_ready, 120, "the API server")
        except BaseException:
            self.stop()
            raise

    def _start(self, name, *arguments):
        process = Process([program(name), *self.files.command(name), *arguments], self.folder / f"{name}.log")
        self.processes.append(process)
        return process

    def start_controllers(self):
        for name in ("kube-controller-manager", "kube-scheduler"):
            self._start(name, f"--kubeconfig={self.files.kubeconfig}", f"--secure-port={free_port()}")

    def start_nodes(self, count=60):
        """Nodes and their kubelets by kwok: Pods run and end, leases are renewed."""
        nodes = [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"node-{i}", "annotations": {"kwok.x-k8s.io/node": "fake"}},
                  "status": {"allocatable": {"cpu": "64", "memory": "256Gi", "pods": "500"}}} for i in range(count)]  # fmt: skip
        self.apply(*nodes)
        stages = self.folder / "stages.yaml"
        folders = (sources("kwok") / "kustomize/stage" / name for name in ("node/fast", "node/heartbeat-with-lease", "pod/fast"))
        files = (path for folder in folders for path in sorted(folder.glob("[np]od*.yaml")))
        stages.write_text("\n---\n".join(path.read_text() for path in files))
        self.run("kwok", "--manage-all-nodes=true", "--node-lease-duration-seconds=40", f"--config={stages}")

    def run(self, name, *arguments, env=None):
        """Starts a program that takes --kubeconfig."""
        process = Process([program(name), f"--kubeconfig={self.files.kubeconfig}", *arguments], self.folder / f"{name}.log", env)
        self.processes.append(process)
        return process

    def restart_ended(self):
        """What a kubelet does with containers that exit."""
        for process in self.processes:
            if process.child.poll() is not None:
                process.start()

    def is_ready(self):
        for process in self.processes:
            assert process.child.poll() is None, process.log()[-3000:]
        return self.kubectl("get", "--raw", "/readyz", check=False).strip() == "ok"

    def kubectl(self, *arguments, check=True, timeout=300, text=None):
        done = subprocess.run([program("kubectl"), f"--kubeconfig={self.files.kubeconfig}", *map(str, arguments)],
                              capture_output=True, text=True, timeout=timeout, input=text)  # fmt: skip
        assert not check or done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def get(self, path):
        """The API server's answer to a GET."""
        return json.loads(self.kubectl("get", "--raw", path))

    def apply(self, *objects, server_side=False):
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
        self.kubectl("apply", *(["--server-side"] if server_side else []), "-f", "-", text=text)

    def etcdctl(self, *arguments, **options):
        flags = tuple(map(str, self.files.etcd_flags()))
        return etcdctl([f"https://127.0.0.1:{self.files.etcd_port}"], *flags, *arguments, **options)

    def everything(self):
        """(key, value) of all that etcd has."""
        found = json.loads(self.etcdctl("get", "", "--prefix", "--write-out=json"))["kvs"]
        return [(base64.b64decode(entry["key"]), base64.b64decode(entry.get("value", ""))) for entry in found]

    @property
    def database(self):
        return self.files.root / "var/lib/etcd/member/snap/db"

    def stop_all_but_etcd(self):
        for process in reversed(self.processes[1:]):
            process.kill()

    def stop(self):
        for process in reversed(self.processes):
            process.kill()
