#!/usr/bin/python3
"""`make bench-band`: how often random fills end within the band of the forecast, and how far its middle is off."""

import argparse
import concurrent.futures
import dataclasses
import math
import statistics
import sys

from promtool import RULES, query
from random_fills import QUIET, random_fill

SEED = 20261129
LEADS = (15, 30, 60, 120, 240, 480)  # minutes before NOSPACE
QUANTILES = ("p10", "p50", "p90")
# The share of all that the band should hold, and by how much it may be off.
COVERED, WITHIN = 0.8, 0.05
# Of the middle, an hour ahead: what is wanted, and from where on something broke.
WORST_MEDIAN, BROKEN_MEDIAN = 0.2, 0.25
# Minutes between evaluations of the rules.
STEP = 2
# Fills of one Prometheus.
BATCH = 24


@dataclasses.dataclass(frozen=True)
class Forecast:
    """What was foretold so many minutes before NOSPACE, in minutes; None where the rules were silent."""

    lead: int
    p10: float | None
    p50: float | None
    p90: float | None

    @property
    def silent(self):
        return self.p50 is None


def replay(numbers, seed):
    clusters = [random_fill(number, seed) for number in numbers]
    series = [one for cluster in clusters for one in cluster.series()]
    asked = [
        (cluster.labels["cluster"], lead, cluster.nospace - lead)
        for cluster in clusters
        for lead in LEADS
        if cluster.nospace - lead >= QUIET + 15
    ]
    queries = [
        (f'max(cluster:etcd_headroom_time_to_quota_seconds:{quantile}{{cluster="{name}"}})', minute)
        for name, _, minute in asked
        for quantile in QUANTILES
    ]
    answers = iter(query(series, queries, (RULES / "recording.yaml",), STEP))
    found = []
    for _, lead, _ in asked:
        values = [next(answers) for _ in QUANTILES]
        found.append(Forecast(lead, *(value[0][1] / 60 if value else None for value in values)))
    return found


def run(fills, seed):
    """The forecasts of so many fills. Those of like length share a replay."""
    numbers = sorted(range(fills), key=lambda number: random_fill(number, seed).minutes)
    batches = [numbers[start : start + BATCH] for start in range(0, fills, BATCH)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [one for found in pool.map(lambda batch: replay(batch, seed), reversed(batches)) for one in found]


def covered(forecasts):
    return statistics.mean(one.p10 <= one.lead <= one.p90 for one in forecasts)


def median_error(forecasts):
    return statistics.median(abs(one.p50 / one.lead - 1) for one in forecasts)


def row(what, forecasts):
    heard = [one for one in forecasts if not one.silent]
    if not heard:
        return f"| {what} | {len(forecasts)} | {len(forecasts)} | | | | | |"
    early = statistics.mean(one.lead < one.p10 for one in heard)
    late = statistics.mean(one.lead > one.p90 for one in heard)
    width = math.exp(statistics.mean(math.log(one.p90 / one.p10) for one in heard))
    middle = statistics.median(one.p50 / one.lead for one in heard)
    return (
        f"| {what} | {len(forecasts)} | {len(forecasts) - len(heard)} | {covered(heard):.0%} | {early:.0%} | {late:.0%} "
        f"| {width:.1f} | {middle:.2f} | {median_error(heard):.0%} |"
    )


def report(forecasts, fills, seed):
    return "\n".join(
        [
            "# Random fills",
            "",
            f"Written by `make bench-band`: {fills} fills of a seeded generator (`random_fills.py`, seed {seed}) through `promtool test rules`,",
            f"evaluated every {STEP} minutes.",
            "Each lives quietly for five hours, then fills within 45 minutes to a day. Its pace varies by chance, drifts, comes in bursts or",
            "pauses. `p10` to `p90` should hold eight of ten: a fill that was full before `p10` was early, one after `p90` late. Wanted: "
            f"{COVERED:.0%}",
            f"of all within {WITHIN:.0%}, and a median error of the middle, `p50`, of at most {WORST_MEDIAN:.0%} an hour ahead.",
            "",
            "| Before NOSPACE | Forecasts | None yet | In the band | Early | Late | p90 : p10 | Median of p50 : truth | Median error |",
            "|---|---|---|---|---|---|---|---|---|",
            *(row(f"{lead} min", [one for one in forecasts if one.lead == lead]) for lead in LEADS),
            row("all", forecasts),
            "",
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", metavar="FILE", help="write the table to FILE, as Markdown")
    arguments = parser.parse_args()
    forecasts = run(arguments.fills, arguments.seed)
    text = report(forecasts, arguments.fills, arguments.seed)
    print(text)
    if arguments.write:
        with open(arguments.write, "w", encoding="utf-8") as file:
            file.write(text)
    heard = [one for one in forecasts if not one.silent]
    off = abs(covered(heard) - COVERED) > WITHIN
    far = median_error([one for one in heard if one.lead == 60]) > BROKEN_MEDIAN
    return 1 if off or far else 0


if __name__ == "__main__":
    sys.exit(main())
