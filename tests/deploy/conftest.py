"""Nodes and pods that end with their test."""

import contextlib
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

import nodes
import pod
import tools


@pytest.fixture
def cleanup():
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def start_nodes(tmp_path, cleanup):
    """start_nodes(layout, size, quota) starts an etcd cluster and lays out its nodes."""

    def start(layout, *size_and_quota):
        made = nodes.start_nodes(tmp_path, layout, *size_and_quota)
        for _, member in made:
            cleanup.callback(member.stop)
        return made

    return start


@pytest.fixture(scope="session")
def binary_root(tmp_path_factory):
    return pod.root_of_binary(tmp_path_factory.mktemp("root"))


@pytest.fixture
def run_pod(tmp_path, cleanup, binary_root):
    """run_pod(template, node, address) runs the exporter's container of a pod."""
    count = iter(range(100))

    def run(template, node, address="127.0.0.1", root=None):
        made = pod.Pod(tmp_path / f"pod{next(count)}", template, node, address, root or binary_root)
        cleanup.callback(made.stop)
        return made

    return run


@pytest.fixture
def overlay_pod():
    """overlay_pod(name): the pod that `kustomize build` of an overlay makes."""

    def template(name):
        (made,) = tools.pods(tools.kustomize(tools.KUBERNETES / "overlays" / name))
        return made

    return template


_ALL_SKIPPED = 77  # SKIP_RETURN_CODE of CMakeLists.txt


def pytest_sessionfinish(session, exitstatus):
    """What was skipped altogether has not passed: ctest shall say so. The reasons are printed by -rs."""
    outcomes = session.config.pluginmanager.get_plugin("terminalreporter").stats
    if exitstatus == pytest.ExitCode.OK and outcomes.get("skipped") and not outcomes.get("passed"):
        session.exitstatus = _ALL_SKIPPED
