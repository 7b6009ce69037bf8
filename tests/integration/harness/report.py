"""`etcd-headroom-exporter report`, and its printed commands as an operator types them."""

import json
import os
import re
import subprocess

from .exporter import BINARY

HEALTHY, AT_RISK, WRITES_REFUSED, CANNOT_TELL = range(4)


def run(*arguments, env=None, timeout=60):
    """The finished process; no sanitizer had anything to report."""
    environment = {**os.environ, "NODE_NAME": "node-a", **(env or {})}
    done = subprocess.run([BINARY, "report", *map(str, arguments)], capture_output=True, text=True, timeout=timeout, env=environment)
    reports = re.findall(r".*(?:Sanitizer:|runtime error:).*", done.stderr)
    assert not reports, reports
    return done


def ask(*arguments, **options):
    """(exit code, parsed JSON)."""
    done = run("--output=json", *arguments, **options)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def commands(found):
    return [step["command"] for step in found["steps"] if "command" in step]


def follow(found, folder, pause="2", path="/usr/bin:/bin"):
    """Types all commands of the report into one POSIX shell; waits are shortened to `pause` seconds. Returns what they print."""
    script = "\n".join(["set -eu", f'sleep() {{ command sleep "{pause}"; }}', *commands(found)])
    done = subprocess.run(["sh", "-c", script], env={"PATH": path}, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout
