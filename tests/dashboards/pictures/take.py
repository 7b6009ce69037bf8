#!/usr/bin/python3
"""`make pictures`: draws the boards from a live etcd that filled up and was recovered a few minutes ago."""

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE.parent), str(ROOT / "tests/integration")]
os.environ["HEADROOM_EXPORTER"] = str(ROOT / "build/release/exporter/etcd-headroom-exporter")
os.environ["HEADROOM_LOADGEN"] = str(ROOT / "build/release/tests/tools/loadgen/loadgen")

from cluster import Cluster  # noqa: E402, needs the lines above


def main():
    for command in (["npm", "install", "--ignore-scripts", "--loglevel=error"], ["npm", "run", "--silent", "build"]):
        subprocess.run(command, cwd=HERE, check=True)
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="etcd-headroom-pictures-")))
        cluster = Cluster(stack, folder)
        cluster.load("--rate", 80, "--duration", 75, "--compact-interval", 20)
        cluster.fill()
        cluster.recover()
        cluster.load("--rate", 80, "--duration", 150, "--compact-interval", 20)
        subprocess.run(["node", "take.mjs", f"http://{cluster.prometheus.address}", ROOT / "dashboards"], cwd=HERE, check=True)
    for picture in (ROOT / "dashboards/screenshots").glob("*.png"):
        Image.open(picture).quantize(256).save(picture, optimize=True)


if __name__ == "__main__":
    main()
