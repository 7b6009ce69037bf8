#!/usr/bin/python3
"""Records the traces of this folder: a real etcd, filled by the load tool until NOSPACE, at accelerated speed.

One second of the recording is one minute of the trace, and 128 MiB of quota stand for 2 GiB: sixty times and sixteen times
faster than life. Needs the load tool: HEADROOM_LOADGEN, or else the release build's.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "integration"))

from harness.etcd import Etcd  # noqa: E402

LOADGEN = os.environ.get("HEADROOM_LOADGEN", f"{ROOT}/build/release/tests/tools/loadgen/loadgen")
QUOTA = 128 << 20
QUIET_SECONDS = 75
# The API server's five minutes.
COMPACTED = ("--compact-interval", "5")
ORDINARY = (
    "--preload", "pods=2500,configmaps=2500,secrets=1000", "--mix", "pods=60,leases=20,configmaps=20", "--ops", "create=0,update=100,delete=0",
    "--rate", "150", "--event-ttl", "60",
)  # fmt: skip
# What goes on in the quiet, and what begins after it.
TRACES = {
    "compaction-running": (
        (*ORDINARY, *COMPACTED),
        ("--mix", "configmaps=100", "--ops", "create=80,update=20", "--size", "configmaps=8000", "--rate", "80", "--seed", "7"),
    ),
    "compaction-stalled": (
        (*ORDINARY, *COMPACTED, "--duration", str(QUIET_SECONDS)),
        ("--mix", "pods=60,configmaps=40", "--ops", "create=0,update=100,delete=0", "--rate", "200", "--seed", "1"),
    ),
    "policy-reports": (
        (*ORDINARY, *COMPACTED),
        ("--mix", "policyreports=100", "--ops", "create=70,update=30", "--size", "policyreports=16000", "--rate", "45", "--seed", "9"),
    ),
}


def load(etcd, *arguments):
    command = [LOADGEN, "--endpoints", etcd.url, "--quiet", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def sample(etcd):
    page = etcd.page()
    return [
        int(page[f"etcd_{name}"])
        for name in (
            "mvcc_db_total_size_in_bytes", "mvcc_db_total_size_in_use_in_bytes", "debugging_mvcc_current_revision", "debugging_mvcc_compact_revision",
        )
    ]  # fmt: skip


def record(name, folder):
    quiet, growth = TRACES[name]
    etcd = Etcd(folder / name, arguments=(f"--quota-backend-bytes={QUOTA}",)).ready()
    loads = [load(etcd, *quiet)]
    rows = []
    try:
        # Until everything is there that has been there for long.
        while (page := etcd.page())["etcd_debugging_mvcc_keys_total"] < 6000 or page["etcd_debugging_mvcc_compact_revision"] < 6000:
            time.sleep(0.5)
        start = time.monotonic()
        while "NOSPACE" not in etcd.ctl("alarm", "list"):
            rows.append(sample(etcd))
            if len(rows) == QUIET_SECONDS:
                loads.append(load(etcd, *growth))
            time.sleep(max(0, start + len(rows) - time.monotonic()))
        rows.append(sample(etcd))
    finally:
        for one in loads:
            one.kill()
            one.wait()
        etcd.stop()
    with open(HERE / "traces" / f"{name}.csv", "w", encoding="utf-8") as file:
        file.write(f"# quota {QUOTA}, growth from minute {QUIET_SECONDS}; written by record_traces.py\n")
        file.write("db_size_bytes,db_in_use_bytes,revision,compact_revision\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)
    print(f"{name}: {len(rows)} minutes")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or TRACES:
            record(name, pathlib.Path(folder))


if __name__ == "__main__":
    main()
