"""`make run FILL=1` by its program: it shows the point, and leaves nothing behind."""

import os
import pathlib
import signal
import subprocess
import sys

from harness.wait import until

RUN = pathlib.Path(__file__).resolve().parents[1] / "tools/run.py"


def commands_with(text):
    """The command lines of running processes that contain `text`."""
    found = []
    for line in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = line.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in command:
            found.append(command)
    return found


def test_it_fills_the_quota_reports_and_leaves_nothing(tmp_path):
    log = tmp_path / "output"
    folder = tmp_path / "files"
    folder.mkdir()
    with open(log, "wb") as output:
        run = subprocess.Popen(
            [sys.executable, RUN, "--fill"], stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "TMPDIR": str(folder)}
        )
    try:
        until(lambda: "All of it is still there" in log.read_text() or run.poll() is not None, 300, "the report")
        shown = log.read_text()
        assert run.poll() is None, shown
        assert "full in" in shown and "policyreports" in shown
        assert "WritesRefused" in shown, "the alert fires"
        assert "NOSPACE is armed" in shown and "etcdctl" in shown.partition("report\n")[2]
        run.send_signal(signal.SIGINT)
        assert run.wait(30) == 0
    finally:
        run.terminate()
        run.wait(60)
    assert list(folder.iterdir()) == []
    assert commands_with(str(folder)) == []
