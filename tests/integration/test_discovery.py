"""A node's etcd is found by the files of its distribution, with certificates, metrics page and settings; or that there is none."""

import os
import shutil
import subprocess

import pytest
from harness.exporter import BINARY, Exporter
from harness.ports import free_port
from harness.wait import until

ANY_ETCD = True
IN_KUBERNETES = {"KUBERNETES_SERVICE_HOST": "10.96.0.1"}
MANIFEST = """\
apiVersion: v1
kind: Pod
metadata: {{name: etcd, namespace: kube-system}}
spec:
  containers:
  - name: etcd
    command:
    - etcd
    - --listen-client-urls={client},https://192.0.2.7:2379
    - --listen-metrics-urls={metrics}
    - --quota-backend-bytes=4294967296
"""
KUBESPRAY = (
    MANIFEST
    + """\
    - --trusted-ca-file=/etc/kubernetes/ssl/etcd/ca.crt
    volumeMounts: [{{name: pki, mountPath: /etc/kubernetes/ssl/etcd}}]
  volumes: [{{name: pki, hostPath: {{path: /etc/kubernetes/ssl/etcd}}}}]
"""
)
CONFIG = "listen-client-urls: {client},https://192.0.2.7:2379\nlisten-metrics-urls: {metrics}\nquota-backend-bytes: 4294967296\n"


def kubeadm(node):
    return node / "etc/kubernetes/manifests/etcd.yaml", node / "etc/kubernetes/pki/etcd", ("ca", "healthcheck-client"), MANIFEST


def k3s(node):
    server = node / "var/lib/rancher/k3s/server"
    return server / "db/etcd/config", server / "tls/etcd", ("server-ca", "client"), CONFIG


def rke2(node):
    rancher = node / "var/lib/rancher/rke2"
    return rancher / "agent/pod-manifests/etcd.yaml", rancher / "server/tls/etcd", ("server-ca", "client"), MANIFEST


def lay(layout, node, authority, etcd, metrics):
    """Lays the files of a distribution below `node` as its etcd has them."""
    config, pki, (ca, client), text = layout(node)
    pki.mkdir(parents=True)
    shutil.copy(authority.ca, pki / f"{ca}.crt")
    for end in ("crt", "key"):
        shutil.copy(authority.folder / f"client.{end}", pki / f"{client}.{end}")
    config.parent.mkdir(parents=True)
    config.write_text(text.format(client=etcd.url, metrics=metrics))
    return config


def kubespray(node):
    """kubeadm with another certificatesDir, which the manifest alone names."""
    return kubeadm(node)[0], node / "etc/kubernetes/ssl/etcd", ("ca", "healthcheck-client"), KUBESPRAY


@pytest.mark.parametrize("layout", [kubeadm, kubespray, k3s, rke2])
def test_the_nodes_etcd_is_found_with_all_that_belongs_to_it(layout, make_etcd, make_exporter, authority, tmp_path):
    metrics = f"http://127.0.0.1:{free_port()}"
    etcd = make_etcd(f"--listen-metrics-urls={metrics}", authority=authority)
    config = lay(layout, tmp_path / "node", authority, etcd, metrics)

    exporter = make_exporter(f"--path.rootfs={tmp_path}/node", env=IN_KUBERNETES)

    page = until(lambda: (p := exporter.scrape()).value("up", member="m1") == 1 and p)
    assert page.value("quota_source_bytes", source="manifest") == 4294967296
    assert page.value("quota_source_bytes", source="metrics") == 2147483648
    assert page.value("datastore_info", kind="etcd") == 1 and page.value("endpoints") == 1
    found = exporter.log_lines("found on this node")
    for what in (f"endpoint={etcd.url}", f"metrics_url={metrics}/metrics", f"config=/{config.relative_to(tmp_path / 'node')}",
                 "cacert=", "cert=", "key="):  # fmt: skip
        assert len([line for line in found if f" {what}" in line]) == 1, what
    assert len(found) == 6, "one line each"


def test_the_metrics_page_is_found_where_the_http_of_clients_is(begin_etcd, make_exporter, authority, tmp_path):
    """With listen-client-http-urls the client URLs speak gRPC alone."""
    http = f"https://127.0.0.1:{free_port()}"
    etcd = begin_etcd(f"--listen-client-http-urls={http}", authority=authority)
    config = lay(k3s, tmp_path / "node", authority, etcd, "http://127.0.0.1:1")
    config.write_text(f"listen-client-urls: {etcd.url}\nlisten-client-http-urls: {http}\n")

    exporter = make_exporter(f"--path.rootfs={tmp_path}/node", env=IN_KUBERNETES)

    page = until(lambda: (p := exporter.scrape()).value("up", member="m1") == 1 and p.has("quota_source_bytes", source="metrics") and p)
    assert page.value("quota_source_bytes", source="metrics") == 2147483648
    assert len(exporter.log_lines(f" metrics_url={http}/metrics")) == 1
    with pytest.raises(OSError):
        etcd.get("/metrics")


def test_certificates_that_are_not_mounted_end_the_start_with_what_to_do(tmp_path, authority, make_etcd):
    etcd = make_etcd(authority=authority)
    lay(kubeadm, tmp_path / "node", authority, etcd, "http://127.0.0.1:1")
    shutil.rmtree(tmp_path / "node/etc/kubernetes/pki")
    exporter = Exporter(tmp_path / "e", f"--path.rootfs={tmp_path}/node")
    assert exporter.process.wait(10) == 1
    (line,) = exporter.process.log().splitlines()
    for words in ("kubeadm", "pki/etcd/ca.crt", "--etcd.cacert"):
        assert words in line


def checked(node, *command):
    return subprocess.run(
        [*command, "--config.check", f"--path.rootfs={node}"], capture_output=True, text=True, env={**os.environ, **IN_KUBERNETES}
    )


def test_config_check_shows_what_is_found_and_what_may_not_be_read(etcd, authority, tmp_path):
    node = tmp_path / "node"
    lay(kubeadm, node, authority, etcd, "http://127.0.0.1:2381")
    done = checked(node, BINARY)
    assert done.returncode == 0, done.stderr
    assert f"etcd.endpoints: [{etcd.url}]  # found on this node" in done.stdout
    assert "# found on this node: the etcd of kubeadm" in done.stdout
    assert "# its quota: 4294967296 bytes" in done.stdout

    # As a user who may reach all of it but the key.
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    program = shutil.copy(BINARY, tmp_path / "exporter")
    (node / "etc/kubernetes/pki/etcd/healthcheck-client.key").chmod(0)
    denied = checked(node, "setpriv", "--reuid=65534", "--clear-groups", program)
    assert denied.returncode == 1
    assert denied.stderr.rstrip().endswith("run as root, or as a user that may read it"), denied.stderr


@pytest.mark.parametrize("trace, kind", [(None, "none"), ("var/lib/rancher/k3s/server/db/state.db", "kine")])
def test_a_node_without_etcd_has_no_member(trace, kind, make_exporter, tmp_path):
    node = tmp_path / "node"
    node.mkdir()
    if trace:
        (node / trace).parent.mkdir(parents=True)
        (node / trace).touch()
    page = make_exporter(f"--path.rootfs={node}", env=IN_KUBERNETES).scrape()
    assert page.value("endpoints") == 0
    assert page.value("datastore_info") == page.value("datastore_info", kind=kind) == 1
    assert not page.has("up"), "nothing is down that was never there"


def test_outside_kubernetes_etcd_is_asked_where_it_usually_is(make_exporter, tmp_path):
    page = make_exporter(f"--path.rootfs={tmp_path}").scrape()
    assert page.value("endpoints") == 1 and page.value("up") in (0, 1)


def test_etcd_that_comes_to_the_node_later_ends_the_process_and_the_next_one_finds_it(make_etcd, make_exporter, authority, tmp_path):
    node = tmp_path / "node"
    node.mkdir()
    exporter = make_exporter(f"--path.rootfs={node}", env=IN_KUBERNETES)
    assert exporter.scrape().value("datastore_info", kind="none") == 1

    metrics = f"http://127.0.0.1:{free_port()}"
    etcd = make_etcd(f"--listen-metrics-urls={metrics}", authority=authority)
    lay(kubeadm, node, authority, etcd, metrics)

    until(lambda: exporter.process.child.poll() is not None, 30)
    assert exporter.process.child.returncode == 0
    assert exporter.log_lines("the datastore of this node has changed")
    page = make_exporter(f"--path.rootfs={node}", env=IN_KUBERNETES).scrape()
    assert page.value("up", member="m1") == 1
