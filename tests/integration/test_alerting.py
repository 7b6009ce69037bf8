"""From a full etcd through Prometheus and Alertmanager to the one who is woken."""

import subprocess

from harness import loadgen
from harness.monitoring import Alertmanager, Prometheus, Receiver
from harness.wait import until

ANY_ETCD = True
QUOTA = 64 << 20
CULPRIT = "reports-controller"
RESOURCE = "policyreports.wgpolicyk8s.io"


def test_a_full_etcd_wakes_somebody_and_names_the_culprit(make_etcd, make_exporter, tmp_path, cleanup):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    receiver = Receiver()
    cleanup.callback(receiver.stop)
    alertmanager = Alertmanager(tmp_path / "alertmanager", receiver.url)
    cleanup.callback(alertmanager.stop)
    subprocess.run(["amtool", "check-config", alertmanager.config], check=True, capture_output=True)
    alertmanager.ready()
    prometheus = Prometheus(tmp_path / "prometheus", [f"127.0.0.1:{exporter.port}"], {"cluster": "demo"}, alertmanager.address)
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
    description = page["annotations"]["description"]
    assert f"Top writer: {CULPRIT}, 9" in description and f"Top resource: {RESOURCE}, 9" in description

    def inhibited():
        found = [a for a in alertmanager.alerts() if a["labels"]["alertname"] == "EtcdHeadroomAlmostFull"]
        return found and all(alert["status"]["inhibitedBy"] for alert in found)

    until(inhibited, 30, "one cause, one page")
    for group in prometheus.get("/api/v1/rules")["groups"]:
        for rule in group["rules"]:
            assert rule["health"] != "err", f"{rule['name']}: {rule.get('lastError')}"
