#!/usr/bin/python3
"""`make bench-leadtime`: minutes from the first warning and the first critical to NOSPACE, per scenario, against the targets."""

import argparse
import concurrent.futures
import dataclasses
import math
import sys

import peers
from promtool import EXPORTER_RULES, Firings, firings
from scenarios import DAY, Fill, Harmless, Scenario, scenarios

# Scenarios of one replay are clusters of one Prometheus: fewer rule evaluations, and none may disturb another.
REPLAYS = 2


@dataclasses.dataclass
class Result:
    scenario: Scenario
    nospace: int | None
    firings: Firings
    faults: list[str]

    def lead(self, severity):
        """Minutes from the first such alert to NOSPACE; None when it never fired."""
        first = self.firings.first_minute(severity, since=since(self.scenario))
        return None if math.isinf(first) else round(self.nospace - first)


def since(scenario):
    return scenario.expects.onset if isinstance(scenario.expects, Fill) else 0


def fill_faults(expects, nospace, warning, critical):
    """What misses the targets. The time that counts begins with the growth, or a day before NOSPACE."""
    if nospace is None:
        return ["never reached NOSPACE"]
    available = min(nospace - expects.onset, DAY)
    latest_warning = nospace - available + max(0.3 * available, 12)
    least = expects.critical_at_least or min(45, available / 2)
    faults = []
    if warning > latest_warning:
        faults.append(f"first warning {nospace - warning:.0f} min before NOSPACE, wanted {nospace - latest_warning:.0f}")
    if not least <= nospace - critical <= 8 * 60:
        faults.append(f"first critical {nospace - critical:.0f} min before NOSPACE, wanted {least:.0f} to 480")
    return faults


def judge(scenario, nospace, fired):
    expects = scenario.expects
    if isinstance(expects, Fill):
        warning = min(fired.first_minute("warning", since=expects.onset), fired.first_minute("critical", since=expects.onset))
        return fill_faults(expects, nospace, warning, fired.first_minute("critical", since=expects.onset))
    if isinstance(expects, Harmless):
        return [f"{name} fired" for name in fired.names("warning", "critical")]
    after = fired.first_minute(name=expects.alert) - expects.since
    return [] if after <= expects.within else [f"{expects.alert} after {after} min, wanted {expects.within}"]


def replay(names, rules=EXPORTER_RULES):
    """Replays the named scenarios as clusters of one Prometheus."""
    built = {}
    for scenario in scenarios():
        if scenario.name in names:
            cluster = scenario.build()
            cluster.labels = {"cluster": scenario.name}
            series = list(cluster.series())
            built[scenario.name] = (scenario, cluster, series)
    end = max(cluster.minutes for _, cluster, _ in built.values()) - 1
    fired = firings([one for *_, series in built.values() for one in series], end, rules)
    results = []
    for name, (scenario, cluster, _) in built.items():
        own = fired.of(name, cluster.minutes)
        results.append(Result(scenario, cluster.nospace, own, judge(scenario, cluster.nospace, own)))
    return results


def batches():
    """Scenarios of like length share a replay, the longest first."""
    by_length = sorted(scenarios(), key=lambda s: -s.build().minutes)
    names = [scenario.name for scenario in by_length]
    long = [s.name for s in by_length if s.build().minutes > 2 * DAY]
    rest = [name for name in names if name not in long]
    size = math.ceil(len(rest) / REPLAYS)
    return [batch for batch in [long, *(rest[i : i + size] for i in range(0, len(rest), size))] if batch]


def run_all(only=()):
    groups = [[name for name in batch if not only or name in only] for batch in batches()]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        done = [result for group in pool.map(replay, [g for g in groups if g]) for result in group]
    order = [scenario.name for scenario in scenarios()]
    return sorted(done, key=lambda result: order.index(result.scenario.name))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", metavar="FILE", help="write the tables to FILE, as Markdown")
    parser.add_argument("scenario", nargs="*", help="only these")
    arguments = parser.parse_args()
    results = run_all(arguments.scenario)
    text = peers.report(results)
    print(text)
    if arguments.write:
        with open(arguments.write, "w", encoding="utf-8") as file:
            file.write(text)
    return 1 if any(result.faults for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
