#!/usr/bin/python3
"""`make bench`: what the exporter costs, beside etcd's own metrics page in the same run. Prints Markdown.

Sizes and ratios, not times: the machines this runs on are noisy.
"""

import csv
import io
import subprocess
import time

from measure import MIB, cpu_seconds, etcd_series, memory, publish, up, watching  # first: it sets what the harness runs

# isort: split
from harness import loadgen
from harness.certificates import Authority, flags
from harness.etcd import Etcd
from harness.exporter import Exporter

SCRAPES = 1000
REQUESTS = 5000


def hey(url, count, workers):
    """Seconds of each of `count` requests, ascending."""
    done = subprocess.run(["hey", "-n", str(count), "-c", str(workers), "-o", "csv", url], capture_output=True, text=True, check=True)
    answers = list(csv.DictReader(io.StringIO(done.stdout)))
    assert all(answer["status-code"] == "200" for answer in answers), "every request is answered"
    return sorted(float(answer["response-time"]) for answer in answers)


def percentile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))]


def first_good_scrape(folder, etcd):
    """Seconds from exec to the first page with `up 1`."""
    started = time.monotonic()
    exporter = Exporter(folder, f"--etcd.endpoints={etcd.url}")
    up(exporter)
    took = time.monotonic() - started
    exporter.stop()
    return took


def measure_memory(folder, etcd, *arguments):
    exporter = Exporter(folder, f"--etcd.endpoints={etcd.url}", *arguments).ready()
    up(exporter)
    if "--no-collector.churn" not in arguments:
        watching(exporter)
    for _ in range(SCRAPES):
        exporter.scrape()
    figures = memory(exporter.process.child.pid)
    exporter.stop()
    return figures


def measure(folder):
    plain = Etcd(folder / "plain").ready()
    authority = Authority.with_pairs(folder / "pki")
    secure = Etcd(folder / "secure", authority=authority).ready()
    try:
        loadgen.run([plain.url], "--preload", "pods=1000,configmaps=500,policyreports=500", "--writes", 0)
        for number, (what, etcd, arguments) in enumerate((
            ("plain, without the watch", plain, ["--no-collector.churn"]),
            ("plain, with an idle watch", plain, []),
            ("TLS, without the watch", secure, [*flags(authority), "--no-collector.churn"]),
            ("TLS, with an idle watch", secure, flags(authority)),
        )):  # fmt: skip
            resident, anonymous = measure_memory(folder / f"memory{number}", etcd, *arguments)
            yield f"resident / anonymous memory after 1,000 scrapes, {what}", f"{resident / MIB:.1f} / {anonymous / MIB:.1f} MiB"
        yield "from start to the first good scrape", f"{first_good_scrape(folder / 'start', plain):.2f} s"

        exporter = Exporter(folder / "scrapes", f"--etcd.endpoints={plain.url}", "--no-collector.churn").ready()
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
    publish("Footprint", "etcd: Debian's 3.4, `--unsafe-no-fsync`, on loopback", measure)


if __name__ == "__main__":
    main()
