#!/usr/bin/python3
"""`make bench`: what a walk of a cold file of 2 GiB costs the etcd on the same disk, and the exporter. Prints Markdown.

Takes 5 GiB of disk for as long as it runs.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import threading
import time

from analyze import KEYS, REVISIONS, VALUE, snapshot
from measure import MIB, etcd_series, memory, publish, watching  # first: it sets what the harness runs

# isort: split
from harness.etcd import Etcd
from harness.exporter import Exporter
from harness.loadgen import LOADGEN

ROUNDS = 3
SECONDS = 45  # about what 2 GiB take at 50 MB/s
RATE = 300
FSYNC = re.compile(r'etcd_disk_wal_fsync_duration_seconds_bucket\{le="(.+)"\}')


def synchronous(folder):
    """An etcd that does wait for its disk."""
    etcd = Etcd(folder)
    etcd.process.kill()
    etcd.process.command.remove("--unsafe-no-fsync")
    etcd.process.start()
    return etcd.ready()


@contextlib.contextmanager
def load(etcd):
    command = [LOADGEN, "--endpoints", etcd.url, "--quiet", "--rate", str(RATE), "--compact-interval", "60"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        try:
            yield
        finally:
            child.terminate()


def fsyncs(etcd):
    """{upper bound in seconds: fsyncs of the WAL that took no longer}"""
    return {float(found[1]): count for name, count in etcd_series(etcd).items() if (found := FSYNC.fullmatch(name))}


def quantile(share, before, after):
    """As PromQL's histogram_quantile, in seconds."""
    buckets = sorted((bound, after[bound] - before[bound]) for bound in after)
    wanted, lower, below = share * buckets[-1][1], 0.0, 0.0
    for bound, count in buckets:
        if count >= wanted:
            return lower + (bound - lower) * (wanted - below) / (count - below) if bound != float("inf") else lower
        lower, below = bound, count
    raise AssertionError("no fsync was seen")


def make_cold(path):
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def from_disk(pid):
    return int(re.search(r"read_bytes: (\d+)", pathlib.Path(f"/proc/{pid}/io").read_text())[1])


class Peak(threading.Thread):
    """The most that a process has of some kinds of memory, by looking often."""

    def __init__(self, pid, *names):
        super().__init__()
        self.pid, self.names, self.most, self.ended = pid, names, (0,) * len(names), threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.02):
            self.most = tuple(map(max, self.most, memory(self.pid, *self.names)))

    def stop(self):
        self.ended.set()
        self.join()
        return self.most


def window(folder, etcd, *arguments):
    """Fsync p50 and p99, then what the exporter cost, of one exporter's time beside etcd."""
    exporter = Exporter(folder, f"--etcd.endpoints={etcd.url}", "--no-inventory.count", *arguments).ready()
    watching(exporter)
    pid = exporter.process.child.pid
    peak, before, begun = Peak(pid, "VmRSS", "RssAnon", "VmPTE"), fsyncs(etcd), time.monotonic()
    while time.monotonic() - begun < SECONDS or (arguments and exporter.scrape().value("inventory_exact") == 0):
        time.sleep(0.2)
    after, page, read = fsyncs(etcd), exporter.scrape(), from_disk(pid)
    most = peak.stop()
    exporter.stop()
    took = page.value("inventory_duration_seconds") if arguments else None
    return quantile(0.5, before, after), quantile(0.99, before, after), most, took, read


def figures(folder):
    path = snapshot(folder, REVISIONS, KEYS, VALUE)
    etcd = synchronous(folder / "etcd")
    without, during = [], []
    try:
        with load(etcd):
            time.sleep(10)
            for number in range(ROUNDS):
                without.append(window(folder / f"without{number}", etcd))
                make_cold(path)
                during.append(window(folder / f"with{number}", etcd, f"--inventory.db-file={path}", "--inventory.count-at-start"))
    finally:
        etcd.stop()
    yield "the file", f"{path.stat().st_size / MIB / 1024:.2f} GiB, {REVISIONS:,} revisions of {KEYS:,} keys, not in the page cache"
    yield f"writes of etcd: {RATE} puts/s; rounds, in turns", ROUNDS
    for index, name in enumerate(("p50", "p99")):
        off, on = (" / ".join(f"{run[index] * 1e3:.2f}" for run in runs) for runs in (without, during))
        yield f"WAL fsync {name}, without : during a walk", f"{off} : {on} ms"
    yield "a walk took", " / ".join(f"{took:.0f}" for *_, took, _ in during) + " s"
    paces = (read / took / 1e6 for *_, took, read in during)
    yield "read from the disk meanwhile (limit: 50)", " / ".join(f"{pace:.1f}" for pace in paces) + " MB/s"
    for index, name in enumerate(("resident", "anonymous", "page tables")):
        off, on = (max(run[2][index] for run in runs) / MIB for runs in (without, during))
        yield f"peak memory of the exporter, {name}, without : with", f"{off:.1f} : {on:.1f} MiB"


def main():
    publish("Inventory", "etcd: Debian's, waiting for its disk, on which the file is, too", figures)


if __name__ == "__main__":
    main()
