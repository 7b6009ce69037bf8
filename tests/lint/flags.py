#!/usr/bin/python3
"""flags.py PROGRAM: docs/flags.md has every flag of the program, and no page has one that the program lacks."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAG = re.compile(r"--(?:no-)?(?:churn|collector|config|etcd|inventory|log|path|web)\.[a-z-]*[a-z]")


def flags_of(program):
    for command in ((), ("report",), ("analyze",)):
        done = subprocess.run([program, *command, "--help"], check=True, capture_output=True, text=True)
        yield from FLAG.findall(done.stdout)


def main(program):
    known = set(flags_of(program))
    page = (ROOT / "docs/flags.md").read_text(encoding="utf-8")
    # The page has one line for all collectors, and for a flag and its negation the one that is not the default.
    described = {flag.replace("--no-", "--") for flag in FLAG.findall(page)}
    wanted = {flag for flag in known if not flag.startswith(("--no-", "--collector."))}
    faults = [f"docs/flags.md lacks {flag}" for flag in sorted(wanted - described)]
    listed = subprocess.run(["git", "ls-files", "*.md", ":!CHANGELOG.md"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for file in listed.splitlines():
        used = set(FLAG.findall((ROOT / file).read_text(encoding="utf-8")))
        faults += [f"{file}: {flag} is no flag" for flag in sorted(used - known)]
    print("\n".join(faults) or f"the pages agree with the {len(known)} flags")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
