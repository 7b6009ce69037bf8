"""Control-plane nodes as their distributions lay them out, each with a real etcd member."""

import random
import shutil

from harness.certificates import Authority
from harness.etcd import Etcd
from harness.ports import free_port
from harness.servers import servers

MANIFEST = """\
apiVersion: v1
kind: Pod
metadata: {{name: etcd, namespace: kube-system, labels: {{component: etcd, tier: control-plane}}}}
spec:
  containers:
  - name: etcd
    command:
    - etcd
{flags}
    volumeMounts:
    - {{mountPath: {data}, name: etcd-data}}
  hostNetwork: true
  volumes:
  - {{name: etcd-data, hostPath: {{path: {data}, type: DirectoryOrCreate}}}}
"""
QUOTA = 4 << 30
RANCHER = "var/lib/rancher"


def kubeadm(settings):
    """{path on the node: text or certificate}, of which CERTIFICATES are filled in."""
    flags = "\n".join(f"    - --{key}={value}" for key, value in {**settings, "data-dir": "/var/lib/etcd"}.items())
    pki = "etc/kubernetes/pki/etcd"
    return {
        "etc/kubernetes/manifests/etcd.yaml": MANIFEST.format(flags=flags, data="/var/lib/etcd"),
        f"{pki}/ca.crt": "ca.crt", f"{pki}/ca.key": "ca.key",
        f"{pki}/healthcheck-client.crt": "client.crt", f"{pki}/healthcheck-client.key": "client.key",
    }  # fmt: skip


def _rancher(name, settings):
    tls, data = (f"{RANCHER}/{name}/server/{folder}/etcd" for folder in ("tls", "db"))
    return {
        f"{data}/config": "".join(f"{key}: {value}\n" for key, value in {**settings, "data-dir": f"/{data}"}.items()),
        f"{tls}/server-ca.crt": "ca.crt", f"{tls}/server-ca.key": "ca.key",
        f"{tls}/client.crt": "client.crt", f"{tls}/client.key": "client.key",
    }  # fmt: skip


def k3s(settings):
    return _rancher("k3s", settings)


def rke2(settings):
    data = f"/{RANCHER}/rke2/server/db/etcd"
    manifest = MANIFEST.format(flags=f"    - --config-file={data}/config", data=data)
    return {**_rancher("rke2", settings), f"{RANCHER}/rke2/agent/pod-manifests/etcd.yaml": manifest}


DATA = {"kubeadm": "var/lib/etcd", **{name: f"{RANCHER}/{name}/server/db/etcd" for name in ("k3s", "rke2")}}
LAYOUTS = {"kubeadm": kubeadm, "k3s": k3s, "rke2": rke2}
CERTIFICATES = ("ca.crt", "ca.key", "client.crt", "client.key")


def lay(folder, layout, authority, settings):
    """Writes a node's files; keys are root's alone, as everywhere."""
    for path, content in LAYOUTS[layout](settings).items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if content in CERTIFICATES:
            shutil.copy(authority.folder / content, place)
        else:
            place.write_text(content)
        place.chmod(0o600)


def addresses(number):
    """Nodes' IPs: loopback ones, so that every exporter has its usual port."""
    first = f"127.{random.randint(10, 250)}.{random.randint(1, 250)}"
    return [f"{first}.{i + 1}" for i in range(number)]


def start_nodes(folder, layout, size=3, quota=QUOTA):
    """[(folder of the node, its member)]: one etcd cluster over TLS, set up as `layout` does."""
    authority = Authority.with_pairs(folder / "authority")
    ports = {f"m{i + 1}": free_port() for i in range(size)}
    cluster = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in ports.items())
    nodes = []
    for name, port in ports.items():
        metrics = f"http://127.0.0.1:{free_port()}"
        arguments = (f"--listen-metrics-urls={metrics}", f"--quota-backend-bytes={quota}")
        member = Etcd(folder / name, name, cluster, arguments, peer_port=port, authority=authority, server=servers()[-1])
        settings = {"name": name, "listen-client-urls": f"{member.url},https://192.0.2.7:2379", "listen-metrics-urls": metrics,
                    "quota-backend-bytes": quota, "snapshot-count": 10000}  # fmt: skip
        node = folder / f"node-{name}"
        lay(node, layout, authority, settings)
        nodes.append((node, member))
    for _, member in nodes:
        member.ready()
    return nodes
