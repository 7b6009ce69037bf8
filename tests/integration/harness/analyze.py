"""`etcd-headroom-exporter analyze` on a file."""

import json
import re
import subprocess

from .exporter import BINARY


def run(path, *arguments, timeout=60):
    """The finished process; no sanitizer had anything to report."""
    done = subprocess.run([BINARY, "analyze", str(path), *map(str, arguments)], capture_output=True, timeout=timeout)
    reports = re.findall(rb".*(?:Sanitizer:|runtime error:).*", done.stderr)
    assert not reports, reports
    return done


def report(path, *arguments):
    """The parsed JSON of a file that must be readable to its end, its parts adding up."""
    done = run(path, "--output=json", *arguments)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["complete"] and found["unaccounted_bytes"] == 0, found
    assert added_up(found) == found["file_bytes"]
    return found


def added_up(found):
    """All parts of a report in bytes."""
    names = ("free_bytes", "overhead_bytes", "beyond_mark_bytes", "hash_bytes", "unaccounted_bytes")
    buckets = sum(bucket["bytes"] for bucket in found["buckets"] if bucket["bucket"] != "key")
    return sum(found.get(name, 0) for name in names) + buckets + sum(row["stored_bytes"] for row in found["resources"])
