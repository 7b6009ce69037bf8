"""Who may read the pages, and over what: TLS, client certificates, passwords, IPv6 and Unix sockets."""

import contextlib
import http.client
import os
import pathlib
import shutil
import socket
import ssl
import stat
import subprocess
import time

import pytest
from harness.certificates import Authority
from harness.exporter import BINARY
from harness.monitoring import Scraper
from harness.ports import free_port
from harness.slow_clients import HELLO, SlowClients
from harness.wait import until
from harness.web import HASH, PASSWORD, SLOW_HASH, UnixConnection, WebConfig, WebExporter

REFUSED = (ssl.SSLError, ConnectionResetError, http.client.RemoteDisconnected)


@pytest.fixture
def web(tmp_path):
    return WebConfig(tmp_path, Authority(tmp_path / "scrapers"))


@pytest.fixture
def serve(tmp_path, cleanup, web):
    count = iter(range(100))

    def start(*arguments, **client):
        exporter = WebExporter(tmp_path / f"exporter{next(count)}", *arguments, **client)
        cleanup.callback(exporter.check_and_kill)
        return exporter.ready()

    return start


def failed_start(*arguments):
    done = subprocess.run([BINARY, "--etcd.endpoints=http://127.0.0.1:1", *arguments], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def test_tls_is_served_and_plain_http_is_not(web, serve, version):
    exporter = serve(web.write(tls={}).flag(), tls=web.client(version=version))
    assert exporter.get("/metrics")[0] == 200
    with pytest.raises((http.client.HTTPException, ConnectionResetError)):
        exporter.get("/metrics", tls=None)
    assert exporter.get("/metrics")[0] == 200


def test_versions_and_ciphers_are_those_of_the_file(web, serve):
    tls = {"max_version": "TLS12", "cipher_suites": ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"]}
    exporter = serve(web.write(tls=tls).flag(), tls=web.client())
    with (
        socket.create_connection(("127.0.0.1", exporter.port)) as plain,
        web.client().wrap_socket(plain, server_hostname="localhost") as client,
    ):
        assert client.version() == "TLSv1.2" and client.cipher()[0] == "ECDHE-ECDSA-AES256-GCM-SHA384"
    with pytest.raises(REFUSED):
        exporter.get("/metrics", tls=web.client(version=ssl.TLSVersion.TLSv1_3))


def test_client_certificates_are_asked_for(web, serve, tmp_path):
    exporter = serve(web.write(tls=web.mutual()).flag(), tls=web.client(web.scraper))
    assert exporter.get("/metrics")[0] == 200
    stranger = Authority(tmp_path / "strangers").issue("scraper", "clientAuth")
    for client in (web.client(), web.client(stranger), web.client(web.authority.issue("server", "serverAuth"))):
        with pytest.raises(REFUSED):
            exporter.get("/metrics", tls=client)


@pytest.mark.parametrize("auth, without, stranger", [("VerifyClientCertIfGiven", True, False), ("RequestClientCert", True, True),
                                                     ("RequireAnyClientCert", False, True), ("NoClientCert", True, True)])  # fmt: skip
def test_the_other_kinds_of_client_authentication(web, serve, tmp_path, auth, without, stranger):
    tls = {**web.mutual(), "client_auth_type": auth}
    if auth == "NoClientCert":
        del tls["client_ca_file"]
    exporter = serve(web.write(tls=tls).flag(), tls=web.client(web.scraper))
    other = Authority(tmp_path / "strangers").issue("scraper", "clientAuth")
    for client, let_in in ((web.client(), without), (web.client(other), stranger)):
        with contextlib.nullcontext() if let_in else pytest.raises(REFUSED):
            assert exporter.get("/metrics", tls=client)[0] == 200


def test_passwords_are_asked_for_on_every_path(web, serve):
    config = web.write(users={"prometheus": HASH}, headers={"X-Frame-Options": "deny"})
    exporter = serve(config.flag(), user=("prometheus", PASSWORD))
    for path in ("/metrics", "/", "/-/healthy", "/nothing"):
        for user in (None, ("prometheus", "wrong"), ("somebody", PASSWORD)):
            status, headers, body = exporter.get(path, user=user)
            assert status == 401 and headers["WWW-Authenticate"] == "Basic" and headers["X-Frame-Options"] == "deny"
            assert b"etcd_headroom" not in body
    status, headers, _ = exporter.get("/metrics")
    assert status == 200 and headers["X-Frame-Options"] == "deny"
    assert PASSWORD not in exporter.process.log() and HASH not in exporter.process.log()


def test_a_scrape_does_not_cost_a_bcrypt(web, serve):
    exporter = serve(web.write(users={"prometheus": SLOW_HASH}).flag(), user=("prometheus", PASSWORD))
    started = time.monotonic()
    for _ in range(20):
        assert exporter.get("/-/healthy")[0] == 200
    assert time.monotonic() - started < 4, "each bcrypt takes a quarter of a second"


def test_a_renewed_pair_another_ca_and_another_password_are_taken_without_a_restart(web, serve, tmp_path):
    exporter = serve(
        web.write(tls=web.mutual(), users={"prometheus": HASH}).flag(), tls=web.client(web.scraper), user=("prometheus", PASSWORD)
    )
    other = WebConfig(tmp_path, Authority(tmp_path / "other"))
    for new, old in zip(other.pair, web.pair, strict=True):
        shutil.copy(new, old)
    web.write(tls=other.mutual(), users={"grafana": HASH})
    until(lambda: exporter.get("/metrics", tls=other.client(other.scraper), user=("grafana", PASSWORD))[0] == 200, 20)
    with pytest.raises(REFUSED):
        exporter.get("/metrics")
    assert exporter.get("/metrics", tls=other.client(other.scraper))[0] == 401
    assert len(exporter.log_lines("web configuration is read again")) == 1


def test_a_broken_file_leaves_the_last_good_one_and_is_logged_once(web, serve):
    exporter = serve(web.write(tls={}, users={"prometheus": HASH}).flag(), tls=web.client(), user=("prometheus", PASSWORD))
    web.write(tls={"cert_file": "gone.crt"}, users={"prometheus": HASH})
    until(lambda: exporter.get("/-/healthy")[0] == 200 and exporter.log_lines("not usable"), 40)
    web.write(users={"prometheus": HASH})
    end = time.monotonic() + 12  # one more look
    until(lambda: exporter.get("/-/healthy")[0] == 200 and time.monotonic() > end, 20)
    (warning,) = exporter.log_lines("not usable")
    assert "tls_server_config.cert_file" in warning and HASH not in warning


@pytest.mark.parametrize("text, says", [
    ("tls_server_config:\n  curve_preferences: [X25519]\n", "line 2: tls_server_config.curve_preferences: not supported"),
    ("basic_auth_users:\n  me: secret\n", "line 2: basic_auth_users.me: the password is no bcrypt hash"),
    ("tls_server_config:\n  cert_file: a.crt\n  key_file: a.key\n", "tls_server_config.cert_file"),
])  # fmt: skip
def test_a_broken_file_at_the_start_is_one_line_that_names_the_key(tmp_path, text, says):
    file = tmp_path / "web.yml"
    file.write_text(text)
    line = failed_start(f"--web.config.file={file}")
    assert says in line and "secret" not in line and str(file) in line


def has_ipv6():
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


@needs_ipv6
def test_ipv6_is_served_beside_ipv4(serve):
    exporter = serve()
    other = free_port()
    both = serve(f"--web.listen-address=[::1]:{other}", f"--web.listen-address=127.0.0.1:{free_port()}")
    assert both.get("/metrics")[0] == 200
    both.port, both.host = other, "::1"
    assert both.get("/metrics")[0] == 200
    with pytest.raises(ConnectionRefusedError):
        both.get("/metrics", host="127.0.0.1")
    assert exporter.get("/metrics")[0] == 200


@needs_ipv6
@pytest.mark.parametrize("host", ["", "[::]"])
def test_a_port_alone_is_both_families(serve, host):
    exporter = serve(f"--web.listen-address={host}:{(port := free_port())}")
    exporter.port = port
    assert exporter.get("/metrics", host="::1")[0] == exporter.get("/metrics", host="127.0.0.1")[0] == 200


def test_an_address_in_use_is_one_line(serve):
    exporter = serve()
    line = failed_start(f"--web.listen-address=127.0.0.1:{free_port()}", f"--web.listen-address=127.0.0.1:{exporter.port}")
    assert f"127.0.0.1:{exporter.port}" in line and "Address already in use" in line


def test_a_unix_socket_is_plain_http_for_its_group(web, serve, tmp_path):
    path = tmp_path / "headroom.sock"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    config = web.write(tls=web.mutual(), users={"prometheus": HASH})
    exporter = serve(config.flag(), f"--web.listen-address=unix:{path}", tls=web.client(web.scraper), user=("prometheus", PASSWORD))
    assert exporter.ask(UnixConnection(path), "/metrics")[0] == 401
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert "another process listens there" in failed_start(f"--web.listen-address=unix:{path}")
    assert exporter.stop() == 0 and not path.exists()


HANGING = {
    "idle": {},
    "half a handshake": {"first": HELLO},
    "dripping": {"first": HELLO, "drips": True},
    "broken": {"first": b"GET /metrics HTTP/1.1\r\n\r\n"},
}


@pytest.mark.parametrize("kind", [*HANGING, "after the handshake"])
def test_300_hanging_clients_delay_a_scrape_over_tls_by_5_seconds_at_most(web, serve, cleanup, kind):
    exporter = serve(web.write(tls={}).flag(), tls=web.client())
    clients = SlowClients(exporter.port, 300, **HANGING.get(kind, {"tls": web.client()}))
    cleanup.callback(clients.stop)
    # A sanitizer makes 300 handshakes slow.
    assert clients.delay(exporter.scrape) < (15 if os.environ.get("HEADROOM_SANITIZED") else 5)
    assert exporter.is_smaller_than(32)


def prometheus():
    """Prometheus 3.16 where it has been built (tests/cluster/build.sh), else Debian's."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    built = cache / "etcd-headroom/cluster/prometheus-0.316.0/prometheus"
    return built if built.exists() else "prometheus"


@pytest.mark.parametrize("host", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
def test_prometheus_scrapes_with_a_client_certificate_and_a_password(web, serve, tmp_path, cleanup, host):
    config = web.write(tls=web.mutual(), users={"prometheus": HASH})
    address = f"[{host}]" if ":" in host else host
    port = free_port()
    exporter = serve(config.flag(), f"--web.listen-address={address}:{port}", tls=web.client(web.scraper), user=("prometheus", PASSWORD))
    certificate, key = web.scraper
    job = {
        "scheme": "https",
        "tls_config": {"ca_file": str(web.authority.ca), "cert_file": str(certificate), "key_file": str(key)},
        "basic_auth": {"username": "prometheus", "password": PASSWORD},
        "static_configs": [{"targets": [f"{address}:{port}"]}],
    }
    config = {"global": {"scrape_interval": "1s"}, "scrape_configs": [{"job_name": "headroom-exporter", **job}]}
    scraper = Scraper(tmp_path / "prometheus", config, prometheus())
    cleanup.callback(scraper.stop)
    until(lambda: scraper.query("etcd_headroom_endpoints"), 30, "a scrape")
    assert exporter.process.child.poll() is None
