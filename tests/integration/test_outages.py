"""What `report` advises in outages that were seen in public, rebuilt with real servers. Its commands are typed as printed."""

import base64
import hashlib
import json
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

import pytest
from harness import analyze, exporter, loadgen, runbook
from harness.etcd import Etcd
from harness.pinned import stalled_snapshot
from harness.ports import free_port
from harness.report import AT_RISK, CANNOT_TELL, HEALTHY, WRITES_REFUSED, ask, commands, follow, run
from harness.servers import servers
from harness.wait import until

EACH_MINOR = True
MIB = 1 << 20
QUOTA = 48 * MIB
NOW = "--sample=0s"


def titles(found):
    return [step["title"] for step in found["steps"]]


def typed(found):
    """All that an operator would type, without definitions of functions and comments."""
    lines = "".join(command.rpartition("\n}\n")[2] for command in commands(found)).splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#"))


def database(etcd):
    return f"--inventory.db-file={etcd.process.log_path.parent}/data/member/snap/db"


def fill(endpoints, *more):
    """Old versions weigh most, so that a compaction frees nearly all."""
    loadgen.run(
        endpoints, "--mix", "configmaps=60,events=40", "--ops", "create=5,update=95", "--size", "configmaps=4000",
        "--rate", 0, "--in-flight", 64, "--until-nospace", "--compact-interval", 0, *more,
    )  # fmt: skip


def live(etcd):
    """A hash over all keys and values of Kubernetes."""
    found = json.loads(etcd.ctl("get", "/registry/", "--prefix", "-w", "json"))["kvs"]
    pairs = sorted((base64.b64decode(kv["key"]), kv.get("value", "")) for kv in found)
    return hashlib.sha256(repr(pairs).encode()).hexdigest()


def writable(etcd):
    etcd.ctl("put", "written", "x")
    etcd.ctl("del", "written")
    return True


def compact_all(etcd):
    etcd.ctl("compact", etcd.status()["header"]["revision"], "--physical", check=False)


def test_a_read_that_stays_open_is_ended_and_nothing_is_deleted_or_defragmented_for_it(make_etcd, tmp_path):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}")
    loadgen.run([etcd.url], "--mix", "configmaps=50,events=50", "--size", "configmaps=4000", "--rate", 0, "--writes", 3000)
    for number in range(100):
        etcd.ctl("put", f"expired{number}", "as an Event does")
    with stalled_snapshot(etcd.url):
        fill([etcd.url])
        compact_all(etcd)
        before = live(etcd)

        code, found = ask(f"--etcd.endpoints={etcd.url}", database(etcd))

        assert code == WRITES_REFUSED
        assert "a read that stays open on m1 keeps free pages from being used" in found["headline"]
        assert found["pinned_bytes"] > QUOTA // 2, found["pinned_bytes"]
        assert "End the read that stays open on m1" in titles(found)
        for forbidden in ("delete_below", "defragment", "disarm", " del "):
            assert forbidden not in typed(found)
        size = etcd.status()["dbSize"]
        printed = follow(found, tmp_path)
        assert "Do this by hand: end the read on m1" in printed
        assert live(etcd) == before
        assert etcd.status()["dbSizeInUse"] > QUOTA // 2, "nothing is free while the read is open"
        assert etcd.status()["dbSize"] == size, "a compaction now would make the file grow"

    expired = iter(range(100))
    until(
        lambda: etcd.ctl("del", f"expired{next(expired)}") and etcd.status()["dbSizeInUse"] < QUOTA // 2,
        30, "free pages, with the changes after the read",
    )  # fmt: skip
    code, found = ask(f"--etcd.endpoints={etcd.url}", database(etcd), NOW)
    assert code == WRITES_REFUSED and "Delete" not in "".join(titles(found)), titles(found)
    follow(found, tmp_path)
    assert live(etcd) == before
    assert writable(etcd)


def test_what_was_deleted_is_compacted_at_the_revision_of_that_moment(make_etcd, tmp_path):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}")
    loadgen.run(
        [etcd.url], "--mix", "policyreports=70,configmaps=30", "--ops", "create=100", "--size", "policyreports=20000",
        "--rate", 0, "--in-flight", 64, "--until-nospace",
    )  # fmt: skip
    kept = etcd.ctl("get", "/registry/configmaps/", "--prefix", "--keys-only")

    code, found = ask(f"--etcd.endpoints={etcd.url}", database(etcd))
    assert code == WRITES_REFUSED
    assert "Delete all policyreports.wgpolicyk8s.io" in titles(found)
    assert found["file"]["largest_objects"][0]["key"].startswith("/registry/wgpolicyk8s.io/policyreports/")
    follow(found, tmp_path)

    assert etcd.ctl("get", "/registry/configmaps/", "--prefix", "--keys-only") == kept
    assert etcd.status()["dbSize"] < 0.5 * QUOTA
    assert writable(etcd)
    assert ask(f"--etcd.endpoints={etcd.url}", NOW)[0] == HEALTHY


def test_a_peer_that_ran_full_with_less_is_not_taken_to_have_this_nodes_quota(make_cluster, tmp_path):
    """As on k3s with etcd 3.5, where nobody sees the quotas of peers: a disarm is not all that is missing."""
    members = make_cluster(3, arguments=(f"--quota-backend-bytes={4 * QUOTA}",))
    small = members[1]
    small.process.kill()
    small.process.command.append(f"--quota-backend-bytes={QUOTA}")
    small.process.start()
    small.ready()
    fill([small.url])
    config = tmp_path / "etcd.yaml"
    config.write_text(f"advertise-client-urls: {members[0].url}\nquota-backend-bytes: {4 * QUOTA}\n", encoding="utf-8")
    nowhere = f"http://127.0.0.1:{free_port()}/metrics"

    _, found = ask(
        f"--etcd.endpoints={','.join(m.url for m in members)}", f"--etcd.metrics-url={','.join([nowhere] * 3)}",
        f"--etcd.config={config}", NOW,
    )  # fmt: skip

    assert "a disarm is all that is missing" not in found["headline"]
    if small.server.reports_quota:
        return  # Status has it, and the plan is to raise it
    follow(found, tmp_path)
    assert "which armed NOSPACE, is unknown" in "".join(finding["text"] for finding in found["findings"])
    assert all(writable(member) for member in members)


def test_an_etcd_that_is_down_is_judged_by_its_file_and_its_configuration(make_etcd, tmp_path):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}")
    fill([etcd.url])
    until(lambda: analyze.report(tmp_path / "m1/data")["alarms"], 10, "the alarm in the file")
    etcd.stop()
    config = tmp_path / "etcd.yaml"
    config.write_text(f"name: m1\ndata-dir: {tmp_path}/m1/data\nquota-backend-bytes: {QUOTA}\n", encoding="utf-8")
    flags = [f"--etcd.endpoints={etcd.url}", f"--etcd.config={config}", database(etcd)]

    code, found = ask(*flags)
    assert code == WRITES_REFUSED
    assert found["headline"].startswith("etcd does not answer, and NOSPACE is armed in its file: ")
    assert found["file"]["size_bytes"] < 1.1 * QUOTA, "without the tail beyond the high-water mark"
    assert titles(found) == ["Raise the quota", "Start etcd", "Run this report again"]
    assert "quota_bytes" not in found["members"][0]

    etcd.process.command.append(f"--quota-backend-bytes={8 << 30}")
    etcd.process.start()
    until(etcd.status, 30, "an answer")
    code, found = ask(*flags, NOW)
    assert code == WRITES_REFUSED and "a disarm is all that is missing" in found["headline"]
    follow(found, tmp_path)
    assert writable(etcd)


def test_a_member_with_a_smaller_quota_gets_the_others_and_nothing_else_is_done(make_cluster, tmp_path):
    members = make_cluster(3, arguments=(f"--quota-backend-bytes={4 * QUOTA}",))
    small = members[1]
    small.process.kill()
    small.process.command.append(f"--quota-backend-bytes={QUOTA}")
    small.process.start()
    small.ready()
    fill([members[0].url])
    before = live(members[0])

    code, found = ask(f"--etcd.endpoints={members[0].url}")
    assert code == WRITES_REFUSED
    assert "the quota of m2 is smaller than the others' 192.0 MiB" in found["headline"]
    assert "Raise the quota of m2 to the others', 192.0 MiB" in titles(found)
    for forbidden in ("delete_below", "compact ", "defragment ", "save_snapshot"):
        assert forbidden not in typed(found)
    printed = follow(found, tmp_path)
    assert "Do this by hand: raise the quota of m2" in printed and "NOSPACE" in members[0].ctl("alarm", "list")

    small.process.kill()
    small.process.command.append(f"--quota-backend-bytes={4 * QUOTA}")
    small.process.start()
    until(small.status, 30, "an answer")
    for step in found["steps"]:
        step["command"] = step.get("command", "").replace("by_hand ", "echo ")
    follow(found, tmp_path)
    assert writable(members[2])
    assert live(members[0]) == before


def test_only_members_near_their_quota_are_defragmented(make_cluster, tmp_path):
    members = make_cluster(3, arguments=(f"--quota-backend-bytes={QUOTA}",))
    fill([members[0].url])
    compact_all(members[0])
    until(lambda: members[2].status()["dbSizeInUse"] < QUOTA // 2, 30)
    members[2].ctl("defrag")

    _, found = ask(f"--etcd.endpoints={members[0].url}")

    assert not [title for title in titles(found) if title.startswith("Defragment m3")]
    follow(found, tmp_path)
    assert writable(members[0])


def test_where_nobody_compacts_it_says_so_and_compacts(make_etcd, tmp_path):
    etcd = make_etcd(f"--quota-backend-bytes={4 * QUOTA}")
    loadgen.run(
        [etcd.url], "--mix", "configmaps=100", "--ops", "create=1,update=99", "--size", "configmaps=4000", "--compact-interval", 0,
        "--rate", 0, "--in-flight", 64, "--writes", 16_000,
    )  # fmt: skip
    before = live(etcd)
    # Its page has its age, at which an API server need not have compacted yet.
    no_page = [f"--etcd.metrics-url=http://127.0.0.1:{free_port()}/metrics", f"--etcd.quota-bytes={4 * QUOTA}"]
    assert "Nobody compacts" not in ask(f"--etcd.endpoints={etcd.url}", database(etcd), NOW)[1]["headline"]

    code, found = ask(f"--etcd.endpoints={etcd.url}", database(etcd), *no_page, NOW)

    assert code == AT_RISK
    assert found["headline"] == "Nobody compacts: every write stays stored."
    assert "Have etcd compact by itself" in titles(found)
    follow(found, tmp_path)
    assert etcd.status()["dbSizeInUse"] < QUOTA // 4
    assert live(etcd) == before
    assert ask(f"--etcd.endpoints={etcd.url}", NOW)[0] == HEALTHY


def test_before_it_is_full_the_time_is_the_headline_and_the_plan_prevents(make_etcd):
    etcd = make_etcd(f"--quota-backend-bytes={4 * QUOTA}")
    storm = ("--mix", "configmaps=100", "--ops", "create=10,update=90", "--size", "configmaps=4000", "--compact-interval", 0)
    loadgen.run([etcd.url], *storm, "--rate", 0, "--writes", 8_000)
    with loadgen.running([etcd.url], *storm, "--rate", 200):

        def asked():
            code, found = ask(f"--etcd.endpoints={etcd.url}", "--sample=5s")
            return "full_in_seconds" in found["room"] and (code, found)

        code, found = until(asked, 60, "readings that agree")
    assert code in (AT_RISK, WRITES_REFUSED)
    assert found["headline"].startswith("Full in ") and "at this pace" in found["headline"]
    assert titles(found)[1:3] == ["Stop the writes of configmaps by helm", "Compact"]
    # About 200 x 4.0 kB a second, and what pages add to that.
    room, when = found["room"]["room_bytes"], found["room"]["full_in_seconds"]
    assert when["earliest"] < room / (200 * 4000) and when["latest"] > 0.3 * room / (200 * 4000)


def test_a_disk_smaller_than_the_quota_allows_is_the_nearer_limit(cleanup, server):
    folder = pathlib.Path(tempfile.mkdtemp())
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", folder], capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"no file system of its own can be mounted here: {mounted.stderr.strip()}")
    cleanup.callback(subprocess.run, ["umount", "-l", folder], check=True)
    etcd = Etcd(folder / "m1", arguments=(f"--quota-backend-bytes={1 << 30}",), server=server)
    cleanup.callback(etcd.stop)
    etcd.ready()
    loadgen.run([etcd.url], "--mix", "configmaps=100", "--size", "configmaps=20000", "--ops", "create=100", "--rate", 0, "--writes", 3500)

    code, found = ask(f"--etcd.endpoints={etcd.url}", database(etcd), NOW)

    assert code == AT_RISK
    assert found["room"]["limit"] == "disk" and found["room"]["room_bytes"] < 200 * MIB
    assert found["headline"].startswith("The disk is the nearer limit:")
    assert "Make room on the disk, or move etcd to a larger one" in titles(found)
    assert not [title for title in titles(found) if title.startswith("Raise the quota")]


def test_without_a_majority_it_never_claims_that_etcd_takes_writes(make_cluster):
    members = make_cluster(3)
    for member in members[1:]:
        member.stop()
    code, found = ask(f"--etcd.endpoints={members[0].url}", NOW)
    assert code == WRITES_REFUSED
    assert "takes writes" not in found["headline"], "before the election timeout, too"
    assert [member["name"] for member in found["members"]] == ["m1", "m2", "m3"]


def test_deletes_since_nospace_are_not_called_what_was_written(make_etcd):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}")
    fill([etcd.url])
    compact_all(etcd)
    for key in etcd.ctl("get", "/registry/", "--prefix", "--keys-only", "--limit=30").split():
        etcd.ctl("del", key)

    code, found = ask(f"--etcd.endpoints={etcd.url}")
    assert code == WRITES_REFUSED
    assert (found["sample"]["puts"], found["sample"]["revisions"]) == (0, 30)
    assert "All are deletes" in run(f"--etcd.endpoints={etcd.url}").stdout


def test_100_000_events_are_deleted_in_pieces_while_others_are_served(tmp_path, cleanup):
    """In one transaction they would stop everybody else for seconds."""
    etcd = Etcd(tmp_path / "m1", arguments=(f"--quota-backend-bytes={4 * QUOTA}",), server=servers()[-1]).ready()
    cleanup.callback(etcd.stop)
    loadgen.run([etcd.url], "--preload", "events=100000", "--size", "events=600", "--namespaces", 1, "--event-ttl", 36000,
                "--rate", 0, "--in-flight", 256, "--writes", 0)  # fmt: skip
    command = runbook.recovery_steps()["functions"] + f"delete_below {etcd.url} /registry/events/\n"
    slowest, done = [0.0], threading.Event()

    def other():
        while not done.is_set():
            start = time.monotonic()
            etcd.ctl("put", "other", "x")
            slowest[0] = max(slowest[0], time.monotonic() - start)

    client = threading.Thread(target=other)
    client.start()
    try:
        follow({"steps": [{"command": command}]}, tmp_path)
    finally:
        done.set()
        client.join()
    assert etcd.ctl("get", "/registry/events/", "--prefix", "--keys-only", "--limit=1").strip() == ""
    assert slowest[0] < 2, f"a put took {slowest[0]:.1f} s"


def test_an_interrupt_prints_what_is_known(etcd):
    report = subprocess.Popen(
        [exporter.BINARY, "report", f"--etcd.endpoints={etcd.url}", "--sample=5m", "--output=json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until(lambda: int(etcd.page()["etcd_debugging_mvcc_watcher_total"]) == 1, 20, "its watch")
    report.send_signal(signal.SIGINT)
    printed, _ = report.communicate(timeout=20)
    assert json.loads(printed)["members"][0]["name"] == "m1"
    assert report.returncode == HEALTHY


def test_the_help_lists_what_matters_to_it():
    printed = run("--help").stdout
    for flag in ("--sample", "--follow", "--output", "--etcd.endpoints", "--inventory.db-file", "--web.listen-address"):
        assert flag in printed
    assert max(len(line) for line in printed.splitlines()) <= 80


def test_an_endpoint_that_is_not_there_is_not_called_by_this_hosts_name():
    url = f"http://127.0.0.1:{free_port()}"
    code, found = ask(f"--etcd.endpoints={url}", NOW)
    assert code == CANNOT_TELL
    assert found["members"][0]["name"] == url.removeprefix("http://")
