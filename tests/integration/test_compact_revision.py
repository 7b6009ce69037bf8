"""The compacted revision by each of the ways it can be learnt, and etcd's view of what that costs."""

import time

from harness import loadgen
from harness.wait import until

NO_PAGE = "--etcd.metrics-url=http://127.0.0.1:1/metrics"


def source(exporter):
    page = until(lambda: (p := exporter.scrape()).value("up") == 1 and p)
    return page, page.find("compact_revision_source_info")[0].labels["source"]


def test_before_the_first_compaction(etcd, make_exporter):
    page, used = source(make_exporter(f"--etcd.endpoints={etcd.url}"))
    assert (used, page.value("compact_revision")) == ("metrics", -1)
    page, used = source(make_exporter(f"--etcd.endpoints={etcd.url}", NO_PAGE))
    assert (used, page.value("compact_revision")) == ("probe", -1)


def test_when_it_last_moved(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    loadgen.run([etcd.url], "--mix", "pods=1", "--rate", 0, "--writes", 500)
    until(lambda: exporter.scrape().value("compact_revision") == -1)
    assert not exporter.scrape().has("compaction_timestamp_seconds"), "no compaction was seen"
    before = time.time()
    etcd.ctl("compact", 123)
    page = until(lambda: (p := exporter.scrape()).has("compaction_timestamp_seconds") and p)
    moved = page.value("compaction_timestamp_seconds")
    assert before <= moved <= time.time()
    assert exporter.scrape().value("compaction_timestamp_seconds") == moved, "it has not moved again"


def test_by_the_api_servers_key(etcd, make_exporter):
    loadgen.run([etcd.url], "--mix", "pods=1", "--rate", 200, "--duration", 4, "--compact-interval", 1)
    page, used = source(make_exporter(f"--etcd.endpoints={etcd.url}", NO_PAGE))
    assert used == "compact_rev_key"
    assert page.value("compact_revision") == etcd.page()["etcd_debugging_mvcc_compact_revision"]


def test_by_a_refused_watch(etcd, make_exporter):
    loadgen.run([etcd.url], "--mix", "pods=1", "--rate", 0, "--writes", 500)
    etcd.ctl("compact", 123)
    page, used = source(make_exporter(f"--etcd.endpoints={etcd.url}", NO_PAGE, "--no-collector.churn"))
    assert (used, page.value("compact_revision")) == ("probe", 123)
    until(lambda: etcd.page()["etcd_debugging_mvcc_watch_stream_total"] == 0, what="no watch is left behind")
