"""Policies are switched on, Jobs come and go until etcd refuses writes: what the operator sees, and whether it is true."""

import collections
import contextlib
import json
import pathlib
import shutil
import tempfile

import pytest
import story
from control_plane import ControlPlane
from harness.report import AT_RISK, HEALTHY, WRITES_REFUSED
from truth import resource_of

LEAD_SECONDS = 120


@pytest.fixture(scope="module")
def storm():
    """The storm writes gigabytes of logs elsewhere; nothing of it stays."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="etcd-headroom-story-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        plane = ControlPlane(folder / "cluster", api_server=["--audit-log-path="], etcd=[f"quota-backend-bytes={story.QUOTA}"])
        stack.callback(plane.stop)
        found = story.Run(plane, stack).play()
        print(story.markdown(found))
        yield found


def test_the_forecast_pages_well_before_writes_are_refused(storm):
    fired = storm.fired
    assert fired[story.FORECAST] < storm.refused_at - LEAD_SECONDS
    assert fired["EtcdHeadroomFullWithinADay"] <= fired[story.FORECAST] + 5
    assert fired[story.FORECAST] < fired[story.WRITES_REFUSED] <= storm.refused_at + 20
    pages = [alert["labels"]["alertname"] for alert in storm.pages if alert["labels"]["severity"] == "critical"]
    # One cause pages once: where it fills within minutes, that page inhibits the one of the hour.
    announced = [page for page in pages if page in (story.FILLS_FAST, story.FORECAST)]
    assert announced and pages.index(announced[0]) < pages.index(story.WRITES_REFUSED), pages


def test_nothing_fires_before_the_storm(storm):
    assert not [name for name, at in storm.fired.items() if at < storm.storm_began]


def test_the_forecast_is_near_the_truth(storm):
    at = storm.fired[story.FORECAST]
    (foretold, *_) = [left for when, left in storm.foretold if when >= at]
    real = storm.refused_at - at
    assert real / 3 < foretold < 3 * real, (foretold, real)


def test_written_bytes_are_those_that_etcd_has(storm):
    expected = collections.Counter()
    for write in storm.writes:
        expected[resource_of(write.key)] += write.size
    got = {s.labels["resource"]: s.value for s in storm.page.find("write_bytes_total") if s.value}
    assert got == {resource: size for resource, size in expected.items() if size}
    assert storm.page.value("watch_missed_revisions_total") == 0


def test_the_page_names_the_heaviest_writer(storm):
    written = collections.Counter()
    for write in storm.writes:
        written[resource_of(write.key)] += write.size
    (page, *_) = [alert for alert in storm.pages if alert["labels"]["alertname"] == story.WRITES_REFUSED]
    description = page["annotations"]["description"]
    assert "Top writer: kyverno," in description
    assert f"Top resource: {written.most_common(1)[0][0]}," in description, written.most_common(4)


def test_namespace_of_the_writes(storm):
    expected = collections.Counter()
    for write in storm.writes:
        if f"/{story.NAMESPACE}/" in write.key:
            expected[resource_of(write.key)] += write.size
    for resource, size in expected.most_common(3):
        assert storm.page.value("namespace_write_bytes_total", resource=resource, object_namespace=story.NAMESPACE) == size


def test_the_heaviest_events_are_kyvernos(storm):
    size = collections.Counter()
    for sample in storm.page.find("event_object_write_bytes_total"):
        size[sample.labels["component"], sample.labels["reason"]] += sample.value
    (component, reason), written = size.most_common(1)[0]
    assert (component, reason) == ("kyverno-admission", "PolicyViolation"), size.most_common(4)
    assert written == sum(write.size for write in storm.writes if resource_of(write.key) == "events"
                          and component.encode() in write.value and reason.encode() in write.value)  # fmt: skip


def test_live_events_by_component_and_reason(storm):
    """Each was put at least once."""
    live = collections.Counter()
    for event in storm.events:
        component = event.get("source", {}).get("component") or event.get("reportingComponent", "")
        live[component, event["reason"], event["involvedObject"]["kind"]] += 1
    puts = {(s.labels["component"], s.labels["reason"], s.labels["involved_kind"]): s.value
            for s in storm.page.find("event_object_writes_total")}  # fmt: skip
    assert {labels: count for labels, count in live.items() if puts.get(labels, 0) < count} == {}


def test_managers_of_custom_resources(storm):
    """These are JSON. Most reports have one manager. Where there are two, both may have written in the same second."""
    expected, shared = collections.defaultdict(collections.Counter), collections.Counter()
    for write in storm.writes:
        if write.value.startswith(b'{"apiVersion":"reports.kyverno.io'):
            managers = {entry["manager"] for entry in json.loads(write.value)["metadata"]["managedFields"]}
            if len(managers) == 1:
                expected[resource_of(write.key)][managers.pop()] += write.size
            else:
                shared[resource_of(write.key)] += write.size
    assert "ephemeralreports.reports.kyverno.io" in expected
    for resource, managers in expected.items():
        got = collections.Counter()
        for sample in storm.page.find("manager_write_bytes_total", resource=resource):
            got[sample.labels["manager"]] += sample.value
        assert managers <= +got and got.total() == managers.total() + shared[resource]
        assert shared[resource] < 0.01 * got.total()


def test_managers_add_up(storm):
    written = collections.Counter()
    for write in storm.writes:
        written[resource_of(write.key)] += write.size
    for resource, size in written.most_common(3):
        assert sum(s.value for s in storm.page.find("manager_write_bytes_total", resource=resource)) == size


def test_the_headlines(storm):
    assert storm.reports["calm"][0] == HEALTHY
    assert storm.reports["calm"][1]["headline"] == "etcd takes writes, and there is room."
    assert storm.reports["filling"][0] in (AT_RISK, WRITES_REFUSED)
    assert storm.reports["filling"][1]["headline"].startswith("Full in ")
    assert storm.reports["full"][0] == WRITES_REFUSED
    full = storm.reports["full"][1]["headline"]
    assert full.startswith("NOSPACE is armed by control-plane: etcd refuses every write of the cluster.") and "policy engine" in full
    assert storm.reports["after"][0] in (HEALTHY, AT_RISK)


def test_all_that_hold_leases_end_under_nospace(storm):
    assert "database space exceeded" in storm.refusal
    assert storm.ended == set(story.CONTROLLERS)


def test_the_printed_commands_lose_nothing_that_lives(storm):
    """Events, reports and expired leases may go."""
    lost = collections.Counter(resource_of(key.decode()) for key in storm.before if key not in storm.after)
    assert set(lost) <= {"events", "ephemeralreports.reports.kyverno.io", "policyreports.wgpolicyk8s.io", "masterleases"}, lost
    for prefix in (f"/registry/configmaps/{story.SHOP}/", f"/registry/deployments/{story.SHOP}/"):
        kept = {key: value for key, value in storm.before.items() if key.startswith(prefix.encode())}
        assert len(kept) >= 10 and all(storm.after[key] == value for key, value in kept.items())
    assert storm.size_after < 0.9 * story.QUOTA
