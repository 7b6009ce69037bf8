"""TLS to a real etcd that demands client certificates, and what is said when it does not work."""

import pytest

from harness.certificates import Authority
from harness.exporter import Exporter
from harness.wait import until


@pytest.fixture
def authority(tmp_path):
    made = Authority(tmp_path / "pki")
    made.issue("server", "serverAuth,clientAuth")
    made.issue("client", "clientAuth")
    return made


def flags(authority, client="client"):
    return (
        f"--etcd.cacert={authority.ca}",
        f"--etcd.cert={authority.folder}/{client}.crt",
        f"--etcd.key={authority.folder}/{client}.key",
    )


def test_member_and_page_are_read_over_tls(make_etcd, make_exporter, authority):
    etcd = make_etcd(authority=authority)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority))

    page = until(lambda: (p := exporter.scrape()).value("up", member="m1") == 1 and p)

    assert page.value("db_size_bytes") == etcd.status()["dbSize"]
    assert page.value("quota_source_bytes", source="metrics") == 2147483648, "etcd's page is read over TLS too"


def test_server_name_overrides_the_address(begin_etcd, make_exporter, authority):
    authority.issue("server", "serverAuth,clientAuth", names="DNS:etcd.example,IP:127.0.0.2")
    etcd = begin_etcd(authority=authority)
    wrong = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority))
    right = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority), "--etcd.server-name=etcd.example")

    page = until(lambda: (p := right.scrape()).value("up", member="m1") == 1 and p, 20)

    assert page.has("quota_source_bytes", source="metrics")
    assert wrong.scrape().find("up")[0].value == 0


def test_a_certificate_of_another_authority_is_refused(make_etcd, make_exporter, authority, tmp_path):
    etcd = make_etcd(authority=authority)
    stranger = Authority(tmp_path / "stranger")
    stranger.issue("client", "clientAuth")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(stranger))
    assert exporter.scrape().find("up")[0].value == 0
    assert len(exporter.log_lines("member does not answer")) == 1


def test_keys_are_never_logged(make_etcd, make_exporter, authority):
    etcd = make_etcd(authority=authority)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority), "--log.level=debug")
    until(lambda: exporter.scrape().value("up", member="m1") == 1)
    key = (authority.folder / "client.key").read_text().splitlines()
    assert not any(line in exporter.process.log() for line in key if len(line) > 20)


@pytest.mark.parametrize("broken", ["garbage", "mismatched"])
def test_a_bad_pair_ends_the_start_with_one_line(tmp_path, authority, broken):
    if broken == "garbage":
        (authority.folder / "client.key").write_text("not a key")
    else:
        certificate = (authority.folder / "client.crt").read_text()
        authority.issue("client", "clientAuth")
        (authority.folder / "client.crt").write_text(certificate)
    exporter = Exporter(tmp_path / "e", "--etcd.endpoints=https://127.0.0.1:1", *flags(authority))
    assert exporter.process.wait(10) == 1
    (line,) = exporter.process.log().splitlines()
    assert "client.key" in line
