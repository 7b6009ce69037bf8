#!/usr/bin/python3
"""`make bench`: what it costs to add up 10,000 namespaces in a walk of the database file. Prints Markdown.

With HEADROOM_EXPORTER_BEFORE, the binary of an earlier build, walks of both take turns and their ratio is printed.
"""

import os

import grpc
from analyze import field
from inventory import Peak
from measure import MIB, publish  # first: it sets what the harness runs

# isort: split
from harness import exporter
from harness.etcd import Etcd
from harness.store import file_of
from harness.wait import until

NAMESPACES, RESOURCES = 10_000, 50
KEYS_PER_TXN = 5_000
ROUNDS = 5
LIMITS = ("--quota-backend-bytes=8589934592", f"--max-txn-ops={KEYS_PER_TXN}", "--max-request-bytes=8000000")


def fill(etcd):
    """An object of each resource in each namespace, in the order in which clusters grow: one namespace after the other."""
    keys = (f"/registry/group{r}.example.com/things{r}/namespace-{n}/object" for n in range(NAMESPACES) for r in range(RESOURCES))
    put = field(2, b"x" * 100)
    with grpc.insecure_channel(etcd.url.removeprefix("http://")) as channel:
        txn = channel.unary_unary("/etcdserverpb.KV/Txn")
        for _ in range(NAMESPACES * RESOURCES // KEYS_PER_TXN):
            puts = (field(1, next(keys).encode()) + put for _ in range(KEYS_PER_TXN))
            txn(b"".join(field(2, field(2, each)) for each in puts))


def walk(folder, binary, etcd):
    """Seconds of the first walk, the peak of resident and anonymous memory, and the page of it."""
    exporter.BINARY = binary
    flags = (f"--inventory.db-file={file_of(etcd)}", "--inventory.count-at-start", "--no-inventory.count")
    running = exporter.Exporter(folder, f"--etcd.endpoints={etcd.url}", *flags)
    peak = Peak(running.process.child.pid, "VmRSS", "RssAnon")
    try:
        running.ready()
        page = until(lambda: (p := running.scrape()).value("inventory_exact") == 1 and p, 120)
        return page.value("inventory_duration_seconds"), peak.stop(), page
    finally:
        running.process.kill()


def sums(page, prefix):
    return [sum(s.value for s in page.find(prefix + name)) for name in ("object_bytes", "history_bytes")]


def figures(folder):
    before = os.environ.get("HEADROOM_EXPORTER_BEFORE")
    binaries = {"now": exporter.BINARY} | ({"before": before} if before else {})
    seconds, most = {name: [] for name in binaries}, [0, 0]
    etcd = Etcd(folder / "etcd", arguments=LIMITS).ready()
    try:
        fill(etcd)
        for number in range(ROUNDS):
            for name, binary in binaries.items():
                took, peak, page = walk(folder / f"{name}{number}", binary, etcd)
                seconds[name].append(took)
                if name == "now":
                    most = list(map(max, most, peak))
                    assert sums(page, "namespace_") == sums(page, "")
    finally:
        etcd.stop()
    yield "the file", f"{NAMESPACES:,} namespaces with an object of each of {RESOURCES} resources, in the page cache"
    yield f"a walk took, the fastest of {ROUNDS}", f"{min(seconds['now']):.2f} s"
    if before:
        ratio = min(seconds["now"]) / min(seconds["before"])
        yield (
            "the same : that of the build before, in turns (target: 1.1)",
            f"{min(seconds['now']):.3f} : {min(seconds['before']):.3f} s = {ratio:.2f}",
        )
    yield "peak memory of the exporter, resident (target: 24)", f"{most[0] / MIB:.1f} MiB"
    yield "peak memory of the exporter, anonymous", f"{most[1] / MIB:.1f} MiB"


def main():
    publish("Namespaces", "etcd: Debian's", figures)


if __name__ == "__main__":
    main()
