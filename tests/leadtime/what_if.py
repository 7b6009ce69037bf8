#!/usr/bin/python3
"""`make bench-what-if`: what `report` says of a change, beside what a real etcd then does. Each trial fills an etcd of its own."""

import argparse
import concurrent.futures
import contextlib
import dataclasses
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from harness import loadgen, report  # noqa: E402
from harness.etcd import Etcd  # noqa: E402
from harness.servers import servers  # noqa: E402
from harness.store import file_of  # noqa: E402
from harness.wait import until  # noqa: E402

SEED = 20261129
MIB = 1 << 20
SAMPLE_SECONDS = 8
# What the load tool writes for whom: the manager, and the mean size of an object in bytes.
WRITERS = {
    "policyreports": ("reports-controller", 12000),
    "jobs": ("kube-controller-manager", 4500),
    "pods": ("kubelet", 7000),
    "configmaps": ("helm", 9000),
}
# Wanted: the share of trials that are off by no more.
FREED_WITHIN, FREED_SHARE = 0.10, 0.95
TIME_WITHIN, TIME_SHARE = 0.20, 0.90


class NoForecastError(Exception):
    """The pace varied too much within the sample."""


@dataclasses.dataclass
class Trial:
    number: int
    quota: int  # MiB
    etcd: str
    off: dict[str, float] = dataclasses.field(default_factory=dict)  # by what was foretold: the error as a share
    silent: bool = False  # the report foretold no time
    fault: str = ""


@contextlib.contextmanager
def writing(etcd, resource, bytes_per_second, seed, creates):
    """Writes one resource until etcd refuses."""
    size = WRITERS[resource][1]
    command = [loadgen.LOADGEN, "--endpoints", etcd.url, "--quiet", "--plain-puts", "--until-nospace", "--mix", f"{resource}=1",
               "--size", f"{resource}={size}", "--ops", f"create={creates},update={100 - creates},delete=0",
               "--rate", f"{bytes_per_second / size:.1f}", "--seed", str(seed)]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as tool:
        try:
            yield tool
        finally:
            tool.kill()


def answers(etcd, sample):
    _, found = report.ask("--etcd.endpoints", etcd.url, "--inventory.db-file", file_of(etcd), f"--sample={sample}s")
    return {answer["id"]: answer for answer in found["what_if"]}


def middle(interval):
    return sum(interval.values()) / 2


def off(foretold, real):
    return foretold / real - 1


def time_after_stop(etcd, tools, off_by):
    """Stops the writer that `report` names and waits for the other to be refused."""
    found = answers(etcd, SAMPLE_SECONDS)
    if "top_writer_stops" not in found:
        raise NoForecastError
    stops = found["top_writer_stops"]
    top = next(resource for resource in tools if WRITERS[resource][0] in stops["if"])
    tools[top].kill()
    stopped = time.monotonic()
    (rest,) = (tool for resource, tool in tools.items() if resource != top)
    rest.wait(240)
    off_by["time after the top writer stops"] = off(middle(stops["full_in_seconds"]), time.monotonic() - stopped)


def settle(etcd):
    """Lets the pages of earlier transactions become free. A full etcd takes deletes, and each is a commit."""
    for key in etcd.ctl("get", "/registry/", "--prefix", "--keys-only", "--limit=6").split():
        etcd.ctl("del", key)
        time.sleep(0.15)  # a commit has nothing that could be waited for


def bytes_freed(etcd, off_by):
    """Compacts and defragments what is full."""
    settle(etcd)
    found, before = answers(etcd, 1), etcd.status()
    etcd.ctl("--command-timeout=60s", "compact", before["header"]["revision"], "--physical")
    settle(etcd)
    if "compact" in found:
        freed = before["dbSizeInUse"] - etcd.status()["dbSizeInUse"]
        off_by["bytes that a compaction frees"] = off(middle(found["compact"]["frees_bytes"]), freed)
    etcd.ctl("--command-timeout=60s", "defrag", timeout=120)
    if "defragment" in found:
        freed = before["dbSize"] - etcd.status()["dbSize"]
        off_by["bytes that a defragmentation frees"] = off(middle(found["defragment"]["frees_bytes"]), freed)


def run(number, seed):
    rng = random.Random(f"{seed}/{number}")
    server = rng.choice(servers())
    trial = Trial(number, rng.choice((64, 96, 128, 192, 256)), str(server))
    quota = trial.quota * MIB
    pair = rng.sample(sorted(WRITERS), 2)
    creates = rng.choice((100, 85, 70))
    # Half of it is left when the report begins; the lesser writer alone takes half a minute and more for a third.
    lesser = quota * 0.33 / rng.uniform(30, 60)
    greater = lesser * rng.uniform(1.3, 4)
    with tempfile.TemporaryDirectory() as folder:
        etcd = Etcd(pathlib.Path(folder), arguments=(f"--quota-backend-bytes={quota}",), server=server).ready()
        try:
            with writing(etcd, pair[0], greater, 1, creates) as first, writing(etcd, pair[1], lesser, 2, creates) as second:
                begin = rng.uniform(0.3, 0.4) * quota
                until(lambda: etcd.status()["dbSizeInUse"] > begin, 120, "the first third")
                time_after_stop(etcd, {pair[0]: first, pair[1]: second}, trial.off)
            bytes_freed(etcd, trial.off)
        except NoForecastError:
            trial.silent = True
        except (AssertionError, ValueError, StopIteration, TimeoutError, RuntimeError, subprocess.TimeoutExpired) as error:
            trial.fault = f"{type(error).__name__}: {str(error)[:120]}"
        finally:
            etcd.stop()
    print(trial, file=sys.stderr)
    return trial


def wanted_of(what):
    return (TIME_WITHIN, TIME_SHARE) if what.startswith("time") else (FREED_WITHIN, FREED_SHARE)


def offs_of(trials):
    """{what: [error of each trial]}"""
    found = {}
    for trial in trials:
        for what, error in trial.off.items():
            found.setdefault(what, []).append(error)
    return dict(sorted(found.items()))


def near_enough(trials):
    for what, offs in offs_of(trials).items():
        within, wanted = wanted_of(what)
        if sum(abs(one) <= within for one in offs) < wanted * len(offs):
            return False
    return True


def row(what, offs):
    within, wanted = wanted_of(what)
    near = sum(abs(one) <= within for one in offs)
    return (
        f"| {what} | {len(offs)} | {near} ({near / len(offs):.0%}) | within {within:.0%}: {wanted:.0%} "
        f"| {statistics.median(offs):+.0%} | {statistics.median(map(abs, offs)):.0%} |"
    )


def write_up(trials, seed):
    silent = sum(trial.silent for trial in trials)
    failed = [trial for trial in trials if trial.fault]
    lines = [
        "# What if",
        "",
        f"Written by `make bench-what-if`: {len(trials)} trials (seed {seed}). In each, two writers of the load tool fill an etcd of its own, of 64",
        "to 256 MiB, Debian's or a newer one. A third of the quota later `report` is asked, the writer that it names is stopped, and the time until",
        "etcd refuses the other is taken. Then the full etcd is compacted and defragmented. What the report foretold, the middle of its range, is",
        "compared with what came.",
        "",
        "| What | Trials | Near enough | Wanted | Median error | Median of its size |",
        "|---|---|---|---|---|---|",
    ]
    lines += [row(what, offs) for what, offs in offs_of(trials).items()]
    if silent:
        lines += ["", f"In {silent} trials the report foretold no time, because the pace of its sample varied more than twofold."]
    lines += [f"Trial {trial.number} failed: {trial.fault}" for trial in failed]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", metavar="FILE", help="write the table to FILE, as Markdown")
    arguments = parser.parse_args()
    with concurrent.futures.ThreadPoolExecutor(arguments.at_once) as pool:
        trials = list(pool.map(lambda number: run(number, arguments.seed), range(arguments.trials)))
    text = write_up(trials, arguments.seed)
    print(text)
    if arguments.write:
        with open(arguments.write, "w", encoding="utf-8") as file:
            file.write(text)
    return 1 if any(trial.fault for trial in trials) or not near_enough(trials) else 0


if __name__ == "__main__":
    sys.exit(main())
