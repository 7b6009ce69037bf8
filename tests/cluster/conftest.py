"""A cluster of one control-plane node that stops with the test."""

import contextlib
import pathlib
import sys

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).parents[1] / "integration")]

from control_plane import ControlPlane  # noqa: E402
from harness.exporter import Exporter  # noqa: E402


@pytest.fixture
def cleanup():
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def make_control_plane(tmp_path, cleanup):
    """make_control_plane(**options) starts etcd and the API server and waits until they are ready."""

    def make(**options):
        plane = ControlPlane(tmp_path / "cluster", **options)
        cleanup.callback(plane.stop)
        return plane

    return make


@pytest.fixture
def make_exporter(tmp_path, cleanup):
    """make_exporter(plane, *flags) starts an exporter that finds etcd in the plane's files."""

    def make(plane, *arguments):
        exporter = Exporter(tmp_path / "exporter", f"--path.rootfs={plane.files.root}", *arguments)
        cleanup.callback(exporter.check_and_kill)
        return exporter.ready()

    return make
