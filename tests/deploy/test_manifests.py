"""The plain manifests: valid, in step with the chart, and as confined as they claim."""

import filecmp
import os
import pathlib
import re

import pytest
import yaml
from nodes import DATA
from schema import faults
from tools import DISTRIBUTIONS, IMAGE, KUBERNETES, ROOT, documents, helm, kustomize, of_kind, pods, run, tool

OVERLAYS = sorted(folder.name for folder in (KUBERNETES / "overlays").iterdir())
COMPONENTS = sorted(folder.name for folder in (KUBERNETES / "components").iterdir())
ROLES = [f"node-role.kubernetes.io/{role}" for role in ("control-plane", "etcd")]


def compose(folder, overlay, *components):
    """Puts an overlay and components together as docs/install.md does."""
    made = {"resources": [KUBERNETES / "overlays" / overlay], "components": [KUBERNETES / "components" / c for c in components]}
    relative = {key: [os.path.relpath(path, folder) for path in paths] for key, paths in made.items()}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(relative))


def composed(folder, overlay, *components):
    """The objects of an overlay with components."""
    compose(folder, overlay, *components)
    return kustomize(folder)


def everything(folder):
    for overlay in OVERLAYS:
        yield from kustomize(KUBERNETES / "overlays" / overlay)
    yield from composed(folder, "kubeadm", *COMPONENTS)


def test_what_is_rendered_is_what_is_in_the_repository(tmp_path):
    code, _, error = run(ROOT / "deploy/render.sh", tmp_path / "deploy", env={**os.environ, "HELM": tool("helm")})
    assert code == 0, error
    compared = filecmp.dircmp(ROOT / "deploy/kubernetes", tmp_path / "deploy/kubernetes"), filecmp.dircmp(
        ROOT / "deploy/helm", tmp_path / "deploy/helm")  # fmt: skip
    differing = []

    def collect(comparison):
        differing.extend(f"{comparison.left}/{name}" for name in
                         comparison.diff_files + comparison.left_only + comparison.right_only)  # fmt: skip
        for below in comparison.subdirs.values():
            collect(below)

    for comparison in compared:
        collect(comparison)
    assert not differing, "run make manifests"


def test_every_object_is_what_the_api_server_accepts(tmp_path):
    objects = list(everything(tmp_path))
    assert {"Namespace", "DaemonSet", "Deployment", "PodMonitor", "PrometheusRule"} <= {o["kind"] for o in objects}
    assert [fault for o in objects for fault in faults(o)] == []


def test_the_validation_sees_a_field_that_does_not_exist():
    (daemonset,) = of_kind(kustomize(KUBERNETES / "overlays/kubeadm"), "DaemonSet")
    spec = {**daemonset["spec"], "updateStategy": {}}
    assert faults({**daemonset, "spec": spec})
    assert faults({**daemonset, "spec": {**daemonset["spec"], "minReadySeconds": "one"}})


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_it_reaches_every_node_that_can_hold_etcd_and_only_those(distribution):
    (daemonset,) = of_kind(kustomize(KUBERNETES / "overlays" / distribution), "DaemonSet")
    assert daemonset["spec"]["updateStrategy"]["rollingUpdate"] == {"maxUnavailable": 1}
    spec = daemonset["spec"]["template"]["spec"]
    terms = spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert terms == [{"matchExpressions": [{"key": role, "operator": "Exists"}]} for role in ROLES], "any one is enough"
    tolerated = [(t["key"], t.get("effect")) for t in spec["tolerations"] if t["operator"] == "Exists"]
    assert set(tolerated) == {(role, effect) for role in ROLES for effect in ("NoSchedule", "NoExecute")} | {
        ("CriticalAddonsOnly", None)}  # fmt: skip
    assert spec["priorityClassName"] == "system-node-critical"
    assert spec["hostNetwork"] is True


def confinement_faults(pod):
    spec = pod["spec"]
    if spec.get("automountServiceAccountToken") is not False:
        yield "has a token of the API server"
    if spec["securityContext"].get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "is without seccomp"
    if spec.get("hostPID") or spec.get("hostIPC"):
        yield "sees the node's processes"
    for volume in spec.get("volumes", []):
        if "hostPath" in volume and volume["hostPath"].get("type") != "Directory":
            yield f"{volume['name']} is not an existing folder"
    for container in spec["containers"]:
        name, context = container["name"], container["securityContext"]
        if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
            yield f"{name} may gain privileges"
        if context.get("readOnlyRootFilesystem") is not True:
            yield f"{name} may write to its root"
        if context["capabilities"]["drop"] != ["ALL"] or context["capabilities"].get("add", []) not in ([], ["DAC_READ_SEARCH"]):
            yield f"{name} has capabilities"
        if not all(container["resources"].get(kind, {}).keys() >= {"cpu", "memory"} for kind in ("requests", "limits")):
            yield f"{name} is not limited"
        if not all(mount.get("readOnly") for mount in container.get("volumeMounts", [])):
            yield f"{name} may write to a volume"
        # What root is for is reading the node's files; who reads none is not root.
        on_node = any("hostPath" in volume for volume in spec.get("volumes", [])) and name in ("exporter", "etcd-defrag")
        user = context.get("runAsUser", spec["securityContext"].get("runAsUser"))
        if (user == 0) != on_node:
            yield f"{name} runs as user {user}"


def test_every_pod_is_confined(tmp_path):
    cronjob = documents((ROOT / "deploy/etcd-defrag/cronjob.yaml").read_text())
    all_pods = pods([*everything(tmp_path), *cronjob])
    assert len(all_pods) == len(OVERLAYS) + 2
    assert [fault for pod in all_pods for fault in confinement_faults(pod)] == []


def test_the_capability_to_read_is_where_etcd_has_a_user_of_its_own_alone():
    added = {}
    for distribution in DISTRIBUTIONS:
        (pod,) = pods(kustomize(KUBERNETES / "overlays" / distribution))
        added[distribution] = pod["spec"]["containers"][0]["securityContext"]["capabilities"].get("add")
    assert added == {"kubeadm": None, "k3s": None, "rke2": ["DAC_READ_SEARCH"]}


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_the_exact_inventory_sees_the_data_directory_and_no_more_is_granted(distribution, tmp_path):
    (before,) = pods(kustomize(KUBERNETES / "overlays" / distribution))
    (pod,) = pods(composed(tmp_path, distribution, "exact-inventory"))
    assert list(confinement_faults(pod)) == []
    ((was,), (now,)) = before["spec"]["containers"], pod["spec"]["containers"]
    assert now["args"] == [*was["args"], "--collector.inventory"]
    assert now["securityContext"] == {**was["securityContext"], "capabilities": {"drop": ["ALL"], "add": ["DAC_READ_SEARCH"]}}
    mounted = [mount["mountPath"] for mount in now["volumeMounts"]]
    assert mounted == [m["mountPath"] for m in was["volumeMounts"]] + (["/host/var/lib/etcd"] if distribution == "kubeadm" else [])
    assert any(f"/host/{DATA[distribution]}/".startswith(f"{folder}/") for folder in mounted)
    assert (now["resources"] != was["resources"]) == (distribution == "kubeadm"), "the others read the file in any case"


def test_the_namespace_allows_what_the_pods_need_and_no_more():
    levels = {}
    for overlay in OVERLAYS:
        (namespace,) = of_kind(kustomize(KUBERNETES / "overlays" / overlay), "Namespace")
        levels[overlay] = namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
    assert levels == {"kubeadm": "privileged", "k3s": "privileged", "rke2": "privileged", "external-etcd": "restricted"}


@pytest.mark.parametrize(
    "component, flags",
    [("mutual-tls", ("--set", "mutualTLS.enabled=true")),
     ("dedicated-certificates", ("--set", "certificates.directory=/etc/etcd-headroom")),
     ("exact-inventory", ("--set", "inventory.enabled=true"))],
)  # fmt: skip
@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_a_component_does_what_the_chart_does(distribution, component, flags, tmp_path):
    plain = composed(tmp_path, distribution, component)
    chart = helm("--set", f"distribution={distribution}", *flags)
    for made in chart:
        del made["metadata"]["labels"]["helm.sh/chart"], made["metadata"]["labels"]["app.kubernetes.io/managed-by"]
    assert of_kind(plain, "DaemonSet", "ConfigMap", "ServiceAccount") == of_kind(chart, "DaemonSet", "ConfigMap", "ServiceAccount")


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_component_changes_an_overlay_or_is_refused(overlay, component, tmp_path):
    compose(tmp_path, overlay, component)
    code, out, error = run(tool("kustomize"), "build", tmp_path)
    if overlay == "external-etcd" and component != "prometheus-operator":
        assert code != 0 and "no matches for Id DaemonSet" in error
    else:
        assert code == 0, error
        assert documents(out) != kustomize(KUBERNETES / "overlays" / overlay)


@pytest.mark.parametrize("components", [False, True])
def test_what_the_page_for_kustomize_composes_is_made_with_the_image_that_the_readme_builds(components, tmp_path):
    readme = (ROOT / "README.md").read_text()
    version, image = re.search(r"^docker build .*VERSION=(\S+) -t (\S+) \.$", readme, re.M).groups()
    assert image.endswith(f":{version}") and version == (ROOT / "VERSION").read_text().strip()
    page = (ROOT / "docs/install.md").read_text()
    text = re.search(r"```yaml\n(resources: \[etcd-headroom/.*?)```", page, re.S)[1]
    text = re.sub(r"\betcd-headroom/deploy", os.path.relpath(ROOT / "deploy", tmp_path), text)
    (tmp_path / "kustomization.yaml").write_text(re.sub("^# ?", "", text, flags=re.M) if components else text)
    objects = kustomize(tmp_path)
    assert [pod["spec"]["containers"][0]["image"] for pod in pods(objects)] == [image]
    assert components == ({"PodMonitor", "PrometheusRule"} <= {o["kind"] for o in objects})


def test_a_failure_of_helm_fails_the_rendering(tmp_path):
    code, _, _ = run(ROOT / "deploy/render.sh", tmp_path / "deploy", env={**os.environ, "HELM": "false"})
    assert code != 0
    rendered = tmp_path / "deploy/kubernetes/base/serviceaccount.yaml"
    assert rendered.read_text() == (ROOT / "deploy/kubernetes/base/serviceaccount.yaml").read_text(), "nothing is written"


def test_the_host_firewall_loads_and_loads_again():
    nft = tool("nft")
    code, _, error = run("unshare", "--net", nft, "list", "ruleset")
    if code != 0:
        pytest.skip(f"nobody may load rules here: {error.strip()}")
    file = ROOT / "deploy/firewall/etcd-headroom.nft"
    code, out, error = run("unshare", "--net", "sh", "-ec", '"$1" -f "$2"; "$1" -f "$2"; "$1" list ruleset', "sh", nft, file)
    assert code == 0, error
    for family, known in (("ip", "scrapers"), ("ip6", "scrapers6")):
        assert out.count(f"tcp dport 9379 {family} saddr != @{known} drop") == 1


def test_one_name_of_the_image_and_one_version():
    version = (ROOT / "VERSION").read_text().strip()
    chart = yaml.safe_load((ROOT / "deploy/helm/etcd-headroom/Chart.yaml").read_text())
    assert chart["version"] == chart["appVersion"] == version
    images = {line.strip() for file in pathlib.Path(ROOT / "deploy").rglob("*.yaml") for line in file.read_text().splitlines()
              if "image: " in line and "etcd-headroom-exporter:" in line}  # fmt: skip
    assert images == {f"image: {IMAGE}:{version}"}
