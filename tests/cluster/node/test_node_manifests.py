"""Every overlay, component and the chart on a real API server and node; what Pod Security says of them."""

import json
import re

import pytest
from deployment import IMAGE, kustomization
from harness.certificates import Authority
from harness.wait import until
from machine import ADDRESS
from node import NAME
from tools import CHART, KUBERNETES, NAMESPACE, ROOT, kustomize, pods, tool

OVERLAYS = sorted(folder.name for folder in (KUBERNETES / "overlays").iterdir())
COMPONENTS = ("dedicated-certificates", "exact-inventory", "mutual-tls")  # prometheus-operator's kinds are not known here
DATA = "/host/var/lib/etcd"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_api_server_takes_each_overlay_and_component_without_a_warning(overlay, namespace, tmp_path):
    namespace.apply(kustomization(tmp_path, overlay), "--dry-run=server")
    for component in COMPONENTS if overlay != "external-etcd" else ():
        namespace.apply(kustomization(tmp_path, overlay, [component]), "--dry-run=server")


def test_the_api_server_takes_the_cronjob_without_a_warning(namespace):
    done = namespace.node.try_kubectl("apply", "--dry-run=server", "-f", ROOT / "deploy/etcd-defrag/cronjob.yaml")
    assert done.returncode == 0 and not done.stderr, done.stderr


@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_pod_security_refuses_it_in_the_words_of_the_readme(level, namespace):
    node = namespace.node
    node.kubectl("label", "namespace", NAMESPACE, f"pod-security.kubernetes.io/enforce={level}", "--overwrite")
    (template,) = pods(kustomize(KUBERNETES / "overlays/kubeadm"))
    pod = {"apiVersion": "v1", "kind": "Pod", **template, "metadata": {"name": "exporter", "namespace": NAMESPACE}}
    del pod["spec"]["serviceAccountName"]
    done = node.try_kubectl("create", "--dry-run=server", "-f", "-", stdin=json.dumps(pod))
    (refusal,) = re.findall(r'violates PodSecurity "\w+:latest": .*', done.stderr)
    assert refusal in (ROOT / "deploy/README.md").read_text().splitlines()


def test_all_components_together_work_on_the_node(namespace, tmp_path):
    node = namespace.node
    commands = re.search(r"^install -d .*etcd-headroom\n(ln .*\n)+", (ROOT / "docs/security.md").read_text(), re.M)[0]
    assert node.type(f"set -e; {commands}").returncode == 0
    authority = Authority(tmp_path / "monitoring")
    tls_certificate, tls_key = authority.issue("exporter", "serverAuth", names=f"IP:{ADDRESS}")
    authority.issue("prometheus", "clientAuth")
    node.kubectl("-n", NAMESPACE, "create", "secret", "generic", "etcd-headroom-exporter-tls", f"--from-file=tls.crt={tls_certificate}",
                 f"--from-file=tls.key={tls_key}", f"--from-file=ca.crt={authority.ca}")  # fmt: skip
    patch = [{"op": "add", "path": "/spec/template/spec/containers/0/args/-", "value": "--inventory.count-at-start"}]
    at_once = {"target": {"kind": "DaemonSet"}, "patch": json.dumps(patch)}
    namespace.apply(kustomization(tmp_path / "k", components=COMPONENTS, patches=[at_once]))
    namespace.roll_out()

    server = ("--cacert", authority.ca)
    scrape = (*server, "--cert", authority.folder / "prometheus.crt", "--key", authority.folder / "prometheus.key")
    url = f"https://{ADDRESS}:9379"
    until(lambda: namespace.scrape(*scrape, url=url).value("object_bytes", resource="nodes") > 0, 60, "the walk")
    page = namespace.scrape(*scrape, url=url)
    assert page.value("inventory_exact") == page.value("up", member=NAME) == 1
    with pytest.raises(OSError, match="certificate required|alert"):
        namespace.scrape(*server, url=url)
    done = node.type(
        f"crictl exec $(crictl ps -q --name '^exporter$') /usr/bin/etcd-headroom-exporter analyze {DATA}/member/snap/db --output=json"
    )
    assert done.returncode == 0 and "nodes" in {row["resource"] for row in json.loads(done.stdout)["resources"]}, done.stderr


@pytest.mark.parametrize("version", [3, 4])
def test_helm_installs_it_without_a_warning(version, namespace):
    node = namespace.node
    helm = tool("helm" if version == 3 else f"helm{version}")
    repository, _, tag = IMAGE.rpartition(":")
    command = ("env", "KUBECONFIG=/etc/kubernetes/super-admin.conf", helm)
    done = node.machine.try_run(*command, "install", "etcd-headroom", CHART, "--namespace", NAMESPACE, "--wait", "--timeout=2m",
                                f"--set=image.repository={repository},image.tag={tag}", timeout=150)  # fmt: skip
    assert done.returncode == 0 and "arning" not in done.stderr, done.stderr
    namespace.comes_up()
    node.machine.run(*command, "uninstall", "etcd-headroom", "--namespace", NAMESPACE, "--wait")


def test_an_etcd_outside_is_reached_from_a_pod_of_its_own_under_the_restricted_profile(namespace, tmp_path):
    node = namespace.node
    pki = "/etc/kubernetes/pki/etcd"
    node.kubectl("-n", NAMESPACE, "create", "secret", "generic", "etcd-headroom-certificates", f"--from-file=ca.crt={pki}/ca.crt",
                 f"--from-file=tls.crt={pki}/healthcheck-client.crt", f"--from-file=tls.key={pki}/healthcheck-client.key")  # fmt: skip
    endpoints = f"--etcd.endpoints=https://{ADDRESS}:2379"
    patch = [{"op": "replace", "path": "/spec/template/spec/containers/0/args/0", "value": endpoints},
             {"op": "add", "path": "/spec/template/spec/tolerations", "value": [{"operator": "Exists"}]}]  # fmt: skip
    patches = [{"target": {"kind": "Deployment"}, "patch": json.dumps(patch)}]
    namespace.apply(kustomization(tmp_path, "external-etcd", patches=patches))
    node.kubectl("-n", NAMESPACE, "rollout", "status", "deployment/etcd-headroom-exporter", "--timeout=120s", timeout=130)
    address = namespace.pod()["status"]["podIP"]
    until(lambda: namespace.scrape(url=f"http://{address}:9379").value("up") == 1, 30, "etcd on the page")
