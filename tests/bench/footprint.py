#!/usr/bin/python3
"""`make bench`: what the exporter costs, beside etcd's own metrics page in the same run. Prints Markdown.

Sizes and ratios, not times: the machines this runs on are noisy.
"""

import csv
import io
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("HEADROOM_EXPORTER", str(ROOT / "build/release/exporter/etcd-headroom-exporter"))
os.environ.setdefault("HEADROOM_LOADGEN", str(ROOT / "build/release/tests/tools/loadgen/loadgen"))
sys.path.insert(0, str(ROOT / "tests/integration"))

from harness import loadgen  # noqa: E402
from harness.certificates import Authority  # noqa: E402
from harness.etcd import Etcd  # noqa: E402
from harness.exporter import Exporter  # noqa: E402
from harness.wait import until  # noqa: E402

SCRAPES = 1000
REQUESTS = 5000
MIB = 1 << 20


def memory(pid):
    """(resident, anonymous) bytes of a process."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status)
    return tuple(int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "RssAnon"))


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def hey(url, count, workers):
    """Seconds of each of `count` requests, ascending."""
    done = subprocess.run(["hey", "-n", str(count), "-c", str(workers), "-o", "csv", url], capture_output=True, text=True, check=True)
    answers = list(csv.DictReader(io.StringIO(done.stdout)))
    assert all(answer["status-code"] == "200" for answer in answers), "every request is answered"
    return sorted(float(answer["response-time"]) for answer in answers)


def percentile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))]


def etcd_series(etcd):
    """etcd's own counters, with labels."""
    lines = [line.rsplit(" ", 1) for line in etcd.get("/metrics").splitlines() if line and line[0] != "#"]
    return {name: float(value) for name, value in lines}


def up(exporter):
    return until(lambda: (p := exporter.scrape()).find("up")[0].value == 1 and p)


def first_good_scrape(folder, etcd):
    """Seconds from exec to the first page with `up 1`."""
    started = time.monotonic()
    exporter = Exporter(folder, f"--etcd.endpoints={etcd.url}")
    up(exporter)
    took = time.monotonic() - started
    exporter.stop()
    return took


def measure_memory(folder, etcd, *flags):
    exporter = Exporter(folder, f"--etcd.endpoints={etcd.url}", *flags).ready()
    up(exporter)
    for _ in range(SCRAPES):
        exporter.scrape()
    figures = memory(exporter.process.child.pid)
    exporter.stop()
    return figures


def measure(folder):
    plain = Etcd(folder / "plain").ready()
    authority = Authority(folder / "pki")
    authority.issue("server", "serverAuth,clientAuth")
    authority.issue("client", "clientAuth")
    secure = Etcd(folder / "secure", authority=authority).ready()
    tls = [f"--etcd.cacert={authority.ca}", f"--etcd.cert={authority.folder}/client.crt", f"--etcd.key={authority.folder}/client.key"]
    try:
        loadgen.run([plain.url], "--preload", "pods=1000,configmaps=500,policyreports=500", "--writes", 0)
        yield "resident / anonymous memory after 1,000 scrapes, plain", "{:.1f} / {:.1f} MiB".format(
            *(value / MIB for value in measure_memory(folder / "e1", plain))
        )
        yield "the same with TLS", "{:.1f} / {:.1f} MiB".format(
            *(value / MIB for value in measure_memory(folder / "e2", secure, *tls))
        )
        yield "from start to the first good scrape", f"{first_good_scrape(folder / 'e3', plain):.2f} s"

        exporter = Exporter(folder / "e4", f"--etcd.endpoints={plain.url}", "--no-collector.churn").ready()
        up(exporter)
        before, cpu = etcd_series(plain), cpu_seconds(exporter.process.child.pid)
        ours = hey(f"http://127.0.0.1:{exporter.port}/metrics", REQUESTS, 10)
        after, cpu = etcd_series(plain), cpu_seconds(exporter.process.child.pid) - cpu
        theirs = hey(f"{plain.url}/metrics", REQUESTS, 10)
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            mine, other = percentile(ours, share), percentile(theirs, share)
            yield f"scrape {name}, 10 clients: ours : etcd's own page", f"{mine * 1e3:.1f} : {other * 1e3:.1f} ms = {mine / other:.2f}"
        our_bytes, their_bytes = len(exporter.get("/metrics")[2]), len(plain.get("/metrics").encode())
        yield "bytes of a page: ours : etcd's own", f"{our_bytes} : {their_bytes} = {our_bytes / their_bytes:.3f}"
        status = 'grpc_server_handled_total{grpc_code="OK",grpc_method="Status",grpc_service="etcdserverpb.Maintenance",grpc_type="unary"}'
        calls = after[status] - before[status]
        yield "Status calls a scrape, 10 clients at once", f"{calls / REQUESTS:.2f}"
        wire = sum(after[name] - before[name] for name in
                   ("etcd_network_client_grpc_received_bytes_total", "etcd_network_client_grpc_sent_bytes_total"))  # fmt: skip
        yield "gRPC bytes a Status call, both ways", f"{wire / calls:.0f}"
        yield "CPU seconds of the exporter for 10,000 scrapes", f"{cpu / REQUESTS * 10000:.1f}"
        exporter.stop()
    finally:
        plain.stop()
        secure.stop()


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="etcd-headroom-bench-"))
    try:
        version = subprocess.run([os.environ["HEADROOM_EXPORTER"], "--version"], capture_output=True, text=True, check=True)
        print("# Footprint\n\nMade by `make bench`; sizes and ratios, since times on a shared machine say little.\n")
        print(f"- machine: {os.cpu_count()} cores, {platform.system()} {platform.release()}, {time.strftime('%Y-%m-%d')}")
        print(f"- exporter: {version.stdout.splitlines()[0]}\n- etcd: Debian's 3.4, `--unsafe-no-fsync`, on loopback\n")
        print("| What | Figure |\n|---|---|")
        for what, figure in measure(folder):
            print(f"| {what} | {figure} |", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
