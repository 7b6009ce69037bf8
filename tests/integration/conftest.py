"""Fixtures: servers that are stopped whatever becomes of the test."""

import contextlib

import pytest

from harness.etcd import Etcd, start_cluster
from harness.exporter import Exporter


@pytest.fixture
def cleanup():
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def make_etcd(tmp_path, cleanup):
    """make_etcd(*arguments, name=...) starts one real etcd member and waits for it."""

    def make(*arguments, name="m1", **options):
        member = Etcd(tmp_path / name, name, arguments=arguments, **options)
        cleanup.callback(member.stop)
        return member.ready()

    return make


@pytest.fixture
def make_cluster(tmp_path, cleanup):
    def make(size=3, arguments=()):
        members = start_cluster(tmp_path, size, arguments)
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
def etcd(make_etcd):
    return make_etcd()


@pytest.fixture
def exporter(make_exporter, etcd):
    return make_exporter(f"--etcd.endpoints={etcd.url}")
