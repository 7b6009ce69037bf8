"""An etcd with what a Kubernetes cluster keeps in it, by its own account and on its disk."""

import base64
import collections
import json
import time
import urllib.parse

import grpc

from . import loadgen
from .fake_etcd import message
from .wait import until

MIX = "pods=30,events=30,policyreports=20,configmaps=10,leases=10"
RESOURCES = {"pods": "pods", "configmaps": "configmaps", "secrets": "secrets", "events": "events",
             "leases": "leases.coordination.k8s.io", "wgpolicyk8s.io/policyreports": "policyreports.wgpolicyk8s.io",
             "compact_rev_key": "compact_rev_key"}  # fmt: skip


def write(etcd, *arguments):
    return loadgen.run([etcd.url], "--mix", MIX, "--namespaces", 20, "--rate", 0, *arguments)


def fill(etcd, writes=3000):
    """Objects, updates, deletes and leases, as of a Kubernetes cluster, and keys that are not."""
    last = write(etcd, "--preload", "pods=200,secrets=100,policyreports=100", "--writes", writes)["last_revision"]
    etcd.ctl("put", "compact_rev_key", "0")
    etcd.ctl("put", "/elsewhere/binary\x01key", "x" * 9000)
    return last + 2


def apply(etcd, changes):
    """Writes (key, value) in that order, a value of None being a delete; some 30 are under way at a time."""
    with grpc.insecure_channel(urllib.parse.urlparse(etcd.url).netloc) as channel:
        put = channel.unary_unary("/etcdserverpb.KV/Put")
        delete = channel.unary_unary("/etcdserverpb.KV/DeleteRange")
        under_way = collections.deque()
        for key, value in changes:
            under_way.append(delete.future(message({1: key})) if value is None else put.future(message({1: key, 2: value})))
            if len(under_way) > 30:
                under_way.popleft().result()
        for call in under_way:
            call.result()


def settle(etcd, writes=4):
    """Lets the pages of earlier transactions become free: each commit of etcd's, every 100 ms, does so with the last ones."""
    for _ in range(writes):
        before = etcd.status()["raftIndex"]
        etcd.ctl("put", "settle", "1")
        until(lambda before=before: etcd.status()["raftIndex"] > before)
        time.sleep(0.15)  # a commit has nothing that could be waited for


def resource_of(key):
    path = key.removeprefix("/registry/")
    resource = next((label for prefix, label in RESOURCES.items() if f"{path}/".startswith(prefix + "/")), None)
    return resource or ("/elsewhere" if path.startswith("/elsewhere/") else "other")


def namespace_of(key):
    path = key.removeprefix("/registry/wgpolicyk8s.io/").removeprefix("/registry/").split("/")
    return path[1] if key.startswith("/registry/") and len(path) == 3 else ""


def live(etcd, label_of=resource_of):
    """{resource: (objects, bytes)} by the server's own Range."""
    entries = json.loads(etcd.ctl("get", "", "--prefix", "--write-out=json", timeout=120)).get("kvs", [])
    found = collections.defaultdict(lambda: [0, 0])
    for entry in entries:
        key, value = (base64.b64decode(entry.get(name, "")) for name in ("key", "value"))
        counts = found[label_of(key.decode())]
        counts[0] += 1
        counts[1] += len(key) + len(value)
    return {label: tuple(counts) for label, counts in found.items()}


def live_by_namespace(etcd):
    return live(etcd, namespace_of)


def file_of(etcd):
    return etcd.process.log_path.parent / "data/member/snap/db"
