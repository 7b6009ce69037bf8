#!/usr/bin/python3
"""`make bench-noise`: how often ordinary life fires an alert. Ten seeded profiles of clusters, each over 30 days and a first one."""

import argparse
import bisect
import concurrent.futures
import dataclasses
import math
import random
import sys

from apiserver import as_the_api_servers_tell
from cluster import Cluster, Member
from promtool import EXPORTER_RULES, MANAGED_RULES, firings
from scenarios import DAY, HOUR

SEED = 20240229
WARNINGS_PER_MONTH = 1


@dataclasses.dataclass(frozen=True)
class Profile:
    """An ordinary cluster. Sizes are shares of the quota."""

    name: str
    members: int = 3
    quota: float = 2048.0  # MiB
    live: float = 0.4
    history: float = 0.05  # what is written between two compactions
    daily: float = 0.05  # from the quiet of the night to the top of the day
    weekend: float = 0.4  # of the daily wave that is left on Saturday and Sunday
    batch: float = 0.0  # a nightly batch, gone again two hours later
    deployment: float = 0.02  # twice a working day; goes within hours
    drift: float = 0.0005  # growth a day
    compaction: int = 5  # minutes
    defragmented_every: int = 7  # days
    restarts_every: float = 5.0  # days, per member


PROFILES = (
    Profile("small", quota=2048, live=0.12, history=0.03, daily=0.02),
    Profile("ordinary"),
    Profile("single", members=1, live=0.3, history=0.06),
    Profile("five", members=5, quota=8192, live=0.35),
    Profile("busy", live=0.45, history=0.10, daily=0.08, deployment=0.03),
    Profile("nightly", live=0.35, batch=0.12),
    Profile("heavy nightly", quota=4096, live=0.5, batch=0.18, daily=0.04, defragmented_every=1),
    Profile("hourly compaction", quota=4096, live=0.4, history=0.15, compaction=60),
    Profile("full but steady", quota=8192, live=0.72, history=0.04, daily=0.03, deployment=0.01, drift=0.0001),
    Profile("restless", live=0.4, daily=0.10, batch=0.06, deployment=0.04, restarts_every=1.0),
)


def deployments(profile, days, rng):
    """Minutes and sizes of the bursts of working hours."""
    found = []
    for day in range(days):
        if day % 7 < 5:
            for _ in range(2):
                found.append((day * DAY + rng.uniform(9, 17) * HOUR, profile.deployment * rng.uniform(0.5, 1.5)))
    return sorted(found)


def life(profile, days, rng):
    """In-use in MiB, but for the sawtooth of history."""
    bursts = deployments(profile, days, rng)
    batches = [(day * DAY + 2 * HOUR + rng.uniform(-30, 30), rng.uniform(0.8, 1.2)) for day in range(days)]
    levels = []
    for minute in range(days * DAY):
        day = minute // DAY
        wave = (1 - math.cos(2 * math.pi * (minute % DAY - 4 * HOUR) / DAY)) / 2
        level = profile.live + profile.drift * minute / DAY + profile.daily * wave * (profile.weekend if day % 7 >= 5 else 1)
        # What is older than a day has gone.
        for start, size in bursts[bisect.bisect(bursts, (minute - DAY,)) : bisect.bisect(bursts, (minute, math.inf))]:
            level += size * min(1, (minute - start) / 8) * math.exp(-max(0.0, minute - start - 8) / (4 * HOUR))
        start, factor = batches[day]
        if 0 <= minute - start < 120:
            level += profile.batch * factor * min(1, (minute - start) / 40)
        levels.append(level * profile.quota)
    return levels


def build(profile, days):
    rng = random.Random(f"{SEED}/{profile.name}")
    levels = life(profile, days, rng)
    history = profile.history * profile.quota
    members = {}
    for index in range(profile.members):
        in_use = [
            level + history * ((minute % profile.compaction) / profile.compaction + rng.uniform(-0.1, 0.1))
            for minute, level in enumerate(levels)
        ]
        period = profile.defragmented_every * DAY
        restarts = tuple(sorted(rng.sample(range(DAY, days * DAY), max(1, round(days / profile.restarts_every)))))
        members[f"m{index + 1}"] = Member(
            in_use,
            file=max(in_use[:DAY]) * 1.1,
            quota=profile.quota,
            defragmented=tuple(range(period - 22 * HOUR + 10 * index, days * DAY, period)),
            restarted=restarts,
            unseen=frozenset(minute + gap for minute in restarts for gap in range(-2, 1))
            | frozenset(m for m in range(days * DAY) if rng.random() < 0.002),
        )
    retention = 3600.0 if profile.compaction == 60 else None
    return Cluster(members, labels={"cluster": profile.name}, compaction=profile.compaction, retention_seconds=retention)


def run(profiles, days, step, managed=False):
    """[(profile, Firings of the day of getting to know it, Firings of the days after)] of profiles that live in one Prometheus."""
    seen_as, rules = (as_the_api_servers_tell, MANAGED_RULES) if managed else (iter, EXPORTER_RULES)
    series = [one for profile in profiles for one in seen_as(build(profile, days + 1).series())]
    fired = firings(series, (days + 1) * DAY - 1, rules, step)
    return [(profile, fired.of(profile.name, DAY), fired.of(profile.name, math.inf, since=DAY)) for profile in profiles]


def fired_names(fired):
    return ", ".join(name.removeprefix("EtcdHeadroom") for name in fired.names("critical", "warning"))


def report(results, days, step, managed=False):
    lines = [
        "# Noise on a managed control plane" if managed else "# Noise",
        "",
        f"Written by `make bench-{'managed' if managed else 'noise'}`: {days} days of ordinary life at one-minute data through `promtool test rules`, the rules",
        f"evaluated every {step} minutes, seed {SEED}. Daily and",
        "weekly waves, nightly batches, deployments, defragmentations, restarts, lost scrapes and a slow drift; none of it needs",
        f"anybody. Wanted: no critical, and at most {WARNINGS_PER_MONTH} warning per cluster and month. The days are counted from the second on: on",
        "the first, what is habitual is not known yet, and a heavy batch looks like the storm it might be.",
        "",
        "| Cluster | Members | Live | History | Daily | Batch | Critical | Warnings | Which | On the first day |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for profile, first_day, fired in results:
        shares = " | ".join(f"{share:.0%}" for share in (profile.live, profile.history, profile.daily, profile.batch))
        counts = f"{fired.times('critical')} | {fired.times('warning')} | {fired_names(fired)}"
        lines.append(f"| {profile.name} | {profile.members} | {shares} | {counts} | {fired_names(first_day)} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--step", type=int, default=4, help="minutes between evaluations of the rules")
    parser.add_argument("--profiles", type=int, default=len(PROFILES), help="only the first so many")
    parser.add_argument("--managed", action="store_true", help="of rules/managed.yaml")
    parser.add_argument("--write", metavar="FILE", help="write the table to FILE, as Markdown")
    arguments = parser.parse_args()
    chosen = PROFILES[: arguments.profiles]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        halves = pool.map(
            lambda half: run(half, arguments.days, arguments.step, arguments.managed) if half else [], (chosen[::2], chosen[1::2])
        )
    results = sorted((result for half in halves for result in half), key=lambda result: chosen.index(result[0]))
    text = report(results, arguments.days, arguments.step, arguments.managed)
    print(text)
    if arguments.write:
        with open(arguments.write, "w", encoding="utf-8") as file:
            file.write(text)
    noisy = any(fired.times("critical") or fired.times("warning") > WARNINGS_PER_MONTH for *_, fired in results)
    return 1 if noisy else 0


if __name__ == "__main__":
    sys.exit(main())
