"""The files of a control-plane node, written by kubeadm itself into a folder."""

import base64
import json
import subprocess

import yaml
from harness.ports import free_port
from programs import etcd as etcd_server
from programs import kubernetes, program

# kubeadm refuses a loopback address. This one is for documentation (RFC 5737), and nothing listens there.
ADDRESS = "192.0.2.1"
STATIC_PODS = "etc/kubernetes/manifests"

# kubeadm 1.37 writes flags of etcd 3.6 also for an image of 3.5, which refuses them. An older kubeadm wrote these.
FLAGS_OF_35 = {"feature-gates=InitialCorruptCheck=true": "experimental-initial-corrupt-check=true",
               "watch-progress-notify-interval": "experimental-watch-progress-notify-interval"}  # fmt: skip

CONFIG = """
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {{advertiseAddress: {address}, bindPort: {port}}}
nodeRegistration: {{name: control-plane, criSocket: unix:///run/none.sock}}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: {version}
controlPlaneEndpoint: 127.0.0.1:{port}
etcd: {{local: {{extraArgs: {etcd}}}}}
"""


class NodeFiles:
    """/etc/kubernetes of one node under `root`, with ports of its own."""

    def __init__(self, root, etcd=()):
        """`etcd`: flags as name=value, which kubeadm puts after its own."""
        self.root = root
        root.mkdir(parents=True)
        self.api_port = free_port()
        self.etcd_port = free_port()
        (root / "kubeadm.yaml").write_text(
            CONFIG.format(
                address=ADDRESS,
                port=self.api_port,
                version=f"v{kubernetes()}",
                etcd=json.dumps([dict(zip(("name", "value"), flag.split("=", 1))) for flag in etcd]),
            )
        )
        for phase in (("certs", "all"), ("kubeconfig", "all"), ("control-plane", "all"), ("etcd", "local")):
            self._phase(*phase)
        self._listen_on_loopback()
        if etcd_server().version < (3, 6):
            self._replace_in_manifests({f"--{new}": f"--{old}" for new, old in FLAGS_OF_35.items()})

    @property
    def kubeconfig(self):
        return self.root / "etc/kubernetes/super-admin.conf"

    def admin_pair(self):
        """A file with the administrator's certificate and key."""
        path = self.root / "admin.pem"
        user = yaml.safe_load(self.kubeconfig.read_text())["users"][0]["user"]
        path.write_bytes(b"".join(base64.b64decode(user[f"client-{part}-data"]) for part in ("certificate", "key")))
        return path

    def command(self, name):
        """What the static pod runs, with the paths of this folder."""
        pod = yaml.safe_load((self.root / STATIC_PODS / f"{name}.yaml").read_text())
        command = pod["spec"]["containers"][0]["command"]
        return [word.replace("/etc/kubernetes/", f"{self.root}/etc/kubernetes/").replace("/var/lib/etcd", f"{self.root}/var/lib/etcd")
                for word in command[1:]]  # fmt: skip

    def etcd_flags(self):
        """etcdctl's flags for the client certificate of the API server."""
        pki = self.root / "etc/kubernetes/pki"
        return ("--cacert", pki / "etcd/ca.crt", "--cert", pki / "apiserver-etcd-client.crt", "--key", pki / "apiserver-etcd-client.key")

    def _phase(self, *words):
        subprocess.run([program("kubeadm"), "init", "phase", *words, "--config=/kubeadm.yaml", f"--rootfs={self.root}"],
                       check=True, capture_output=True)  # fmt: skip

    def _listen_on_loopback(self):
        """The client port that kubeadm has no setting for, and the addresses that this machine does not have."""
        ports = {"2379": self.etcd_port, "2380": free_port(), "2381": free_port(), "10257": free_port(), "10259": free_port()}
        self._replace_in_manifests({f"https://{ADDRESS}:": "https://127.0.0.1:",
                                    **{f":{kubeadms}": f":{own}" for kubeadms, own in ports.items()}})  # fmt: skip

    def _replace_in_manifests(self, words):
        for path in (self.root / STATIC_PODS).iterdir():
            text = path.read_text()
            for old, new in words.items():
                text = text.replace(old, new)
            path.write_text(text)
