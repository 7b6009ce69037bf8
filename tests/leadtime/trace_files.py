"""Scenarios from recordings of a real etcd: by record_traces.py, and of a real Kubernetes by tests/cluster/test_story.py."""

import pathlib

from cluster import MIB, Cluster, Member

FOLDER = pathlib.Path(__file__).resolve().parent / "traces"
QUOTA = 2048.0
# A quiet before the recording, so that the cluster is not new.
LEAD = 60


def read(name):
    """(quota in bytes, minute of the onset, rows)"""
    head, _, *lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    words = head.replace(",", "").replace(";", "").split()
    # The compacted revision is -1 before the first compaction.
    return int(words[2]), int(words[6]), [tuple(max(0, int(number)) for number in line.split(",")) for line in lines]


def onset(name):
    return LEAD + read(name)[1]


def build(name):
    """The trace as one member with a quota of 2 GiB; the quiet is its first minutes, over again."""
    quota, quiet, rows = read(name)
    # A whole number of compactions' periods.
    again = quiet // 5 * 5 or quiet
    rows = [rows[m % again] for m in range(LEAD)] + rows + [rows[-1]] * 20
    scale = QUOTA / (quota / MIB) / MIB
    first = rows[0][2]
    # While the quiet is played over again the revisions go on.
    revisions = [(first + 600 * m, first + 600 * (m - m % 5 - 5)) for m in range(LEAD)]
    offset = revisions[-1][0] - rows[LEAD][2] + 600
    revisions += [(row[2] + offset, row[3] + offset) for row in rows[LEAD:]]
    member = Member([row[1] * scale for row in rows], file=[row[0] * scale for row in rows], quota=QUOTA)
    return Cluster({"m1": member}, recorded_revisions=revisions, alarm_from=len(rows) - 20, nospace=len(rows) - 20)


def names():
    return sorted(path.stem for path in FOLDER.glob("*.csv"))
