"""Random fills: an etcd that lived quietly starts to fill, at a pace that nobody could have drawn, until it is full."""

import dataclasses
import math
import random

from cluster import COMPACTION_MINUTES, Cluster, Member

# Minutes of quiet before the growth begins.
QUIET = 300


@dataclasses.dataclass(frozen=True)
class Pace:
    """How the growth of a minute varies around its mean over the fill."""

    minutes: float  # for which it would fill at its mean
    sigma: float  # of the logarithm of the pace, and the minutes after which it has forgotten what it was
    memory: float
    drift: float  # the pace at the end over that at the start
    every: int  # minutes between bursts that carry all of the growth; 1: there are none
    pauses: float  # the share of minutes in which nothing is written, a quarter of an hour at a time


def pace(rng):
    return Pace(
        minutes=math.exp(rng.uniform(math.log(45), math.log(1440))),
        sigma=rng.uniform(0.0, 0.6),
        memory=math.exp(rng.uniform(math.log(5), math.log(120))),
        drift=math.exp(rng.uniform(-math.log(2), math.log(2))),
        every=rng.choice((1, 1, 5, 10, 15)),
        pauses=rng.choice((0.0, 0.0, 0.1)),
    )


def growths(chosen, rng):
    """Yields the growth of each minute, as a share of the mean pace."""
    level, kept, minute, owed, paused = rng.gauss(0, chosen.sigma), math.exp(-1 / chosen.memory), 0, 0.0, 0
    while True:
        level = kept * level + math.sqrt(1 - kept * kept) * rng.gauss(0, chosen.sigma)
        if paused == 0 and rng.random() < chosen.pauses / 15:
            paused = 15
        paused = max(0, paused - 1)
        trend = chosen.drift ** (min(1.0, minute / chosen.minutes) - 0.5)
        owed += 0.0 if paused else trend * math.exp(level - chosen.sigma**2 / 2)
        minute += 1
        if minute % chosen.every == 0:
            yield owed
            owed = 0.0
        else:
            yield 0.0


def random_fill(number, seed):
    """The cluster of one fill, called `fill-NUMBER`, which ends when the quota is reached."""
    rng = random.Random(f"{seed}/{number}")
    quota = rng.choice((2048.0, 4096.0, 8192.0))
    level = quota * rng.uniform(0.26, 0.6)
    history = quota * rng.uniform(0.005, 0.04)
    chosen = pace(rng)
    mean = (quota - level) / chosen.minutes
    levels, in_use = [level] * QUIET, []
    for growth in growths(chosen, rng):
        level += growth * mean
        levels.append(level)
        if level > quota:
            break
    for minute, live in enumerate(levels):
        part = (minute % COMPACTION_MINUTES) / COMPACTION_MINUTES
        in_use.append(live + history * part * rng.uniform(0.8, 1.2))
    member = Member(in_use, file=max(in_use[:QUIET]), quota=quota)
    return Cluster({"m1": member}, labels={"cluster": f"fill-{number}"})
