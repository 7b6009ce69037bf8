"""What the benchmarks share: the binaries to measure, what a process costs, and a page of Markdown."""

import contextlib
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE = ROOT / "build/release"
os.environ.setdefault("HEADROOM_EXPORTER", str(RELEASE / "exporter/etcd-headroom-exporter"))
os.environ.setdefault("HEADROOM_LOADGEN", str(RELEASE / "tests/tools/loadgen/loadgen"))
os.environ.setdefault("HEADROOM_HOT_PATH", str(RELEASE / "tests/bench/hot_path"))
sys.path.insert(0, str(ROOT / "tests/integration"))

from harness.wait import until  # noqa: E402

MIB = 1 << 20


def memory(pid, *names):
    """Figures of /proc/PID/status in bytes: resident and anonymous by default."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status)
    return tuple(int(fields[name].split()[0]) * 1024 for name in names or ("VmRSS", "RssAnon"))


def cpu_seconds(pid):
    """User and system time of a process: what /proc/PID/stat adds up to, by its CPU clock and so in ns, not in ticks of 10 ms."""
    return time.clock_gettime(~pid << 3 | 2)


def etcd_series(etcd):
    """etcd's own counters, with labels."""
    lines = [line.rsplit(" ", 1) for line in etcd.get("/metrics").splitlines() if line and line[0] != "#"]
    return {name: float(value) for name, value in lines}


def up(exporter):
    return until(lambda: (p := exporter.scrape()).find("up")[0].value == 1 and p)


def watching(exporter):
    return until(lambda: (p := exporter.scrape()).value("watch_connected") == 1 and p, 15, "a watch")


def heading(title, *lines):
    version = subprocess.run([os.environ["HEADROOM_EXPORTER"], "--version"], capture_output=True, text=True, check=True)
    print(f"# {title}\n")
    for line in (
        f"machine: {os.cpu_count()} cores shared with others, load average {os.getloadavg()[0]:.1f} before, "
        f"{platform.system()} {platform.release()}, {time.strftime('%Y-%m-%d')}",
        f"exporter: {version.stdout.splitlines()[0]}",
        *lines,
    ):
        print(f"- {line}")
    print(flush=True)


@contextlib.contextmanager
def scratch_folder():
    """Goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="etcd-headroom-bench-", ignore_cleanup_errors=True) as folder:
        yield pathlib.Path(folder)


def publish(title, note, figures):
    """A heading, and what figures(folder) measures as a table."""
    with scratch_folder() as folder:
        heading(title, note)
        table(["What", "Figure"], figures(folder))


def table(columns, rows):
    """Prints rows as they come."""
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |", flush=True)
    print()
