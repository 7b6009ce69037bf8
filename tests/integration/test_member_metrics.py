"""Every member metric equals what etcdctl and etcd's own metrics page say."""

import os
import subprocess

import pytest
from harness import loadgen
from harness.ports import free_port
from harness.wait import until


def write_some(etcd):
    loadgen.run([etcd.url], "--preload", "pods=200,configmaps=50", "--writes", 2000, "--rate", 0, "--in-flight", 64)


def settled_page(etcd, exporter):
    """A scrape and etcd's answers around it that agree with each other: nothing moved meanwhile."""

    def unmoved():
        before = etcd.status(), etcd.page()
        page = exporter.scrape()
        after = etcd.status(), etcd.page()
        watched = "dbSize", "dbSizeInUse", "raftAppliedIndex"
        same = all(before[0].get(key) == after[0].get(key) for key in watched)
        compact = "etcd_debugging_mvcc_compact_revision"
        fresh = page.value("compact_revision") == after[1][compact]
        return (page, *after) if same and before[1][compact] == after[1][compact] and fresh else None

    return until(unmoved, 20, "a moment in which nothing moves")


def test_equal_what_etcd_says(etcd, exporter):
    write_some(etcd)
    etcd.ctl("compact", etcd.status()["header"]["revision"] - 100, "--physical")
    etcd.ctl("defrag")
    write_some(etcd)

    page, status, own = settled_page(etcd, exporter)

    member = {"member": "m1"}
    assert page.value("up", **member) == 1
    assert page.value("db_size_bytes", **member) == status["dbSize"] == own["etcd_mvcc_db_total_size_in_bytes"]
    assert page.value("db_in_use_bytes", **member) == status["dbSizeInUse"]
    assert page.value("db_free_bytes", **member) == status["dbSize"] - status["dbSizeInUse"]
    ratio = 1 - status["dbSizeInUse"] / status["dbSize"]
    assert page.value("db_fragmentation_ratio", **member) == pytest.approx(ratio)
    assert page.value("revision", **member) == status["header"]["revision"]
    assert page.value("raft_applied_index", **member) == status["raftAppliedIndex"]
    assert page.value("member_is_leader", **member) == 1
    assert page.value("member_is_learner", **member) == 0
    assert page.value("member_has_leader", **member) == 1
    assert page.value("member_start_time_seconds", **member) == own["process_start_time_seconds"]
    assert page.value("compact_revision", **member) == own["etcd_debugging_mvcc_compact_revision"] > 0
    assert page.value("compact_revision_source_info", source="metrics", **member) == 1
    assert page.value("defragmentations_total", **member) == own["etcd_disk_backend_defrag_duration_seconds_count"] == 1
    assert page.value("defrag_in_progress", **member) == 0
    assert page.value("db_open_read_transactions", **member) == own["etcd_mvcc_db_open_read_transactions"]
    quota = own["etcd_server_quota_backend_bytes"]
    assert page.value("quota_bytes", **member) == quota == 2147483648
    assert page.value("quota_source_bytes", source="metrics", **member) == quota
    assert [s.value for s in page.find("quota_source_bytes", source="status")] == ([quota] if etcd.server.reports_quota else [])
    assert page.value("quota_headroom_bytes", **member) == quota - status["dbSize"]
    assert page.value("quota_headroom_ratio", **member) == pytest.approx(1 - status["dbSize"] / quota)
    info = page.find("member_info")[0].labels
    assert info == {
        "member": "m1",
        "member_id": f"{status['header']['member_id']:x}",
        "cluster_id": f"{status['header']['cluster_id']:x}",
        "server_version": status["version"],
        "storage_version": "{}.{}.0".format(*etcd.server.version) if etcd.server.version >= (3, 6) else "",
        "etcd_url": etcd.url,
    }
    assert page.value("cluster_members", role="voter") == 1
    assert page.value("cluster_members", role="learner") == 0
    assert page.value("endpoints") == 1
    assert page.value("datastore_info", kind="etcd") == 1


def test_the_disk_of_the_data_directory_is_that_of_the_member_on_this_node(make_cluster, make_exporter, tmp_path):
    members = make_cluster(3)
    here = members[1]
    file = here.folder / "data/member/snap/db"
    config = tmp_path / "etcd.conf"
    config.write_text(f"listen-client-urls: {here.url}\n")
    flags = [f"--etcd.endpoints={member.url}" for member in members]
    flags += [f"--inventory.db-file={file}", "--no-collector.inventory"]

    exporter = make_exporter(*flags, f"--etcd.config={config}")
    page = until(lambda: (p := exporter.scrape()).has("data_disk_free_bytes", member="m2") and p)
    disk = os.statvfs(file)
    assert page.value("data_disk_size_bytes") == disk.f_blocks * disk.f_frsize, "of that member alone"
    assert page.value("data_disk_free_bytes") == pytest.approx(disk.f_bavail * disk.f_frsize, abs=1 << 30)

    page = make_exporter(*flags).scrape()
    assert not page.has("data_disk_free_bytes"), "whose file it is, is unknown"

    here.stop()
    page = until(lambda: (p := exporter.scrape()).value("up", member="m2") == 0 and p)
    assert page.has("data_disk_free_bytes", member="m2"), "a full disk ends etcd: it is shown when etcd is down"


def test_passes_promtool(exporter):
    until(lambda: exporter.scrape().value("up") == 1)
    _, headers, body = exporter.get("/metrics")
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    checked = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True)
    assert checked.returncode == 0 and not checked.stdout + checked.stderr, checked.stderr.decode()


def test_has_no_series_twice(make_cluster, make_exporter):
    members = make_cluster(3)
    exporter = make_exporter("--etcd.endpoints=" + ",".join(m.url for m in members))
    until(lambda: sum(s.value for s in exporter.scrape().find("up")) == 3)
    samples = [(s.name, tuple(sorted(s.labels.items()))) for s in exporter.scrape().samples]
    assert len(samples) == len(set(samples))


def test_tells_three_members_apart(make_cluster, make_exporter):
    members = make_cluster(3)
    exporter = make_exporter("--etcd.endpoints", members[0].url, "--etcd.endpoints", ",".join(m.url for m in members[1:]))
    page = until(lambda: (p := exporter.scrape()) and sum(s.value for s in p.find("up")) == 3 and p)

    assert {s.labels["member"] for s in page.find("up")} == {"m1", "m2", "m3"}
    assert sum(s.value for s in page.find("member_is_leader")) == 1
    assert page.value("cluster_members", role="voter") == 3
    assert page.value("endpoints") == 3
    for member in members:
        # A young cluster still grows between two looks at it.
        until(lambda: exporter.scrape().value("db_size_bytes", member=member.name) == member.status()["dbSize"], what=member.name)


def test_one_member_down_leaves_the_others(make_cluster, make_exporter):
    members = make_cluster(3)
    exporter = make_exporter("--etcd.endpoints=" + ",".join(m.url for m in members))
    until(lambda: sum(s.value for s in exporter.scrape().find("up")) == 3)

    members[1].stop()
    page = until(lambda: (p := exporter.scrape()).value("up", member="m2") == 0 and p)

    assert page.value("up", member="m1") == page.value("up", member="m3") == 1
    assert {s.name for s in page.samples if s.labels.get("member") == "m2"} == {
        "etcd_headroom_up",
        "etcd_headroom_member_scrape_duration_seconds",
    }, "a member that is down keeps nothing that could pass for fresh"


def test_a_learner_is_told_as_one(make_cluster, make_exporter, begin_etcd):
    (leader,) = make_cluster(1)
    peer_port = free_port()
    leader.ctl("member", "add", "learner1", "--learner", f"--peer-urls=http://127.0.0.1:{peer_port}")
    cluster = f"m1={leader.peer_url},learner1=http://127.0.0.1:{peer_port}"
    learner = begin_etcd(name="learner1", cluster=cluster, peer_port=peer_port, state="existing")
    exporter = make_exporter(f"--etcd.endpoints={leader.url},{learner.url}")

    page = until(lambda: (p := exporter.scrape()).value("up", member="learner1") == 1 and p, 20)

    assert page.value("member_is_learner", member="learner1") == 1
    assert page.value("member_is_learner", member="m1") == 0
    assert page.value("cluster_members", role="learner") == 1
    assert page.value("cluster_members", role="voter") == 1


def test_endpoints_of_one_member_are_merged(etcd, make_exporter):
    twin = etcd.url.replace("127.0.0.1", "localhost")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url},{twin}")

    page = until(lambda: (p := exporter.scrape()).value("up", member="m1") == 1 and p)

    assert len(page.find("up")) == 1
    assert page.value("endpoints") == 2


def test_a_member_never_goes_by_a_loopback_address(make_exporter):
    exporter = make_exporter("--etcd.endpoints=http://127.0.0.1:1")
    assert [s.labels["member"] for s in exporter.scrape().find("up")] == ["node-a"]


def test_two_clusters_in_one_process_are_refused(make_etcd, make_exporter):
    ours, other = make_etcd(name="ours"), make_etcd(name="other")
    exporter = make_exporter(f"--etcd.endpoints={ours.url},{other.url}")

    page = until(lambda: exporter.log_lines("another etcd cluster") and exporter.scrape() or exporter.scrape() and None)

    assert page.value("up", member="ours") == 1
    assert [s.value for s in page.find("up") if s.labels["member"] != "ours"] == [0]
    assert other.url in exporter.log_lines("another etcd cluster")[0]

    ours.stop()
    page = until(lambda: (p := exporter.scrape()).value("up", member="ours") == 0 and p)
    assert {s.value for s in page.find("up")} == {0}, "a stranger does not take the place of a member that is down"
    assert not page.has("db_size_bytes")
