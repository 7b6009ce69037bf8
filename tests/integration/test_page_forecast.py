"""What `analyze` foresees of a compaction and a defragmentation is what they then do, within a tenth."""

import random

import pytest
from harness import analyze
from harness.store import apply, file_of, settle

EACH_MINOR = True


def small(dice):
    """Leases and ConfigMaps of 300 to 700 bytes, some of them often rewritten, some deleted."""
    keys = [f"/registry/leases/kube-node-lease/n{i}" for i in range(800)] + [f"/registry/configmaps/a/c{i}" for i in range(800)]
    for _ in range(10000):
        yield keys[int(dice.random() ** 2 * len(keys))], "x" * dice.randrange(250, 650)
    for key in dice.sample(keys, 300):
        yield key, None


def middle(dice):
    """Jobs of 2,200 bytes: with two of them a leaf is two pages. Most live on among their history."""
    for i in range(2000):
        yield f"/registry/jobs/a/j{i}", "x" * 2200
    for _ in range(1000):
        yield f"/registry/jobs/a/j{dice.randrange(2000)}", "x" * 2200
    for i in dice.sample(range(2000), 800):
        yield f"/registry/jobs/a/j{i}", None


def large(dice):
    """Reports of 20,000 bytes, each in overflow pages."""
    for _ in range(700):
        yield f"/registry/wgpolicyk8s.io/policyreports/a/r{int(dice.random() ** 2 * 150)}", "x" * 20000
    for i in dice.sample(range(150), 40):
        yield f"/registry/wgpolicyk8s.io/policyreports/a/r{i}", None


@pytest.mark.parametrize("shape", [small, middle, large])
def test_compaction_and_defragmentation_do_what_was_foreseen(etcd, shape):
    apply(etcd, shape(random.Random(7)))
    settle(etcd)
    before = etcd.status()
    found = analyze.report(file_of(etcd))
    assert abs(found["used_bytes"] - before["dbSizeInUse"]) <= 0.01 * before["dbSizeInUse"]
    assert found["high_water_bytes"] == before["dbSize"]
    key_bucket = next(bucket["bytes"] for bucket in found["buckets"] if bucket["bucket"] == "key")
    shared_out = [row[kind] for row in found["resources"] for kind in ("live_page_bytes", "history_page_bytes")]
    assert sum(shared_out) == key_bucket

    etcd.ctl("compact", before["header"]["revision"], "--physical")
    settle(etcd)
    freed = before["dbSizeInUse"] - etcd.status()["dbSizeInUse"]
    assert abs(found["compaction_bytes"] - freed) <= 0.1 * freed, found["total"]
    etcd.ctl("defrag", timeout=120)
    after = etcd.status()["dbSize"]
    assert abs(found["defragmented_bytes"] - after) <= 0.1 * after


def test_the_largest_objects_are_named(etcd):
    """Those that live: not what was there before, nor what is deleted."""
    apply(etcd, [("/registry/secrets/a/gone", "x" * 90000), ("/registry/secrets/a/shrunk", "x" * 80000)])
    apply(etcd, [(f"/registry/configmaps/a/c{i}", "x" * (100 * i)) for i in range(1, 30)])
    apply(etcd, [("/registry/secrets/a/gone", None), ("/registry/secrets/a/shrunk", "x" * 5000)])
    settle(etcd)
    found = analyze.report(file_of(etcd))["largest_objects"]
    names = ["/registry/secrets/a/shrunk", *(f"/registry/configmaps/a/c{i}" for i in range(29, 20, -1))]
    assert [row["key"] for row in found] == names
    assert found[0] == {"key": names[0], "resource": "secrets", "bytes": len(names[0]) + 5000}
    text = analyze.run(file_of(etcd)).stdout.decode()
    assert all(name in text for name in names)
