"""The load tool that imitates an API server."""

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


def tls(authority):
    """The load tool's flags for the client pair of an authority."""
    return f"--cacert={authority.ca}", f"--cert={authority.folder}/client.crt", f"--key={authority.folder}/client.key"
