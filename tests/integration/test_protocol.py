"""Answers that a real server here cannot be brought to give: other versions, rare states, counts of calls."""

import concurrent.futures
import threading
import time

import pytest
from harness.fake_etcd import FakeEtcd
from harness.wait import until


@pytest.fixture
def fake(cleanup):
    server = FakeEtcd()
    cleanup.callback(server.stop)
    return server


def up(exporter):
    return until(lambda: (p := exporter.scrape()).find("up")[0].value == 1 and p)


@pytest.mark.parametrize(
    "version, field, shown",
    [
        ("3.4.23", 0, None),
        ("3.5.33", 0, None),
        ("3.6.0", 0, 2147483648),
        ("3.6.5", 0, 2147483648),
        ("3.6.4", 8589934592, 8589934592),
        ("3.6.6", 0, None),
        ("3.6.7", 4294967296, 4294967296),
        ("3.7.1", -1, -1),
        ("3.7.0-rc.1", -5, -1),
    ],
)
def test_quota_from_status(fake, make_exporter, version, field, shown):
    fake.status.update({2: version, 12: field})
    page = up(make_exporter(f"--etcd.endpoints={fake.url}"))
    assert [s.value for s in page.find("quota_source_bytes", source="status")] == ([] if shown is None else [shown])
    assert [s.value for s in page.find("quota_bytes")] == ([] if shown is None else [shown])


@pytest.mark.parametrize(
    "error, raised_by, alarm",
    [
        (f"memberID:{0xA1} alarm:NOSPACE ", "fake", "NOSPACE"),
        (f"memberID:{0xA1}  alarm:NOSPACE", "fake", "NOSPACE"),
        (f"memberID: {0xA1}  alarm: NOSPACE", "fake", "NOSPACE"),
        (f"memberID:{0xBEEF} alarm:NOSPACE ", "beef", "NOSPACE"),
        ("alarm:CORRUPT ", "unknown", "CORRUPT"),
    ],
)
def test_alarm_text_of_every_version(fake, make_exporter, error, raised_by, alarm):
    fake.status[8] = ["etcdserver: no leader", error]
    page = up(make_exporter(f"--etcd.endpoints={fake.url}"))
    assert page.value("alarm_active", raised_by=raised_by, alarm=alarm) == 1
    assert sum(s.value for s in page.find("alarm_active")) == 1
    assert page.has("alarm_active", raised_by="fake", alarm="NOSPACE")
    assert page.has("alarm_active", raised_by="fake", alarm="CORRUPT")


def test_kine_is_no_etcd(fake, make_exporter):
    fake.status = {2: "3.5.0", 3: 4096}
    exporter = make_exporter(f"--etcd.endpoints={fake.url}")
    page = until(lambda: (p := exporter.scrape()).has("datastore_info") and p)
    assert page.value("datastore_info", kind="kine") == 1
    assert not page.has("db_size_bytes") and not page.has("up") and page.value("endpoints") == 0
    assert "not etcd" in exporter.log_lines("member does not answer")[0]
    fake.stop()  # that it is down makes it no member
    page = exporter.scrape()
    assert page.value("datastore_info", kind="kine") == 1 and not page.has("up")


def test_concurrent_scrapes_share_one_call(fake, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={fake.url}")
    up(exporter)
    fake.release_status = threading.Event()
    before = fake.calls["Status"]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        scrapes = [pool.submit(exporter.scrape) for _ in range(8)]
        until(lambda: fake.calls["Status"] > before)
        concurrent.futures.wait(scrapes, timeout=0.5)
        fake.release_status.set()
        pages = [scrape.result() for scrape in scrapes]
    assert {page.value("up") for page in pages} == {1}
    assert fake.calls["Status"] - before <= 2, "eight scrapes at once cost the member one call, or two where one came late"


def test_slow_facts_are_asked_for_every_5_seconds_at_most(fake, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={fake.url}")
    up(exporter)
    before, started = dict(fake.calls), time.monotonic()
    for _ in range(50):
        exporter.scrape()
    took = time.monotonic() - started
    assert fake.calls["Status"] - before["Status"] >= 50
    assert fake.calls["MemberList"] - before["MemberList"] <= 1 + took / 5


def test_a_quota_once_told_is_not_replaced_by_a_configured_one(fake, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={fake.url}", "--etcd.quota-bytes=9000000000")
    assert up(exporter).value("quota_bytes") == 2147483648
    fake.status.update({2: "3.5.9", 12: 0})
    page = until(lambda: (p := exporter.scrape()).has("member_info", server_version="3.5.9") and p)
    assert not page.has("quota_bytes") and not page.has("quota_headroom_bytes")
    assert page.value("quota_source_bytes", source="flag") == 9000000000


def test_a_member_that_hides_its_list_keeps_one_name(fake, make_exporter):
    fake.refuse_members = True
    exporter = make_exporter(f"--etcd.endpoints={fake.url}")
    page = up(exporter)
    assert page.find("up")[0].labels["member"] == "node-a"
    assert not page.has("cluster_members")
    fake.refuse_members = False
    page = until(lambda: (p := exporter.scrape()).has("up", member="fake") and p)
    fake.members = [{1: 0xA1, 2: "renamed"}]
    fake.status[3] = 40960
    until(lambda: exporter.scrape().value("db_size_bytes") == 40960)
    assert exporter.scrape().find("up")[0].labels["member"] == "fake", "it changes once, at first contact"


def test_two_members_of_one_name_are_told_apart(cleanup, make_exporter):
    members = [{1: 0xA1, 2: "twin"}, {1: 0xA2, 2: "twin"}]
    fakes = [FakeEtcd(member_id=0xA1), FakeEtcd(member_id=0xA2)]
    for server in fakes:
        cleanup.callback(server.stop)
        server.members = members
    exporter = make_exporter("--etcd.endpoints=" + ",".join(server.url for server in fakes))
    page = until(lambda: (p := exporter.scrape()) and sum(s.value for s in p.find("up")) == 2 and p)
    assert {s.labels["member"] for s in page.find("up")} == {"twin-a1", "twin-a2"}


def test_a_name_cannot_forge_a_line_of_the_page_or_the_log(fake, make_exporter):
    hostile = 'x"} 1\netcd_headroom_up{member="y'
    fake.members = [{1: 0xA1, 2: hostile}]
    fake.status[2] = "3.6.7\nlevel=error forged=1"
    exporter = make_exporter(f"--etcd.endpoints={fake.url}")
    page = until(lambda: (p := exporter.scrape()).has("up", member=hostile) and p)
    assert len(page.find("up")) == 1
    assert not [line for line in exporter.process.log().splitlines() if line.startswith("level=error")]
