"""What the load tool writes by default is like what a real cluster wrote, with Kyverno and short-lived Jobs."""

import csv
import pathlib

import pytest
from harness import loadgen
from harness.etcd import Etcd
from harness.servers import servers
from harness.wait import until

ANY_ETCD = True
# Written by tests/cluster/test_story.py.
RECORDING = pathlib.Path(__file__).resolve().parents[1] / "tools/loadgen/recording.csv"
OPS = ("creates", "updates", "deletes")
WRITES = 20_000
# Absolute: of shares of all writes, of all bytes, and of the operations on a resource.
SHARE_TOLERANCE, OPS_TOLERANCE = 0.02, 0.05
# Relative: of the bytes of a put.
SIZE_TOLERANCE = 0.1
# What has a smaller share of the recorded writes is too rare to be compared.
COMMON = 0.01
# Bytes of pages in use for each byte of key and value, as long as nothing is compacted.
IN_USE_FOR_A_BYTE = pytest.approx(1.39, rel=0.1)
CRD = "customresourcedefinitions.apiextensions.k8s.io"


def recorded():
    lines = [line for line in RECORDING.read_text().splitlines() if not line.startswith("#")]
    return {row.pop("resource"): {name: int(number) for name, number in row.items()} for row in csv.DictReader(lines)}


def writes(row):
    return sum(row[op] for op in OPS)


def shares(table, measure):
    total = sum(measure(row) for row in table.values())
    return {resource: measure(row) / total for resource, row in table.items()}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The same table of the load tool, and in_use: what etcd's pages in use grew by."""
    etcd = Etcd(tmp_path_factory.mktemp("etcd"), server=servers()[-1]).ready()
    try:
        before = etcd.page()["etcd_mvcc_db_total_size_in_use_in_bytes"]
        found = loadgen.run([etcd.url], "--writes", WRITES, "--rate", 0)["resources"]
        after = etcd.page()["etcd_mvcc_db_total_size_in_use_in_bytes"]
    finally:
        etcd.stop()
    return {resource: {**row, "bytes": row["put_bytes"]} for resource, row in found.items()}, after - before


def common():
    return {resource: share for resource, share in shares(recorded(), writes).items() if share > COMMON}


def test_shares_of_writes(written):
    got = shares(written[0], writes)
    assert len(common()) >= 5
    assert {resource: got[resource] for resource in common()} == pytest.approx(common(), abs=SHARE_TOLERANCE)


def test_shares_of_bytes(written):
    got, expected = (shares(table, lambda row: row["bytes"]) for table in (written[0], recorded()))
    assert {resource: got[resource] for resource in common()} == pytest.approx(
        {resource: expected[resource] for resource in common()}, abs=SHARE_TOLERANCE)  # fmt: skip


def test_sizes_of_puts(written):
    def sizes(table):
        return {resource: table[resource]["bytes"] / (table[resource]["creates"] + table[resource]["updates"]) for resource in common()}

    assert sizes(written[0]) == pytest.approx(sizes(recorded()), rel=SIZE_TOLERANCE)


@pytest.mark.parametrize("resource", ["pods", "jobs.batch", "ephemeralreports.reports.kyverno.io"])
def test_operations(written, resource):
    """Leases were created before the recording, Events end with their lease."""

    def operations(row):
        return {op: row[op] / writes(row) for op in OPS}

    assert operations(written[0][resource]) == pytest.approx(operations(recorded()[resource]), abs=OPS_TOLERANCE)


def test_pages_in_use(written):
    table, in_use = written
    assert in_use / sum(row["bytes"] for row in table.values()) == IN_USE_FOR_A_BYTE


def test_kyverno_reports_a_violation_in_two_events(etcd, exporter):
    """One about the object, one about the policy; both by events.k8s.io, whose reporter is in reportingController alone."""
    until(lambda: exporter.scrape().value("watch_connected") == 1, 30, "the watch")
    last = loadgen.run([etcd.url], "--mix", "events=1", "--writes", 3000, "--rate", 0)["last_revision"]
    page = until(lambda: (p := exporter.scrape()).value("watch_revision") >= last and p, 30, "the last revision")
    violations = page.find("event_object_writes_total", reason="PolicyViolation")
    of_policies = sum(s.value for s in violations if s.labels["involved_kind"] == "ClusterPolicy")
    assert {s.labels["component"] for s in violations} == {"kyverno-admission", "kyverno-scan"}
    assert of_policies == pytest.approx(sum(s.value for s in violations) / 2, rel=0.1)
    managers = {s.labels["manager"] for s in page.find("manager_writes_total", resource="events")}
    assert {"kyverno", "reports-controller", "kube-scheduler", "kube-controller-manager"} <= managers


def test_crds_are_installed_in_three_writes_each(etcd, exporter):
    """As Kyverno's 22: 2.1 MB, the largest 654 kB."""
    until(lambda: exporter.scrape().value("watch_connected") == 1, 30, "the watch")
    found = loadgen.run([etcd.url], "--preload", "customresourcedefinitions=22", "--writes", 0)
    crds = found["resources"][CRD]
    assert (crds["creates"], crds["updates"]) == (22, 44)
    assert crds["put_bytes"] == pytest.approx(6.3e6, rel=0.05)
    page = until(lambda: (p := exporter.scrape()).value("watch_revision") >= found["last_revision"] and p, 30, "the last revision")
    assert page.value("largest_write_bytes", resource=CRD) == pytest.approx(654e3, rel=0.02)
