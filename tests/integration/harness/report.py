"""`etcd-headroom-exporter report`, and its printed commands as an operator types them."""

import contextlib
import json
import os
import re
import signal
import subprocess
import threading

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


class Following:
    """`report --follow`, whose lines are read as they come."""

    def __init__(self, *arguments):
        command = [BINARY, "report", "--follow", *map(str, arguments)]
        environment = {**os.environ, "NODE_NAME": "node-a"}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        # No test waits for ever for a line.
        self._end = threading.Timer(180, self._process.kill)
        self._end.start()
        self.code = None

    def wait_for(self, *words):
        """Reads up to the line that has all the words."""
        for line in self._process.stdout:
            if all(word in line for word in words):
                return
        raise AssertionError(f"no line with {words}")

    def interrupt(self):
        self._process.send_signal(signal.SIGINT)
        self.end()

    def end(self):
        """The rest of its lines."""
        lines = self._process.stdout.read().splitlines()
        self.code = self._process.wait(30)
        return lines

    def kill(self):
        self._end.cancel()
        self._process.kill()
        self._process.wait()


@contextlib.contextmanager
def following(*arguments):
    process = Following(*arguments)
    try:
        yield process
    finally:
        process.kill()
