"""TLS to a real etcd that demands client certificates, and what is said when it does not work."""

import pytest
from harness import loadgen
from harness.certificates import flags
from harness.exporter import Exporter
from harness.wait import until


def test_member_and_page_are_read_over_tls(make_etcd, make_exporter, authority):
    etcd = make_etcd(authority=authority)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority))

    page = until(lambda: (p := exporter.scrape()).value("up", member="m1") == 1 and p)

    until(lambda: exporter.scrape().value("db_size_bytes") == etcd.status()["dbSize"], what="etcd's own size")
    assert page.value("quota_source_bytes", source="metrics") == 2147483648, "etcd's page is read over TLS too"


def test_server_name_overrides_the_address(begin_etcd, make_exporter, authority):
    authority.issue("server", "serverAuth,clientAuth", names="DNS:etcd.example,IP:127.0.0.2")
    etcd = begin_etcd(authority=authority)
    wrong = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority))
    right = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority), "--etcd.server-name=etcd.example")

    page = until(lambda: (p := right.scrape()).value("up", member="m1") == 1 and p, 20)

    assert page.has("quota_source_bytes", source="metrics")
    assert wrong.scrape().find("up")[0].value == 0


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


def test_three_members_over_tls_one_of_which_restarts(make_cluster, make_exporter, authority):
    members = make_cluster(3, authority=authority)
    loadgen.run([m.url for m in members], *loadgen.tls(authority), "--mix", "pods=1", "--rate", 0, "--writes", 500)
    exporter = make_exporter("--etcd.endpoints=" + ",".join(m.url for m in members), *flags(authority))

    def up():
        page = exporter.scrape()
        return page, {s.labels["member"] for s in page.find("up") if s.value == 1}

    page, _ = until(lambda: (seen := up())[1] == {"m1", "m2", "m3"} and seen)
    for member in members:
        until(lambda: up()[0].value("db_size_bytes", member=member.name) == member.status()["dbSize"])
    assert sum(s.value for s in page.find("member_is_leader")) == 1

    members[1].process.kill()
    until(lambda: up()[1] == {"m1", "m3"})
    members[1].restart().ready()
    until(lambda: up()[1] == {"m1", "m2", "m3"}, 5)
