"""The load tool that imitates an API server."""

import contextlib
import json
import os
import subprocess

LOADGEN = os.environ["HEADROOM_LOADGEN"]


def run(endpoints, *arguments, timeout=300):
    """Runs the load tool to its end and returns the totals it prints last."""
    command = [LOADGEN, "--endpoints", ",".join(endpoints), "--quiet", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, f"{command}: {done.stderr.strip()}"
    return json.loads(done.stdout.strip().splitlines()[-1])


@contextlib.contextmanager
def running(endpoints, *arguments):
    """Runs the load tool meanwhile."""
    command = [LOADGEN, "--endpoints", ",".join(endpoints), "--quiet", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as tool:
        try:
            yield
            assert tool.poll() is None, tool.stderr.read()
        finally:
            tool.kill()


def tls(authority):
    """The load tool's flags for the client pair of an authority."""
    return f"--cacert={authority.ca}", f"--cert={authority.folder}/client.crt", f"--key={authority.folder}/client.key"
