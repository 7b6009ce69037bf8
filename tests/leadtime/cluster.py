"""An etcd cluster as the exporter reports it, minute by minute: levels in, series of the metric contract out."""

import dataclasses
import typing

MIB = 1 << 20
COMPACTION_MINUTES = 5
WRITES_PER_MINUTE = 600
# When minute 0 is in etcd's own time: members started long before.
LONG_AGO = -1_000_000.0


@dataclasses.dataclass
class Member:
    """One member. Sizes in MiB, one value a minute; None where it is not reported."""

    in_use: list[float | None]
    file: typing.Any = None  # the mark at minute 0, which the peaks of in-use push up from there; or a list of one value a minute
    quota: typing.Any = 2048.0  # MiB, or -1, or a list of one value a minute
    defragmented: tuple[int, ...] = ()
    restarted: tuple[int, ...] = ()  # minutes in which the process restarts
    learner: typing.Any = 0  # 0, 1, or a list
    unseen: frozenset[int] = frozenset()  # minutes without a scrape


@dataclasses.dataclass
class Cluster:
    members: dict[str, Member]
    labels: dict[str, str] = dataclasses.field(default_factory=lambda: {"cluster": "prod"})
    compaction: int | None = COMPACTION_MINUTES  # minutes between compactions
    compaction_stops: int | None = None
    retention_seconds: float | None = None
    writes: dict[str, list[float]] = dataclasses.field(default_factory=dict)  # resource -> MiB a minute
    largest_write: float | None = None  # bytes
    voters: typing.Any = None  # number in the member list, or a list of one value a minute
    revision_jumps: dict[int, int] = dataclasses.field(default_factory=dict)  # minute -> revisions added (a restore)
    alarm_from: int | None = None  # armed whatever the size
    alarm_until: int | None = None  # the minute of the disarm
    recorded_revisions: list[tuple[int, int]] | None = None  # (revision, compacted revision) of each minute
    nospace: int | None = None  # the minute in which the quota was reached; series() finds it

    def __post_init__(self):
        for member in self.members.values():
            member.in_use += [None] * (self.minutes - len(member.in_use))

    @property
    def minutes(self):
        return max(len(member.in_use) for member in self.members.values())

    def quota_at(self, member, minute):
        return member.quota[minute] if isinstance(member.quota, list) else member.quota

    def files(self, member):
        """The file of each minute: a mark that in-use pushes up and a defragmentation brings down."""
        if isinstance(member.file, list):
            return member.file
        mark, out = member.file or 0.0, []
        for minute, level in enumerate(member.in_use):
            if level is None:
                out.append(None)
                continue
            mark = level if minute in member.defragmented else max(mark, level)
            out.append(mark)
        return out

    def run(self):
        """The file of each member. From NOSPACE on nothing grows any more."""
        files = {name: self.files(member) for name, member in self.members.items()}
        for minute in range(self.minutes):
            for name, member in self.members.items():
                quota = self.quota_at(member, minute)
                if self.nospace is None and quota and files[name][minute] is not None and 0 < quota <= files[name][minute]:
                    self.nospace = minute
        if self.nospace is not None:
            for name, member in self.members.items():
                for minute in range(self.nospace + 1, len(member.in_use)):
                    member.in_use[minute] = member.in_use[self.nospace]
                    files[name][minute] = files[name][self.nospace]
        return files

    def revisions(self):
        """(revision, compacted revision) of each minute."""
        if self.recorded_revisions:
            return self.recorded_revisions
        revision, compacted, previous, out = 1_000_000, 998_000, 999_000, []
        for minute in range(self.minutes):
            jump = self.revision_jumps.get(minute, 0)
            refused = self.nospace is not None and minute > self.nospace
            revision += jump + (0 if refused else WRITES_PER_MINUTE)
            if jump:
                compacted = previous = revision - WRITES_PER_MINUTE
            runs = self.compaction and minute % self.compaction == 0 and not refused
            if runs and (self.compaction_stops is None or minute < self.compaction_stops):
                compacted, previous = previous, revision
            out.append((revision, compacted))
        return out

    def compacted_at(self):
        """When the compacted revision was last seen to move, of each minute; None until it has."""
        moved, out, previous = None, [], None
        for minute, (_, compacted) in enumerate(self.revisions()):
            if previous is not None and compacted != previous:
                moved = 60 * minute
            previous = compacted
            out.append(moved)
        return out

    def armed(self, minute):
        raised = [start for start in (self.nospace, self.alarm_from) if start is not None]
        disarmed = self.alarm_until is not None and minute >= self.alarm_until
        return int(bool(raised) and minute >= min(raised) and not disarmed)

    def series(self):
        """Yields (name, labels, values) of every series of the contract that the rules may use."""
        files = self.run()
        revisions = self.revisions()
        for index, (name, member) in enumerate(self.members.items()):
            yield from self.member_series(name, member, files[name], revisions, f"10.0.0.{index + 1}:9379")
        for resource, rates in self.writes.items():
            total, counter = 0.0, []
            for rate in rates:
                total += rate * MIB
                counter.append(round(total))
            for index in range(len(self.members)):
                labels = {**self.labels, "instance": f"10.0.0.{index + 1}:9379", "resource": resource}
                yield "etcd_headroom_write_bytes_total", labels, counter

    def member_series(self, name, member, files, revisions, instance):
        seen = [files[minute] is not None and minute not in member.unseen for minute in range(self.minutes)]
        exporter = {**self.labels, "instance": instance}
        labels = {**exporter, "member": name}

        def over(value, there=seen):
            return [value(minute) if there[minute] else None for minute in range(self.minutes)]

        def size(values):
            return over(lambda m: round(values[m] * MIB))

        def quota(minute):
            mib = self.quota_at(member, minute)
            return -1 if mib < 0 else round(mib * MIB)

        def start(minute):
            return max([60.0 * m for m in member.restarted if m <= minute], default=LONG_AGO)

        def learner(minute):
            return member.learner[minute] if isinstance(member.learner, list) else member.learner

        yield "etcd_headroom_up", labels, over(lambda m: 1)
        yield "etcd_headroom_db_size_bytes", labels, size(files)
        yield "etcd_headroom_db_in_use_bytes", labels, size(member.in_use)
        if member.quota is not None:
            yield "etcd_headroom_quota_bytes", labels, over(quota)
        yield "etcd_headroom_member_start_time_seconds", labels, over(start)
        yield "etcd_headroom_member_is_learner", labels, over(learner)
        yield (
            "etcd_headroom_defragmentations_total",
            labels,
            over(lambda m: sum(d <= m and d >= start(m) / 60 for d in member.defragmented)),
        )
        yield "etcd_headroom_revision", labels, over(lambda m: revisions[m][0])
        yield "etcd_headroom_compact_revision", labels, over(lambda m: revisions[m][1])
        compacted_at = self.compacted_at()
        yield "etcd_headroom_compaction_timestamp_seconds", labels, over(lambda m: compacted_at[m])
        alarm = {**labels, "alarm": "NOSPACE", "raised_by": name}
        yield "etcd_headroom_alarm_active", alarm, over(self.armed)
        yield "etcd_headroom_alarm_active", {**alarm, "alarm": "CORRUPT"}, over(lambda m: 0)
        voters = self.voters if self.voters is not None else len(self.members)
        role = {**exporter, "role": "voter"}
        yield "etcd_headroom_cluster_members", role, over(lambda m: voters[m] if isinstance(voters, list) else voters)
        yield "etcd_headroom_endpoints", exporter, over(lambda m: 1)
        if self.retention_seconds is not None:
            yield "etcd_headroom_auto_compaction_retention_seconds", exporter, over(lambda m: self.retention_seconds)
        if self.largest_write is not None:
            yield "etcd_headroom_largest_write_bytes", {**exporter, "resource": "secrets"}, over(lambda m: self.largest_write)


# The same facts on etcd's own page.
ETCD_NAMES = {
    "etcd_headroom_db_size_bytes": "etcd_mvcc_db_total_size_in_bytes",
    "etcd_headroom_db_in_use_bytes": "etcd_mvcc_db_total_size_in_use_in_bytes",
    "etcd_headroom_quota_bytes": "etcd_server_quota_backend_bytes",
    "etcd_headroom_revision": "etcd_debugging_mvcc_current_revision",
    "etcd_headroom_compact_revision": "etcd_debugging_mvcc_compact_revision",
}


def as_etcd_tells(series):
    """Those of the contract's series that etcd itself has."""
    for name, labels, values in series:
        if name in ETCD_NAMES:
            yield ETCD_NAMES[name], {key: value for key, value in labels.items() if key != "member"}, values
