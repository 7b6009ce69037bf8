"""A control-plane node: containerd, kubelet, and etcd and the control plane as static pods of kubeadm's own manifests."""

import json
import os
import pathlib
import shutil
import tempfile

import yaml
from harness.wait import until
from images import Images, compile_pause, run
from machine import ADDRESS, Machine
from programs import etcd as etcd_server
from programs import kubernetes, program

NAME = "node-a"
QUOTA = 4 << 30
CONTROL_PLANE = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
PAUSE = "etcd-headroom.test/pause:1"
CONTAINERD = f"""\
version = 2
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs"]
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE}"
# Without it a machine that is itself confined can start no sandbox.
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "native"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
"""
CNI = {"cniVersion": "1.0.0", "name": "pods", "plugins": [
    {"type": "bridge", "bridge": "pods", "isGateway": True,
     "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}  # fmt: skip
KUBELET = {
    "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
    "staticPodPath": "/etc/kubernetes/manifests", "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
    "authentication": {"anonymous": {"enabled": False}, "x509": {"clientCAFile": "/etc/kubernetes/pki/ca.crt"}, "webhook": {"enabled": True}},
    "authorization": {"mode": "Webhook"},
    # A machine with cgroups of the first version and no systemd.
    "failCgroupV1": False, "cgroupDriver": "cgroupfs", "cgroupsPerQOS": False, "enforceNodeAllocatable": [],
    "localStorageCapacityIsolation": False, "failSwapOn": False,
    # The host's disk may be fuller than a node's.
    "evictionHard": {"nodefs.available": "0%", "imagefs.available": "0%", "nodefs.inodesFree": "0%"}, "imageGCHighThresholdPercent": 100,
    "fileCheckFrequency": "2s", "syncFrequency": "10s", "nodeStatusUpdateFrequency": "5s",
}  # fmt: skip


def kubeadm_config(**cluster):
    """kubeadm's configuration of this node."""
    documents = (
        {"apiVersion": "kubeadm.k8s.io/v1beta4", "kind": "ClusterConfiguration", "kubernetesVersion": f"v{kubernetes()}", **cluster},
        {"apiVersion": "kubeadm.k8s.io/v1beta4", "kind": "InitConfiguration",
         "localAPIEndpoint": {"advertiseAddress": ADDRESS},
         "nodeRegistration": {"name": NAME, "criSocket": KUBELET["containerRuntimeEndpoint"]}},
    )  # fmt: skip
    return yaml.safe_dump_all(documents)


class Node:
    def __init__(self, folder, stack, **cluster):
        """Ends with `stack`. `cluster` is what kubeadm's ClusterConfiguration has besides."""
        self.programs = {name: program(name) for name in (*CONTROL_PLANE, "kubeadm", "kubectl", "crictl", "kubelet")}
        self.images = Images(folder / "images")
        (folder / "images").mkdir()
        self.machine = Machine(folder / "machine")
        stack.callback(self.machine.stop)
        stack.callback(shutil.rmtree, folder / "images")
        self._start_containerd()
        self._write_manifests(cluster)
        self._start_images()
        self.start_kubelet()

    def _start_containerd(self):
        self.machine.write("/etc/containerd/config.toml", CONTAINERD)
        self.machine.write("/etc/cni/net.d/10-pods.conflist", json.dumps(CNI))
        self.machine.write("/etc/crictl.yaml", f"runtime-endpoint: {KUBELET['containerRuntimeEndpoint']}\n")
        self.machine.start("containerd", "containerd")
        until(lambda: self.machine.try_run("ctr", "version").returncode == 0, 30, "containerd")

    def _write_manifests(self, cluster):
        self.machine.write("/etc/kubeadm.yaml", kubeadm_config(**cluster))
        for phase in ("certs all", "kubeconfig all", "etcd local", "control-plane all"):
            self.kubeadm("init", "phase", *phase.split(), "--config=/etc/kubeadm.yaml")

    def _start_images(self):
        """The images that kubeadm's manifests name, and the pause."""
        self.load(PAUSE, {"/pause": compile_pause(self.images.folder / "pause")}, ["/pause"])
        names = self.kubeadm("config", "images", "list", "--config=/etc/kubeadm.yaml").split()
        image = {name.rpartition("/")[2].partition(":")[0]: name for name in names}
        for name in CONTROL_PLANE:
            self.load(image[name], {f"/usr/local/bin/{name}": self.programs[name]})
        etcd = pathlib.Path(etcd_server().binary)
        self.load(image["etcd"], {"/usr/local/bin/etcd": etcd, "/usr/local/bin/etcdctl": etcdctl(etcd)})

    def load(self, name, programs, entrypoint=(), user="0:0"):
        """Makes an image and gives it to containerd; returns the size of what is in it."""
        archive = self.images.archive(name, programs, entrypoint, user)
        self.machine.run("ctr", "--namespace=k8s.io", "images", "import", "--snapshotter=native", archive)
        size = archive.stat().st_size
        archive.unlink()
        return size

    def start_kubelet(self):
        self.machine.write("/etc/kubelet.yaml", yaml.safe_dump(KUBELET))
        self.machine.start("kubelet", self.programs["kubelet"], "--config=/etc/kubelet.yaml", "--kubeconfig=/etc/kubernetes/kubelet.conf",
                           f"--hostname-override={NAME}", f"--node-ip={ADDRESS}")  # fmt: skip

    def ready(self):
        """Waits for the API server and the node, then does what kubeadm does with a running cluster: label, taint, access to the kubelet."""
        until(lambda: self.try_kubectl("get", "--raw=/readyz").returncode == 0, 180, "the API server")
        until(lambda: "True" in self.kubectl("get", "nodes", NAME, "-o", READY), 60, "the node")
        for phase in ("mark-control-plane", "bootstrap-token"):
            self.kubeadm("init", "phase", phase, "--config=/etc/kubeadm.yaml")
        return self

    def kubeadm(self, *arguments):
        return self.machine.run(self.programs["kubeadm"], *arguments)

    def try_kubectl(self, *arguments, **options):
        kubeconfig = "--kubeconfig=/etc/kubernetes/super-admin.conf"
        return self.machine.try_run(self.programs["kubectl"], kubeconfig, *arguments, **options)

    def kubectl(self, *arguments, **options):
        done = self.try_kubectl(*arguments, **options)
        if done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.stderr[-2000:]}")
        return done.stdout

    def type(self, command):
        """Types a shell command on the node."""
        path = f"{self.programs['crictl'].parent}:{self.programs['kubectl'].parent}:{os.environ['PATH']}"
        return self.machine.try_run("env", f"PATH={path}", "sh", "-c", command)


READY = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'


def etcdctl(etcd):
    """etcd's own client of the same version: beside the server in the cache, built if it is missing."""
    program = etcd.with_name("etcdctl")
    if not program.exists():
        build = """go mod init etcdctl && go get "$1@v$2" && CGO_ENABLED=0 go build -trimpath -o "$3" "$1\""""
        with tempfile.TemporaryDirectory() as folder:
            run("sh", "-c", f"cd {folder} && {build}", "sh", "go.etcd.io/etcd/etcdctl/v3", etcd.parent.name, program)
    return program
