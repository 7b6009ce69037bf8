"""The etcd of distributions that say by their API server, their variables or their places where it is."""

import json
import pathlib
import shutil
import socket

import pytest
import yaml
from harness.exporter import Exporter
from harness.wait import until

ANY_ETCD = True
IN_KUBERNETES = {"KUBERNETES_SERVICE_HOST": "10.96.0.1"}
QUOTA = 4294967296
CHART_TABLE = pathlib.Path(__file__).parents[2] / "deploy/helm/etcd-headroom/files/distributions.yaml"
USUAL = "https://127.0.0.1:2379"


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def pod(path, *containers, mounts=("/etc",)):
    volumes = [{"name": f"v{i}", "hostPath": {"path": mount}} for i, mount in enumerate(mounts)]
    for container in containers:
        container["volumeMounts"] = [{"name": f"v{i}", "mountPath": mount} for i, mount in enumerate(mounts)]
    spec = {"hostNetwork": True, "containers": list(containers), "volumes": volumes}
    write(path, json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "namespace": "kube-system"}, "spec": spec}))


def api_server(servers, folder, ca, certificate, key, *flags):
    command = ["kube-apiserver", f"--etcd-servers={servers}", f"--etcd-cafile={folder}/{ca}", f"--etcd-certfile={folder}/{certificate}",
               f"--etcd-keyfile={folder}/{key}", *flags]  # fmt: skip
    return {"name": "kube-apiserver", "command": command}


def give(node, authority, folder, ca, certificate, key):
    """The client pair and its CA by those names in a folder of the node."""
    place = node / folder.lstrip("/")
    for name, source in ((ca, authority.ca), (certificate, authority.folder / "client.crt"), (key, authority.folder / "client.key")):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place / name)


def kops(node, authority, etcd):
    files = ("/etc/kubernetes/pki/kube-apiserver", "etcd-ca.crt", "etcd-client.crt", "etcd-client.key")
    give(node, authority, *files)
    pod(node / "etc/kubernetes/manifests/etcd.manifest", {"name": "etcd-manager", "command": ["/bin/sh", "-c", "exec /etcd-manager"]})
    overrides = "--etcd-servers-overrides=/events#https://127.0.0.1:4002"
    pod(node / "etc/kubernetes/manifests/kube-apiserver.manifest", api_server(etcd.url, *files, overrides))


def etcd_env(node, etcd):
    write(node / "etc/etcd.env", f"# etcd\nETCD_LISTEN_CLIENT_URLS=https://192.0.2.7:2379,{etcd.url}\nETCD_QUOTA_BACKEND_BYTES={QUOTA}\n"
          "ETCD_TRUSTED_CA_FILE=/etc/ssl/etcd/ssl/ca.pem\n")  # fmt: skip


def kubespray(node, authority, etcd):
    files = ("/etc/ssl/etcd/ssl", "ca.pem", "node-n1.pem", "node-n1-key.pem")
    give(node, authority, *files)
    etcd_env(node, etcd)
    pod(node / "etc/kubernetes/manifests/kube-apiserver.yaml", api_server("https://192.0.2.7:2379,https://192.0.2.8:2379", *files))


def kubespray_etcd_alone(node, authority, etcd):
    give(node, authority, "/etc/ssl/etcd/ssl", "ca.pem", "admin-n1.pem", "admin-n1-key.pem")
    etcd_env(node, etcd)


def openshift(node, authority, etcd):
    folder = "/etc/kubernetes/static-pod-resources/etcd-certs"
    ca, pair = "configmaps/etcd-all-bundles/server-ca-bundle.crt", "secrets/etcd-all-certs/etcd-peer-n1"
    give(node, authority, folder, ca, f"{pair}.crt", f"{pair}.key")
    env = [{"name": f"ETCDCTL_{name}", "value": f"{folder}/{file}"} for name, file in
           (("CACERT", ca), ("CERT", f"{pair}.crt"), ("KEY", f"{pair}.key"))]  # fmt: skip
    script = "exec nice -n -19 etcd --listen-client-urls=https://${LISTEN_ON_ALL_IPS}:2379"
    etcd_container = {"name": "etcd", "command": ["/bin/sh", "-c", script],
                      "env": [*env, {"name": "ETCD_QUOTA_BACKEND_BYTES", "value": str(QUOTA)}]}  # fmt: skip
    pod(
        node / "etc/kubernetes/manifests/etcd-pod.yaml",
        {"name": "etcdctl", "command": ["sleep"], "env": env},
        etcd_container,
        mounts=[folder],
    )


def k0s(node, authority, etcd):
    give(node, authority, "/var/lib/k0s/pki", "etcd/ca.crt", "apiserver-etcd-client.crt", "apiserver-etcd-client.key")
    write(node / "var/lib/k0s/pki/etcd/server.crt")


def talos(node, authority, etcd):
    give(node, authority, "/system/secrets/etcd", "ca.crt", "admin.crt", "admin.key")


def rke2_elsewhere(node, authority, etcd):
    write(node / "etc/rancher/rke2/config.yaml", "token: x\ndata-dir: /data/rke2\n")
    give(node, authority, "/data/rke2/server/tls/etcd", "server-ca.crt", "client.crt", "client.key")
    pod(node / "data/rke2/agent/pod-manifests/etcd.yaml",
        {"name": "etcd", "command": ["etcd", f"--listen-client-urls={etcd.url}", f"--quota-backend-bytes={QUOTA}"]})  # fmt: skip


def found(make_exporter, node, name):
    exporter = make_exporter(f"--path.rootfs={node}", env=IN_KUBERNETES)
    page = until(lambda: (p := exporter.scrape()).value("up", member="m1") == 1 and p)
    assert page.value("datastore_info", kind="etcd") == 1
    assert exporter.log_lines(f"of={name} endpoint=") or exporter.log_lines(f'of="{name}" endpoint='), exporter.process.log()
    return exporter, page


@pytest.mark.parametrize("layout, name, quota", [(kops, "kube-apiserver", None), (kubespray, "/etc/etcd.env", QUOTA),
                                                 (kubespray_etcd_alone, "/etc/etcd.env", QUOTA), (rke2_elsewhere, "RKE2", QUOTA)])  # fmt: skip
def test_etcd_on_any_port_is_found(layout, name, quota, make_etcd, make_exporter, authority, tmp_path):
    etcd = make_etcd(authority=authority)
    layout(tmp_path / "node", authority, etcd)
    exporter, page = found(make_exporter, tmp_path / "node", name)
    assert page.has("quota_source_bytes", source="manifest") == bool(quota)
    if quota:
        assert page.value("quota_source_bytes", source="manifest") == quota
    second = exporter.log_lines("keeps some resources in another etcd")
    assert [line for line in second if "resources=/events" in line and "--etcd.endpoints=https://127.0.0.1:4002" in line] == second
    assert bool(second) == (layout is kops)


@pytest.mark.parametrize("layout, name, quota", [(openshift, "OpenShift", QUOTA), (k0s, "k0s", None), (talos, "Talos", None)])
def test_etcd_on_its_usual_port_is_found(layout, name, quota, begin_etcd, make_exporter, authority, tmp_path):
    for port in (2379, 9978):
        with socket.socket() as taken:
            if taken.connect_ex(("127.0.0.1", port)) == 0:
                pytest.skip(f"something listens on port {port} of this machine already")
    etcd = begin_etcd(f"--listen-client-urls={USUAL}", f"--advertise-client-urls={USUAL}", "--listen-metrics-urls=https://127.0.0.1:9978",
                      authority=authority)  # fmt: skip
    etcd.url = USUAL
    etcd.ready()
    layout(tmp_path / "node", authority, etcd)
    exporter, page = found(make_exporter, tmp_path / "node", name)
    assert page.has("quota_source_bytes", source="manifest") == bool(quota)
    until(lambda: exporter.scrape().value("quota_source_bytes", source="metrics") == 2147483648, 20, "etcd's own page")


def test_a_node_without_etcd_warns_where_it_looked(make_exporter, tmp_path):
    node = tmp_path / "node"
    pod(node / "etc/kubernetes/manifests/kube-apiserver.yaml",
        api_server("https://192.0.2.1:2379", "/etc/kubernetes/pki", "ca.crt", "c.crt", "c.key"))  # fmt: skip
    exporter = make_exporter(f"--path.rootfs={node}", env=IN_KUBERNETES)
    assert exporter.scrape().value("datastore_info", kind="none") == 1
    (line,) = exporter.log_lines("no etcd on this node")
    for words in ("level=warn", "kube_apiserver_uses=https://192.0.2.1:2379", "/etc/etcd.env", "--etcd.endpoints"):
        assert words in line, line


def test_dqlite_is_no_etcd(make_exporter, tmp_path):
    write(tmp_path / "node/var/snap/microk8s/current/var/kubernetes/backend/cluster.yaml")
    assert make_exporter(f"--path.rootfs={tmp_path}/node", env=IN_KUBERNETES).scrape().value("datastore_info", kind="kine") == 1


def test_a_certificate_that_is_not_mounted_is_named(make_etcd, authority, tmp_path):
    node = tmp_path / "node"
    kops(node, authority, make_etcd(authority=authority))
    shutil.rmtree(node / "etc/kubernetes/pki")
    exporter = Exporter(tmp_path / "e", f"--path.rootfs={node}")
    assert exporter.process.wait(10) == 1
    (line,) = exporter.process.log().splitlines()
    assert "pki/kube-apiserver/etcd-ca.crt" in line and "--etcd.cacert" in line


@pytest.mark.parametrize(
    "name, layout", [("openshift", openshift), ("kops", kops), ("kubespray", kubespray), ("k0s", k0s), ("talos", talos)]
)
def test_what_the_chart_mounts_is_enough_to_find_it(name, layout, make_etcd, make_exporter, authority, tmp_path):
    layout(tmp_path / "node", authority, make_etcd(authority=authority))
    mounts = yaml.safe_load(CHART_TABLE.read_text())[name]
    for mount in (mounts["certificates"], *mounts["directories"], *mounts.get("files", [])):
        source, target = (tmp_path / root / mount.lstrip("/") for root in ("node", "pod"))
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            shutil.copy(source, target)
        else:
            target.mkdir()  # the layout has no static pod
    exporter = make_exporter(f"--path.rootfs={tmp_path}/pod", env=IN_KUBERNETES)
    assert exporter.scrape().value("endpoints") == 1
    assert len(exporter.log_lines("found on this node")) >= 5
