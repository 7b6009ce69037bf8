"""The Helm chart: what it renders from values, and which values it refuses."""

import json
import re
import shutil
import tarfile

import pytest
import yaml
from schema import faults
from tools import CHART, IMAGE, NAMESPACE, ROOT, WITH_IMAGE, documents, helm, of_kind, pods, run, tool

ALERTS = {rule["alert"] for group in yaml.safe_load((ROOT / "rules/alerts.yaml").read_text())["groups"] for rule in group["rules"]}
EXTERNAL = ("--set", "distribution=external,external.endpoints={https://10.0.0.1:2379},external.secretName=etcd-client")
TLS = 'tlsConfig={"serverName":"etcd-headroom","ca":{"secret":{"name":"s","key":"ca.crt"}}}'
ALL_ON = [f"--set={key}.enabled=true" for key in ("podMonitor", "prometheusRule", "vmPodScrape", "vmRule", "dashboards", "mutualTLS")]
ALL_ON += [f"--set-json={kind}.{TLS}" for kind in ("podMonitor", "vmPodScrape")]
VALUES = {
    "nothing": (),
    "k3s": ("--set", "distribution=k3s,nodeRoles={etcd}"),
    "rke2": ("--set", "distribution=rke2,port=19379"),
    "external over plain HTTP": ("--set", "distribution=external", "--set", "external.endpoints={http://10.0.0.1:2379}"),
    "external with a Secret": EXTERNAL,
    "external with both": (*EXTERNAL, "--set", "mutualTLS.enabled=true"),
    "external with mutual TLS alone": ("--set", "distribution=external,mutualTLS.enabled=true,external.endpoints={http://10.0.0.1:2379}"),
    "inventory": ("--set", "inventory.enabled=true,inventory.dataDirectory=/srv/etcd"),
    "service monitor": ("--set", "serviceMonitor.enabled=true,fullnameOverride=headroom"),
    "pods": ("--set", "podAnnotations.a=b,nodeSelector.disk=fast,priorityClassName=high", "--set-json", 'tolerations=[{"operator":"Exists"}]'),
    "SELinux": ("--set", "seLinuxOptions.type=spc_t"),
    "everything": (*ALL_ON, "--set", "cluster=a,etcdCluster=events,extraLabels.team=storage"),
}  # fmt: skip
WITHOUT_SCHEMA = ("VMPodScrape", "VMRule")  # their operator's definitions are no module


@pytest.mark.parametrize("flags", VALUES.values(), ids=VALUES)
def test_what_it_renders_is_what_the_api_server_accepts(flags):
    code, out, error = run(tool("helm"), "lint", "--strict", CHART, WITH_IMAGE, *flags)
    assert code == 0, out + error
    objects = helm(*flags)
    assert [fault for o in objects if o["kind"] not in WITHOUT_SCHEMA for fault in faults(o)] == []
    assert len(pods(objects)) == 1
    assert {o["metadata"]["namespace"] for o in objects} == {NAMESPACE}


def test_victoria_metrics_gets_what_prometheus_gets():
    specs = {o["kind"]: json.dumps(o["spec"]) for o in helm(*ALL_ON) if "spec" in o}
    assert specs["VMRule"] == specs["PrometheusRule"]
    assert specs["VMPodScrape"] == specs["PodMonitor"].replace('"relabelings"', '"relabelConfigs"')


@pytest.mark.parametrize(
    "flags, words",
    [
        (("--set", "podMonitors.enabled=true"), "podMonitors"),
        (("--set", "podMonitor.enable=true"), "enable"),
        (("--set", "port=http"), "/port"),
        (("--set", "port=80"), "/port"),
        (("--set", "image.repository="), "set image.repository to the image you pushed"),
        (("--set", "distribution=minikube"), "/distribution"),
        (("--set", "distribution=external"), "/external/endpoints"),
        (("--set", "external.endpoints={https://10.0.0.1:2379}"), "/external/endpoints"),
        ((*EXTERNAL, "--set", "external.endpoints={10.0.0.1:2379}"), "/external/endpoints/0"),
        ((*EXTERNAL, "--set", "certificates.directory=/etc/etcd-headroom"), "/certificates/directory"),
        (("--set", "certificates.directory=etc/etcd-headroom"), "/certificates/directory"),
        (("--set", "distribution=external,external.endpoints={https://10.0.0.1:2379}"), "/external/secretName"),
        (("--set", "distribution=external,external.endpoints={http://a:2379,https://b:2379}"), "/external/secretName"),
        (("--set", "mutualTLS.enabled=true,podMonitor.enabled=true"), "/podMonitor/tlsConfig"),
        (("--set", "mutualTLS.enabled=true,vmPodScrape.enabled=true"), "/vmPodScrape/tlsConfig"),
        (("--set", "inventory.enable=true"), "enable"),
        (("--set", "inventory.dataDirectory=etcd"), "/inventory/dataDirectory"),
        ((*EXTERNAL, "--set", "inventory.enabled=true"), "/inventory/enabled"),
        (("--set", "seLinuxOptions.kind=spc_t"), "kind"),
        ((*EXTERNAL, "--set", "seLinuxOptions.type=spc_t"), "/seLinuxOptions"),
        (("--set", "nodeRoles={}"), "/nodeRoles"),
        (("--set", "extraArgs={log.level=debug}"), "/extraArgs/0"),
        (("--set", "resources.limits.memmory=1Gi"), "memmory"),
        (("--set", "podMonitor.interval=often"), "/podMonitor/interval"),
        (("--set", "alerts.overrides.EtcdHeadroomCorrupt.expr=1"), "expr"),
        (("--set", "prometheusRule.enabled=true,alerts.disabled={EtcdHeadroomCorupt}"), "there is no alert EtcdHeadroomCorupt"),
        (("--set", "prometheusRule.enabled=true,alerts.overrides.EtcdHeadroomNone.for=1h"), "there is no alert EtcdHeadroomNone"),
    ],
)  # fmt: skip
def test_values_that_cannot_be_meant_are_refused_by_name(flags, words):
    code, _, error = run(tool("helm"), "template", CHART, WITH_IMAGE, *flags)
    assert code != 0
    assert words in error


def alerts(*flags, kind="PrometheusRule"):
    (rule,) = of_kind(helm("--set", f"{kind[0].lower()}{kind[1:]}.enabled=true", *flags), kind)
    return [r for group in rule["spec"]["groups"] for r in group["rules"] if "alert" in r]


def test_the_rules_are_those_of_the_repository(tmp_path):
    (rule,) = of_kind(helm("--set", "prometheusRule.enabled=true"), "PrometheusRule")
    shipped = [group for file in ("recording", "alerts") for group in yaml.safe_load((ROOT / f"rules/{file}.yaml").read_text())["groups"]]
    assert rule["spec"]["groups"] == shipped
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rule["spec"]))
    code, out, error = run(tool("promtool"), "check", "rules", tmp_path / "rules.yaml")
    assert code == 0, out + error


def test_the_links_to_boards_lead_to_the_grafana_of_the_values():
    links = {
        alert["annotations"]["dashboard_url"].split("?")[0] for alert in alerts("--set", "alerts.grafanaUrl=https://grafana.prod.example/g")
    }
    assert links == {"https://grafana.prod.example/g/d/etcd-headroom"}
    assert "https://" in alerts()[0]["annotations"]["dashboard_url"]


def test_a_package_has_the_rules_and_boards_that_the_chart_links_to(tmp_path):
    code, _, error = run(tool("helm"), "package", CHART, "--destination", tmp_path)
    assert code == 0, error
    (package,) = tmp_path.iterdir()
    with tarfile.open(package) as archive:
        packed = {path.name: archive.extractfile(f"etcd-headroom/files/{path.parent.name}/{path.name}").read()
                  for path in [*(CHART / "files/rules").iterdir(), *(CHART / "files/dashboards").iterdir()]}  # fmt: skip
    assert packed == {path.name: path.read_bytes() for path in [*(ROOT / "rules").glob("*.yaml"), *(ROOT / "dashboards").glob("*.json")]
                      if path.name not in ("etcd-only.yaml", "managed.yaml")}  # fmt: skip


def test_selinux_options_are_the_pod_s():
    ((plain,), (made,)) = pods(helm()), pods(helm("--set", "seLinuxOptions.type=spc_t"))
    assert made["spec"]["securityContext"] == {**plain["spec"]["securityContext"], "seLinuxOptions": {"type": "spc_t"}}


def test_a_data_directory_elsewhere_is_mounted_where_etcd_s_settings_name_it():
    (pod,) = pods(helm("--set", "inventory.enabled=true,inventory.dataDirectory=/srv/etcd"))
    (volume,) = (v for v in pod["spec"]["volumes"] if v["name"] == "data")
    (mount,) = (m for m in pod["spec"]["containers"][0]["volumeMounts"] if m["name"] == "data")
    assert volume["hostPath"] == {"path": "/srv/etcd", "type": "Directory"}
    assert mount == {"name": "data", "mountPath": "/host/srv/etcd", "readOnly": True}


def test_an_alert_can_be_left_out():
    left = {rule["alert"] for rule in alerts("--set", "alerts.disabled={EtcdHeadroomDefaultQuota,EtcdHeadroomCompactionStalled}")}
    assert left == ALERTS - {"EtcdHeadroomDefaultQuota", "EtcdHeadroomCompactionStalled"}


def test_an_alert_can_be_changed_and_all_can_be_labelled():
    changed = {"for": "2h", "labels": {"severity": "info"}, "annotations": {"runbook_url": "https://wiki.example/full"}}
    found = alerts("--set-json", "alerts=" + json.dumps({"overrides": {"EtcdHeadroomWatchDown": changed}, "labels": {"team": "a"}}))
    (alert,) = [rule for rule in found if rule["alert"] == "EtcdHeadroomWatchDown"]
    assert alert["for"] == "2h" and alert["labels"] == {"severity": "info", "team": "a"}
    assert alert["annotations"]["runbook_url"] == "https://wiki.example/full" and alert["annotations"]["summary"]
    assert all(rule["labels"]["team"] == "a" for rule in found)
    others = {rule["labels"]["severity"] for rule in found if rule["alert"] == "EtcdHeadroomWritesRefused"}
    assert others == {"critical"}


def test_each_dashboard_is_a_config_map_that_the_sidecar_finds():
    boards = sorted((ROOT / "dashboards").glob("*.json"))
    maps = [o for o in of_kind(helm("--set", "dashboards.enabled=true"), "ConfigMap") if o["metadata"]["labels"].get("grafana_dashboard")]
    held = {file: json.loads(text) for o in maps for file, text in o["data"].items()}
    assert held == {board.name: json.loads(board.read_text()) for board in boards}


def notes(folder, *flags):
    """What `helm install` prints at its end; without a cluster it prints nothing, so a template shows it."""
    chart = shutil.copytree(CHART, folder / "chart")
    text = (chart / "templates/NOTES.txt").read_text()
    (chart / "templates/_notes.tpl").write_text('{{- define "notes" -}}\n' + text + "{{- end }}\n")
    (chart / "templates/notes.yaml").write_text('notes: {{ include "notes" . | toJson }}\n')
    code, out, error = run(tool("helm"), "template", "release", chart, "--namespace", "somewhere", WITH_IMAGE, *flags,
                           "--show-only", "templates/notes.yaml")  # fmt: skip
    assert code == 0, error
    return yaml.safe_load(out)["notes"]


def test_the_notes_lead_to_the_first_metric_and_out_of_a_hanging_start(tmp_path):
    text = notes(tmp_path, "--set", "distribution=rke2,port=19379")
    for words in ("http://NODE_IP:19379/metrics", "label namespace somewhere pod-security", "ContainerCreating", "Nothing scrapes it",
                  "distribution rke2", "seLinuxOptions.type=spc_t"):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(
    "flags, words",
    [(EXTERNAL, "port-forward deployment/release-exporter 9379"), (("--set", "mutualTLS.enabled=true"), "--key KEY https://NODE_IP"),
     (("--set", "podMonitor.enabled=true"), "NODE_IP")],
)  # fmt: skip
def test_the_notes_fit_the_values(flags, words, tmp_path):
    text = notes(tmp_path, *flags)
    assert words in text
    assert ("Nothing scrapes it" in text) == ("podMonitor.enabled=true" not in flags)
    assert ("ContainerCreating" in text) == (flags != EXTERNAL)


def test_the_readme_s_command_installs():
    """Up to the cluster, which is not there: `template` takes the flags of `install`."""
    (command,) = re.findall(r"^helm install (.*)$", (ROOT / "README.md").read_text(), re.M)
    code, out, error = run(tool("helm"), "template", *command.split(), cwd=ROOT)
    assert code == 0, error
    (image,) = re.findall(r"image\.repository=(\S+)", command)
    assert image.endswith(f".example/{IMAGE.split('/')[1]}"), "one that nobody can own"
    assert documents(out) == helm("--set", f"image.repository={image}")


def test_every_value_is_explained_and_known_to_the_schema():
    schema = json.loads((CHART / "values.schema.json").read_text())["properties"]
    text = (CHART / "values.yaml").read_text()
    values = yaml.safe_load(text)
    assert values.keys() == schema.keys() - {"global"}
    paragraphs = [p for p in re.split(r"\n\n", text) if re.search(r"^\w", p, re.M)]
    unexplained = [p.splitlines()[0] for p in paragraphs if "#" not in p]
    assert unexplained == []
