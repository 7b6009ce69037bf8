"""The commands of a runbook, taken from its page."""

import pathlib
import re
import subprocess

RUNBOOKS = pathlib.Path(__file__).resolve().parents[3] / "rules" / "runbooks"
STEP = re.compile(r"<!-- recovery: (\w+) -->\n```sh\n(.*?)```", re.DOTALL)


def recovery_steps():
    """{step: shell commands} in the order of the page."""
    return dict(STEP.findall((RUNBOOKS / "EtcdHeadroomWritesRefused.md").read_text(encoding="utf-8")))


def run(commands, endpoints, folder, pause="5", limit=400 << 20):
    """Runs shell commands as an operator would, in one shell that goes on after an error; waits are shortened to `pause`
    seconds. `limit`: what a member's file must be below. Returns what they print."""
    script = "\n".join(["set -u", f'sleep() {{ command sleep "{pause}"; }}', *commands])
    environment = {"PATH": "/usr/bin:/bin", "ENDPOINTS": ",".join(endpoints), "SNAPSHOT": str(folder / "snapshot.db"),
                   "LIMIT": str(limit)}  # fmt: skip
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout
