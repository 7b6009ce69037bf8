"""Fixtures: servers that are stopped whatever becomes of the test, and every test of etcd with each version of it."""

import contextlib
import os

import pytest
from harness.certificates import Authority
from harness.etcd import Etcd, start_cluster
from harness.exporter import Exporter
from harness.servers import tested


@pytest.fixture
def cleanup():
    with contextlib.ExitStack() as stack:
        yield stack


def pytest_generate_tests(metafunc):
    """All that starts an etcd runs with each version, but for modules that are not about etcd (ANY_ETCD = True), for which
    one of each minor version is enough (EACH_MINOR = True), or the newest unless all is tested (NEWEST_FIRST = True)."""
    if "server" in metafunc.fixturenames:
        newest = getattr(metafunc.module, "NEWEST_FIRST", False) and not os.environ.get("HEADROOM_TEST_ALL")
        chosen = tested()[-1:] if newest or getattr(metafunc.module, "ANY_ETCD", False) else tested()
        if getattr(metafunc.module, "EACH_MINOR", False):
            chosen = list({server.version[:2]: server for server in chosen}.values())
        metafunc.parametrize("server", chosen, ids=str, indirect=True, scope="session")


@pytest.fixture(scope="session")
def server(request):
    """The etcd server under test."""
    return request.param


@pytest.fixture
def begin_etcd(tmp_path, cleanup, server):
    """begin_etcd(*arguments, name=...) starts one real etcd member and does not wait for it."""

    def begin(*arguments, name="m1", **options):
        member = Etcd(tmp_path / name, name, arguments=arguments, server=server, **options)
        cleanup.callback(member.stop)
        return member

    return begin


@pytest.fixture
def make_etcd(begin_etcd):
    """The same, and waits until it is healthy."""
    return lambda *arguments, **options: begin_etcd(*arguments, **options).ready()


@pytest.fixture
def make_cluster(tmp_path, cleanup, server):
    def make(size=3, arguments=(), **options):
        members = start_cluster(tmp_path, size, arguments, server=server, **options)
        for member in members:
            cleanup.callback(member.stop)
        return members

    return make


@pytest.fixture
def make_exporter(tmp_path, cleanup):
    """make_exporter(*flags) starts an exporter and waits until it serves."""
    count = iter(range(1000))

    def make(*arguments, env=None):
        exporter = Exporter(tmp_path / f"exporter{next(count)}", *arguments, env=env)
        cleanup.callback(exporter.check_and_kill)
        return exporter.ready()

    return make


@pytest.fixture
def authority(tmp_path):
    """A CA that has issued the pairs `server` and `client`."""
    return Authority.with_pairs(tmp_path / "pki")


@pytest.fixture
def etcd(make_etcd):
    return make_etcd()


@pytest.fixture
def exporter(make_exporter, etcd):
    return make_exporter(f"--etcd.endpoints={etcd.url}")
