"""The chart's values that place, name and scrape the pods, one by one, and the chart as a package that others list."""

import json
import re

import pytest
import yaml
from schema import faults
from test_chart import EXTERNAL, TLS, VALUES
from tools import CHART, IMAGE, NAMESPACE, ROOT, WITH_IMAGE, helm, of_kind, pods, run, tool

BOTH = pytest.mark.parametrize("flags", [(), EXTERNAL], ids=["DaemonSet", "Deployment"])
DIGEST = "sha256:" + 64 * "a"


def pod(*flags):
    (made,) = pods(helm(*flags))
    return made


@pytest.mark.parametrize("flags", VALUES.values(), ids=VALUES)
def test_helm_4_renders_what_helm_3_renders(flags):
    helm4 = tool("helm4")
    code, out, error = run(helm4, "lint", "--strict", CHART, WITH_IMAGE, *flags)
    assert code == 0, out + error
    code, out, error = run(helm4, "template", "etcd-headroom", CHART, "--namespace", NAMESPACE, WITH_IMAGE, *flags)
    assert code == 0, error
    made, wanted = ([json.dumps(o, sort_keys=True) for o in objects] for objects in (yaml.safe_load_all(out), helm(*flags)))
    assert sorted(made) == sorted(wanted)


@BOTH
def test_the_image_can_be_pinned_by_its_digest(flags):
    version = (ROOT / "VERSION").read_text().strip()
    (plain,), (pinned,) = (pod(*f)["spec"]["containers"] for f in (flags, (*flags, f"--set=image.digest={DIGEST}")))
    assert (plain["image"], pinned["image"]) == (f"{IMAGE}:{version}", f"{IMAGE}:{version}@{DIGEST}")


@BOTH
def test_a_pod_goes_where_the_values_send_it(flags):
    tolerations = [{"key": "disk", "operator": "Equal", "value": "fast", "effect": "NoSchedule"}]
    plain = pod(*flags)["spec"]
    made = pod(*flags, "--set", "nodeSelector.disk=fast,priorityClassName=high", "--set-json", f"tolerations={json.dumps(tolerations)}")[
        "spec"
    ]
    assert made["nodeSelector"] == {"disk": "fast"}
    assert made["tolerations"] == plain.get("tolerations", []) + tolerations
    assert (plain["priorityClassName"], made["priorityClassName"]) == (f"system-{'cluster' if flags else 'node'}-critical", "high")
    assert made.get("affinity") == plain.get("affinity"), "it still runs beside etcd"


@BOTH
def test_pod_annotations_labels_and_pull_secrets_are_the_pod_s(flags):
    made = pod(*flags, "--set", "podAnnotations.owner=storage,extraLabels.team=a", "--set", "imagePullSecrets[0].name=registry")
    assert made["metadata"]["annotations"] == {"owner": "storage"}
    assert made["metadata"]["labels"]["team"] == "a"
    assert made["spec"]["imagePullSecrets"] == [{"name": "registry"}]


@BOTH
def test_more_flags_and_resources_are_the_container_s(flags):
    (plain,), (made,) = (pod(*f)["spec"]["containers"] for f in
                         (flags, (*flags, "--set", "extraArgs={--log.level=debug},resources.limits.memory=64Mi")))  # fmt: skip
    assert made["args"] == [*plain["args"], "--log.level=debug"]
    assert made["resources"]["limits"] == {**plain["resources"]["limits"], "memory": "64Mi"}


def test_one_value_names_every_object():
    switches = [
        f"--set={key}.enabled=true" for key in ("serviceMonitor", "prometheusRule", "vmPodScrape", "vmRule", "dashboards", "mutualTLS")
    ]
    tls = [f"--set-json={kind}.{TLS}" for kind in ("serviceMonitor", "vmPodScrape")]
    objects = helm(*switches, *tls, "--set", "fullnameOverride=headroom")
    assert {o["metadata"]["name"] for o in objects if not o["metadata"]["name"].startswith("headroom-")} == {"headroom"}
    assert pods(objects)[0]["spec"]["serviceAccountName"] == "headroom"
    (volume,) = (v for v in pods(objects)[0]["spec"]["volumes"] if v["name"] == "mutual-tls")
    held = [source["configMap"]["name"] for source in volume["projected"]["sources"] if "configMap" in source]
    assert held[0] in {o["metadata"]["name"] for o in of_kind(objects, "ConfigMap")}


def test_objects_carry_the_labels_of_helm_and_pods_do_not():
    objects = helm("--set", "serviceMonitor.enabled=true,prometheusRule.enabled=true,dashboards.enabled=true")
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    of_helm = {"helm.sh/chart": f"etcd-headroom-{chart['version']}", "app.kubernetes.io/managed-by": "Helm"}
    assert all(of_helm.items() <= o["metadata"]["labels"].items() for o in objects)
    assert not of_helm.keys() & pods(objects)[0]["metadata"]["labels"].keys(), "a new chart alone restarts no pod"


@BOTH
def test_a_service_monitor_finds_the_pods_through_a_service(flags):
    objects = helm(*flags, "--set", "serviceMonitor.enabled=true,serviceMonitor.labels.release=a,cluster=production")
    assert [fault for o in objects for fault in faults(o)] == []
    ((service,), (monitor,)) = of_kind(objects, "Service"), of_kind(objects, "ServiceMonitor")
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert monitor["metadata"]["labels"]["release"] == "a" and service["spec"]["clusterIP"] == "None"
    labels, (container,) = pods(objects)[0]["metadata"]["labels"], pods(objects)[0]["spec"]["containers"]
    assert service["spec"]["selector"].items() <= labels.items()
    ((port,), (endpoint,)) = service["spec"]["ports"], monitor["spec"]["endpoints"]
    assert endpoint["port"] == port["name"] and port["targetPort"] in {p["name"] for p in container["ports"]}
    (pod_monitor,) = of_kind(helm(*flags, "--set", "podMonitor.enabled=true,cluster=production"), "PodMonitor")
    assert pod_monitor["spec"]["podMetricsEndpoints"] == [endpoint], "the same labels either way"


@pytest.mark.parametrize(
    "flags, words",
    [
        (("--set", "podMonitor.enabled=true,serviceMonitor.enabled=true"), "/serviceMonitor/enabled"),
        (("--set", "mutualTLS.enabled=true,serviceMonitor.enabled=true"), "/serviceMonitor/tlsConfig"),
        (("--set", "image.digest=latest"), "/image/digest"),
        (("--set", "fullnameOverride=Etcd_Headroom"), "/fullnameOverride"),
        (("--set-json", 'tolerations=[{"operator":"Any"}]'), "/tolerations/0/operator"),
        (("--set-json", 'tolerations=[{"efect":"NoExecute"}]'), "efect"),
        (("--set-json", 'nodeSelector={"fast":true}'), "/nodeSelector/fast"),
        (("--set-json", 'podAnnotations={"fast":true}'), "/podAnnotations/fast"),
    ],
)  # fmt: skip
def test_values_that_cannot_be_meant_are_refused_by_name(flags, words):
    code, _, error = run(tool("helm"), "template", CHART, WITH_IMAGE, *flags)
    assert code != 0
    assert words in error


def test_the_chart_can_be_listed():
    """Artifact Hub shows icon, maintainers, links and README."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    home = chart["home"]
    icon = re.fullmatch(re.escape(home.replace("github.com", "raw.githubusercontent.com")) + "/main/(.*)", chart["icon"])[1]
    assert (ROOT / icon).read_text().startswith("<svg ")
    assert all(person.keys() == {"name", "email", "url"} for person in chart["maintainers"])
    for link in yaml.safe_load(chart["annotations"]["artifacthub.io/links"]):
        assert (ROOT / re.fullmatch(re.escape(home) + "/(?:blob|tree)/main/(.*)", link["url"])[1]).exists()


def test_the_readme_lists_every_value():
    named = set(re.findall(r"`(\w+)[.\w]*`", (CHART / "README.md").read_text()))
    assert yaml.safe_load((CHART / "values.yaml").read_text()).keys() <= named
