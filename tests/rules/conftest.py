"""Puts the benchmark's clusters and its promtool within reach."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "leadtime"))
