"""What answers at the endpoint is not what was expected: `up 0`, one line with the cause, and recovery without a restart."""

import http.server
import shutil
import signal
import socketserver
import threading
import time

import pytest
from harness import report
from harness.certificates import Authority, flags
from harness.ports import free_port
from harness.wait import until


def down_because(exporter, *words):
    """`up 0` on scrape after scrape, and one line in the log that says why."""
    for _ in range(3):
        assert exporter.scrape().find("up")[0].value == 0
    (line,) = exporter.log_lines("member does not answer")
    for word in words:
        assert word in line, line


def recovers(exporter):
    until(lambda: exporter.scrape().value("up", member="m1") == 1, 5)


def test_an_expired_server_certificate(begin_etcd, make_exporter, authority):
    authority.issue("server", "serverAuth,clientAuth", days=0)
    etcd = begin_etcd(authority=authority)
    until(etcd.accepts, 20)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority))
    down_because(exporter, "certificate has expired")

    authority.issue("server", "serverAuth,clientAuth")
    recovers(exporter)


def test_a_server_certificate_of_another_authority(make_etcd, make_exporter, authority, tmp_path):
    etcd = make_etcd(authority=authority)
    trusted = tmp_path / "trusted.crt"
    shutil.copy(Authority(tmp_path / "stranger").ca, trusted)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", f"--etcd.cacert={trusted}", *flags(authority)[1:])
    down_because(exporter, "certificate", "unable to get local issuer certificate")

    shutil.copy(authority.ca, trusted)
    recovers(exporter)


def test_a_server_certificate_for_another_name(begin_etcd, make_exporter, authority):
    authority.issue("server", "serverAuth,clientAuth", names="DNS:etcd.example")
    etcd = begin_etcd(authority=authority)
    until(etcd.accepts, 20)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority))
    down_because(exporter, "certificate", "IP address mismatch")

    authority.issue("server", "serverAuth,clientAuth")
    recovers(exporter)


def test_a_client_certificate_that_etcd_refuses(make_etcd, make_exporter, authority, tmp_path):
    etcd = make_etcd(authority=authority)
    stranger = Authority.with_pairs(tmp_path / "stranger")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", f"--etcd.cacert={authority.ca}", *flags(stranger)[1:])
    down_because(exporter, "etcd refuses the client certificate")


def test_no_client_certificate(make_etcd, make_exporter, authority):
    etcd = make_etcd(authority=authority)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", f"--etcd.cacert={authority.ca}")
    down_because(exporter, "etcd wants a client certificate: give --etcd.cert and --etcd.key")
    assert not exporter.scrape().has("client_certificate_expiry_timestamp_seconds")
    done = report.run(f"--etcd.endpoints={etcd.url}", f"--etcd.cacert={authority.ca}", "--sample=0s")
    assert "etcd wants a client certificate" in " ".join(done.stdout.split()), done.stdout


def test_an_expired_client_certificate(make_etcd, make_exporter, authority):
    etcd = make_etcd(authority=authority)
    authority.issue("client", "clientAuth", days=0)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority))
    down_because(exporter, "the client certificate expired at 20")
    (warning,) = exporter.log_lines("the client certificate has expired: etcd refuses it")
    assert "level=warn" in warning and "client.crt" in warning and "expiry=20" in warning
    assert exporter.scrape().value("client_certificate_expiry_timestamp_seconds") < time.time()

    authority.issue("client", "clientAuth", days=30)
    recovers(exporter)
    left = exporter.scrape().value("client_certificate_expiry_timestamp_seconds") - time.time()
    assert 29 * 86400 < left < 31 * 86400


def test_a_client_certificate_near_its_end(make_etcd, make_exporter, authority):
    etcd = make_etcd(authority=authority)
    authority.issue("client", "clientAuth", days=6)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority))
    until(lambda: exporter.scrape().value("up", member="m1") == 1)
    (warning,) = exporter.log_lines("the client certificate expires within a week")
    assert "level=warn" in warning


def test_plaintext_against_tls(make_etcd, make_exporter, authority):
    etcd = make_etcd(authority=authority)
    exporter = make_exporter("--etcd.endpoints=" + etcd.url.replace("https", "http"))
    down_because(exporter, "the port may speak TLS: give https://")


def test_tls_against_plaintext(etcd, make_exporter, authority):
    exporter = make_exporter("--etcd.endpoints=" + etcd.url.replace("http", "https"), *flags(authority))
    down_because(exporter, "the port may not speak TLS: give http://")


def test_a_stop_while_hands_are_shaken(etcd, make_exporter, authority):
    """gRPC's threads outlive main() for a moment. What goes wrong then does so by chance, and more often when slow: a dozen."""
    url = "--etcd.endpoints=" + etcd.url.replace("http", "https")
    stopped = []
    for _ in range(12):
        stopped.append(make_exporter(url, *flags(authority), env={"ASAN_OPTIONS": "fast_unwind_on_malloc=0"}))
        stopped[-1].process.signal(signal.SIGTERM)
    for exporter in stopped:
        assert exporter.process.wait(10) == 0, exporter.process.log()


class NotEtcd(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(404)

    def log_message(self, *_):
        pass


class Garbage(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"\x00\xff\x13\x37" * 1000)


@pytest.mark.parametrize("handler", [NotEtcd, Garbage])
def test_a_port_that_is_not_etcd(handler, make_exporter, cleanup, begin_etcd):
    port = free_port()
    other = socketserver.ThreadingTCPServer(("127.0.0.1", port), handler)
    other.daemon_threads = True
    threading.Thread(target=other.serve_forever, daemon=True).start()
    cleanup.callback(other.server_close)
    cleanup.callback(other.shutdown)
    exporter = make_exporter(f"--etcd.endpoints=http://127.0.0.1:{port}")
    down_because(exporter, "is not etcd's client port")


def test_nobody_there(make_exporter):
    exporter = make_exporter(f"--etcd.endpoints=http://127.0.0.1:{free_port()}")
    down_because(exporter, "refused")


def test_garbage_on_the_metrics_page_is_ignored_with_a_warning(etcd, make_exporter, cleanup):
    own = etcd.get("/metrics")
    quota = "etcd_server_quota_backend_bytes"

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            lines = own.splitlines() + [f"{quota} 12 34 56 nonsense", "\x01\x02{{{{", f'{quota}{{a="'] * 10
            body = "\n".join(lines).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cleanup.callback(server.server_close)
    cleanup.callback(server.shutdown)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", f"--etcd.metrics-url=http://127.0.0.1:{server.server_port}/metrics")

    page = until(lambda: (p := exporter.scrape()).value("up") == 1 and p)

    assert page.value("quota_source_bytes", source="metrics") == 2147483648, "the good lines are used"
    assert page.value("metrics_page_read_failures_total") >= 1
    assert len(exporter.log_lines("make no sense")) == 1
