"""Certificates are renewed, one file after another, while the exporter runs; nobody notices."""

import pathlib
import shutil
import time

import pytest
from harness.certificates import Authority
from harness.wait import until

ANY_ETCD = True


class Deployment:
    """An etcd over TLS and an exporter whose certificates lie in a folder of their own, as files that a test may spoil."""

    def __init__(self, authority, folder, make_etcd, make_exporter):
        self.authority = authority
        self.etcd = make_etcd(authority=authority)
        folder.mkdir()
        self.files = {name: folder / name for name in ("ca.crt", "client.crt", "client.key")}
        for name, file in self.files.items():
            shutil.copy(authority.folder / name, file)
        self.exporter = make_exporter(
            f"--etcd.endpoints={self.etcd.url}", f"--etcd.cacert={folder}/ca.crt", f"--etcd.cert={folder}/client.crt",
            f"--etcd.key={folder}/client.key",
        )  # fmt: skip
        until(self.is_up)

    def is_up(self):
        return self.exporter.scrape().find("up")[0].value == 1

    def stays_up_for(self, seconds):
        """Scrapes that long; the wait is the thing tested."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.is_up()

    def reconnects(self):
        """A restarted etcd wants a new handshake."""
        self.etcd.restart().ready()
        until(self.is_up, 5, "a new handshake")
        until(lambda: self.exporter.scrape().value("watch_connected") == 1, 15, "a new watch")


@pytest.fixture
def deployment(authority, tmp_path, make_etcd, make_exporter):
    return Deployment(authority, tmp_path / "mounted", make_etcd, make_exporter)


@pytest.mark.parametrize("name", ["ca.crt", "client.crt", "client.key"])
def test_a_file_that_is_empty_for_two_seconds_is_not_noticed(deployment, name):
    text = deployment.files[name].read_text()
    deployment.files[name].write_text("")
    deployment.stays_up_for(2)
    deployment.reconnects()
    deployment.files[name].write_text(text)
    assert deployment.is_up()
    assert not deployment.exporter.log_lines("not usable")


def test_a_pair_that_does_not_match_for_ten_seconds_waits_for_its_key(deployment):
    certificate, key = deployment.authority.issue("client", "clientAuth")
    deployment.files["client.crt"].write_text(certificate.read_text())
    deployment.stays_up_for(10)
    deployment.reconnects()
    until(lambda: deployment.is_up() and deployment.exporter.log_lines("not usable"), 30)
    (warning,) = deployment.exporter.log_lines("not usable")
    assert "client.key" in warning

    deployment.files["client.key"].write_text(key.read_text())
    until(lambda: deployment.is_up() and deployment.exporter.log_lines("certificates are read again"), 15)
    deployment.reconnects()


def test_files_that_are_gone_leave_the_last_good_set(deployment):
    for file in deployment.files.values():
        file.unlink()
    deployment.reconnects()


def test_a_renewed_pair_is_taken_without_a_failed_scrape(deployment):
    certificate, key = deployment.authority.issue("client", "clientAuth")
    for file in (certificate, key):
        deployment.files[file.name].write_text(file.read_text())
    end = time.monotonic() + 20
    while not deployment.exporter.log_lines("certificates are read again"):
        assert deployment.is_up() and time.monotonic() < end
    deployment.stays_up_for(1)


def test_another_ca_is_taken_when_the_handshake_fails(deployment, tmp_path):
    """The server changes first, so that only the files on disk can be right."""
    successor = Authority.with_pairs(tmp_path / "successor")
    for name in ("ca.crt", "server.crt", "server.key", "client.crt", "client.key"):
        shutil.copy(successor.folder / name, deployment.authority.folder / name)
    deployment.etcd.restart().ready()
    until(lambda: not deployment.is_up(), 5)
    for name, file in deployment.files.items():
        file.write_text((successor.folder / name).read_text())
    until(deployment.is_up, 5)


def test_a_mounted_secret_that_is_swapped_by_its_link_is_read(make_etcd, make_exporter, authority, tmp_path):
    """As kubelet does it: the files are links through a folder that is itself a link."""
    etcd = make_etcd(authority=authority)
    mounted, first, second = (tmp_path / name for name in ("mounted", "first", "second"))
    shutil.copytree(authority.folder, first)
    mounted.mkdir()
    (mounted / "..data").symlink_to(first)
    for name in ("ca.crt", "client.crt", "client.key"):
        (mounted / name).symlink_to(pathlib.Path("..data") / name)
    exporter = make_exporter(
        f"--etcd.endpoints={etcd.url}", f"--etcd.cacert={mounted}/ca.crt", f"--etcd.cert={mounted}/client.crt",
        f"--etcd.key={mounted}/client.key",
    )  # fmt: skip
    until(lambda: exporter.scrape().value("up") == 1)

    authority.issue("client", "clientAuth")
    shutil.copytree(authority.folder, second)
    (tmp_path / "next").symlink_to(second)
    (tmp_path / "next").replace(mounted / "..data")

    until(lambda: exporter.scrape().value("up") == 1 and exporter.log_lines("certificates are read again"), 20)
