#!/usr/bin/python3
"""`make bench`: `analyze` beside `etcdctl snapshot status` on the same snapshot of 2 GiB in the page cache. Prints Markdown.

Takes 5 GiB of disk for as long as it runs.
"""

import json
import os
import shutil
import statistics
import subprocess
import time
import uuid

import grpc
from measure import MIB, publish  # first: it sets what the harness runs

# isort: split
from harness.etcd import Etcd
from harness.exporter import BINARY

REVISIONS, KEYS, VALUE = 500_000, 200_000, 3_700
FEW = 10_000  # distinct keys of the store that memory is compared with
PUTS_PER_TXN = 250
RUNS = 5
LIMITS = ("--quota-backend-bytes=8589934592", "--max-request-bytes=8000000", "--max-txn-ops=1000")


def varint(number):
    low = b""
    while number >= 0x80:
        low += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return low + bytes((number,))


def field(number, data):
    return bytes((number << 3 | 2,)) + varint(len(data)) + data


def key(number):
    return f"/registry/group{number % 300}.example.com/things{number % 300}/ns{number // 300 % 50}/object-{number}".encode()


def custom_resource(size):
    """An object as kube-apiserver stores it, with about four tenths of its bytes in managedFields, as real ones have."""

    def managed(manager, fields, **more):
        owned = {f"f:{name}": {f"f:field-{i}": {} for i in range(fields)} for name in ("spec", "metadata")}
        return {
            "apiVersion": "example.com/v1",
            "fieldsType": "FieldsV1",
            "fieldsV1": owned,
            "manager": manager,
            "operation": "Update",
            **more,
        }

    entries = [
        managed("kubectl-client-side-apply", size // 100, time="2026-11-28T21:40:00Z"),
        managed("things-controller", 5, subresource="status", time="2026-11-28T21:41:00Z"),
    ]
    metadata = {
        "creationTimestamp": "2026-11-28T21:40:00Z",
        "generation": 7,
        "managedFields": entries,
        "name": "object",
        "uid": str(uuid.uuid4()),
    }
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": metadata, "spec": {"text": ""}, "status": {"phase": "Ready"}}
    text = "x" * (size - len(json.dumps(thing, separators=(",", ":"))))
    return json.dumps({**thing, "spec": {"text": text}}, separators=(",", ":")).encode()


def snapshot(folder, revisions, keys, value):
    """A snapshot of a store to which so many puts were made, round and round."""
    etcd = Etcd(folder / f"etcd-{keys}", arguments=LIMITS).ready()
    try:
        value = field(2, value)
        with grpc.insecure_channel(etcd.url.removeprefix("http://")) as channel:
            txn = channel.unary_unary("/etcdserverpb.KV/Txn")
            for first in range(0, revisions, PUTS_PER_TXN):
                puts = (field(1, key((first + i) % keys)) + value for i in range(PUTS_PER_TXN))
                txn(b"".join(field(2, field(2, put)) for put in puts))
        path = folder / f"{keys}.snapshot"
        etcd.ctl("snapshot", "save", path, timeout=600)
        return path
    finally:
        etcd.stop()
        shutil.rmtree(folder / f"etcd-{keys}")


def timed(*command):
    """(seconds, CPU seconds, output)."""
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, command
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, output


def data_peak(path):
    """The most address space that `analyze` had for its own data, stacks of 1 MiB included, in bytes: its limit is
    lowered until it no longer succeeds."""
    low, high = 0, 256 * MIB
    while high - low > MIB // 8:
        middle = (low + high) // 2
        command = ["prlimit", f"--data={middle}", f"--stack={MIB}", BINARY, "analyze", path, "--output=json"]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        low, high = (low, middle) if done.returncode == 0 else (middle, high)
    return high


def figures(folder):
    path = snapshot(folder, REVISIONS, KEYS, custom_resource(VALUE))
    runs = {"analyze": [], "analyze --by=manager": [], "etcdctl": []}
    for _ in range(RUNS + 1):  # in turns; the first of each brings the file into the page cache
        runs["etcdctl"].append(timed("etcdctl", "snapshot", "status", path)[:2])
        *costs, output = timed(BINARY, "analyze", path, "--output=json")
        runs["analyze"].append(costs)
        *costs, managers = timed(BINARY, "analyze", path, "--output=json", "--by=manager")
        runs["analyze --by=manager"].append(costs)
    found = json.loads(output)
    assert found["complete"] and found["total"]["live_objects"] == KEYS
    assert found["total"]["live_objects"] + found["total"]["history_revisions"] == REVISIONS
    assert (
        sum(row["stored_bytes"] for row in json.loads(managers)["managers"] if row["manager"] == "things-controller")
        == found["total"]["stored_bytes"]
    )
    yield "the file", f"{found['file_bytes'] / MIB / 1024:.2f} GiB, {REVISIONS:,} revisions of {KEYS:,} keys"
    for index, name, targets in ((0, "elapsed", (0.1, 0.2)), (1, "CPU", None)):
        *costs, theirs = (statistics.median(run[index] for run in runs[who][1:]) for who in runs)
        for i, ours in enumerate(costs):
            target = f" (target: {targets[i]})" if targets else ""
            yield (
                f"{name}{target}, median of {RUNS} in turns: {list(runs)[i]} : etcdctl",
                f"{ours:.2f} : {theirs:.2f} s = {ours / theirs:.2f}",
            )
    path.unlink()
    peaks = {keys: data_peak(snapshot(folder, KEYS, keys, os.urandom(10))) for keys in (FEW, KEYS)}
    grown = (peaks[KEYS] - peaks[FEW]) / (KEYS - FEW)
    yield f"memory for data with {FEW:,} : {KEYS:,} keys", f"{peaks[FEW] / MIB:.1f} : {peaks[KEYS] / MIB:.1f} MiB"
    yield "the same, bytes per key (target: 24)", f"{grown:.1f}"


def main():
    publish("Analyze", "etcd and etcdctl: Debian's; the file is in the page cache", figures)


if __name__ == "__main__":
    main()
