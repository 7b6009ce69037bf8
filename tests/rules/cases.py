"""What each alert fires on, and what it must not fire on: clusters of an hour or so."""

import dataclasses
import itertools
import typing

from cluster import MIB, Cluster, Member
from scenarios import cluster, flat, line, sawtooth

# Tables, a case a line.
# fmt: off

PREFIX = "EtcdHeadroom"


@dataclasses.dataclass(frozen=True)
class Case:
    """At minute `at` all of `fires` fire and none of `silent`; severities matter where an alert has two."""

    name: str
    at: int
    build: typing.Callable[[], Cluster]
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    more: tuple = ()  # (name, labels, value or list of values) of further series, with the cluster's labels and instance
    drop: str = ""  # a series that this exporter does not serve
    nothing: bool = False  # no alert at all, whatever its name
    only: tuple[str, ...] = ()  # these and no others


def healthy(minutes=80, size=3, **options):
    return cluster(sawtooth(flat(500.0, minutes), 60.0), size, **options)


def stopped(level=600.0, minutes=60, **options):
    return cluster(flat(level, minutes), compaction_stops=10, **options)


def one_ends(at, minutes=60):
    members = {f"m{i}": Member(flat(500.0, at if i == 3 else minutes)) for i in (1, 2, 3)}
    return Cluster(members, voters=3)


def compact_rev_key(source):
    return (("compact_revision_source_info", {"member": "m1", "source": source}, 1), ("auto_compaction_retention_seconds", {}, 600))


def inventory(exact, size=900 * MIB):
    return (
        ("object_bytes", {"resource": "pods"}, size), ("object_bytes", {"resource": "secrets"}, size),
        ("history_bytes", {"resource": "pods"}, 10 * MIB), ("inventory_exact", {}, exact),
    )  # fmt: skip


def budgeted(live, history=0, budget=100):
    """A namespace and its budget, in MiB; `live` may be one value a minute."""
    shop = {"object_namespace": "shop"}
    live = [one * MIB for one in live] if isinstance(live, list) else live * MIB
    return (
        ("namespace_object_bytes", shop, live), ("namespace_history_bytes", shop, history * MIB),
        ("namespace_budget_bytes", {**shop, "owner": "team-a"}, budget * MIB),
        ("namespace_object_bytes", {"object_namespace": "other"}, 900 * MIB), ("namespace_history_bytes", {"object_namespace": "other"}, 0),
    )  # fmt: skip


def quotas(*mib):
    return Cluster({f"m{i + 1}": Member(flat(500.0, 80), quota=one) for i, one in enumerate(mib)})


def silence(build, minutes=70):
    """The cluster of `build`, and then no exporter of it is scraped any more."""
    one = build()
    end = one.minutes
    for member in one.members.values():
        member.in_use += member.in_use[-1:] * minutes
        member.unseen |= frozenset(range(end, end + minutes))
    return one


def reads(before, after, minutes=80, member="m1"):
    """Open read transactions of one member: so many for 20 minutes, then others."""
    return (("db_open_read_transactions", {"member": member}, flat(before, 20) + flat(after, minutes - 20)),)


def disk(free, size, minutes=80):
    """The disk of one member, in MiB; `free` may be one value a minute."""
    free = free if isinstance(free, list) else flat(free, minutes)
    return (("data_disk_free_bytes", {"member": "m1"}, [one * MIB for one in free]), ("data_disk_size_bytes", {"member": "m1"}, size * MIB))


def storm(**options):
    return cluster(flat(1126.0, 40) + line(1126.0, 30.0, 20), **options)


# The minute in which recovery() has space again, after 5 at the quota.
RECOVERED = 60 + 57 + 5


def recovery(again=0.0):
    """Fills within an hour, is cleaned up and defragmented, disarmed four minutes later, and then grows by `again` MiB a minute."""
    levels = flat(900.0, 60) + line(900.0, 20.0, 57) + flat(2040.0, 5) + flat(700.0, 5) + line(700.0, again, 60 if again == 0 else 6)
    return cluster(levels, member={"defragmented": (RECOVERED,)}, alarm_from=60 + 57, alarm_until=RECOVERED + 4)


def one_of_three(level, minutes):
    """m1 at `level` for 15 minutes and silent from then on."""
    return {"m1": Member(flat(level, 15)), "m2": Member(flat(500.0, minutes)), "m3": Member(flat(500.0, minutes))}


# What is wrong when the exporters go silent; an hour later nothing of it may fire.
TROUBLE = (
    ("compaction stopped", lambda: stopped(minutes=20)),
    ("compaction stopped long before", lambda: stopped(minutes=50)),
    ("storm", storm),
    ("quotas differ", lambda: quotas(2048.0, 8192.0, 2048.0)),
    ("much free", lambda: cluster(flat(400.0, 60), member={"file": 1860.0})),
    ("in-use differs", lambda: Cluster({"m1": Member(flat(500.0, 130)), "m2": Member(flat(900.0, 130))})),
    ("quota disabled", lambda: cluster(flat(500.0, 30), member={"quota": -1})),
    ("quota unknown", lambda: cluster(flat(500.0, 30), member={"quota": None})),
)

REPORTS = "policyreports.wgpolicyk8s.io"


def counter(rates):
    """The bytes written so far, of rates in MiB a minute."""
    return [round(total * MIB) for total in itertools.accumulate(rates)]


def written_by(manager, resource, rates, subresource=""):
    """What a manager wrote, of rates in MiB a minute."""
    labels = {"resource": resource, "manager": manager, "subresource": subresource}
    return (("manager_write_bytes_total", labels, counter(rates)),)


# A fill of an hour, and who writes it.
FILL_WRITES = {REPORTS: flat(0.5, 60) + flat(15.0, 40), "pods": flat(0.5, 60) + flat(5.0, 40)}
FILL_BY = (
    *written_by("kyverno", REPORTS, FILL_WRITES[REPORTS]),
    ("namespace_write_bytes_total", {"resource": REPORTS, "object_namespace": "shop"}, counter(FILL_WRITES[REPORTS])),
)

CASES = (
    *(Case(f"healthy, {size} members", 70, lambda size=size: healthy(size=size), nothing=True) for size in (1, 3, 5)),
    Case("healthy, no churn, no metrics page", 70, healthy, nothing=True, drop="etcd_headroom_member_start_time_seconds"),
    # Writes are refused.
    *(
        Case(f"refused, {size} members", 12, lambda size=size: cluster(flat(2045.0, 20), size, alarm_from=10), ("WritesRefused",), ("DisarmMissing",))
        for size in (1, 3, 5)
    ),
    Case("refused, seldom answers", 27, lambda: cluster(flat(2045.0, 40), alarm_from=10, member={"unseen": frozenset(m for m in range(40) if m % 12)}),
         ("WritesRefused",), ("DisarmMissing",)),
    Case("disarmed", 20, lambda: cluster(flat(2048.0, 9) + flat(400.0, 20), member={"defragmented": (9,)}), silent=("Corrupt",)),
    Case("space is back", 15, lambda: cluster(flat(400.0, 20), alarm_from=10), ("DisarmMissing", "WritesRefused"), ("Corrupt",)),
    Case("space is back for one evaluation", 10, lambda: cluster(flat(400.0, 20), alarm_from=10), ("WritesRefused",), ("DisarmMissing",)),
    Case("space came back a minute ago", RECOVERED + 1, recovery, ("DisarmMissing", "WritesRefused"), ("AlmostFull", "FullWithinTheHour", "FullWithinADay", "FillsFast", "BurstDoesNotFit")),
    *(Case(f"disarmed {minutes} minutes ago", RECOVERED + 4 + minutes, recovery, nothing=True) for minutes in (1, 5, 15, 45)),
    Case("recovered, and the backlog fills it again", RECOVERED + 9, lambda: recovery(again=200.0), ("FillsFast",), ("WritesRefused", "AlmostFull")),
    Case("space is back, a member is not seen", 15, lambda: cluster(flat(400.0, 20), 2, voters=3, alarm_from=10), ("WritesRefused",), ("DisarmMissing",)),
    Case("space is back on two of three", 15, lambda: Cluster({f"m{i}": Member(flat(400.0, 20), file=1900.0 if i == 1 else None) for i in (1, 2, 3)}, alarm_from=10),
         ("WritesRefused",), ("DisarmMissing",)),
    Case("space is back, but corrupt", 15, lambda: cluster(flat(400.0, 20), alarm_from=10), ("WritesRefused", "Corrupt"), ("DisarmMissing",),
         more=(("alarm_active", {"member": "m1", "alarm": "CORRUPT", "raised_by": "unknown"}, 1),)),
    # Silence after that.
    *(Case(f"silent after: {name}", build().minutes + 65, lambda build=build: silence(build), only=("NothingReports",)) for name, build in TROUBLE),
    Case("compaction stopped, half an hour of silence", 50, lambda: silence(lambda: stopped(minutes=20)), only=("NothingReports",)),
    Case("refused, silent for minutes", 24, lambda: cluster(flat(2045.0, 15), alarm_from=5), ("WritesRefused",), ("SilentWhenFull",)),
    *(Case(f"refused, silent for {minutes} minutes", 14 + minutes, lambda: cluster(flat(2045.0, 15), alarm_from=5), only=("SilentWhenFull", "NothingReports"))
      for minutes in (33, 200)),
    Case("at 98 %, then silent", 40, lambda: cluster(flat(400.0, 15), member={"file": 2010.0}), only=("SilentWhenFull", "NothingReports")),
    Case("at 96 %, then silent", 40, lambda: cluster(flat(400.0, 15), member={"file": 1966.0}), only=("NothingReports",)),
    Case("at 98 %, silent, back with room", 55, lambda: cluster(flat(2010.0, 15) + [None] * 30 + flat(400.0, 20), member={"defragmented": (45,)}), silent=("SilentWhenFull",)),
    Case("back with room, silent again", 80, lambda: cluster(flat(2010.0, 15) + [None] * 15 + flat(400.0, 20), member={"defragmented": (30,)}), only=("NothingReports",)),
    Case("refused, one of three answers", 50, lambda: Cluster({"m1": Member(flat(2045.0, 15)), "m2": Member(flat(2045.0, 15)), "m3": Member(flat(2045.0, 60))}, voters=3, alarm_from=5),
         ("WritesRefused",), ("SilentWhenFull",)),
    Case("the full one of three is silent", 40, lambda: Cluster(one_of_three(2010.0, 60), voters=3), ("SilentWhenFull",), ("WritesRefused",)),
    Case("one of three is silent, it had room", 40, lambda: Cluster(one_of_three(1500.0, 60), voters=3), silent=("SilentWhenFull",)),
    Case("the full one of three was replaced", 45, lambda: Cluster({**one_of_three(2010.0, 60), "m4": Member([None] * 17 + flat(500.0, 43))}, voters=3), silent=("SilentWhenFull",)),
    Case("the full one of three defragments", 40, lambda: Cluster(one_of_three(2010.0, 60), voters=3), silent=("SilentWhenFull",), more=(("defrag_in_progress", {"member": "m1"}, 1),)),
    # Space runs out.
    Case("file at 99 %", 3, lambda: cluster(flat(200.0, 10), member={"file": 2027.6}), ("AlmostFull",)),
    Case("file at 97 %", 3, lambda: cluster(flat(200.0, 10), member={"file": 1986.0}), silent=("AlmostFull",)),
    Case("file at 98 %, in-use unknown", 3, lambda: cluster(flat(200.0, 10), member={"file": 2007.0}), silent=("AlmostFull",), drop="etcd_headroom_db_in_use_bytes"),
    Case("in-use at 98 % at the first scrape", 1, lambda: cluster(flat(2007.0, 10)), ("AlmostFull",)),
    Case("a learner is the fullest", 3, lambda: Cluster({"m1": Member(flat(200.0, 10)), "m2": Member(flat(200.0, 10), file=2030.0, learner=1)}, voters=1), ("AlmostFull",)),
    Case("largest write does not fit four times", 3, lambda: cluster(flat(20.0, 10), member={"file": 60.0, "quota": 64.0}, largest_write=1.4e6), ("AlmostFull",)),
    Case("largest write fits", 3, lambda: cluster(flat(20.0, 10), member={"file": 55.0, "quota": 64.0}, largest_write=1.4e6), silent=("AlmostFull",)),
    Case("deleted and defragmented half an hour ago", 50, lambda: cluster(flat(2000.0, 20) + flat(300.0, 40), member={"defragmented": (21,)}), silent=("AlmostFull",)),
    Case("storm", 55, lambda: cluster(flat(1126.0, 40) + line(1126.0, 30.0, 20)), ("FullWithinTheHour", "FullWithinADay")),
    Case("storm, a single member with gaps", 55, lambda: cluster(flat(1126.0, 40) + line(1126.0, 30.0, 20), 1, member={"unseen": frozenset((42, 43, 47))}), ("FullWithinTheHour",)),
    Case("storm, quota disabled", 55, lambda: cluster(flat(1126.0, 40) + line(1126.0, 30.0, 20), member={"quota": -1}), silent=("FullWithinTheHour", "FullWithinADay", "AlmostFull", "QuotaUnknown")),
    Case("storm, quota unknown", 55, lambda: cluster(flat(1126.0, 40) + line(1126.0, 30.0, 20), member={"quota": None}), ("QuotaUnknown",), ("FullWithinTheHour", "QuotaDisabled")),
    Case("first scrape, full speed", 9, lambda: cluster(line(600.0, 30.0, 20)), silent=("FullWithinTheHour", "FullWithinADay")),
    Case("half of the quota within 3 minutes", 43, lambda: cluster(flat(300.0, 40) + line(300.0, 300.0, 5) + flat(1500.0, 10)), ("FillsFast",)),
    Case("a tenth of the quota within 3 minutes, room for much more", 43, lambda: cluster(flat(100.0, 40) + line(100.0, 80.0, 5) + flat(420.0, 10)), silent=("FillsFast",)),
    Case("a small step near the quota", 43, lambda: cluster(flat(1750.0, 40) + line(1750.0, 20.0, 5) + flat(1830.0, 10)), silent=("FillsFast",)),
    Case("a larger snapshot was restored", 48, lambda: cluster(flat(300.0, 40) + [None] * 5 + flat(1600.0, 20), member={"restarted": (45,)}, revision_jumps={40: -20000}), silent=("FillsFast",)),
    Case("85 % in use", 80, lambda: cluster(flat(1760.0, 90)), ("HighUse/warning",), ("HighUse/critical", "AlmostFull")),
    Case("85 % of it a file with free pages", 80, lambda: cluster(flat(1200.0, 90), member={"file": 1760.0}), silent=("HighUse",)),
    Case("85 % only before each compaction", 80, lambda: cluster(sawtooth(flat(1640.0, 90), 150.0)), silent=("HighUse",)),
    Case("burst that fills the rest the next time", 220, lambda: cluster(flat(700.0, 30) + line(700.0, 30.0, 30) + flat(1600.0, 170)), ("BurstDoesNotFit",)),
    Case("burst with room for another", 220, lambda: cluster(flat(700.0, 30) + line(700.0, 10.0, 30) + flat(1000.0, 170)), silent=("BurstDoesNotFit",)),
    # The disk is the nearer limit.
    Case("the disk cannot hold the quota", 40, healthy, ("DiskNearerThanQuota",), ("DiskAlmostFull",), more=disk(1400.0, 20000)),
    Case("the disk can hold the quota", 40, healthy, nothing=True, more=disk(1600.0, 20000)),
    Case("the disk is smaller than a quota that is disabled", 40, lambda: quotas(-1, -1, -1), silent=("DiskNearerThanQuota", "DiskAlmostFull"), more=disk(1400.0, 20000)),
    Case("the disk is almost full", 40, healthy, ("DiskNearerThanQuota", "DiskAlmostFull"), more=disk(400.0, 10000)),
    Case("the disk is almost full, quota disabled", 40, lambda: quotas(-1, -1, -1), ("DiskAlmostFull",), more=disk(400.0, 10000)),
    Case("a small disk with a tenth free", 40, lambda: quotas(600.0, 600.0, 600.0), silent=("DiskAlmostFull",), more=disk(500.0, 5000)),
    Case("a large disk with 4 % free", 40, healthy, nothing=True, more=disk(4000.0, 100000)),
    Case("the disk was full for a moment", 50, healthy, silent=("DiskAlmostFull", "DiskNearerThanQuota"), more=disk(flat(4000.0, 30) + flat(300.0, 2) + flat(4000.0, 50), 10000)),
    Case("a storm fills the disk before the quota", 58, lambda: storm(member={"quota": 8192.0}), ("DiskAlmostFull", "DiskNearerThanQuota"), ("FullWithinTheHour", "AlmostFull"),
         more=disk(flat(2000.0, 40) + line(2000.0, -30.0, 20), 20000)),
    Case("a storm fills the quota before the disk", 55, storm, ("FullWithinTheHour",), ("DiskAlmostFull", "DiskNearerThanQuota"), more=disk(flat(2000.0, 40) + line(2000.0, -30.0, 20), 20000)),
    # History and free pages.
    *(Case(f"a read stays open above {rest}", 55, lambda: cluster(line(500.0, 3.0, 80)), ("ReadPinsPages",), more=reads(rest, rest + 1)) for rest in (1, 2)),
    *(Case(f"{rest} open reads at rest", 55, lambda: cluster(line(500.0, 3.0, 80)), silent=("ReadPinsPages",), more=reads(rest, rest)) for rest in (1, 2)),
    Case("another rest after an upgrade", 65, lambda: cluster(line(500.0, 3.0, 80), member={"restarted": (20,)}), silent=("ReadPinsPages",), more=reads(1, 2)),
    Case("a read is open, in-use does not rise", 65, lambda: cluster(flat(500.0, 80)), silent=("ReadPinsPages",), more=reads(1, 2)),
    Case("a read ended after a quarter of an hour", 75, lambda: cluster(line(500.0, 3.0, 80)), silent=("ReadPinsPages",), more=(
        ("db_open_read_transactions", {"member": "m1"}, flat(1, 20) + flat(2, 15) + flat(1, 5) + flat(2, 20) + flat(1, 20)),)),
    Case("much free, but a read is open", 50, lambda: cluster(flat(400.0, 60), member={"file": 1860.0}), ("DefragmentationHelps",), more=reads(1, 1)),
    Case("much free, and a read pins pages", 50, lambda: cluster(flat(400.0, 60), 1, member={"file": 1860.0}), silent=("DefragmentationHelps",), more=reads(1, 2)),
    Case("compaction stops", 40, stopped, ("CompactionStalled/warning",), ("CompactionStalled/critical",)),
    Case("compaction stops and it fills", 55, lambda: cluster(line(1100.0, 8.0, 60), compaction_stops=10), ("CompactionStalled/warning", "CompactionStalled/critical")),
    Case("compaction is slow by configuration", 50, lambda: stopped(retention_seconds=3600.0), silent=("CompactionStalled/warning",)),
    Case("compact_rev_key while etcd compacts itself", 50, lambda: stopped(size=1), silent=("CompactionStalled/warning",), more=compact_rev_key("compact_rev_key")),
    Case("the same, read from etcd", 55, lambda: stopped(size=1, retention_seconds=600.0), ("CompactionStalled/warning",), more=compact_rev_key("metrics")[:1]),
    Case("much free", 15, lambda: cluster(flat(400.0, 60), member={"file": 1860.0}), ("DefragmentationHelps",)),
    Case("much free, smaller file, no day seen", 50, lambda: cluster(flat(400.0, 60), member={"file": 1800.0}), silent=("DefragmentationHelps",)),
    Case("much free, refused", 50, lambda: cluster(flat(400.0, 60), member={"file": 2048.0}), ("WritesRefused",), ("DefragmentationHelps",)),
    Case("full of data", 50, lambda: cluster(flat(1700.0, 60)), ("DefragmentationIsNoHelp",), more=inventory(1)),
    Case("full of data by estimate", 50, lambda: cluster(flat(1700.0, 60)), silent=("DefragmentationIsNoHelp",), more=inventory(0)),
    # Budgets of namespaces.
    Case("over its budget, with history", 50, healthy, ("NamespaceOverBudget/warning",), ("NamespaceNearBudget",), more=budgeted(90, 20)),
    Case("near its budget", 50, healthy, ("NamespaceNearBudget/info",), ("NamespaceOverBudget",), more=budgeted(75, 10)),
    Case("within its budget", 50, healthy, nothing=True, more=budgeted(75)),
    Case("over its budget for one walk", 50, healthy, silent=("NamespaceOverBudget",), more=budgeted(flat(50, 35) + flat(120, 12) + flat(50, 33))),
    Case("two exporters see a namespace once", 50, healthy, nothing=True, more=(
        *budgeted(60), *((name, {**labels, "instance": "10.0.0.2:9379"}, value) for name, labels, value in budgeted(70)))),
    # Settings and members.
    Case("quotas differ", 70, lambda: quotas(2048.0, 8192.0, 2048.0), ("QuotaMismatch",)),
    Case("quotas agree", 70, lambda: quotas(8192.0, 8192.0, 8192.0), silent=("QuotaMismatch", "DefaultQuota", "QuotaDisabled")),
    Case("sources disagree", 30, healthy, ("QuotaSourcesDisagree",), more=(("quota_source_bytes", {"member": "m1", "source": "metrics"}, 2147483648), ("quota_source_bytes", {"member": "m1", "source": "manifest"}, 8589934592))),
    Case("sources agree", 30, healthy, silent=("QuotaSourcesDisagree",), more=(("quota_source_bytes", {"member": "m1", "source": "metrics"}, 2147483648), ("quota_source_bytes", {"member": "m1", "source": "manifest"}, 2147483648))),
    Case("disabled", 30, lambda: quotas(-1, -1, -1), ("QuotaDisabled",), ("QuotaUnknown", "QuotaMismatch")),
    Case("default quota", 75, lambda: cluster(flat(1100.0, 80)), ("DefaultQuota",)),
    Case("default quota, small", 75, lambda: cluster(flat(900.0, 80)), silent=("DefaultQuota",)),
    Case("two clusters", 30, healthy, ("ClustersMixed",), more=(("member_info", {"member": "m1", "cluster_id": "a"}, 1), ("member_info", {"member": "m2", "cluster_id": "b"}, 1))),
    Case("one cluster", 30, healthy, silent=("ClustersMixed",), more=(("member_info", {"member": "m1", "cluster_id": "a"}, 1), ("member_info", {"member": "m2", "cluster_id": "a"}, 1))),
    Case("in-use differs", 150, lambda: Cluster({"m1": Member(flat(500.0, 160)), "m2": Member(flat(900.0, 160))}), ("MemberDiverges",)),
    Case("in-use differs little", 150, lambda: Cluster({"m1": Member(flat(500.0, 160)), "m2": Member(flat(600.0, 160))}), silent=("MemberDiverges",)),
    Case("in-use differs, but of little", 150, lambda: Cluster({"m1": Member(flat(5.0, 160)), "m2": Member(flat(20.0, 160))}), nothing=True),
    Case("fills, and one writes most", 95, lambda: cluster(flat(1000.0, 60) + line(1000.0, 20.0, 40), writes=FILL_WRITES), ("TopWriter",), more=FILL_BY),
    Case("many write, and nothing fills", 95, lambda: healthy(minutes=100, writes=FILL_WRITES), silent=("TopWriter",), more=FILL_BY),
    Case("Events surge in the first hour", 70, healthy, silent=("EventSurge",), more=(
        ("event_object_write_bytes_total", {"component": "kubelet", "reason": "BackOff", "involved_kind": "Pod"}, [m * m * MIB for m in range(80)]),)),
    # Sight.
    Case("unreadable", 30, healthy, ("MemberUnreadable",), more=(("up", {"member": "m4"}, 0),)),
    Case("defragmenting", 30, healthy, silent=("MemberUnreadable",), more=(("up", {"member": "m4"}, 0), ("defrag_in_progress", {"member": "m4"}, 1))),
    Case("a member is gone", 55, lambda: one_ends(20), ("MemberMissing",), ("NothingReports",)),
    Case("nothing reports", 50, lambda: cluster(flat(500.0, 25) + [None] * 40), ("NothingReports",)),
    Case("kine", 30, lambda: Cluster({"m1": Member([None] * 40)}), nothing=True, more=(("endpoints", {}, 0), ("datastore_info", {"kind": "kine"}, 1))),
    Case("no exporter found an etcd", 30, lambda: Cluster({"m1": Member([None] * 40)}), only=("NoEtcdFound",), more=(("endpoints", {}, 0), ("datastore_info", {"kind": "none"}, 1))),
    Case("one of two exporters found an etcd", 30, healthy, silent=("NoEtcdFound",), more=(("endpoints", {"instance": "10.0.0.9:9379"}, 0),)),
    Case("watch down", 30, healthy, ("WatchDown",), more=(("watch_connected", {}, 0),)),
    Case("watch up", 30, healthy, silent=("WatchDown",), more=(("watch_connected", {}, 1), ("watch_missed_revisions_total", {}, 5))),
    Case("certificate near its end", 30, healthy, ("ClientCertificateExpires",), more=(("client_certificate_expiry_timestamp_seconds", {}, 6 * 86400),)),
    Case("certificate past its end", 30, healthy, ("ClientCertificateExpires",), more=(("client_certificate_expiry_timestamp_seconds", {}, -60),)),
    Case("certificate far from its end", 30, healthy, silent=("ClientCertificateExpires",), more=(("client_certificate_expiry_timestamp_seconds", {}, 8 * 86400),)),
    Case("inventory stale", 30, healthy, ("InventoryStale",), more=(("inventory_timestamp_seconds", {}, -90000),)),
    Case("inventory fresh", 30, healthy, silent=("InventoryStale",), more=(("inventory_timestamp_seconds", {}, -3600),)),
)

DAY = 1440
SURGE = {"pods": flat(0.5, DAY + 90), REPORTS: flat(0.1, DAY + 60) + flat(40.0, 30)}


def events():
    return cluster(flat(900.0, DAY + 90), writes={"events": flat(41.0, DAY + 90)})


EVENTS = ((
    "event_object_write_bytes_total", {"component": "kubelet", "reason": "BackOff", "involved_kind": "Pod"},
    counter(flat(0.5, DAY + 60) + flat(40.0, 30)),
),)  # fmt: skip
WHO = (
    *written_by("kyverno", REPORTS, SURGE[REPORTS]),
    *written_by("none", REPORTS, flat(1.0, DAY + 90)),
    *written_by("kubelet", "pods", SURGE["pods"]),
    ("namespace_write_bytes_total", {"resource": REPORTS, "object_namespace": "shop"}, counter(SURGE[REPORTS])),
    ("namespace_write_bytes_total", {"resource": REPORTS, "object_namespace": "other"}, counter(flat(90.0, DAY + 90))),
)
# These need a day; they share a replay of their own.
LONG_CASES = (
    Case("95 % in use for hours", 500, lambda: cluster(flat(1970.0, 520)), ("HighUse/warning", "HighUse/critical"), ("AlmostFull",)),
    Case("a resource surges", DAY + 85, lambda: cluster(flat(900.0, DAY + 90), writes=SURGE), ("ResourceSurge",), more=WHO),
    Case("no surge: as much as ever", DAY + 85, lambda: cluster(flat(900.0, DAY + 90), writes={"pods": flat(40.0, DAY + 90)}), silent=("ResourceSurge",)),
    Case("no surge: the watch saw nothing the day before", DAY + 85, lambda: cluster(flat(900.0, DAY + 90), writes={"pods": flat(0.0, DAY + 50) + flat(40.0, 40)}), silent=("ResourceSurge",)),
    Case("refused, silent for six hours", 390, lambda: cluster(flat(2045.0, 15), alarm_from=5), silent=("SilentWhenFull", "WritesRefused")),
    Case("refused, six hours of no answer", 500, lambda: cluster(flat(2045.0, 15), 1, alarm_from=5), ("SilentWhenFull", "MemberUnreadable"), more=(
        ("up", {"member": "m1", "instance": "remote"}, flat(1, 15) + flat(0, 500)),)),
    Case("no surge: small beside the room", DAY + 85, lambda: cluster(flat(900.0, DAY + 90), writes={"pods": flat(0.1, DAY + 60) + flat(1.0, 30)}), silent=("ResourceSurge",)),
    Case("Events of a component surge", DAY + 85, events, ("EventSurge",), more=EVENTS),
    Case("files differ", DAY + 20, lambda: Cluster({"m1": Member(flat(500.0, DAY + 30), file=1400.0), "m2": Member(flat(500.0, DAY + 30), file=600.0)}), ("FilesDiverge",)),
    Case("files differ after a defragmentation", DAY + 20, lambda: Cluster({"m1": Member(flat(500.0, DAY + 30), file=1400.0), "m2": Member(flat(500.0, DAY + 30), file=1400.0, defragmented=(600,))}), silent=("FilesDiverge",)),
    Case("much free for a day", DAY + 85, lambda: cluster(flat(400.0, DAY + 90), member={"file": 1800.0}), ("DefragmentationHelps",)),
    Case("much free but for a batch at night", DAY + 85, lambda: cluster(flat(400.0, 600) + flat(1600.0, 60) + flat(400.0, DAY - 570), member={"file": 1800.0}), silent=("DefragmentationHelps",)),
    Case("much history", 500, lambda: cluster(sawtooth(flat(500.0, 520), 700.0)), ("HistoryPressure",)),
    Case("grows past its budget within a day", 420, lambda: healthy(minutes=430), ("NamespaceNearBudget",), ("NamespaceOverBudget",), more=budgeted(line(20.0, 0.1, 430))),
    Case("grows past its budget in days", 420, lambda: healthy(minutes=430), silent=("NamespaceNearBudget",), more=budgeted(line(20.0, 0.02, 430))),
    Case("young and growing", 120, lambda: healthy(minutes=130), silent=("NamespaceNearBudget",), more=budgeted(line(20.0, 0.2, 130))),
    Case("little history", 500, lambda: cluster(sawtooth(flat(500.0, 520), 300.0)), silent=("HistoryPressure",)),
)
