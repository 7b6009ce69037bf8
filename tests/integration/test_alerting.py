"""From a full etcd through Prometheus and Alertmanager to whoever is woken."""

import subprocess
import time

from harness import loadgen
from harness.exporter import BINARY
from harness.monitoring import Alertmanager, Prometheus, Receiver, Target
from harness.wait import until

QUOTA = 64 << 20
CULPRIT = "policyreports.wgpolicyk8s.io"


def exporter_has_churn():
    return subprocess.run([BINARY, "--collector.churn", "--config.check"], capture_output=True, check=False).returncode == 0


def churn_page():
    """What the contract's churn collector would say of the load below."""
    start = time.monotonic()

    def lines():
        seconds = time.monotonic() - start
        for resource, rate in ((CULPRIT, 900_000), ("pods", 50_000)):
            yield f'etcd_headroom_write_bytes_total{{resource="{resource}"}} {rate * seconds:.0f}'

    return Target(lines)


def test_a_full_etcd_wakes_somebody_and_names_the_culprit(make_etcd, make_exporter, tmp_path, cleanup):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}")
    churn = exporter_has_churn()
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *(["--collector.churn"] if churn else []))
    targets = [f"127.0.0.1:{exporter.port}"]
    if not churn:
        print("this exporter has no --collector.churn: a stand-in serves the contract's churn series")
        stand_in = churn_page()
        cleanup.callback(stand_in.stop)
        targets.append(stand_in.address)
    receiver = Receiver()
    cleanup.callback(receiver.stop)
    alertmanager = Alertmanager(tmp_path / "alertmanager", receiver.url)
    cleanup.callback(alertmanager.stop)
    subprocess.run(["amtool", "check-config", alertmanager.config], check=True, capture_output=True)
    alertmanager.ready()
    prometheus = Prometheus(tmp_path / "prometheus", targets, {"cluster": "demo"}, alertmanager.address)
    cleanup.callback(prometheus.stop)
    prometheus.ready()
    until(lambda: prometheus.query("member:etcd_headroom_quota_bytes:min"), 30, "the first evaluation")

    loadgen.run(
        [etcd.url], "--mix", "policyreports=95,pods=5", "--ops", "create=50,update=50", "--size", "policyreports=20000",
        "--rate", 200, "--until-nospace", "--compact-interval", 0,
    )  # fmt: skip

    (page, *_) = until(lambda: receiver.named("EtcdHeadroomWritesRefused"), 60, "the page")
    assert page["labels"]["severity"] == "critical" and page["labels"]["cluster"] == "demo"
    assert page["annotations"]["runbook_url"].endswith("EtcdHeadroomWritesRefused.md")
    assert f"Top writer: {CULPRIT}" in page["annotations"]["description"]

    def inhibited():
        found = [a for a in alertmanager.alerts() if a["labels"]["alertname"] == "EtcdHeadroomAlmostFull"]
        return found and all(alert["status"]["inhibitedBy"] for alert in found)

    until(inhibited, 30, "one cause, one page")
    for group in prometheus.get("/api/v1/rules")["groups"]:
        for rule in group["rules"]:
            assert rule["health"] != "err", f"{rule['name']}: {rule.get('lastError')}"
