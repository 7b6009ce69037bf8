#!/usr/bin/python3
"""`make bench`: what a watched event costs, step by step, as a table. Prints Markdown."""

import json
import os
import subprocess

from measure import heading, table


def main():
    command = [os.environ["HEADROOM_HOT_PATH"], "--benchmark_format=json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    heading("Hot path", "CPU time and allocations of one step of `tests/bench/hot_path.cc`")
    steps = json.loads(done.stdout)["benchmarks"]
    table(["Step", "ns", "allocations"], ((step["name"], f"{step['cpu_time']:.0f}", f"{step['allocs']:.2f}") for step in steps))


if __name__ == "__main__":
    main()
