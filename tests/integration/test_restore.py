"""A store restored from a backup stands at an older revision than what was seen of it; the watch finds that out and goes on."""

import shutil

import pytest
from harness import loadgen
from harness.etcd import Etcd
from harness.wait import until


def write(etcd, count):
    return loadgen.run([etcd.url], "--mix", "pods=1", "--rate", 0, "--writes", count)


@pytest.mark.parametrize("token", ["etcd-cluster", "another"])
def test_a_restored_store_is_watched_from_where_it_stands(tmp_path, cleanup, make_exporter, token):
    """With another token the restored cluster has other ids."""
    etcd = Etcd(tmp_path / "m1").ready()
    cleanup.callback(etcd.stop)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--inventory.count-at-start")
    write(etcd, 300)
    etcd.ctl("snapshot", "save", tmp_path / "backup.db")
    lost = write(etcd, 1000)
    until(lambda: exporter.scrape().value("watch_revision") >= lost["last_revision"])

    etcd.stop()
    data = tmp_path / "m1/data"
    shutil.rmtree(data)
    etcd.ctl("snapshot", "restore", tmp_path / "backup.db", "--name=m1", f"--data-dir={data}", f"--initial-cluster-token={token}",
             f"--initial-cluster=m1={etcd.peer_url}", f"--initial-advertise-peer-urls={etcd.peer_url}")  # fmt: skip
    etcd.restart().ready()

    until(lambda: exporter.scrape().value("watch_restarts_total", reason="regressed") == 1, 60)
    until(lambda: exporter.scrape().value("watch_connected") == 1)
    page = exporter.scrape()
    assert page.value("watch_revision") < lost["last_revision"] and page.value("watch_missed_revisions_total") == 0
    before = page.value("writes_total", resource="pods", op="create")
    again = write(etcd, 200)
    until(lambda: exporter.scrape().value("watch_revision") >= again["last_revision"])
    after = exporter.scrape().value("writes_total", resource="pods", op="create")
    assert after - before == again["resources"]["pods"]["creates"], "nothing is counted twice"
