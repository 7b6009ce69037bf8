#!/usr/bin/python3
"""`make run`: the exporter beside an etcd, with a live table of the main figures.

Without endpoints it starts a throw-away etcd of its own, with Kubernetes-like objects and a gentle churn. Ctrl-C ends all
that was started and removes its files.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXPORTER = f"{ROOT}/build/release/exporter/etcd-headroom-exporter"
LOADGEN = f"{ROOT}/build/release/tests/tools/loadgen/loadgen"
# Small, so that the headroom is seen to move within minutes.
DEMO_QUOTA_BYTES = 256 << 20
ROW = "{:<10}{:<14}{:>4}{:>11}{:>11}{:>11}{:>10}{:>11}{:>10}  {}"


def free_port(wanted=0):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
        return probe.getsockname()[1]


def start(stack, command, log_path):
    """Starts a child that gets no Ctrl-C of its own and is ended, gently first, when `stack` unwinds."""
    with open(log_path, "ab") as log:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def end():
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    stack.callback(end)
    return child


def tail(path):
    with open(path, encoding="utf-8", errors="replace") as log:
        return log.read().strip()[-2000:]


def start_demo(stack, folder):
    """A throw-away etcd under the load of an imitated API server. Returns its client URL."""
    client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    etcd = start(
        stack,
        ["etcd", "--name=demo", f"--data-dir={folder}/etcd", f"--quota-backend-bytes={DEMO_QUOTA_BYTES}", "--log-level=error",
         "--logger=zap", f"--listen-client-urls={client}", f"--advertise-client-urls={client}", f"--listen-peer-urls={peer}",
         f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=demo={peer}"],
        f"{folder}/etcd.log",
    )  # fmt: skip
    for _ in range(100):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{client}/health", timeout=1):
            break
        if etcd.poll() is not None:
            break
        time.sleep(0.1)
    else:
        etcd.terminate()
        etcd.wait()
    if etcd.poll() is not None:
        sys.exit(f"the throw-away etcd did not start: {tail(f'{folder}/etcd.log')}")
    start(
        stack,
        [LOADGEN, "--endpoints", client, "--quiet", "--rate", "60", "--compact-interval", "60",
         "--preload", "nodes=60,pods=600,configmaps=300,secrets=200,replicasets=300,endpointslices=150,leases=60,policyreports=400",
         "--mix", "leases=30,events=30,pods=20,policyreports=15,jobs=5"],
        f"{folder}/loadgen.log",
    )  # fmt: skip
    return client


def scrape(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        text = answer.read().decode()
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def mib(value):
    return "-" if value is None else f"{value / (1 << 20):.1f}MiB"


def rows(samples):
    """One line a member."""
    prefix = "etcd_headroom_"
    for up in (s for s in samples if s.name == f"{prefix}up"):
        member = up.labels["member"]
        facts = {s.name.removeprefix(prefix): s.value for s in samples if s.labels.get("member") == member}
        alarms = {
            s.labels["alarm"] for s in samples
            if s.name == f"{prefix}alarm_active" and s.labels["member"] == member and s.value == 1
        }  # fmt: skip
        ratio = facts.get("quota_headroom_ratio")
        history = facts["revision"] - max(0, facts["compact_revision"]) if "compact_revision" in facts and "revision" in facts else None
        yield ROW.format(
            time.strftime("%H:%M:%S"), member[:13], int(up.value), mib(facts.get("db_size_bytes")), mib(facts.get("db_in_use_bytes")),
            mib(facts.get("quota_bytes")), "-" if ratio is None else f"{ratio:.1%}",
            "-" if "revision" not in facts else int(facts["revision"]), "-" if history is None else int(history),
            " ".join(sorted(alarms)) or "none",
        )  # fmt: skip


def heaviest(samples, family, label):
    """(share, value) of the value of `label` with the most of a family."""
    sums = {}
    for sample in samples:
        if sample.name == f"etcd_headroom_{family}":
            sums[sample.labels[label]] = sums.get(sample.labels[label], 0) + sample.value
    total = sum(sums.values())
    top = max(sums, key=sums.get, default=None)
    return (sums[top] / total, top) if total else None


def writers(samples):
    """Who has written most, by resource, namespace and Event reporter; empty before anybody has."""
    tops = (
        ("of all bytes", heaviest(samples, "write_bytes_total", "resource")),
        ("in namespace", heaviest(samples, "namespace_write_bytes_total", "object_namespace")),
        ("of Event objects by", heaviest(samples, "event_object_write_bytes_total", "component")),
    )
    parts = [f"{top[0]:.0%} {what} {top[1]}" for what, top in tops if top]
    return "          writes: " + ", ".join(parts) if parts else ""


def watch(exporter, url, error_log):
    header = ROW.format("time", "member", "up", "size", "in use", "quota", "headroom", "revision", "history", "alarms")
    shown = 0
    while True:
        if exporter.poll() is not None:
            sys.exit(tail(error_log) or f"the exporter ended with {exporter.returncode}")
        try:
            samples = scrape(url)
            lines = list(rows(samples))
        except OSError:
            time.sleep(0.1)
            continue
        if shown == 0:
            print(f"\nmetrics: {url}\nCtrl-C stops everything.\n", flush=True)
        if shown % 20 == 0:
            print(header)
        print("\n".join(lines), flush=True)
        if shown % 10 == 5 and (line := writers(samples)):
            print(line, flush=True)
        shown += 1
        time.sleep(2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("endpoints", "cacert", "cert", "key"):
        parser.add_argument(f"--{name}", default="")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))

    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as stack:
        stack.callback(print, "\nstopped")
        folder = tempfile.mkdtemp(prefix="etcd-headroom-run-")
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        endpoints = arguments.endpoints or start_demo(stack, folder)
        port = free_port(9379)
        command = [EXPORTER, f"--web.listen-address=127.0.0.1:{port}", f"--etcd.endpoints={endpoints}", "--inventory.count-at-start"]
        command += [f"--etcd.{name}={getattr(arguments, name)}" for name in ("cacert", "cert", "key") if getattr(arguments, name)]
        log = f"{folder}/exporter.log"
        exporter = start(stack, command, log)
        watch(exporter, f"http://127.0.0.1:{port}/metrics", log)


if __name__ == "__main__":
    main()
