"""Records a storm: how it filled etcd, as a trace of tests/leadtime, and the sums of what was written, which the load tool follows."""

import collections
import csv
import pathlib

from truth import resource_of

TESTS = pathlib.Path(__file__).resolve().parents[1]
TRACE = TESTS / "leadtime/traces/kyverno-jobs.csv"
SUMS = TESTS / "tools/loadgen/recording.csv"
TRACED = ("db_size_bytes", "db_in_use_bytes", "revision", "compact_revision")
OPS = ("creates", "updates", "deletes")


def write_trace(prometheus, quota, began, refused_at, quiet_minutes=1):
    """A row a minute, from before the storm until etcd refused writes."""
    columns = []
    for name in TRACED:
        (series,) = prometheus.query_range(f"etcd_headroom_{name}", began - 60 * quiet_minutes, refused_at, 60)
        columns.append([value for _, value in series["values"]])
        (last,) = prometheus.query_range(f"etcd_headroom_{name}", refused_at, refused_at, 60)
        columns[-1].append(last["values"][0][1])
    with open(TRACE, "w", encoding="utf-8") as file:
        file.write(f"# quota {quota}, growth from minute {quiet_minutes}; written by tests/cluster/test_story.py\n")
        file.write(",".join(TRACED) + "\n")
        file.writelines(",".join(row) + "\n" for row in zip(*columns, strict=True))


def op_of(write):
    return "deletes" if not write.version else "creates" if write.version == 1 else "updates"


def sums(writes):
    """{resource: {creates, updates, deletes, bytes}}, bytes being those of keys and values."""
    found = collections.defaultdict(collections.Counter)
    for write in writes:
        found[resource_of(write.key)][op_of(write)] += 1
        found[resource_of(write.key)]["bytes"] += write.size
    return found


def write_sums(writes, seconds):
    with open(SUMS, "w", encoding="utf-8", newline="") as file:
        file.write(f"# {seconds:.0f} seconds; written by tests/cluster/test_story.py\n")
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("resource", *OPS, "bytes"))
        for resource, counts in sorted(sums(writes).items(), key=lambda item: -item[1]["bytes"]):
            rows.writerow((resource, *(counts[name] for name in (*OPS, "bytes"))))
