#!/usr/bin/python3
"""`make bench-cost`: what the rules cost a real Prometheus with 100 clusters of three members and a day of history."""

import argparse
import json
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import yaml
from cluster import Cluster, Member
from promtool import EXPORTER_RULES
from scenarios import DAY, diurnal, flat, sawtooth

INTERVAL_SECONDS = 30
BUDGET_SECONDS = INTERVAL_SECONDS / 10
RESOURCES = 10
EVALUATIONS = 6
# From the first line of backfill to the start of Prometheus, which has to find samples that have just come.
PREPARATION_SECONDS = 600


def prototype(seed):
    """A cluster of three members, each with an exporter that also counts who writes."""
    rng = random.Random(seed)
    level = rng.uniform(300, 1200)
    in_use = sawtooth(diurnal(flat(level, DAY), 80.0), 60.0, noise=0.1, seed=seed)
    writes = {f"resource-{number}": flat(rng.uniform(0.01, 0.5), DAY) for number in range(RESOURCES)}
    members = {f"m{number}": Member(list(in_use), file=level * 1.2) for number in (1, 2, 3)}
    return Cluster(members, labels={"job": "headroom-exporter"}, writes=writes, largest_write=1e5)


def write_openmetrics(count, end, path):
    """A day of `count` clusters until the Unix time `end`, family by family as the format wants it. Returns the number of series."""
    prototypes = [list(prototype(seed).series()) for seed in range(5)]
    families = {}
    for number in range(count):
        for name, labels, values in prototypes[number % len(prototypes)]:
            inner = ",".join(f'{key}="{value}"' for key, value in {**labels, "cluster": f"c{number:03}"}.items())
            families.setdefault(name, []).append((f"{name}{{{inner}}} ", values))
    times = [f" {end - 60 * (DAY - 1 - minute)}\n" for minute in range(DAY)]
    with open(path, "w", encoding="utf-8") as file:
        for name, series in families.items():
            file.write(f"# TYPE {name.removesuffix('_total')} {'counter' if name.endswith('_total') else 'gauge'}\n")
            for prefix, values in series:
                file.write("".join(f"{prefix}{value}{when}" for value, when in zip(values, times)))
        file.write("# EOF\n")
    return sum(map(len, families.values()))


def get(address, path):
    with urllib.request.urlopen(f"http://{address}{path}", timeout=30) as answer:
        return json.load(answer)["data"]


def evaluations(address, seconds):
    """The longest evaluation of each group that was seen within so many seconds."""
    longest, deadline = {}, time.monotonic() + seconds
    while time.monotonic() < deadline:
        for group in get(address, "/api/v1/rules")["groups"]:
            longest[group["name"]] = max(longest.get(group["name"], 0.0), group["evaluationTime"])
        time.sleep(INTERVAL_SECONDS / 3)
    return longest


def free_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def measure(count, folder):
    address = free_address()
    text = folder / "day.txt"
    end = int(time.time()) + PREPARATION_SECONDS
    series = write_openmetrics(count, end, text)
    subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", text, folder / "data"], check=True, capture_output=True)
    text.unlink()
    config = {"global": {"evaluation_interval": f"{INTERVAL_SECONDS}s"}, "rule_files": [str(path) for path in EXPORTER_RULES]}
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    time.sleep(max(0, end - time.time()))
    with open(folder / "log", "wb") as log:
        child = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data", f"--web.listen-address={address}",
             "--storage.tsdb.retention.time=30d"], stdout=log, stderr=log)  # fmt: skip
    try:
        for _ in range(300):
            try:
                get(address, "/api/v1/rules")
                break
            except OSError:
                time.sleep(0.2)
        longest = evaluations(address, EVALUATIONS * INTERVAL_SECONDS)
        made = get(address, "/api/v1/query?query=count(%7B__name__%3D~%22.%2B%3Aetcd_headroom_.%2B%22%7D)")["result"]
        return series, int(made[0]["value"][1]), longest
    finally:
        child.terminate()
        child.wait(20)


def report(count, series, made, longest):
    total = sum(longest.values())
    lines = [
        "# Cost of the rules",
        "",
        f"Written by `make bench-cost`: a real Prometheus on two cores, {count} clusters of three members and {RESOURCES} resources",
        f"({series} series) over a day of backfilled one-minute data, both rule files evaluated every {INTERVAL_SECONDS} s. The longest evaluation",
        f"of each group among {EVALUATIONS} in a row.",
        "",
        "| Group | Seconds |",
        "|---|---|",
        *(f"| {group} | {seconds:.3f} |" for group, seconds in longest.items()),
        f"| all | {total:.3f} |",
        "",
        f"Budget: {BUDGET_SECONDS:.1f} s, a tenth of the interval. The rules made {made} series, {made / count:.0f} per cluster. The cost goes with the",
        f"number of clusters: 1,000 would take about {total * 1000 / count:.1f} s of every {INTERVAL_SECONDS}, spread over the groups, which run beside each other.",
        "The backfill is of the exporter's series: the steps that the rules record have no past yet, so what the windows of a day and a",
        "week over hourly peaks cost (group etcd-headroom-habits, every 2 minutes) is not fully in it.",
    ]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clusters", type=int, default=100)
    parser.add_argument("--write", metavar="FILE", help="write the table to FILE, as Markdown")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        series, made, longest = measure(arguments.clusters, folder)
    finally:
        shutil.rmtree(folder)
    text = report(arguments.clusters, series, made, longest)
    print(text)
    if arguments.write:
        with open(arguments.write, "w", encoding="utf-8") as file:
            file.write(text)
    return 0 if sum(longest.values()) <= BUDGET_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
