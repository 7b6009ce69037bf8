#!/usr/bin/python3
"""`make run`: the exporter beside an etcd that fills up, with Prometheus, the rules and Alertmanager.

Without endpoints it starts a throw-away etcd with a small quota, and Kubernetes-like writes fill most of it within two
minutes. With --fill they go on until etcd refuses them, and `report` says what to do. Ctrl-C ends all that was started and
removes its files.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/integration"))
EXPORTER = os.environ["HEADROOM_EXPORTER"]
LOADGEN = os.environ["HEADROOM_LOADGEN"]

from harness.etcd import Etcd  # noqa: E402
from harness.monitoring import Alertmanager, Prometheus  # noqa: E402
from harness.ports import free_port  # noqa: E402
from harness.process import Process  # noqa: E402

DEMO_QUOTA_BYTES = 64 << 20
# A fifth of the quota at once, then so much a second that the rest lasts for two minutes.
PRELOAD = "nodes=60,pods=600,configmaps=300,secrets=200,replicasets=300,endpointslices=150,leases=60,policyreports=400"
WRITES = ["--rate", "90", "--mix", "policyreports=40,events=25,pods=20,leases=15", "--ops", "create=60,update=40"]
# Writes pause here unless NOSPACE is wanted; EtcdHeadroomAlmostFull fires a little before. Closer looks keep it from passing by.
PAUSE_AT = 0.975
LOOK_CLOSER_AT = 0.9
EVERY_SECONDS = 5
PACE_SECONDS = 60
PREFIX = "etcd_headroom_"
ROW = "{:<9}{:<13}{:>8}{:>10}{:>9}  {:<36}{}"


class Page:
    """The samples of one scrape."""

    def __init__(self, url):
        with urllib.request.urlopen(url, timeout=10) as answer:
            text = answer.read().decode()
        self.samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]

    def of(self, name):
        return [sample for sample in self.samples if sample.name == PREFIX + name]

    def value(self, name, member):
        return next((sample.value for sample in self.of(name) if sample.labels["member"] == member), None)


def mib(value):
    return "-" if value is None else f"{value / (1 << 20):.1f}MiB"


def duration(seconds):
    return f"{seconds / 3600:.1f} h" if seconds >= 6000 else f"{seconds // 60:.0f}m {seconds % 60:02.0f}s"


class Pace:
    """How fast a member's pages in use grow, from the readings of the last minute."""

    def __init__(self):
        self.readings = collections.deque()

    def full_in(self, in_use, quota):
        """Seconds; None while there are too few readings, or nothing grows."""
        now = time.monotonic()
        self.readings.append((now, in_use))
        while now - self.readings[0][0] > PACE_SECONDS:
            self.readings.popleft()
        began, first = self.readings[0]
        if now - began < 3 * EVERY_SECONDS or in_use <= first:
            return None
        return max(0.0, quota - in_use) * (now - began) / (in_use - first)


def writers(page, before):
    """The two resources with the most bytes since the page `before`, as 'pods 60 %, events 20 %'."""
    bytes_before = {sample.labels["resource"]: sample.value for sample in before.of("write_bytes_total")} if before else {}
    written = {s.labels["resource"]: s.value - bytes_before.get(s.labels["resource"], 0) for s in page.of("write_bytes_total")}
    total = sum(written.values())
    if total <= 0:
        return "-"
    top = sorted(written, key=written.get, reverse=True)[:2]
    return ", ".join(f"{name.partition('.')[0]} {written[name] / total:.0%}" for name in top if written[name] > 0)


def alerts(prometheus):
    found = prometheus.query('ALERTS{alertstate="firing",severity!="info"}')
    return ", ".join(sorted({one["metric"]["alertname"].removeprefix("EtcdHeadroom") for one in found})) or "none"


class Table:
    """Prints a line for each member."""

    def __init__(self):
        self.paces = collections.defaultdict(Pace)
        self.before = None
        self.lines = 0

    def show(self, page, firing):
        """Returns the largest share of a quota that is used."""
        used, who = 0.0, writers(page, self.before)
        for up in page.of("up"):
            member = up.labels["member"]
            size, in_use, quota = (page.value(name, member) for name in ("db_size_bytes", "db_in_use_bytes", "quota_bytes"))
            known = size is not None and quota is not None and quota > 0
            left = self.paces[member].full_in(in_use, quota) if known else None
            used = max(used, size / quota) if known else used
            if self.lines % 20 == 0:
                print(ROW.format("time", "member", "file", "of quota", "full in", "who writes", "alerts firing"))
            self.lines += 1
            share = f"{size / quota:.0%}" if known else "-"
            full_in = "-" if left is None else duration(left)
            print(ROW.format(time.strftime("%H:%M:%S"), member[:12], mib(size), share, full_in, who, firing), flush=True)
        self.before = page
        return used


def gently(process):
    process.child.terminate()
    process.resume()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()


def start(stack, command, log):
    process = Process(command, log)
    stack.callback(gently, process)
    return process


def start_demo(stack, folder):
    """(URL of a throw-away etcd, the writes that fill it)"""
    etcd = Etcd(folder / "etcd", "demo", arguments=(f"--quota-backend-bytes={DEMO_QUOTA_BYTES}",))
    stack.callback(etcd.stop)
    try:
        etcd.ready()
    except (AssertionError, RuntimeError) as error:
        sys.exit(f"the throw-away etcd did not start: {error}")
    writes = start(stack, [LOADGEN, "--endpoints", etcd.url, "--quiet", "--preload", PRELOAD, *WRITES], folder / "writes.log")
    return etcd.url, writes


def start_exporter(stack, folder, arguments, endpoints):
    port = free_port()
    command = [EXPORTER, f"--web.listen-address=127.0.0.1:{port}", f"--etcd.endpoints={endpoints}", "--inventory.count-at-start"]
    command += [f"--etcd.{name}={getattr(arguments, name)}" for name in ("cacert", "cert", "key") if getattr(arguments, name)]
    return start(stack, command, folder / "exporter.log"), f"127.0.0.1:{port}"


def start_monitoring(stack, folder, exporter):
    alertmanager = Alertmanager(folder / "alertmanager", "http://127.0.0.1:9/")
    stack.callback(alertmanager.stop)
    prometheus = Prometheus(folder / "prometheus", [exporter], {"cluster": "demo"}, alertmanager.address, interval=f"{EVERY_SECONDS}s")
    stack.callback(prometheus.stop)
    return prometheus.ready(), alertmanager.ready()


def is_refused(page):
    return any(sample.labels["alarm"] == "NOSPACE" and sample.value == 1 for sample in page.of("alarm_active"))


def follow(exporter, address, prometheus, writes, fill):
    """Prints the table until etcd is full and the alert fires; for ever without --fill."""
    table, paused = Table(), False
    while True:
        if exporter.child.poll() is not None:
            sys.exit(exporter.log().strip()[-2000:] or f"the exporter ended with {exporter.child.returncode}")
        try:
            page = Page(f"http://{address}/metrics")
            firing = alerts(prometheus)
        except OSError:
            time.sleep(0.1)
            continue
        used = table.show(page, firing)
        if fill and is_refused(page) and "WritesRefused" in firing:
            return
        if writes and not fill and not paused and used > PAUSE_AT:
            writes.pause()
            paused = True
            print("writes pause here; make run FILL=1 goes on until etcd refuses them", flush=True)
        time.sleep(1 if writes and not paused and used > LOOK_CLOSER_AT else EVERY_SECONDS)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("endpoints", "cacert", "cert", "key"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--fill", action="store_true", help="go on until etcd refuses writes, then report")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))

    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as stack:
        stack.callback(print, "\nstopped")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="etcd-headroom-run-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        endpoints, writes = (arguments.endpoints, None) if arguments.endpoints else start_demo(stack, folder)
        exporter, address = start_exporter(stack, folder, arguments, endpoints)
        prometheus, alertmanager = start_monitoring(stack, folder, address)
        print(f"\nstatus page   http://{address}/\nmetrics       http://{address}/metrics")
        print(f"Prometheus    http://{prometheus.address}/alerts\nAlertmanager  http://{alertmanager.address}/")
        print("Ctrl-C stops everything.\n", flush=True)
        follow(exporter, address, prometheus, writes, arguments.fill and writes is not None)
        print("\n$ etcd-headroom-exporter report\n", flush=True)
        subprocess.run([EXPORTER, "report", f"--etcd.endpoints={endpoints}"], check=False)
        print("\nAll of it is still there to look at. Ctrl-C stops everything.", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
