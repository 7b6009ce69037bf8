"""The scenarios of the lead-time benchmark, one typed description each. Levels are MiB, time is minutes."""

import dataclasses
import math
import random
import typing

import trace_files
from cluster import Cluster, Member

# Tables, a case a line.
# fmt: off

QUOTA = 2048.0
LEAD = 180  # minutes of quiet before anything happens
HOUR, DAY = 60, 1440


@dataclasses.dataclass(frozen=True)
class Fill:
    """Growth from `onset` to NOSPACE: the first warning and critical have to come within the targets."""

    onset: int
    critical_at_least: int | None = None  # minutes before NOSPACE, where a scenario has a target of its own
    warning_at_least: int | None = None


@dataclasses.dataclass(frozen=True)
class Harmless:
    """No critical, no warning."""


@dataclasses.dataclass(frozen=True)
class NoPage:
    """No critical; a ticket is welcome."""


@dataclasses.dataclass(frozen=True)
class State:
    """The named alert fires within `within` minutes of minute `since`."""

    alert: str
    since: int
    within: int = 15


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    what: str
    expects: Fill | Harmless | NoPage | State
    build: typing.Callable[[], Cluster]


def flat(level, minutes):
    return [level] * minutes


def line(level, per_minute, minutes):
    return [level + per_minute * minute for minute in range(minutes)]


def sawtooth(levels, history, period=5, noise=0.0, seed=1):
    """Adds history that grows through each period and is compacted at its end; noise is a share of the history."""
    rng = random.Random(seed)
    return [level + history * ((m % period) / period + rng.uniform(-noise, noise)) for m, level in enumerate(levels)]


def diurnal(levels, amplitude, peak=14 * HOUR):
    """Adds a daily wave, `amplitude` from trough to top."""
    return [level + amplitude * (1 + math.cos(2 * math.pi * (m - peak) / DAY)) / 2 for m, level in enumerate(levels)]


def cluster(levels, size=3, member=None, **options):
    """`size` members that hold the same."""
    return Cluster({f"m{i + 1}": Member(list(levels), **(member or {})) for i in range(size)}, **options)


def fill(start, per_minute, lead=LEAD, size=3, member=None, **options):
    minutes = math.ceil((QUOTA - start) / per_minute) + 20
    return cluster(flat(start, lead) + line(start, per_minute, minutes), size, member, **options)


def burst(start, by, minutes, after):
    return flat(start, LEAD) + line(start, by / minutes, minutes) + flat(start + by, after)


def replaced():
    """m3 goes, m4 comes 20 minutes later with the leader's snapshot."""
    life, gone = flat(900.0, LEAD + 300), LEAD + 20
    return Cluster(
        {
            "m1": Member(list(life)),
            "m2": Member(list(life)),
            "m3": Member(life[:LEAD]),
            "m4": Member([None] * gone + flat(0.1, 2) + life[gone + 2 :], restarted=(gone,)),
        },
        voters=[3] * LEAD + [2] * 20 + [3] * 280,
    )


def learner():
    life, joins, promoted = flat(1100.0, LEAD + 300), LEAD, LEAD + 45
    joined = [None] * joins + flat(0.1, 4) + life[joins + 4 :]
    members = {name: Member(list(life)) for name in ("m1", "m2", "m3")}
    members["m4"] = Member(joined, learner=[int(m < promoted) for m in range(len(life))], restarted=(joins,))
    return Cluster(members, voters=[3] * promoted + [4] * (len(life) - promoted))


def restored(after, bump):
    """All members restart from a snapshot with another level. The revision goes back, or is bumped by a billion."""
    jump = 1_000_000_000 if bump else -20_000
    life = flat(700.0, LEAD) + [None] * 5 + flat(after, 500)
    return cluster(life, member={"restarted": (LEAD + 5,), "file": 1500.0, "defragmented": (LEAD + 5,)}, revision_jumps={LEAD: jump})


def small_bursts():
    level, life = 900.0, []
    for _ in range(6):
        life += line(level, 8.0, 5) + flat(level + 40.0, 85)
        level += 40.0
    return cluster(flat(900.0, LEAD) + life)


def crash_loop():
    """Three members restart every 8 minutes, not at once, and each is seen between its restarts."""
    levels = flat(1024.0, LEAD) + line(1024.0, 20.0, 70)
    members = {}
    for index in range(3):
        restarts = tuple(range(LEAD - 30 + 2 * index, len(levels), 8))
        members[f"m{index + 1}"] = Member(list(levels), restarted=restarts, unseen=frozenset(restarts))
    return Cluster(members)


def diurnal_leak(per_day=130.0, days=7):
    leak = line(1150.0, per_day / DAY, days * DAY)
    return cluster(diurnal(leak, 200.0), size=1)


def scenarios():
    mib_per_hour = 1 / 60
    gaps = frozenset(m for m in range(2000) if m % 37 < 9)
    seldom = frozenset(m for m in range(2000) if m % 6)
    return [
        Scenario("A", "linear 200 MiB/h from 25 %", Fill(LEAD), lambda: fill(512.0, 200 * mib_per_hour)),
        Scenario("B", "leak 8 MiB/h from 85 %", Fill(LEAD), lambda: fill(1740.8, 8 * mib_per_hour)),
        Scenario("C", "file flat at 92 %, in-use from 20 % + 100 MiB/h", Fill(LEAD), lambda: fill(409.6, 100 * mib_per_hour, member={"file": 1884.0})),
        Scenario("D", "file flat at 64 %, in-use from 10 % + 100 MiB/h", Fill(LEAD), lambda: fill(204.8, 100 * mib_per_hour, member={"file": 1310.0})),
        Scenario(
            "E", "defragmented, then regrows 400 MiB/h from 30 %", Fill(LEAD),
            lambda: fill(614.4, 400 * mib_per_hour, member={"file": 1884.0, "defragmented": (LEAD - 20,)}),
        ),
        Scenario("E2", "junk deleted and defragmented, then it comes back at 400 MiB/h", Fill(6 * HOUR), lambda: cluster(
            flat(1500.0, 5 * HOUR) + flat(500.0, HOUR) + line(500.0, 400 * mib_per_hour, 300), member={"defragmented": (5 * HOUR + 20,)})),
        Scenario("F", "storm 30 MiB/min from 55 %", Fill(LEAD, critical_at_least=15), lambda: fill(1126.4, 30.0)),
        Scenario("F2", "storm 20 MiB/min from 50 % on a sawtooth", Fill(LEAD), lambda: cluster(
            sawtooth(flat(900.0, LEAD) + line(900.0, 20.0, 90), 120.0, noise=0.1))),
        Scenario("A2", "linear 150 MiB/h from 40 %, noisy sawtooth, one member", Fill(LEAD), lambda: cluster(
            sawtooth(flat(700.0, LEAD) + line(700.0, 2.5, 600), 150.0, noise=0.1), size=1)),
        Scenario("A3", "linear 90 MiB/h from 60 %, five members, one restarts on the way", Fill(LEAD), lambda: Cluster(
            {f"m{i}": Member(flat(1228.8, LEAD) + line(1228.8, 1.5, 570), restarted=(LEAD + 100,) if i == 1 else ()) for i in range(1, 6)})),
        Scenario("A4", "linear 200 MiB/h from 30 %, nine of every 37 scrapes missing", Fill(LEAD), lambda: fill(
            614.4, 200 * mib_per_hour, member={"unseen": gaps})),
        Scenario("A5", "linear 250 MiB/h from 30 %, single member restarts on the way", Fill(LEAD), lambda: fill(
            614.4, 250 * mib_per_hour, size=1, member={"restarted": (LEAD + 60,), "unseen": frozenset(range(LEAD + 60, LEAD + 63))})),
        Scenario("G8", "2 GB within 8 minutes", Fill(LEAD, critical_at_least=4, warning_at_least=4), lambda: fill(128.0, 240.0)),
        Scenario("G12", "2 GB within 12 minutes", Fill(LEAD, critical_at_least=7, warning_at_least=7), lambda: fill(128.0, 160.0)),
        Scenario("loop", "20 MiB/min from 50 %, all members restart every 8 min", Fill(LEAD), crash_loop),
        Scenario("DL", "daily load of 10 % on a leak of 130 MiB a day", Fill(0), diurnal_leak),
        Scenario("20m", "Prometheus started 20 min ago, 200 MiB/h from 50 %", Fill(20), lambda: fill(1024.0, 200 * mib_per_hour, lead=20)),
        Scenario("N1", "steady noisy sawtooth, live 45 %, history 10 %", Harmless(), lambda: cluster(
            sawtooth(flat(921.6, LEAD + 600), 204.8, noise=0.1), size=3)),
        Scenario("N2", "bootstrap 20 to 320 MiB in 12 min, then flat", Harmless(), lambda: cluster(burst(20.0, 300.0, 12, 400))),
        Scenario("N3", "settled at 55 %, +300 MiB burst in 10 min, then flat", Harmless(), lambda: cluster(burst(1126.4, 300.0, 10, 400))),
        Scenario("N3b", "settled at 50 %, +250 MiB burst in 5 min, then flat", Harmless(), lambda: cluster(burst(1024.0, 250.0, 5, 400))),
        Scenario("burst15", "settled at 55 %, +300 MiB burst in 15 min, then flat", NoPage(), lambda: cluster(burst(1126.4, 300.0, 15, 400))),
        Scenario("N4", "300 MiB file, 120 MiB in use, 8 GiB quota", Harmless(), lambda: cluster(
            sawtooth(flat(110.0, LEAD + 300), 10.0), member={"file": 300.0, "quota": 8192.0})),
        Scenario("bursts", "six bursts of 40 MiB, 90 min apart, from 44 %", Harmless(), small_bursts),
        Scenario("hourly", "compaction once an hour, live 45 %, history 20 %", Harmless(), lambda: cluster(
            sawtooth(flat(921.6, LEAD + 600), 409.6, period=60), member={"file": 1340.0}, compaction=60, retention_seconds=3600.0)),
        Scenario("hourly-new", "the same, Prometheus started as it begins", Harmless(), lambda: cluster(
            sawtooth(flat(921.6, 400), 300.0, period=60), member={"file": 1240.0}, compaction=60, retention_seconds=3600.0)),
        Scenario("restore", "snapshot restored, revision goes back", Harmless(), lambda: restored(500.0, bump=False)),
        Scenario("restore-bump", "larger snapshot restored, revision bumped", Harmless(), lambda: restored(1200.0, bump=True)),
        Scenario("raised", "quota raised from 2 to 8 GiB, one member at a time", Harmless(), lambda: Cluster(
            {f"m{i}": Member(flat(1300.0, LEAD + 300), restarted=(LEAD + 10 * i,),
                             quota=flat(2048.0, LEAD + 10 * i) + flat(8192.0, 300 - 10 * i)) for i in (1, 2, 3)})),
        Scenario("restart", "one of three members restarts", Harmless(), lambda: Cluster(
            {f"m{i}": Member(sawtooth(flat(900.0, LEAD + 300), 100.0), restarted=(LEAD,) if i == 2 else (),
                             unseen=frozenset(range(LEAD - 2, LEAD + 1)) if i == 2 else frozenset()) for i in (1, 2, 3)})),
        Scenario("gaps", "steady, nine of every 37 scrapes missing", Harmless(), lambda: cluster(
            sawtooth(flat(900.0, LEAD + 300), 150.0), member={"unseen": gaps})),
        Scenario("disabled", "quota -1, 200 MiB/h", Harmless(), lambda: cluster(
            flat(900.0, LEAD) + line(900.0, 200 * mib_per_hour, 400), member={"quota": -1})),
        Scenario("learner", "a learner joins and is promoted", Harmless(), learner),
        Scenario("replaced", "a member is replaced", Harmless(), replaced),
        Scenario("high", "in-use steady at 96.5 % of 8 GiB", State("EtcdHeadroomHighUse", 0, 75), lambda: cluster(
            sawtooth(flat(7905.0, LEAD + 400), 30.0), member={"quota": 8192.0})),
        Scenario("X1", "recovered, NOSPACE still armed", State("EtcdHeadroomDisarmMissing", LEAD, 5), lambda: cluster(
            flat(400.0, LEAD + 60), alarm_from=LEAD)),
        Scenario("X2", "compaction stopped", State("EtcdHeadroomCompactionStalled", LEAD, 60), lambda: cluster(
            sawtooth(flat(600.0, LEAD), 60.0) + line(600.0, 1.0, 240), compaction_stops=LEAD)),
        Scenario("X3", "answers once in six minutes, NOSPACE armed", State("EtcdHeadroomWritesRefused", LEAD, 15), lambda: cluster(
            flat(2040.0, LEAD + 60), alarm_from=LEAD, member={"unseen": seldom})),
        Scenario("X4", "file at 99 % with 90 % free, a 1.4 MB object", State("EtcdHeadroomAlmostFull", 0, 15), lambda: cluster(
            flat(204.8, 120), member={"file": 2027.52}, largest_write=1.4e6)),
        Scenario("X5", "first scrape ever, in-use at 98 %", State("EtcdHeadroomAlmostFull", 0, 15), lambda: cluster(flat(2007.04, 60))),
        *(Scenario(f"trace-{name}", "recorded from a real etcd", Fill(trace_files.onset(name)), lambda name=name: trace_files.build(name))
          for name in trace_files.names()),
    ]
