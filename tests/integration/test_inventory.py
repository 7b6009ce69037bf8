"""Bytes per resource are what `analyze` and the server's own Range say of them; reading the file is not noticed."""

import ctypes
import mmap
import os
import pathlib
import subprocess
import time
from types import SimpleNamespace

import pytest
from harness import analyze, loadgen
from harness.etcd import Etcd
from harness.exporter import BINARY
from harness.pinned import stalled_snapshot
from harness.ports import free_port
from harness.store import apply, file_of, fill, live, live_by_namespace, settle, write
from harness.wait import until
from test_discovery import IN_KUBERNETES, k3s, kubeadm, lay, rke2

NOW = ("--inventory.count-at-start", "--inventory.interval=1s")
PACE = 50_000_000
PAGE = mmap.PAGESIZE


def by_resource(page, name):
    return {s.labels["resource"]: s.value for s in page.find(name) if s.value}


def exact(exporter, after=0.0):
    """The first page with an inventory that was begun later than that."""
    return until(
        lambda: (p := exporter.scrape()).value("inventory_exact") == 1 and p.value("inventory_timestamp_seconds") > after and p, 20
    )


def reading(make_exporter, etcd, *arguments):
    return make_exporter(f"--etcd.endpoints={etcd.url}", f"--inventory.db-file={file_of(etcd)}", *NOW, *arguments)


def as_served(found):
    """What the page should say of a report of `analyze`."""
    return tuple({row["resource"]: row[name] for row in found["resources"] if row[name]} for name in ("live_bytes", "history_bytes"))


def test_bytes_are_those_of_analyze_and_of_the_server(etcd, make_exporter):
    fill(etcd)
    exporter = reading(make_exporter, etcd)
    live_bytes, history_bytes = as_served(until(lambda: (f := analyze.report(file_of(etcd)))["revision"] == revision(etcd) and f))
    # A walk before the watch is there believes a file that is not yet up to date.
    page = exact(exporter, time.time())
    assert by_resource(page, "object_bytes") == live_bytes == {r: size for r, (_, size) in live(etcd).items()}
    assert by_resource(page, "history_bytes") == history_bytes and history_bytes["pods"] > 0
    assert by_namespace(page) == live_by_namespace(etcd)
    assert sums_of_namespaces(page) == sums_of_resources(page)
    # On a busy machine etcd may once be later with its file than the exporter waits.
    assert page.value("inventory_failures_total") <= 1, exporter.process.log()
    assert page.value("inventory_duration_seconds") > 0
    failed = int(page.value("inventory_failures_total"))  # etcd may be late with its file once
    assert 1 <= len(exporter.log_lines("the database file is read")) <= 1 + failed

    etcd.ctl("compact", revision(etcd), "--physical")
    etcd.ctl("defrag")  # puts a new file in the place of the old one
    page = exact(exporter, time.time())
    assert by_resource(page, "object_bytes") == live_bytes
    assert by_resource(page, "history_bytes") == {}
    assert sums_of_namespaces(page) == sums_of_resources(page)
    write(etcd, "--writes", 500)
    until(lambda: sum(by_resource(exporter.scrape(), "history_bytes").values()) > 0, 10, "a walk of the new file")


def by_namespace(page):
    return {s.labels["object_namespace"]: (page.value("namespace_objects", **s.labels), s.value)
            for s in page.find("namespace_object_bytes") if s.value}  # fmt: skip


def sums_of_namespaces(page):
    return [sum(s.value for s in page.find(f"namespace_{name}")) for name in ("object_bytes", "history_bytes")]


def sums_of_resources(page):
    return [sum(s.value for s in page.find(name)) for name in ("object_bytes", "history_bytes")]


def revision(etcd):
    return etcd.status()["header"]["revision"]


def test_pages_that_a_stalled_snapshot_pins_are_seen(etcd, make_exporter):
    """Deletes and compactions free nothing for as long as it reads: in use by Status, held by nothing in the file."""
    exporter = reading(make_exporter, etcd)
    rewrite = [(f"/registry/events/a/e{i % 40}", "x" * 10000) for i in range(400)]
    apply(etcd, rewrite)
    settle(etcd)
    page = exact(exporter, time.time())
    assert page.value("db_pinned_bytes") < 500_000
    with stalled_snapshot(etcd.url):
        for _ in range(3):
            apply(etcd, rewrite)
            etcd.ctl("compact", revision(etcd), "--physical")
        settle(etcd)
        page = exact(exporter, time.time())
        live_bytes = sum(by_resource(page, "object_bytes").values())
        assert live_bytes < 1_000_000
        assert page.value("db_pinned_bytes") > 8_000_000
        assert page.value("db_pinned_bytes") == pytest.approx(etcd.status()["dbSizeInUse"] - live_bytes, rel=0.15)
    settle(etcd)
    assert exact(exporter, time.time()).value("db_pinned_bytes") < 500_000


def test_a_namespace_that_vanishes_has_no_series(etcd, make_exporter):
    exporter = reading(make_exporter, etcd)
    apply(etcd, [("/registry/pods/stays/p", "x"), ("/registry/pods/goes/p", "x")])
    until(lambda: {"stays", "goes"} <= by_namespace(exporter.scrape()).keys())
    apply(etcd, [("/registry/pods/goes/p", None)])
    apply(etcd, [("/registry/pods/stays/p", "y")])  # etcd keeps a delete that is its newest revision
    etcd.ctl("compact", revision(etcd), "--physical")
    page = until(lambda: not (p := exporter.scrape()).has("namespace_object_bytes", object_namespace="goes") and p)
    assert not page.has("namespace_history_bytes", object_namespace="goes")
    assert page.has("namespace_object_bytes", object_namespace="stays")


def test_the_500_largest_namespaces_have_names(etcd, make_exporter):
    apply(etcd, [(f"/registry/pods/ns{i}/p", "x" * i) for i in range(520)])
    exporter = reading(make_exporter, etcd)
    page = until(lambda: (p := exporter.scrape()).has("namespace_objects") and by_namespace(p).get("other", [0])[0] == 20 and p)
    assert by_namespace(page).keys() - {"", "other"} == {f"ns{i}" for i in range(20, 520)}
    assert sums_of_namespaces(page) == sums_of_resources(page)


def test_what_is_pinned_is_unknown_where_the_member_of_the_file_is(make_cluster, make_exporter):
    """Three on one node: which one writes to the file is not known."""
    members = make_cluster()
    urls = ",".join(member.url for member in members)
    exporter = make_exporter(f"--etcd.endpoints={urls}", f"--inventory.db-file={file_of(members[0])}", *NOW)
    assert not exact(exporter).has("db_pinned_bytes")


def test_a_file_under_load_is_read(etcd, make_exporter):
    """A page that is reused meanwhile fails a walk; it must be able to win."""
    exporter = reading(make_exporter, etcd)
    begun, first = time.monotonic(), exact(exporter).value("inventory_timestamp_seconds")
    while exporter.scrape().value("inventory_timestamp_seconds") == first:
        last = write(etcd, "--writes", 1500)["last_revision"]
        etcd.ctl("compact", last - 500)
        assert time.monotonic() - begun < 180  # of the lowest priority, on a machine that is shared


def test_without_a_file_bytes_are_estimated(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--collector.inventory", *NOW)
    until(lambda: exporter.scrape().value("watch_connected") == 1)
    write(etcd, "--preload", "pods=300", "--writes", 0)
    page = until(
        lambda: (p := exporter.scrape()).has("object_bytes", resource="pods") and p.value("objects", resource="pods") >= 300 and p, 60
    )
    assert page.value("inventory_exact") == 0
    writes = sum(s.value for s in page.find("writes_total", resource="pods") if s.labels["op"] != "delete")
    mean = page.value("write_bytes_total", resource="pods") / writes
    assert page.value("object_bytes", resource="pods") == pytest.approx(page.value("objects", resource="pods") * mean)
    assert page.value("object_bytes", resource="pods") == pytest.approx(live(etcd)["pods"][1], rel=0.01)
    for name in ("history_bytes", "inventory_timestamp_seconds", "inventory_duration_seconds"):
        assert not page.has(name), name
    assert len(exporter.log_lines("--inventory.db-file")) == 1


def test_a_file_that_goes_leaves_the_last_inventory_until_it_is_back(etcd, make_exporter, tmp_path):
    write(etcd, "--preload", "pods=100", "--writes", 0)
    link = tmp_path / "db"
    link.symlink_to(file_of(etcd))
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", f"--inventory.db-file={link}", *NOW)
    until(lambda: by_resource(exact(exporter), "object_bytes").get("pods"), 10, "the batch in the file")
    link.unlink()
    until(lambda: exporter.scrape().value("inventory_failures_total") >= 2)
    page = exporter.scrape()
    assert page.value("inventory_exact") == 1 and by_resource(page, "object_bytes")["pods"] > 0
    link.symlink_to(file_of(etcd))
    exact(exporter, time.time())
    (gone,) = [line for line in exporter.log_lines("is not read") if "No such file" in line]
    assert str(link) in gone and "--inventory.db-file" in gone
    assert len(exporter.log_lines("the database file is read")) >= 2


@pytest.fixture(scope="module")
def large_file(tmp_path_factory):
    """200 MB that no etcd holds any more, of 400 large objects and their history and 3000 small ones."""
    etcd = Etcd(tmp_path_factory.mktemp("large") / "m1").ready()
    try:
        loadgen.run([etcd.url], "--preload", "configmaps=3000", "--mix", "pods=1", "--size", "pods=100000", "--rate", 0, "--writes", 2000)
    finally:
        etcd.process.child.terminate()
        etcd.process.wait(30)
    return file_of(etcd)


@pytest.fixture
def deaf(tmp_path, make_exporter):
    """deaf(file, *flags): an exporter whose etcd does not answer."""
    return lambda file, *flags: make_exporter(f"--etcd.endpoints=http://127.0.0.1:{free_port()}", f"--inventory.db-file={file}", *flags)


@pytest.mark.parametrize("kind, words", [("missing", "No such file"), ("folder", "not a regular file"), ("text", "no etcd database")])
def test_what_is_no_database_is_counted_and_said_once(kind, words, tmp_path, deaf):
    path = tmp_path / "db"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("not a database" * 1000)
    exporter = deaf(path, *NOW)
    page = until(lambda: (p := exporter.scrape()).value("inventory_failures_total") >= 2 and p)
    assert page.value("inventory_exact") == 0 and not page.has("history_bytes")
    (line,) = exporter.log_lines("is not read")
    assert words in line and str(path) in line


@pytest.mark.parametrize("distribution", ["kubeadm", "k3s", "rke2"])
@pytest.mark.parametrize("given", [True, False])
def test_the_file_is_found_where_the_node_s_etcd_has_it(distribution, given, tmp_path, make_exporter, authority, large_file):
    node = tmp_path / "node"
    layout = {"kubeadm": kubeadm, "k3s": k3s, "rke2": rke2}[distribution]
    nobody = SimpleNamespace(url=f"https://127.0.0.1:{free_port()}")
    config = lay(layout, node, authority, nobody, "http://127.0.0.1:1")
    place = {"kubeadm": "var/lib/etcd", "k3s": "var/lib/rancher/k3s/server/db/etcd", "rke2": "var/lib/rancher/rke2/server/db/etcd"}[
        distribution
    ]
    if given:
        place = "srv/member"
        text = config.read_text()
        if distribution == "k3s":
            config.write_text(text + "data-dir: /srv/member\n")
        else:
            mount = "    volumeMounts: [{name: d, mountPath: /data}]\n  volumes: [{name: d, hostPath: {path: /srv}}]\n"
            config.write_text(text + "    - --data-dir=/data/member\n" + mount)
    (node / place).mkdir(parents=True, exist_ok=True)
    (node / place / "member").symlink_to(large_file.parent.parent)
    exporter = make_exporter(f"--path.rootfs={node}", "--collector.inventory", *NOW, env=IN_KUBERNETES)
    exact(exporter)
    (line,) = exporter.log_lines("the database file is read")
    assert f"{node}/{place}/member/snap/db" in line


def test_the_file_of_the_node_is_read_if_it_can_be(tmp_path, make_exporter, authority, large_file):
    node = tmp_path / "node"
    lay(kubeadm, node, authority, SimpleNamespace(url=f"https://127.0.0.1:{free_port()}"), "http://127.0.0.1:1")
    flags = (f"--path.rootfs={node}", *NOW)
    without = make_exporter(*flags, env=IN_KUBERNETES)
    (line,) = without.log_lines("exact bytes are off")
    assert "level=info" in line and "No such file" in line and "inventory.enabled" in line
    assert not without.scrape().has("inventory_exact")
    assert not make_exporter(*flags, "--no-collector.inventory", env=IN_KUBERNETES).log_lines("exact bytes are off")
    (node / "var/lib/etcd").mkdir(parents=True)
    (node / "var/lib/etcd/member").symlink_to(large_file.parent.parent)
    exact(make_exporter(*flags, env=IN_KUBERNETES))


@pytest.mark.parametrize("trace", [None, "var/lib/rancher/k3s/server/db/state.db"])
def test_a_node_without_etcd_is_quiet(trace, tmp_path, make_exporter):
    node = tmp_path / "node"
    node.mkdir()
    if trace:
        (node / trace).parent.mkdir(parents=True)
        (node / trace).touch()
    exporter = make_exporter(f"--path.rootfs={node}", "--collector.inventory", *NOW, env=IN_KUBERNETES)
    page = exporter.scrape()
    assert page.value("endpoints") == 0
    assert not [name for name in page.names() if "inventory" in name or "object_bytes" in name]
    warned = [line for line in exporter.log_lines("level=warn") if "no etcd on this node" not in line]
    assert not warned


def cached_pages(path):
    """How many pages of a file the page cache has. Only its owner may know."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    size = path.stat().st_size
    pages = ctypes.create_string_buffer((size + PAGE - 1) // PAGE)
    with open(path, "rb") as file:
        at = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
        assert libc.mincore(at, size, pages) == 0
        libc.munmap(at, size)
    return sum(byte & 1 for byte in pages.raw)


def make_cold(path):
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if cached_pages(path) > 10:
        pytest.skip("this file system keeps its files in memory")


def from_disk(exporter):
    """Bytes that the process has had read from disks."""
    lines = pathlib.Path(f"/proc/{exporter.process.child.pid}/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["read_bytes"])


def peak(exporter):
    lines = pathlib.Path(f"/proc/{exporter.process.child.pid}/status").read_text().splitlines()
    return int(dict(line.split(":", 1) for line in lines)["VmHWM"].split()[0]) * 1024


def test_a_cold_file_is_read_gently_and_let_go(large_file, deaf):
    found = analyze.report(large_file)
    in_use = found["file_bytes"] - found["free_bytes"] - found.get("beyond_mark_bytes", 0)
    assert in_use > 150e6
    subprocess.run([BINARY, "--version"], check=True, stdout=subprocess.DEVNULL)  # itself it is not to read from the disk
    make_cold(large_file)
    begun = time.monotonic()
    exporter = deaf(large_file, "--inventory.count-at-start")
    most = 0
    while exporter.scrape().value("inventory_exact") == 0:
        read, now = from_disk(exporter), time.monotonic()
        most = max(most, read)
        assert read <= PACE * (now - begun) + 4e6, "and what it needs to start"
        assert now - begun < 120
    assert from_disk(exporter) > 0.9 * in_use, "it was cold"
    assert time.monotonic() - begun >= 0.9 * in_use / PACE
    assert most > 0, "it was seen at work"
    live_bytes, history_bytes = as_served(found)
    page = exporter.scrape()
    assert (by_resource(page, "object_bytes"), by_resource(page, "history_bytes")) == (live_bytes, history_bytes)
    assert cached_pages(large_file) * PAGE < 0.02 * in_use, "the page cache is left to others"
    if not os.environ.get("HEADROOM_SANITIZED"):
        assert peak(exporter) < 40e6


def test_it_ends_in_the_middle_of_a_walk(large_file, deaf):
    make_cold(large_file)
    exporter = deaf(large_file, "--inventory.count-at-start")
    until(lambda: from_disk(exporter) > 20e6)
    assert exporter.stop() == 0
    assert not exporter.log_lines("the database file is read"), "it did not wait for the rest, which takes seconds"
    assert not exporter.log_lines("is not read"), "to be stopped is no failure"


def test_more_keys_than_memory_is_for_are_given_up(large_file, deaf):
    exporter = deaf(large_file, "--inventory.max-keys=1000", *NOW)
    page = until(lambda: (p := exporter.scrape()).value("inventory_failures_total") >= 2 and p, 30)
    assert page.value("inventory_exact") == 0 and not page.has("history_bytes")
    (line,) = exporter.log_lines("is not read")
    assert "more than 1000 distinct keys" in line and "--inventory.max-keys" in line
