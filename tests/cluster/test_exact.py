"""Every figure of the exporter equals what etcd and the API server themselves say, whatever the encoding of the objects."""

import collections

import pytest
import yaml
from control_plane import ControlPlane
from harness import analyze
from recorded import record
from truth import attributed, resource_of

ENCRYPTION = {
    "apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration",
    "resources": [{"resources": ["*.*"], "providers": [{"aescbc": {"keys": [
        {"name": "key1", "secret": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}]}}]}],
}  # fmt: skip
STORAGE = {
    "protobuf": (),
    "json": ("--storage-media-type=application/json",),
    "cbor": ("--feature-gates=CBORServingAndStorage=true",),
    "encrypted": ("--encryption-provider-config={folder}/encryption.yaml",),
}
# At least so much is right of what leaves a trace in managedFields, and of all writes.
WRITES_RIGHT, BYTES_RIGHT, MOSTLY_RIGHT = 0.999, 0.99, 0.95


@pytest.fixture(scope="module", params=STORAGE)
def cluster(request, tmp_path_factory):
    """(encoding, plane, recording)"""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "encryption.yaml").write_text(yaml.safe_dump(ENCRYPTION))
    plane = ControlPlane(folder, api_server=[flag.format(folder=folder) for flag in STORAGE[request.param]])
    try:
        yield request.param, plane, record(plane)
    finally:
        plane.stop()


def names(recording):
    """{key: resource} as the audit log has it; the API server's own keys are not in it."""
    by_revision = recording.audited[0]
    return {write.key: by_revision[write.revision].resource for write in recording.writes if write.revision in by_revision}


def test_writes_and_bytes_by_resource(cluster):
    _, _, recording = cluster
    audited = names(recording)
    writes, size = collections.Counter(), collections.Counter()
    for write in recording.writes:
        op = "delete" if not write.version else "create" if write.version == 1 else "update"
        resource = audited.get(write.key) or resource_of(write.key)
        writes[resource, op] += 1
        size[resource] += write.size
    page = recording.page
    assert {(s.labels["resource"], s.labels["op"]): s.value for s in page.find("writes_total") if s.value} == writes
    assert {s.labels["resource"]: s.value for s in page.find("write_bytes_total") if s.value} == {k: v for k, v in size.items() if v}
    assert page.value("watch_missed_revisions_total") == 0


def test_managers_are_those_of_the_audit_log(cluster):
    encoding, _, recording = cluster
    page = recording.page
    got = {(s.labels["resource"], s.labels["manager"], s.labels["subresource"]): int(s.value)
           for s in page.find("manager_writes_total") if s.value}  # fmt: skip
    if encoding == "encrypted":
        assert {manager for _, manager, _ in got} <= {"encrypted", "none"}
        assert sum(got.values()) == len(recording.writes)
        return
    by_revision = recording.audited[0]
    expected = attributed(recording.writes, *recording.audited)
    untraced = collections.Counter(by_revision[write.revision].resource for write in recording.writes
                                   if write.revision in by_revision and not by_revision[write.revision].left_trace)  # fmt: skip
    print(f"{encoding}: {len(recording.writes)} writes by {len({manager for _, manager, _ in got})} managers, "
          f"without a trace {dict(untraced)}, differences {differences(expected, got)}")  # fmt: skip
    wrong = collections.Counter()
    for labels, (count, _) in expected.items():
        wrong[labels[0]] += max(0, count - got.get(labels, 0))
    assert sum((wrong - untraced).values()) <= (1 - WRITES_RIGHT) * len(recording.writes), differences(expected, got)
    assert wrong.total() <= (1 - MOSTLY_RIGHT) * len(recording.writes), differences(expected, got)
    bytes_got = {(s.labels["resource"], s.labels["manager"], s.labels["subresource"]): s.value
                 for s in page.find("manager_write_bytes_total")}  # fmt: skip
    # The audit log does not say which write of a Pod was its binding.
    managed = {labels: size for labels, (_, size) in expected.items() if labels[1] != "none" and not wrong[labels[0]]}
    right = sum(min(size, bytes_got.get(labels, 0)) for labels, size in managed.items())
    assert right >= BYTES_RIGHT * sum(managed.values())
    assert len({manager for _, manager, _ in got}) >= 9, sorted(got)


def differences(expected, got):
    return {labels: (expected.get(labels, [0])[0], got.get(labels, 0)) for labels in {*expected, *got}
            if expected.get(labels, [0])[0] != got.get(labels, 0)}  # fmt: skip


def test_objects_by_resource(cluster):
    _, _, recording = cluster
    audited = names(recording)
    live = collections.Counter(audited.get(key) or resource_of(key) for key in recording.live)
    assert {s.labels["resource"]: s.value for s in recording.page.find("objects") if s.value} == live


def test_event_objects(cluster):
    encoding, _, recording = cluster
    page = recording.page
    reported = {(s.labels["component"], s.labels["reason"], s.labels["involved_kind"]): s.value
                for s in page.find("event_object_writes_total") if s.value}  # fmt: skip
    puts = [write for write in recording.writes if write.key.startswith("/registry/events/") and write.version]
    assert sum(reported.values()) == len(puts)
    if encoding == "encrypted":
        assert set(reported) == {("encrypted",) * 3}
    else:
        assert {("job-controller", "Completed", "Job"), ("default-scheduler", "Scheduled", "Pod")} <= set(reported)
        assert not any("unknown" in labels for labels in reported), reported


def test_analyze_equals_the_sums_of_a_full_read(cluster):
    _, plane, recording = cluster
    found = analyze.report(plane.database)
    assert sum(row["live_objects"] for row in found["resources"]) == len(recording.live)
    assert sum(row["live_bytes"] for row in found["resources"]) == sum(len(k.encode()) + v for k, v in recording.live.items())
    objects = {s.labels["resource"]: s.value for s in recording.page.find("objects") if s.value}
    assert {row["resource"]: row["live_objects"] for row in found["resources"] if row["live_objects"]} == objects
