"""What `analyze` says of a database file or snapshot is what the server that wrote it says of the same revision."""

import collections
import json
import os
import random
import shutil
import threading

import pytest
from harness import analyze, loadgen
from harness.store import apply, file_of, fill, live, settle, write
from harness.wait import until


def counted(found):
    rows = ((row["resource"], (row["live_objects"], row["live_bytes"])) for row in found["resources"])
    return {resource: counts for resource, counts in rows if counts[0]}


def database(etcd):
    """A copy of the file of an etcd that has been stopped in an orderly way, so that all is in it."""
    etcd.process.child.terminate()
    etcd.process.wait(20)
    copy = etcd.process.log_path.parent / "copy.db"
    shutil.copyfile(file_of(etcd), copy)
    etcd.process.start()
    etcd.ready()
    return copy


def snapshot(etcd):
    path = etcd.process.log_path.parent / "snapshot.db"
    path.unlink(missing_ok=True)
    etcd.ctl("snapshot", "save", path)
    return path


def total(found, name):
    return sum(row[name] for row in found["resources"])


def assert_parts_add_up(found, parts):
    for name in found["total"].keys() - {"largest_object_bytes"}:
        sums = collections.Counter()
        for row in found[parts]:
            sums[row["resource"]] += row[name]
        assert sums == {row["resource"]: row[name] for row in found["resources"]}, name


def test_counts_and_bytes_are_the_servers(etcd):
    revision = fill(etcd)
    expected = live(etcd)
    saved = analyze.report(snapshot(etcd), "--by=namespace")
    stopped = analyze.report(database(etcd), "--by=namespace")
    running = analyze.report(file_of(etcd), "--by=namespace")
    for found, kind in ((saved, "snapshot"), (stopped, "database"), (running, "database")):
        assert found["kind"] == kind
        assert found["revision"] == revision
        assert counted(found) == expected
        # Nothing is compacted: every change is one revision, and the first is revision 2.
        assert total(found, "live_objects") + total(found, "history_revisions") >= revision - 1
        assert total(found, "tombstones") == total(found, "deleted_objects") > 0
        assert not found["alarms"] and "compacted_revision" not in found
        assert_parts_add_up(found, "namespaces")
    names = {bucket["bucket"] for bucket in saved["buckets"]}
    assert {"key", "lease", "meta", "alarm", "members", "cluster", "auth"} <= names
    assert next(bucket for bucket in saved["buckets"] if bucket["bucket"] == "lease")["records"] > 0
    assert saved["hash_bytes"] == 32 and saved["consistent_index"] > revision / 2


def test_compaction_frees_what_it_said_and_defragmentation_gives_it_back(etcd):
    revision = fill(etcd)
    before = analyze.report(snapshot(etcd))
    middle = revision // 2
    etcd.ctl("compact", middle, "--physical")
    half = analyze.report(snapshot(etcd))
    assert half["compacted_revision"] == half["scheduled_compaction"] == middle
    assert 0 < total(half, "history_revisions") < total(before, "history_revisions")
    assert counted(half) == counted(before)

    etcd.ctl("compact", revision, "--physical")
    expected = live(etcd)
    compacted = analyze.report(snapshot(etcd))
    assert counted(compacted) == expected
    assert total(compacted, "history_revisions") == total(compacted, "history_bytes") == 0
    assert total(compacted, "stored_bytes") == total(before, "stored_bytes") - total(before, "history_stored_bytes")
    assert compacted["free_bytes"] > half["free_bytes"] > before["free_bytes"]

    # What is free by the file is free by the server, once pages are no longer held back.
    settle(etcd)
    status = until(lambda: (s := etcd.status())["dbSize"] - s["dbSizeInUse"] >= compacted["free_bytes"] // 2 and s)
    assert abs(status["dbSize"] - compacted["high_water_bytes"]) <= 16 * 4096
    etcd.ctl("defrag")
    slim = analyze.report(database(etcd))
    assert counted(slim) == live(etcd)
    given_back = compacted["high_water_bytes"] - slim["high_water_bytes"]
    assert given_back >= compacted["free_bytes"] - 16 * 4096


def test_events_are_told_by_their_component(etcd):
    write(etcd, "--writes", 1500)
    found = analyze.report(snapshot(etcd), "--by=component")
    events = next(row for row in found["resources"] if row["resource"] == "events")
    assert {"kubelet"} <= {row["component"] for row in found["components"]}
    for name in ("live_objects", "live_bytes", "history_bytes", "stored_bytes"):
        assert sum(row[name] for row in found["components"]) == events[name]


@pytest.mark.parametrize("by", ["manager", "owner", "name", "age", "tenant"])
def test_parts_add_up_to_their_resources(etcd, by):
    fill(etcd, 1500)
    found = analyze.report(snapshot(etcd), f"--by={by}")
    assert_parts_add_up(found, f"{by}s")
    assert all(row[by] for row in found[f"{by}s"] if row["resource"] not in ("other", "/elsewhere", "compact_rev_key"))
    totals = found.get(f"{by}_totals", [found["total"]])
    assert sum(row["stored_bytes"] for row in totals) == found["total"]["stored_bytes"]


def test_tenants_are_found_by_their_system_namespaces(etcd):
    namespaces = [(f"{prefix}/namespaces/kube-system", "x") for prefix in ("/registry", "/team/one", "/left")]
    apply(etcd, [*namespaces, ("/registry/masterleases/10.0.0.1", "x"), ("/team/one/masterleases/10.0.0.2", "x"),
                 ("/team/one/pods/shop/web", "x" * 50), ("/left/pods/shop/web", "x"), ("/calico/ipam", "x")])  # fmt: skip
    found = analyze.report(snapshot(etcd), "--by=tenant")
    tenants = {row["tenant"]: row["live_objects"] for row in found["tenant_totals"]}
    assert tenants == {"/registry": 2, "/team/one": 3, "/left": 2, "": 1}
    assert found["verdict"][-1].startswith("No API server writes under /left: it has no masterleases.")
    plain = {row["resource"]: row["live_objects"] for row in analyze.report(snapshot(etcd))["resources"]}
    assert (plain["/team"], plain["/left"], plain["/calico"]) == (3, 2, 1)


def test_shares_of_fields_add_up_to_what_lives(etcd):
    fill(etcd, 1500)
    found = analyze.report(snapshot(etcd), "--fields")
    live_bytes = {row["resource"]: row["live_bytes"] for row in found["resources"] if row["live_objects"]}
    assert {row["resource"]: row["live_bytes"] for row in found["fields"]} == live_bytes
    for row in found["fields"]:
        parts = sum(row[name] for name in ("managed_fields_bytes", "status_bytes", "annotations_bytes", "rest_bytes"))
        assert parts == row["live_bytes"]
    pods = next(row for row in found["fields"] if row["resource"] == "pods")
    assert pods["managed_fields_bytes"] > pods["live_bytes"] // 10


def test_a_difference_is_what_was_written_in_between(etcd, tmp_path):
    fill(etcd, 1500)
    before = shutil.copyfile(snapshot(etcd), tmp_path / "before.db")
    old = analyze.report(before)
    apply(etcd, [*((f"/registry/secrets/new/s-{i}", "x" * 1000) for i in range(300)), ("compact_rev_key", None)])
    after = snapshot(etcd)
    new = analyze.report(after)
    found = json.loads(analyze.run(after, "--output=json", "--diff", before).stdout)
    assert found["changes"][0]["resource"] == "secrets" and found["changes"][0]["live_objects"] == 300
    assert next(row for row in found["changes"] if row["resource"] == "compact_rev_key")["live_objects"] == -1
    for name in ("live_objects", "live_bytes", "history_bytes"):
        assert found["total"][name] == new["total"][name] - old["total"][name]
        assert sum(row[name] for row in found["changes"]) == found["total"][name]
    assert "secrets" in analyze.run(after, "--diff", before).stdout.decode().splitlines()[4]


def test_a_difference_needs_two_files_and_no_other_question(etcd, tmp_path):
    saved = snapshot(etcd)
    for arguments in (("--diff", tmp_path / "absent"), ("--diff", saved, "--fields"), ("--diff", saved, "--removable")):
        done = analyze.run(saved, *arguments)
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr


def test_an_armed_alarm_is_in_the_file(make_etcd):
    etcd = make_etcd(f"--quota-backend-bytes={16 << 20}")
    loadgen.run([etcd.url], "--mix", "pods=1", "--size", "pods=20000", "--rate", 0, "--plain-puts", "--until-nospace")
    found = analyze.report(snapshot(etcd))
    member = etcd.status()["header"]["member_id"]
    assert found["alarms"] == [{"member": f"{member:x}", "alarm": "NOSPACE"}]
    text = analyze.run(file_of(etcd)).stdout.decode()
    assert f"alarm NOSPACE of member {member:x}" in text
    end = " ".join(text.splitlines()[-6:])
    assert "writes pods" in end or "what lives is pods" in end


def test_a_file_is_read_while_it_is_written_to(etcd):
    fill(etcd, 2000)
    stop = threading.Event()
    failures = []

    def churn():
        try:
            while not stop.is_set():
                last = write(etcd, "--writes", 2000)["last_revision"]
                etcd.ctl("compact", last - 500)
        except AssertionError as error:
            failures.append(error)

    writer = threading.Thread(target=churn)
    writer.start()
    try:
        revisions = []
        for _ in range(40):
            done = analyze.run(file_of(etcd), "--output=json")
            assert done.returncode in (0, 1), done
            found = json.loads(done.stdout)
            assert analyze.added_up(found) == found["file_bytes"]
            assert found["complete"] == (done.returncode == 0) == (not done.stderr)
            if found["complete"]:  # else it is not known whether the newest revision was seen
                revisions.append(found["revision"])
    finally:
        stop.set()
        writer.join()
    assert not failures
    # On a busy machine the reader may be overtaken often; all that is asked is that it can win.
    assert len(revisions) >= 10, revisions
    assert revisions[0] < revisions[-1] and revisions == sorted(revisions)


def test_text_for_people(etcd):
    fill(etcd, 1000)
    path = snapshot(etcd)
    found = analyze.report(path)
    text = analyze.run(path, "--top", 2, "--by=namespace").stdout.decode()
    assert "\x1b" not in text and "\t" not in text
    assert f"({len(found['resources']) - 2} more)" in text
    lines = text.splitlines()
    assert [line.split()[0] for line in lines[4:7]] == ["RESOURCE", *(row["resource"] for row in found["resources"][:2])]
    assert " ".join(text.split()).endswith(" ".join(" ".join(found["verdict"]).split()))
    assert all(len(line) <= 80 for line in lines if "/" not in line)
    assert analyze.run(path).stderr == b"", "no progress bar in a pipe"


def refusal(done):
    """The one line of a run that failed."""
    assert done.returncode == 1
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1 and lines[0].startswith("etcd-headroom-exporter: error: "), done.stderr
    return lines[0]


@pytest.fixture(scope="module")
def whole_file(tmp_path_factory):
    """A database of Debian's etcd with branches, free pages and history."""
    from harness.etcd import Etcd

    etcd = Etcd(tmp_path_factory.mktemp("whole") / "m1").ready()
    try:
        last = fill(etcd, 3000)
        etcd.ctl("compact", last - 1000, "--physical")
        return database(etcd)
    finally:
        etcd.stop()


def test_what_is_no_database_is_refused_in_one_line(tmp_path, whole_file):
    empty, text = tmp_path / "empty", tmp_path / "text"
    empty.touch()
    text.write_text("not a database" * 1000)
    assert "is empty" in refusal(analyze.run(empty))
    assert "no etcd database" in refusal(analyze.run(text))
    assert "No such file" in refusal(analyze.run(tmp_path / "missing"))
    assert "without member/snap/db" in refusal(analyze.run(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in refusal(analyze.run(tmp_path / "pipe"))
    broken = bytearray(whole_file.read_bytes())
    broken[16:20] = broken[4096 + 16 : 4096 + 20] = b"\0\0\0\0"
    (tmp_path / "magic").write_bytes(broken)
    assert "no etcd database" in refusal(analyze.run(tmp_path / "magic"))


@pytest.mark.parametrize("arguments, words", [([], "FILE"), (["x", "--by=pods"], "--by"), (["x", "--output=xml"], "--output"),
                                              (["x", "--top=0"], "--top"), (["x", "y"], "y"), (["--etcd.endpoints=http://a:1", "x"], "etcd.endpoints")])  # fmt: skip
def test_a_wrong_command_line_is_refused_in_one_line(arguments, words):
    path, *rest = arguments or ["--top=3"]
    assert words in refusal(analyze.run(path, *rest))


def test_a_truncated_file_says_what_is_missing(tmp_path, whole_file):
    data = whole_file.read_bytes()
    copy = tmp_path / "cut"
    for size in (100, 4095, 4096, 8192, 12288, 20000, len(data) // 3, len(data) // 2 + 1, len(data) * 9 // 10):
        copy.write_bytes(data[:size])
        done = analyze.run(copy, "--output=json")
        assert "the file ends after" in refusal(done), size
        found = json.loads(done.stdout)
        assert not found["complete"] and analyze.added_up(found) == size


def test_a_truncated_file_gives_what_its_whole_pages_have(tmp_path, whole_file):
    """However little is left: the top of the tree is mostly in what was cut off."""
    data = whole_file.read_bytes()
    whole = json.loads(analyze.run(whole_file, "--output=json").stdout)
    live = {row["resource"]: row["live_objects"] for row in whole["resources"]}
    copy = tmp_path / "cut"
    for tenths in (2, 4, 8):
        copy.write_bytes(data[: len(data) * tenths // 10])
        done = analyze.run(copy, "--output=json")
        found = json.loads(done.stdout)
        objects = sum(row["live_objects"] for row in found["resources"])
        assert tenths / 10 * 0.5 * sum(live.values()) < objects, (tenths, objects)
        assert {row["resource"] for row in found["resources"]} <= set(live) | {"other"}
        assert found["salvaged_revisions"] > 0 and "were found in pages that nothing leads to" in refusal(done)


def test_no_damage_crashes_or_hangs_it(tmp_path, whole_file):
    """Bits flipped at random, in headers of pages more often than elsewhere."""
    data = whole_file.read_bytes()
    copy = tmp_path / "damaged"
    seed = random.randrange(1 << 32)
    dice = random.Random(seed)
    partial = 0
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(dice.choice((1, 10, 1000))):
            at = dice.randrange(8192, len(broken))
            if dice.random() < 0.7:
                at = at // 4096 * 4096 + dice.randrange(64)
            broken[at] ^= 1 << dice.randrange(8)
        copy.write_bytes(broken)
        done = analyze.run(copy, "--output=json", "--by=component", timeout=20)
        assert done.returncode in (0, 1), f"seed {seed}: {done}"
        if not done.stdout:  # the name of the bucket of revisions was hit
            assert "is no etcd database" in refusal(done), f"seed {seed}"
            continue
        found = json.loads(done.stdout)
        assert found["complete"] == (done.returncode == 0), f"seed {seed}"
        assert analyze.added_up(found) == found["file_bytes"], f"seed {seed}"
        if not found["complete"]:
            assert refusal(done), f"seed {seed}"
            partial += 1
    assert partial > 10, f"seed {seed}"
