#!/usr/bin/python3
"""`make bench`: what watching all writes and counting all objects costs, beside `etcdctl watch` in the same run. Prints Markdown."""

import concurrent.futures
import contextlib
import re
import subprocess
import time

from measure import MIB, cpu_seconds, etcd_series, heading, memory, scratch_folder, table, watching  # first: it sets what the harness runs

# isort: split
from harness import loadgen
from harness.certificates import Authority, flags
from harness.etcd import Etcd
from harness.exporter import Exporter
from harness.servers import servers
from harness.wait import until
from million_keys import KEYS, KEYS_PER_TXN, LARGEST, RESOURCES, fill

RATES = {500: (12, 0.5), 2000: (8, 0.25), 5000: (6, 0.2)}  # puts/s: (seconds, the share of etcdctl's CPU to stay below)
LOAD = ("--mix", "pods=1", "--ops", "update=1", "--preload", "pods=100", "--size", "pods=2000", "--plain-puts")
CATCH_UP = 18_000
BIG = ("--quota-backend-bytes=8589934592",)


@contextlib.contextmanager
def running(process):
    try:
        yield process
    finally:
        process.stop()


@contextlib.contextmanager
def exporter_of(folder, etcd, *arguments):
    with running(Exporter(folder, f"--etcd.endpoints={etcd.url}", *arguments).ready()) as exporter:
        watching(exporter)
        yield exporter


@contextlib.contextmanager
def etcdctl_watch(etcd, *arguments):
    with subprocess.Popen(["etcdctl", "--endpoints", etcd.url, "watch", "--prefix", "", *arguments],
                          stdout=subprocess.DEVNULL) as child:  # fmt: skip
        try:
            yield child.pid
        finally:
            child.kill()


def settled(*pids):
    """Waits until processes have used next to no CPU for a while; the CPU seconds of each."""
    used = [cpu_seconds(pid) for pid in pids]
    while True:
        time.sleep(0.7)
        now = [cpu_seconds(pid) for pid in pids]
        if all(after - before < 0.01 for before, after in zip(used, now, strict=True)):
            return now
        used = now


def write(etcd, *arguments, tls=()):
    """(puts a second, the load tool's totals)."""
    done = loadgen.run([etcd.url], *LOAD, *tls, *arguments)
    assert done["errors"] == 0 and done["refused"] == 0, done
    return (done["writes"] - 100) / (done["seconds"] - done["preload_seconds"]), done


def watch_messages(etcd):
    return sum(value for name, value in etcd_series(etcd).items()
               if name.startswith("grpc_server_msg_sent_total{") and 'grpc_method="Watch"' in name)  # fmt: skip


def slow_watchers(etcd):
    return etcd.page()["etcd_debugging_mvcc_slow_watcher_total"]


def watch_costs(folder, etcd):
    """The exporter and etcdctl follow the same writes."""
    with exporter_of(folder / "watch", etcd) as exporter, etcdctl_watch(etcd) as other:
        until(lambda: etcd.page()["etcd_debugging_mvcc_watcher_total"] == 2, 10, "two watches")
        pids = exporter.process.child.pid, other
        for rate, (seconds, target) in RATES.items():
            before, messages, revision = settled(*pids), watch_messages(etcd), etcd.status()["header"]["revision"]
            slow = 0
            with concurrent.futures.ThreadPoolExecutor() as pool:
                load = pool.submit(write, etcd, "--rate", rate, "--duration", seconds)
                while not load.done():
                    slow = max(slow, slow_watchers(etcd))
                    time.sleep(0.5)
            reached, done = load.result()
            after = settled(*pids)
            events = done["last_revision"] - revision
            page = exporter.scrape()
            assert page.value("watch_revision") >= done["last_revision"]
            mine, theirs = ((end - start) / events * 1e6 for start, end in zip(before, after, strict=True))
            yield (etcd.server, rate, f"{reached:.0f}", f"{mine:.1f}", f"{theirs:.1f}", f"{mine / theirs:.2f}", target,
                   f"{(watch_messages(etcd) - messages) / events / 2:.3f}", f"{slow:.0f}",
                   f"{page.value('watch_missed_revisions_total'):.0f}")  # fmt: skip


def catch_up_cost(folder, etcd):
    """The exporter is stopped while others write, then goes on; etcdctl starts at the same revision."""
    with exporter_of(folder / "catch-up", etcd) as exporter:
        pid = exporter.process.child.pid
        first = exporter.scrape().value("watch_revision") + 1
        before = settled(pid)[0]
        exporter.process.pause()
        _, done = write(etcd, "--rate", 0, "--writes", CATCH_UP - 100)
        exporter.process.resume()
        time.sleep(1)
        mine = settled(pid)[0] - before
        events = done["last_revision"] - first + 1
        page = until(lambda: (p := exporter.scrape()).value("watch_revision") >= done["last_revision"] and p, 30, "catching up")
        restarts = sum(sample.value for sample in page.find("watch_restarts_total"))
    with etcdctl_watch(etcd, f"--rev={first:.0f}") as other:
        time.sleep(1)
        theirs = settled(other)[0]
    return (etcd.server, f"{events:.0f}", f"{mine / events * 1e6:.1f}", f"{theirs / events * 1e6:.1f}", f"{mine / theirs:.2f}",
            f"{page.value('watch_missed_revisions_total'):.0f}", f"{restarts:.0f}")  # fmt: skip


def resident(exporter):
    now, peak = memory(exporter.process.child.pid, "VmRSS", "VmHWM")
    return f"{now / MIB:.1f} (peak {peak / MIB:.1f}) MiB"


def minute(folder, server):
    """5,000 writes/s for 60 s over TLS."""
    authority = Authority.with_pairs(folder / "pki")
    with (
        running(Etcd(folder / "secure", arguments=BIG, authority=authority, server=server).ready()) as etcd,
        exporter_of(folder / "minute", etcd, *flags(authority)) as exporter,
    ):
        pid = exporter.process.child.pid
        before, messages = cpu_seconds(pid), watch_messages(etcd)
        reached, done = write(etcd, "--rate", 5000, "--duration", 60, tls=loadgen.tls(authority))
        page = until(lambda: (p := exporter.scrape()).value("watch_revision") >= done["last_revision"] and p, 30, "catching up")
        yield "5,000 puts/s for 60 s over TLS: puts/s reached", f"{reached:.0f}"
        yield "revisions missed", f"{page.value('watch_missed_revisions_total'):.0f}"
        yield "messages per event, the exporter alone (target: 0.95)", f"{(watch_messages(etcd) - messages) / done['writes']:.3f}"
        yield "resident memory of the exporter (target: 20 MiB)", resident(exporter)
        yield "CPU of the exporter per event", f"{(cpu_seconds(pid) - before) / done['writes'] * 1e6:.1f} us"


def latencies(folder, server):
    """Put latency with and without the exporter, in turns."""
    found = {False: [], True: []}
    with running(Etcd(folder / "latency", arguments=BIG, server=server).ready()) as etcd:
        for turn in range(6):
            observed = turn % 2 == 1
            with exporter_of(folder / f"turn{turn}", etcd) if observed else contextlib.nullcontext() as exporter:
                reached, done = write(etcd, "--rate", 5000, "--duration", 8)
                found[observed].append((done["p50_ms"], done["p99_ms"], reached))
                figure = observed and resident(exporter)
    for index, name in enumerate(("put latency p50", "put latency p99")):
        without, observed = (" / ".join(f"{run[index]:.1f}" for run in found[key]) for key in (False, True))
        yield f"{name} at 5,000 puts/s, three runs without : three with the exporter, in turns", f"{without} : {observed} ms"
    without, observed = (" / ".join(f"{run[2]:.0f}" for run in found[key]) for key in (False, True))
    yield "puts/s reached in these", f"{without} : {observed}"
    yield "resident memory of the exporter after the last, plain", figure


def range_calls(etcd):
    """(count, seconds, {bound: calls not longer}) of Range, from etcd's extensive metrics."""
    own = {name: value for name, value in etcd_series(etcd).items() if 'grpc_method="Range"' in name}
    of = {end: sum(value for name, value in own.items() if name.startswith(f"grpc_server_handling_seconds_{end}{{"))
          for end in ("count", "sum")}  # fmt: skip
    buckets = {float(bound[1]): value for name, value in own.items() if (bound := re.search(r'seconds_bucket.*le="([\d.]+)"', name))}
    return of["count"], of["sum"], buckets


def counting(folder, server):
    """1,000,000 keys counted at the start."""
    arguments = (*BIG, f"--max-txn-ops={KEYS_PER_TXN}", "--metrics=extensive")
    with running(Etcd(folder / f"count-{server}", arguments=arguments, server=server).ready()) as etcd:
        fill(etcd)
        pid = etcd.process.child.pid
        calls, seconds, buckets = range_calls(etcd)
        before = settled(pid)[0]
        with exporter_of(folder / f"counting-{server}", etcd, "--inventory.count-at-start") as exporter:
            line = until(lambda: exporter.log_lines("objects are counted"), 300, "the count")[0]
            cpu = cpu_seconds(pid) - before
            after = range_calls(etcd)
            objects = exporter.scrape().find("objects")
            new = {bound: value - buckets.get(bound, 0) for bound, value in after[2].items()}
            calls, seconds = after[0] - calls, after[1] - seconds
            longest = min((bound for bound, value in new.items() if value >= calls), default=float("inf"))
            took = float(re.search(r'seconds="?([\d.]+)', line)[1])
            total = sum(sample.value for sample in objects)
            return (server, f"{total:.0f} in {len([s for s in objects if s.value])}", "yes" if total == KEYS else "NO", f"{took:.1f} s",
                    f"{cpu:.2f} s", f"{calls:.0f}", f"{seconds:.2f} s", f"{longest * 1e3:.0f} ms", resident(exporter))  # fmt: skip


def measure(folder):
    both = servers()[0], servers()[-1]
    print("## Watching\n\nCPU per event, beside `etcdctl watch --prefix \"\"` of the same writes (values of 2 KB). Messages are those "
          "etcd sent to either, over events: 1 = nothing merged.\n")  # fmt: skip
    catch_up = []

    def watch():
        for server in both:
            with running(Etcd(folder / f"watched-{server}", arguments=BIG, server=server).ready()) as etcd:
                yield from watch_costs(folder / f"exporters-{server}", etcd)
                catch_up.append(catch_up_cost(folder / f"exporters-{server}", etcd))

    table(["etcd", "puts/s", "reached", "exporter us", "etcdctl us", "ratio", "target", "messages per event", "slow watchers",
           "missed"], watch())  # fmt: skip
    print("Catching up after a pause, beside `etcdctl watch --rev`; target: 0.33.\n")
    table(["etcd", "events", "exporter us", "etcdctl us", "ratio", "missed", "restarts of the watch"], catch_up)
    print(f"## Under load\n\nWith etcd {both[1]}.\n")
    table(["What", "Figure"], minute(folder, both[1]))
    table(["What", "Figure"], latencies(folder, both[1]))
    print(f"## Counting\n\n{KEYS:,} keys in {RESOURCES} custom resources, {LARGEST:,} of them in one, and their CRDs; counted at the start. "
          "The longest call is the bound of etcd's histogram; target for memory: 24 MiB.\n")  # fmt: skip
    table(["etcd", "objects in resources", "sum is exact", "took", "CPU of etcd", "calls", "seconds in calls", "longest call at most",
           "resident memory of the exporter"], (counting(folder, server) for server in both))  # fmt: skip


def main():
    with scratch_folder() as folder:
        heading("Churn", "etcd: Debian's and the newest, `--unsafe-no-fsync`, on loopback; the load tool runs on the same cores")
        measure(folder)


if __name__ == "__main__":
    main()
