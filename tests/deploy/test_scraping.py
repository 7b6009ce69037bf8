"""Scrape configurations and Alertmanager's: accepted by their programs, and the labels and routes that come of them."""

import json
import re

import pytest
import yaml
from tools import NAMESPACE, ROOT, helm, of_kind, run, tool

# What service discovery has of the exporter's pod on a node.
POD = {
    "__address__": "10.0.0.1:9379",
    "__meta_kubernetes_namespace": NAMESPACE,
    "__meta_kubernetes_pod_name": "etcd-headroom-exporter-x7k2p",
    "__meta_kubernetes_pod_node_name": "control-plane-1",
    "__meta_kubernetes_pod_container_name": "exporter",
    "__meta_kubernetes_pod_container_port_name": "metrics",
    "__meta_kubernetes_pod_label_app_kubernetes_io_name": "etcd-headroom-exporter",
}
ETCD_MIXIN = re.compile(".*etcd.*")


def target_labels(folder, scrape, found):
    """The labels that Prometheus gives the targets: `found` of service discovery after the config's relabeling."""
    labels = {key: value for key, value in found.items() if key != "__address__"}
    scrape = {**scrape, "static_configs": [{"targets": [found["__address__"]], "labels": labels}]}
    scrape.pop("kubernetes_sd_configs", None)
    (folder / "prometheus.yml").write_text(yaml.safe_dump({"scrape_configs": [scrape]}))
    code, out, error = run(tool("promtool"), "check", "service-discovery", "--timeout=1s", folder / "prometheus.yml", scrape["job_name"])
    assert code == 0, error
    return [target["labels"] for target in json.loads(out[out.index("[") :])]


def as_operator(endpoint, name):
    """The scrape config that Prometheus Operator makes of a PodMonitor: its own labels first, ours after them."""
    snake = [{re.sub("[A-Z]", lambda c: "_" + c[0].lower(), k): v for k, v in r.items()} for r in endpoint["relabelings"]]
    return {
        "job_name": f"podMonitor/{NAMESPACE}/{name}/0", "scrape_interval": endpoint["interval"], "scheme": endpoint["scheme"],
        "relabel_configs": [
            {"source_labels": ["job"], "target_label": "__tmp_prometheus_job_name"},
            {"source_labels": ["__meta_kubernetes_pod_container_port_name"], "regex": endpoint["port"], "action": "keep"},
            {"source_labels": ["__meta_kubernetes_namespace"], "target_label": "namespace"},
            {"source_labels": ["__meta_kubernetes_pod_name"], "target_label": "pod"},
            {"target_label": "job", "replacement": f"{NAMESPACE}/{name}"},
            {"target_label": "endpoint", "replacement": endpoint["port"]},
            *snake,
        ],
    }  # fmt: skip


def check(labels):
    assert labels["job"] == "headroom-exporter" and not ETCD_MIXIN.match(labels["job"])
    assert labels["instance"] == "control-plane-1"


def test_a_pod_monitor_sets_job_and_instance(tmp_path):
    objects = helm("--set", "podMonitor.enabled=true,cluster=production,etcdCluster=events")
    (monitor,) = of_kind(objects, "PodMonitor")
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    config = as_operator(endpoint, monitor["metadata"]["name"])
    (labels,) = target_labels(tmp_path, config, POD)
    check(labels)
    assert (labels["cluster"], labels["etcd_cluster"]) == ("production", "events")
    assert ETCD_MIXIN.match(f"{NAMESPACE}/{monitor['metadata']['name']}"), "what the operator would have made of it"


def test_a_pod_monitor_finds_the_pods(tmp_path):
    objects = helm("--set", "podMonitor.enabled=true")
    ((monitor,), (daemonset,)) = of_kind(objects, "PodMonitor"), of_kind(objects, "DaemonSet")
    wanted = monitor["spec"]["selector"]["matchLabels"]
    assert wanted.items() <= daemonset["spec"]["template"]["metadata"]["labels"].items()
    ports = [port["name"] for c in daemonset["spec"]["template"]["spec"]["containers"] for port in c.get("ports", [])]
    assert ports == [monitor["spec"]["podMetricsEndpoints"][0]["port"]]


def shipped(name):
    return yaml.safe_load((ROOT / f"deploy/prometheus/{name}.yaml").read_text())["scrape_configs"][0]


@pytest.mark.parametrize("name", ["static", "kubernetes"])
def test_prometheus_accepts_the_configuration(name, tmp_path):
    config = yaml.safe_load((ROOT / f"deploy/prometheus/{name}.yaml").read_text())
    # Debian's Prometheus is built without discovery in Kubernetes; the schema of that part is not checked.
    config["scrape_configs"][0].pop("kubernetes_sd_configs", None)
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    for rules in ("recording.yaml", "alerts.yaml"):
        (tmp_path / rules).symlink_to(ROOT / "rules" / rules)
    code, out, error = run(tool("promtool"), "check", "config", tmp_path / "prometheus.yml")
    assert code == 0, out + error
    assert out.count("rules found") == 2


def test_kubernetes_discovery_gives_the_node_as_instance(tmp_path):
    (labels,) = target_labels(tmp_path, shipped("kubernetes"), POD)
    check(labels)
    assert labels["cluster"] == "production"
    other_port = {**POD, "__meta_kubernetes_pod_container_port_name": "other"}
    assert not any(target_labels(tmp_path, shipped("kubernetes"), other_port)), "dropped"


def test_static_targets_are_instances_without_a_port(tmp_path):
    (labels,) = target_labels(tmp_path, shipped("static"), {"__address__": "10.0.0.1:9379"})
    assert labels["job"] == "headroom-exporter" and labels["instance"] == "10.0.0.1"


ALERTMANAGER = ROOT / "deploy/alertmanager/alertmanager.yaml"


def test_alertmanager_accepts_the_example_and_it_inhibits_as_the_other_file():
    code, out, error = run(tool("amtool"), "check-config", ALERTMANAGER)
    assert code == 0, out + error
    inhibition = yaml.safe_load((ALERTMANAGER.parent / "inhibition.yaml").read_text())
    assert yaml.safe_load(ALERTMANAGER.read_text())["inhibit_rules"] == inhibition["inhibit_rules"]


@pytest.mark.parametrize(
    "name, severity, receiver",
    [("EtcdHeadroomWritesRefused", "critical", "pages"), ("EtcdHeadroomFullWithinADay", "warning", "tickets"),
     ("EtcdHeadroomDefaultQuota", "info", "none"), ("SomethingElse", "critical", "tickets")],
)  # fmt: skip
def test_each_severity_goes_its_way(name, severity, receiver):
    code, out, _ = run(tool("amtool"), "config", "routes", "test", f"--config.file={ALERTMANAGER}", f"--verify.receivers={receiver}",
                       f"alertname={name}", f"severity={severity}", "cluster=a")  # fmt: skip
    assert code == 0, out
