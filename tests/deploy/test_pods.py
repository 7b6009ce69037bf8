"""The rendered pods, run as they are against real etcd clusters laid out as kubeadm, k3s and RKE2 do."""

import copy
import json
import os
import re
import shutil
import subprocess

import pytest
import yaml
from harness import loadgen
from harness.certificates import Authority
from harness.report import WRITES_REFUSED, commands
from harness.wait import until
from nodes import DATA, QUOTA, RANCHER, addresses
from test_manifests import compose, composed
from tools import ROOT, kustomize, pods

CERTIFICATES_TYPED = {"kubeadm": "=/etc/kubernetes/pki/etcd/healthcheck-client.crt", "k3s": f"=/{RANCHER}/k3s/server/tls/etcd/client.crt",
                      "rke2": f"=/{RANCHER}/rke2/server/tls/etcd "}  # fmt: skip
SEEN = {"kubeadm": "kubeadm", "k3s": "k3s", "rke2": "RKE2"}


@pytest.mark.parametrize("distribution", SEEN)
def test_it_comes_up_on_three_nodes_with_no_flag_changed(distribution, start_nodes, run_pod, overlay_pod):
    nodes = start_nodes(distribution)
    pods = [run_pod(overlay_pod(distribution), node, ip).ready() for (node, _), ip in zip(nodes, addresses(3))]
    for pod, (_, member) in zip(pods, nodes):
        page = until(lambda: (p := pod.scrape()).value("up", member=member.name) == 1 and p, 20)
        assert page.value("cluster_members", role="voter") == 3
        assert page.value("quota_bytes") == QUOTA
        assert page.value("quota_source_bytes", source="manifest") == QUOTA, "the node's files are mounted"
        assert page.value("manifest_info", snapshot_count="10000") == 1
        until(lambda: pod.scrape().value("watch_connected") == 1, 20)
        assert f"of={SEEN[distribution]}" in pod.log()
    assert [pod.stop() for pod in pods] == [0, 0, 0]


def test_external_members_are_reached_as_nobody_by_a_secret(start_nodes, run_pod, overlay_pod, tmp_path):
    nodes = start_nodes("kubeadm")
    template = copy.deepcopy(overlay_pod("external-etcd"))
    args = template["spec"]["containers"][0]["args"]
    assert args[0].startswith("--etcd.endpoints=")
    args[0] = "--etcd.endpoints=" + ",".join(member.url for _, member in nodes)
    (ip,) = addresses(1)
    args[args.index("--web.listen-address=:9379")] = f"--web.listen-address={ip}:9379"  # a pod has its own network, this has not
    secret = tmp_path / "cluster/secrets/etcd-headroom-certificates"
    secret.mkdir(parents=True)
    for name, file in {"ca.crt": "ca.crt", "tls.crt": "client.crt", "tls.key": "client.key"}.items():
        shutil.copy(tmp_path / "authority" / file, secret / name)
        os.chown(secret / name, 0, template["spec"]["securityContext"]["fsGroup"])
        (secret / name).chmod(template["spec"]["volumes"][0]["secret"]["defaultMode"])
    pod = run_pod(template, tmp_path / "cluster", ip).ready()
    until(lambda: sum(s.value for s in pod.scrape().find("up")) == 3, 20)


@pytest.mark.parametrize("distribution", SEEN)
def test_it_serves_while_etcd_does_not(distribution, start_nodes, run_pod, overlay_pod):
    ((node, member),) = start_nodes(distribution, 1)
    member.process.pause()
    try:
        pod = run_pod(overlay_pod(distribution), node, *addresses(1)).ready()
        assert pod.scrape().value("up") == 0
    finally:
        member.process.resume()
    until(lambda: pod.scrape().value("up") == 1, 30)


@pytest.mark.parametrize("distribution, kind", [("kubeadm", "none"), ("k3s", "kine"), ("rke2", "none")])
def test_a_node_without_etcd_is_quiet(distribution, kind, run_pod, overlay_pod, tmp_path):
    node = tmp_path / "node"
    folders = {"kubeadm": ["etc/kubernetes/manifests", "etc/kubernetes/pki/etcd"],
               "k3s": [f"{RANCHER}/k3s/server/db", f"{RANCHER}/k3s/server/tls/etcd"],
               "rke2": [f"{RANCHER}/rke2/server/db", f"{RANCHER}/rke2/server/tls/etcd", f"{RANCHER}/rke2/agent/pod-manifests"]}  # fmt: skip
    for folder in folders[distribution]:
        (node / folder).mkdir(parents=True)
    if kind == "kine":
        (node / RANCHER / "k3s/server/db/state.db").touch()
    pod = run_pod(overlay_pod(distribution), node, *addresses(1)).ready()
    page = pod.scrape()
    assert page.value("endpoints") == 0 and page.value("datastore_info") == page.value("datastore_info", kind=kind) == 1
    assert not page.has("up")
    assert "level=error" not in pod.log() and pod.stop() == 0


def test_certificates_of_another_certificatesdir_are_found_where_the_readme_mounts_them(run_pod, start_nodes, tmp_path):
    ((node, _),) = start_nodes("kubeadm", 1)
    kubernetes = node / "etc/kubernetes"
    (kubernetes / "pki").rename(kubernetes / "ssl")
    manifest = yaml.safe_load((kubernetes / "manifests/etcd.yaml").read_text())
    spec = manifest["spec"]
    spec["containers"][0]["command"].append("--trusted-ca-file=/etc/kubernetes/ssl/etcd/ca.crt")
    spec["containers"][0]["volumeMounts"].append({"name": "pki", "mountPath": "/etc/kubernetes/ssl/etcd"})
    spec["volumes"].append({"name": "pki", "hostPath": {"path": "/etc/kubernetes/ssl/etcd"}})
    (kubernetes / "manifests/etcd.yaml").write_text(yaml.safe_dump(manifest))
    patches = re.search(r"```yaml\n(patches:\n.*?kubernetes/ssl.*?)```", (ROOT / "deploy/README.md").read_text(), re.S)[1]
    compose(tmp_path, "kubeadm")
    with open(tmp_path / "kustomization.yaml", "a") as file:
        file.write(patches)
    (template,) = pods(kustomize(tmp_path))
    pod = run_pod(template, node, *addresses(1)).ready()
    until(lambda: pod.scrape().value("up") == 1, 20)


def test_a_missing_certificate_ends_the_start_with_its_path(run_pod, overlay_pod, start_nodes):
    ((node, _),) = start_nodes("kubeadm", 1)
    (node / "etc/kubernetes/pki/etcd/healthcheck-client.key").unlink()
    pod = run_pod(overlay_pod("kubeadm"), node, *addresses(1))
    assert pod.process.wait(10) == 1
    assert "/host/etc/kubernetes/pki/etcd/healthcheck-client.key" in pod.log()


@pytest.mark.parametrize("distribution", SEEN)
def test_a_report_from_within_the_pod_knows_the_node_and_fits_beside_the_exporter(distribution, start_nodes, run_pod, overlay_pod):
    nodes = start_nodes(distribution, 3, 160 << 20)
    (node, member) = nodes[0]
    pod = run_pod(overlay_pod(distribution), node, *addresses(1)).ready()
    until(lambda: pod.scrape().value("watch_connected") == 1, 20)
    loadgen.run([member.url], *loadgen.tls(member.authority), "--mix", "pods=20,policyreports=80", "--size", "policyreports=20000",
                "--rate", 0, "--in-flight", 64, "--until-nospace", "--compact-interval", 0)  # fmt: skip

    (command,) = re.findall(r"^pod=.*\ncrictl exec .* report .*$", (ROOT / "docs/report.md").read_text(), re.M)
    done = pod.type(f"{command} --output=json")

    assert done.returncode == WRITES_REFUSED, done.stderr
    found = json.loads(done.stdout)
    assert {m["name"] for m in found["members"]} == {member.name for _, member in nodes}
    assert {m["quota_bytes"] for m in found["members"]} == {160 << 20}
    assert found["sample"]["resources"][0]["name"] == "policyreports.wgpolicyk8s.io"
    typed = "".join(commands(found))
    assert CERTIFICATES_TYPED[distribution] in typed.replace("\n", " ") and "/host" not in typed
    assert ("crictl exec" in typed) == (distribution != "k3s")
    assert pod.scrape().value("up", member=member.name) == 1, "the exporter was not ended for the memory of both"


def as_user_etcd(folder):
    """RKE2 under a CIS profile: only user etcd may enter the data directory."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 4711, 4711)
        path.chmod(0o700 if path.is_dir() else 0o600)


def test_on_rke2_the_settings_are_read_though_they_belong_to_another_user(start_nodes, run_pod, overlay_pod):
    ((node, _),) = start_nodes("rke2", 1)
    as_user_etcd(node / RANCHER / "rke2/server/db/etcd")
    (ip,) = addresses(1)
    with_capability = run_pod(overlay_pod("rke2"), node, ip).ready()
    page = until(lambda: (p := with_capability.scrape()).value("up") == 1 and p, 20)
    assert page.value("quota_source_bytes", source="manifest") == QUOTA
    with_capability.stop()

    template = copy.deepcopy(overlay_pod("rke2"))
    del template["spec"]["containers"][0]["securityContext"]["capabilities"]["add"]
    without = run_pod(template, node, ip).ready()
    assert not without.scrape().has("quota_source_bytes", source="manifest"), "it is the capability that reads"


def with_inventory(folder, distribution):
    """The pod of an overlay with the component, which walks the file at once."""
    (template,) = copy.deepcopy(pods(composed(folder, distribution, "exact-inventory")))
    template["spec"]["containers"][0]["args"].append("--inventory.count-at-start")
    return template


@pytest.mark.parametrize("distribution", SEEN)
def test_the_exact_inventory_is_read_from_a_folder_that_another_user_alone_may_enter(distribution, start_nodes, run_pod, tmp_path):
    ((node, member),) = start_nodes(distribution, 1)
    loadgen.run([member.url], *loadgen.tls(member.authority), "--preload", "pods=2000,secrets=100", "--writes", 0)
    file = node / DATA[distribution] / "member/snap/db"
    file.parent.mkdir(parents=True)
    os.link(tmp_path / member.name / "data/member/snap/db", file)
    as_user_etcd(node / DATA[distribution])
    template = with_inventory(tmp_path, distribution)
    (ip,) = addresses(1)
    pod = run_pod(template, node, ip).ready()
    page = until(lambda: (p := pod.scrape()).value("inventory_exact") == 1 and p.value("up") == 1 and p, 20)
    assert page.value("object_bytes", resource="pods") > 2000 * 1000
    assert page.value("inventory_failures_total") == 0
    done = pod.type(
        f"crictl exec -it {pod.name} /usr/bin/etcd-headroom-exporter analyze /host/{DATA[distribution]}/member/snap/db --output=json"
    )
    assert done.returncode == 0, done.stderr
    assert "pods" in {row["resource"] for row in json.loads(done.stdout)["resources"]}
    assert pod.memory() < pod.memory_limit / 4
    assert pod.stop() == 0
    if distribution != "kubeadm":  # elsewhere etcd's settings are in that folder, too
        return
    del template["spec"]["containers"][0]["securityContext"]["capabilities"]["add"]
    without = run_pod(template, node, ip).ready()
    page = until(lambda: (p := without.scrape()).value("inventory_failures_total") == 1 and p, 20)
    assert page.value("inventory_exact") == 0, "it is the capability that reads"
    assert "CAP_DAC_READ_SEARCH" in without.log()


def write_pair(node, authority):
    """Renews the client's pair as kubeadm does: the same files, truncated and written."""
    for end in ("crt", "key"):
        with open(node / f"etc/kubernetes/pki/etcd/healthcheck-client.{end}", "w", encoding="utf-8") as file:
            file.write((authority / f"client.{end}").read_text())


def follows_a_renewal(pod, node, authority):
    """The pod, given a pair that etcd refuses, comes up when the right one is written."""
    assert pod.ready().scrape().value("up") == 0
    write_pair(node, authority)
    until(lambda: pod.scrape().value("up") == 1, 30)
    return True


def test_a_renewed_certificate_is_picked_up_through_the_mount(start_nodes, run_pod, overlay_pod, tmp_path):
    ((node, _),) = start_nodes("kubeadm", 1)
    write_pair(node, Authority.with_pairs(tmp_path / "others").folder)
    assert follows_a_renewal(run_pod(overlay_pod("kubeadm"), node, *addresses(1)), node, tmp_path / "authority")


def test_a_dedicated_folder_of_hard_links_is_enough_and_follows_a_renewal(start_nodes, run_pod, overlay_pod, tmp_path):
    """Made by the commands of docs/security.md, here below the node's root."""
    ((node, _),) = start_nodes("kubeadm", 1)
    write_pair(node, Authority.with_pairs(tmp_path / "others").folder)
    commands = re.search(r"^install -d .*etcd-headroom\n(ln .*\n)+", (ROOT / "docs/security.md").read_text(), re.M)[0]
    subprocess.run(["sh", "-ec", commands.replace(" /etc", " etc")], check=True, cwd=node)
    template = copy.deepcopy(overlay_pod("kubeadm"))
    (volume,) = (v for v in template["spec"]["volumes"] if v["name"] == "certificates")
    volume["hostPath"]["path"] = "/etc/etcd-headroom"
    assert {file.name for file in (node / "etc/etcd-headroom").iterdir()} == {"ca.crt", "healthcheck-client.crt", "healthcheck-client.key"}
    assert follows_a_renewal(run_pod(template, node, *addresses(1)), node, tmp_path / "authority")
