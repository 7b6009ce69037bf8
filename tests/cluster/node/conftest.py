"""Where the helpers of other tests are; a real node, which all tests share since its start takes minutes."""

import contextlib
import pathlib
import sys
import time

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / folder) for folder in ("integration", "deploy", "cluster")]


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    from node import QUOTA, Node
    from tools import require_containers

    require_containers()
    with contextlib.ExitStack() as stack:
        arguments = [{"name": "quota-backend-bytes", "value": str(QUOTA)}]
        began = time.monotonic()
        made = Node(tmp_path_factory.mktemp("node"), stack, etcd={"local": {"extraArgs": arguments}}).ready()
        print(f"node Ready after {time.monotonic() - began:.0f} s")
        yield made


@pytest.fixture(scope="session")
def deployment(node):
    """The exporter's image is on the node."""
    from deployment import Deployment

    made = Deployment(node)
    print(f"image: {made.load() / (1 << 20):.1f} MiB")
    return made


@pytest.fixture
def namespace(deployment):
    """The exporter's namespace, gone with all that is in it after the test."""
    from tools import KUBERNETES

    deployment.node.kubectl("apply", "-f", KUBERNETES / "base/namespace.yaml")
    yield deployment
    deployment.remove()


@pytest.fixture(scope="module")
def exporter(deployment, tmp_path_factory):
    """The DaemonSet of the kubeadm overlay, Ready while a module's tests run."""
    from deployment import kustomization

    deployment.apply(kustomization(tmp_path_factory.mktemp("overlay")))
    began = time.monotonic()
    deployment.roll_out()
    print(f"exporter Ready after {time.monotonic() - began:.1f} s")
    yield deployment
    deployment.remove()
