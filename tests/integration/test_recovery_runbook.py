"""The recovery of the runbook, its own commands against a real NOSPACE."""

import re
import shutil

import pytest
from harness import loadgen, runbook
from harness.etcd import Etcd
from harness.wait import until

ANY_ETCD = True
QUOTA = 450 << 20
REVISIONS = 300_000
STEPS = ["functions", "alarms", "snapshot", "compact", "wait", "defragment", "check", "disarm", "write"]


def fill(endpoints, size=1000):
    loadgen.run(
        endpoints, "--mix", "configmaps=100", "--ops", "create=1,update=99", "--size", f"configmaps={size}", "--plain-puts",
        "--rate", 0, "--in-flight", 256, "--until-nospace", "--compact-interval", 0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """The data of a member in NOSPACE with many revisions; tests work on copies."""
    folder = tmp_path_factory.mktemp("full")
    etcd = Etcd(folder / "m1", arguments=(f"--quota-backend-bytes={QUOTA}",)).ready()
    try:
        fill([etcd.url])
        assert etcd.status()["header"]["revision"] >= REVISIONS
        assert "NOSPACE" in etcd.ctl("alarm", "list")
    finally:
        etcd.stop()
    return folder / "m1" / "data"


@pytest.fixture
def etcd(full, tmp_path, cleanup):
    shutil.copytree(full, tmp_path / "m1" / "data")
    member = Etcd(tmp_path / "m1", arguments=(f"--quota-backend-bytes={QUOTA}",))
    cleanup.callback(member.stop)
    # Not its health, which an armed alarm spoils.
    until(member.status, 60, "an answer")
    return member


def test_the_page_has_every_step_in_order():
    assert list(runbook.recovery_steps()) == STEPS


def test_the_runbook_ends_nospace(etcd, tmp_path):
    steps = runbook.recovery_steps()

    runbook.run(steps.values(), [etcd.url], tmp_path, pause="5", limit=QUOTA * 9 // 10)

    assert etcd.status()["dbSize"] < 0.1 * QUOTA
    assert etcd.ctl("alarm", "list").strip() == ""
    etcd.ctl("put", "accepted", "x")
    assert (tmp_path / "snapshot.db").stat().st_size > 0.9 * QUOTA


def test_neither_the_wait_nor_physical_can_be_left_out(etcd, tmp_path):
    steps = runbook.recovery_steps()
    hasty = steps["functions"].replace(" --physical", "")
    assert hasty != steps["functions"]

    runbook.run([hasty, steps["compact"], steps["defragment"]], [etcd.url], tmp_path)

    assert etcd.status()["dbSize"] > 0.9 * QUOTA, "the defragmentation came before any page was free"


def test_disarming_alone_lasts_for_one_write(etcd):
    etcd.ctl("alarm", "disarm")
    with pytest.raises(AssertionError, match="space exceeded"):
        etcd.ctl("put", "refused", "x" * 100_000)
    assert "NOSPACE" in etcd.ctl("alarm", "list")


def test_members_are_defragmented_one_by_one_and_the_leader_last(make_cluster, tmp_path):
    members = make_cluster(3, arguments=(f"--quota-backend-bytes={32 << 20}",))
    fill([members[0].url])
    leader = next(m.url for m in members if (s := m.status())["leader"] == s["header"]["member_id"])

    printed = runbook.run(runbook.recovery_steps().values(), [m.url for m in members], tmp_path, limit=29 << 20)

    order = re.findall(r"^Finished defragmenting etcd member\[(\S+)\]", printed, re.MULTILINE)
    assert sorted(order) == sorted(m.url for m in members)
    assert order[-1] == leader
    assert all(m.status()["dbSize"] < 0.5 * (32 << 20) for m in members)
    assert members[1].ctl("alarm", "list").strip() == ""


def with_etcdctl(what, does):
    """A shell function: `etcdctl`, but for commands that contain `what`."""
    return f"""etcdctl() {{ case "$*" in *"{what}"*) {does} ;; *) command etcdctl "$@" ;; esac; }}"""


def run_in_vain(etcdctl, member, folder):
    """Types all steps, and returns what they print; none of them did anything to the member, which is full."""
    printed = runbook.run([etcdctl, *runbook.recovery_steps().values()], [member.url], folder)
    assert member.status()["dbSizeInUse"] > 0.9 * QUOTA, "not compacted"
    assert "defragmenting" not in printed.lower()
    assert "NOSPACE" in member.ctl("alarm", "list"), "not disarmed"
    return printed


def test_nothing_is_done_while_corrupt_is_armed(etcd, tmp_path):
    printed = run_in_vain(with_etcdctl("alarm list", "echo 'memberID:1 alarm:CORRUPT'"), etcd, tmp_path)
    assert "STOP: CORRUPT is armed" in printed
    assert not (tmp_path / "snapshot.db").exists()


def test_steps_7_and_8_alone_do_not_disarm_corrupt(etcd, tmp_path):
    """As EtcdHeadroomDisarmMissing sends there, in a shell that knows the functions alone."""
    steps = runbook.recovery_steps()
    corrupt = with_etcdctl("alarm list", "echo 'memberID:1 alarm:CORRUPT'")
    assert "STOP: CORRUPT is armed" in runbook.run([corrupt, steps["functions"], steps["disarm"], steps["write"]], [etcd.url], tmp_path)
    assert "NOSPACE" in etcd.ctl("alarm", "list")
    runbook.run([steps["functions"], steps["disarm"]], [etcd.url], tmp_path)
    assert etcd.ctl("alarm", "list").strip() == ""


def test_nothing_is_done_when_the_alarms_cannot_be_read(etcd, tmp_path):
    printed = run_in_vain(with_etcdctl("alarm list", "return 1"), etcd, tmp_path)
    assert "STOP: the alarms cannot be read" in printed
    assert not (tmp_path / "snapshot.db").exists()


def test_without_a_snapshot_nothing_is_thrown_away(etcd, tmp_path):
    assert "STOP: no snapshot" in run_in_vain(with_etcdctl("snapshot save", "return 1"), etcd, tmp_path)


def test_a_dead_member_is_skipped_and_no_loop_waits_for_it(make_cluster, tmp_path):
    members = make_cluster(3, arguments=(f"--quota-backend-bytes={32 << 20}",))
    fill([members[0].url])
    members[2].stop()

    printed = runbook.run(runbook.recovery_steps().values(), [m.url for m in members], tmp_path, limit=29 << 20)

    assert printed.count(f"{members[2].url} does not answer: skipped") == 3, "by the wait, the defragmentation and the check"
    assert members[0].ctl("alarm", "list").strip() == "", printed
    members[0].ctl("put", "accepted", "x")
