"""What a watch must stand and no real server here can be brought to send: fragments, silence, garbage, another cluster."""

import pytest
from harness.fake_etcd import FakeEtcd
from harness.wait import until


@pytest.fixture
def make_fake(cleanup):
    def make(**options):
        server = FakeEtcd(**options)
        cleanup.callback(server.stop)
        return server

    return make


def put(key, revision, version=1, value="v" * 100):
    return {1: 0, 2: {1: key, 2: revision, 3: revision, 4: version, 5: value}}


def watching(exporter, count=1):
    return until(lambda: len(exporter.log_lines("msg=watching")) >= count, 20, "a watch")


def written(exporter):
    return sum(s.value for s in exporter.scrape().find("writes_total", op="create"))


def test_a_response_in_fragments_counts_once_also_when_cut_in_its_middle(make_fake, make_exporter):
    fake = make_fake()
    exporter = make_exporter(f"--etcd.endpoints={fake.url}")
    watching(exporter)
    first = [put(f"/registry/pods/a/{i}", 101) for i in range(3)]
    second = [put(f"/registry/pods/b/{i}", 101) for i in range(2)]
    fake.send(first, revision=101, fragment=True)
    until(lambda: written(exporter) == 3, what="the first fragment")
    assert exporter.scrape().value("watch_revision") < 101, "the revision is not complete"

    # The stream ends before the second: the watch comes back at the same revision and is sent all of it.
    fake.end_watch()
    watching(exporter, 2)
    assert fake.watched_from[-1] == 101
    fake.send(first, revision=101, fragment=True)
    fake.send(second, revision=101)
    until(lambda: written(exporter) == 5, what="both fragments")
    assert exporter.scrape().value("watch_revision") == 101
    assert exporter.scrape().value("watch_missed_revisions_total") == 0


def test_a_stream_that_goes_silent_is_left_and_nothing_is_lost(make_fake, make_exporter):
    fake = make_fake()
    exporter = make_exporter(f"--etcd.endpoints={fake.url}")
    watching(exporter)
    fake.send([put("/registry/pods/a/1", 101)], revision=101)
    until(lambda: written(exporter) == 1)
    # The store goes on, the stream does not.
    fake.header[3] = 102
    until(lambda: exporter.scrape().value("watch_restarts_total", reason="silent") == 1, 40, "the silence")
    watching(exporter, 2)
    assert fake.watched_from[-1] == 102
    fake.send([put("/registry/pods/a/2", 102)], revision=102)
    until(lambda: written(exporter) == 2)
    assert exporter.scrape().value("watch_missed_revisions_total") == 0


def test_bytes_that_are_no_answer_end_the_watch_and_it_comes_back(make_fake, make_exporter):
    fake = make_fake()
    exporter = make_exporter(f"--etcd.endpoints={fake.url}")
    watching(exporter)
    fake.send_bytes(b"\x5a\xff\xff\xff\x7f")
    until(lambda: exporter.scrape().value("watch_restarts_total", reason="malformed") == 1, what="the restart")
    watching(exporter, 2)
    fake.send([put("/registry/pods/a/1", 101)], revision=101)
    until(lambda: written(exporter) == 1)


def test_the_watch_does_not_move_to_another_cluster(make_fake, make_exporter):
    first, other = make_fake(), make_fake(cluster_id=0xC2, member_id=0xA2)
    other.header[3] = 200  # could serve what is asked for
    exporter = make_exporter(f"--etcd.endpoints={first.url},{other.url}")
    watching(exporter)
    first.send([put("/registry/pods/a/1", 101)], revision=101)
    until(lambda: written(exporter) == 1)
    first.stop()
    until(lambda: exporter.scrape().value("watch_connected") == 0)
    asked = other.calls["Status"]
    until(lambda: other.calls["Status"] > asked + 3, 20, "the other one to be asked by the watch and by scrapes")
    assert exporter.scrape().value("watch_connected") == 0
    assert other.watched_from == []
