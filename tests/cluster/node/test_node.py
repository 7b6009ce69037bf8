"""The manifests on a real node: kubelet, containerd, and etcd and the control plane as kubeadm's own static pods."""

import json
import re
import shlex

from deployment import DAEMONSET
from harness.report import HEALTHY
from harness.wait import until
from node import NAME, QUOTA
from tools import NAMESPACE, ROOT


def restarts(exporter):
    (status,) = exporter.pod()["status"]["containerStatuses"]
    return status["restartCount"]


def test_it_finds_the_etcd_of_its_node_by_itself(exporter):
    page = exporter.comes_up()
    assert page.value("up", member=NAME) == 1
    assert page.value("datastore_info", kind="etcd") == 1 and page.value("endpoints") == 1
    for source in ("status", "metrics", "manifest"):
        assert page.value("quota_source_bytes", source=source) == QUOTA
    assert restarts(exporter) == 0
    log = exporter.node.kubectl("-n", NAMESPACE, "logs", DAEMONSET)
    assert "of=kubeadm" in log and "level=error" not in log and "level=warn" not in log


def test_it_is_confined_as_its_manifest_says(exporter):
    """By the kernel's word, on the node."""
    status = exporter.process_status()
    assert {int(status[f"Cap{of}"], 16) for of in ("Prm", "Eff", "Bnd")} == {0}
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    (usage,) = json.loads(exporter.node.type("crictl stats -o json --label io.kubernetes.container.name=exporter").stdout)["stats"]
    print(f"working set: {int(usage['memory']['workingSetBytes']['value']) / (1 << 20):.1f} MiB")


def test_a_report_runs_in_the_pod_as_its_page_says(exporter):
    exporter.comes_up()
    (command,) = re.findall(r"^pod=.*\ncrictl exec .* report .*$", (ROOT / "docs/report.md").read_text(), re.M)
    for flags in ("-it", ""):
        typed = f"{command.replace('-it', flags)} --output=json"
        done = exporter.node.type(f"script -qec {shlex.quote(typed)} /dev/null" if flags else typed)
        assert done.returncode == HEALTHY, done.stderr + done.stdout
        # On a terminal the progress comes before.
        found = json.loads(done.stdout[done.stdout.index("{\n") :])
        assert [member["name"] for member in found["members"]] == [NAME]


def test_etcdctl_is_had_as_the_page_for_kubeadm_says(node):
    page = (ROOT / "rules/reference/etcdctl.md").read_text()
    (shell,) = re.findall(r"^kubeadm: .*\n```sh\n((?:.*\n)*?)```", page, re.M)
    done = node.type(f'{shell}etcdctl endpoint status -w json; etcdctl snapshot save "$SNAPSHOT"; ls "$SNAPSHOT"; rm "$SNAPSHOT"')
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[0])[0]["Status"]["dbSizeQuota"] == QUOTA


def test_it_survives_a_restart_of_the_kubelet(exporter):
    before = exporter.pod()["status"]["containerStatuses"]
    exporter.node.machine.end("kubelet")
    assert exporter.comes_up(), "without a kubelet, too"
    exporter.node.start_kubelet()
    until(lambda: exporter.get("/healthz", url="http://127.0.0.1:10248") == "ok", 60, "the kubelet")
    exporter.comes_up()
    assert [status["containerID"] for status in exporter.pod()["status"]["containerStatuses"]] == [s["containerID"] for s in before]


def end_etcd(exporter):
    """As a crash would. The page is served before and after the kubelet has started it again; then etcd is up on it."""

    def etcd():
        return exporter.node.type("crictl ps -q --name '^etcd$'").stdout.strip()

    before = etcd()
    done = exporter.node.type(f"crictl stop {before}")
    assert done.returncode == 0, done.stderr
    assert exporter.scrape().has("up")
    until(lambda: etcd() not in ("", before), 120, "etcd's new container")
    exporter.comes_up(120)
    exporter.node.ready()


def test_it_serves_while_etcd_restarts_and_comes_up_again(exporter):
    exporter.comes_up()
    before = restarts(exporter)
    end_etcd(exporter)
    assert restarts(exporter) == before


def test_it_follows_a_renewal_of_all_certificates_by_kubeadm(exporter):
    before = restarts(exporter)
    serial = exporter.node.machine.run("openssl", "x509", "-serial", "-noout", "-in", "/etc/kubernetes/pki/etcd/healthcheck-client.crt")
    exporter.node.kubeadm("certs", "renew", "all", "--config=/etc/kubeadm.yaml")
    end_etcd(exporter)
    assert restarts(exporter) == before
    assert serial != exporter.node.machine.run(
        "openssl", "x509", "-serial", "-noout", "-in", "/etc/kubernetes/pki/etcd/healthcheck-client.crt")  # fmt: skip
