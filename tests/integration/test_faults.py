"""Etcd dies, hangs, defragments or is not there; the page stays, in time, and says so."""

import concurrent.futures
import http.client
import signal
import socket
import threading
import time

import pytest
from harness import loadgen
from harness.ports import free_port
from harness.wait import until

NEWEST_FIRST = True


def is_up(exporter, value=1):
    page = exporter.scrape()
    return page if page.value("up") == value else None


def test_etcd_killed_and_restarted(etcd, exporter):
    until(lambda: is_up(exporter))
    etcd.process.kill()
    down = until(lambda: is_up(exporter, 0))
    for _ in range(5):
        exporter.scrape()
    etcd.restart().ready()
    served = time.monotonic()
    until(lambda: is_up(exporter), 5)

    assert time.monotonic() - served < 5
    assert not down.has("db_size_bytes") and not down.has("quota_bytes") and not down.has("revision")
    failures = exporter.log_lines("member does not answer")
    assert len(failures) == 1, "one line a change of state, not one a scrape"
    assert "refused" in failures[0] and etcd.url in failures[0]
    assert len(exporter.log_lines("member answers")) == 2


def test_etcd_that_starts_later_is_found(make_exporter, begin_etcd):
    late = begin_etcd(name="late")
    late.stop()
    exporter = make_exporter(f"--etcd.endpoints={late.url}")
    assert exporter.scrape().value("up") == 0
    late.restart().ready()
    page = until(lambda: is_up(exporter), 5)
    assert [s.labels["member"] for s in page.find("up")] == ["late"]


def test_stopped_etcd_is_reported_within_the_scrape_timeout(etcd, exporter):
    until(lambda: is_up(exporter))
    etcd.process.pause()
    try:
        started = time.monotonic()
        page = exporter.scrape(timeout_header=1)
        assert time.monotonic() - started < 1, "the page is back before the scraper gives up"
        assert page.value("up") == 0
        assert not page.has("db_size_bytes")

        started = time.monotonic()
        assert exporter.scrape().value("up") == 0
        assert time.monotonic() - started < 5, "without Prometheus' header a scrape takes 5 s at most"
    finally:
        etcd.process.resume()
    until(lambda: is_up(exporter), 5)


def test_scrapes_of_a_hung_member_share_one_call(etcd, exporter):
    until(lambda: is_up(exporter))
    etcd.process.pause()
    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            started = time.monotonic()
            pages = list(pool.map(lambda _: exporter.scrape(), range(8)))
            assert time.monotonic() - started < 5
    finally:
        etcd.process.resume()
    assert {page.value("up") for page in pages} == {0}


def test_defragmentation_is_told_from_death(make_etcd, make_exporter):
    etcd = make_etcd("--quota-backend-bytes=4294967296", "--max-txn-ops=1000")
    loadgen.run(
        [etcd.url], "--mix", "configmaps=1", "--ops", "create=100", "--size", "configmaps=16000",
        "--rate", 0, "--in-flight", 128, "--writes", 40000,
    )  # fmt: skip
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--etcd.timeout=500ms")
    before = until(lambda: is_up(exporter))
    assert before.value("db_size_bytes") > 500e6

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        defrag = pool.submit(etcd.ctl, "defrag", "--command-timeout=120s", timeout=120)
        seen = []
        while not defrag.done():
            page = exporter.scrape()
            if page.value("up") == 0:
                seen.append(page)
        defrag.result()

    assert seen, "a file this large blocks Status for longer than its timeout"
    assert any(page.has("defrag_in_progress") and page.value("defrag_in_progress") == 1 for page in seen)
    assert all(page.has("member_start_time_seconds") for page in seen if page.has("defrag_in_progress"))
    assert not any(page.has("db_size_bytes") for page in seen)
    after = until(lambda: is_up(exporter))
    assert after.value("defrag_in_progress") == 0, "what the page said while Status hung is over"
    until(lambda: exporter.scrape().value("defragmentations_total") == 1, 15)


def test_sigterm_answers_the_scrape_in_flight(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--etcd.timeout=30s")
    until(lambda: is_up(exporter))
    etcd.process.pause()
    try:
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            scrape = pool.submit(exporter.scrape, 20)
            until(lambda: exporter.scrape(timeout_header=3).value("up") == 0)
            started = time.monotonic()
            exporter.process.signal(signal.SIGTERM)
            page = scrape.result(timeout=10)
            code = exporter.process.wait(10)
            took = time.monotonic() - started
    finally:
        etcd.process.resume()
    assert page.value("up") == 0
    assert code == 0
    assert took < 5


def test_sigterm_under_scrapers_that_do_not_stop(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--etcd.timeout=30s")
    until(lambda: is_up(exporter))
    etcd.process.pause()
    ended = threading.Event()

    def scrape_on():
        while not ended.is_set():
            try:
                exporter.get("/metrics", headers={"X-Prometheus-Scrape-Timeout-Seconds": "20"}, timeout=30)
            except (OSError, http.client.HTTPException):
                pass  # it is going

    try:
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for _ in range(4):
                pool.submit(scrape_on)
            until(lambda: exporter.scrape(timeout_header=3).value("up") == 0)
            started = time.monotonic()
            exporter.process.signal(signal.SIGTERM)
            try:
                assert exporter.process.wait(15) == 0
                assert time.monotonic() - started < 5
            finally:
                ended.set()
    finally:
        etcd.process.resume()


@pytest.fixture
def silent_port():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", free_port()), backlog=128) as server:
        yield server.getsockname()[1]


def test_a_silent_page_hides_nothing_but_itself(etcd, make_exporter, silent_port):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", f"--etcd.metrics-url=http://127.0.0.1:{silent_port}/metrics")
    page = until(lambda: is_up(exporter))
    assert page.has("up", member="m1") and page.value("cluster_members", role="voter") == 1
    assert page.value("compact_revision") == -1 and page.value("compact_revision_source_info", source="probe") == 1
    assert page.has("quota_bytes") == etcd.server.reports_quota and not page.has("defrag_in_progress")


def test_a_silent_page_does_not_keep_a_dead_member_up(etcd, make_exporter, silent_port):
    exporter = make_exporter(
        f"--etcd.endpoints={etcd.url}", f"--etcd.metrics-url=http://127.0.0.1:{silent_port}/metrics", "--etcd.timeout=20s"
    )
    until(lambda: exporter.scrape(timeout_header=1).value("up") == 1)
    etcd.process.kill()
    assert exporter.scrape(timeout_header=3).value("up") == 0


def test_signals_sent_by_habit_end_nothing_and_sigint_stops(exporter):
    for habit in (signal.SIGHUP, signal.SIGUSR1):
        exporter.process.signal(habit)
        until(lambda habit=habit: exporter.log_lines(f"signal={habit.name}"), 10, "a line on the signal")
    assert exporter.scrape().has("up")
    exporter.process.signal(signal.SIGINT)
    assert exporter.process.wait(10) == 0


def test_no_leader_is_seen(make_cluster, make_exporter):
    members = make_cluster(3)
    exporter = make_exporter(f"--etcd.endpoints={members[0].url}")
    until(lambda: is_up(exporter))
    for member in members[1:]:
        member.stop()

    page = until(lambda: (p := is_up(exporter)) and p.value("member_has_leader") == 0 and p, 20)

    assert page.value("member_is_leader") == 0
    assert page.has("db_size_bytes"), "a member without a leader still shows its space"
    assert page.value("alarm_active", alarm="NOSPACE") == 0
