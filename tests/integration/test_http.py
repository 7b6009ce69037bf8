"""What HTTP clients of all manners get."""

import gzip
import time

import pytest
from harness.slow_clients import SlowClients
from harness.wait import until

ANY_ETCD = True


def test_paths_are_exact(exporter):
    assert exporter.get("/metrics")[0] == 200
    for path in ("/metricsfoo", "/metrics/", "/-/healthy/", "/-/", "/favicon.ico"):
        assert exporter.get(path)[0] == 404, path
    for path in ("/-/healthy", "/-/ready"):
        assert exporter.get(path)[0] == 200
    status, headers, body = exporter.get("/")
    assert status == 200 and headers["Content-Type"].startswith("text/html") and b'href="/metrics"' in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_refused(exporter, method):
    status, headers, _ = exporter.get("/metrics", method)
    assert status == 405
    assert headers["Allow"] == "GET, HEAD"


def test_head_has_no_body(exporter):
    status, headers, body = exporter.get("/metrics", "HEAD")
    assert status == 200 and body == b"" and headers["Content-Type"].startswith("text/plain; version=0.0.4")


def test_a_websocket_request_gets_a_plain_answer(exporter):
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "a" * 24}
    status, _, body = exporter.get("/-/healthy", headers=upgrade)
    assert status == 200 and body == b"HTTP serves\n"


def test_gzip_when_asked(exporter):
    _, headers, body = exporter.get("/metrics", headers={"Accept-Encoding": "deflate, gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert b"etcd_headroom_up" in gzip.decompress(body)
    for refused in ("identity", "gzip;q=0", ""):
        _, headers, body = exporter.get("/metrics", headers={"Accept-Encoding": refused})
        assert "Content-Encoding" not in headers and b"etcd_headroom_up" in body


def test_health_does_not_depend_on_etcd(make_exporter):
    exporter = make_exporter("--etcd.endpoints=http://127.0.0.1:1")
    assert exporter.get("/-/ready")[0] == exporter.get("/-/healthy")[0] == 200


def test_another_telemetry_path(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--web.telemetry-path=/probe/etcd")
    assert exporter.get("/probe/etcd")[0] == 200
    assert exporter.get("/metrics")[0] == 404
    assert b'href="/probe/etcd"' in exporter.get("/")[2]


def test_a_request_too_large_is_refused(exporter):
    status, _, _ = exporter.get("/metrics", headers={"X-Filler": "x" * 9000})
    assert status in (400, 413, 414, 431)
    assert exporter.get("/metrics")[0] == 200


@pytest.mark.parametrize("kind", [{}, {"first": b"G", "drips": True}, {"first": b"\0" * 100}], ids=["idle", "dripping", "broken"])
def test_300_hanging_clients_delay_a_scrape_by_5_seconds_at_most(exporter, cleanup, kind):
    until(lambda: exporter.scrape().value("up") == 1)
    clients = SlowClients(exporter.port, 300, **kind)
    cleanup.callback(clients.stop)
    assert clients.delay(exporter.scrape) < 5
    assert exporter.is_smaller_than(32)


def test_hanging_clients_are_named_once_in_the_log(exporter, cleanup):
    clients = SlowClients(exporter.port, 300)
    cleanup.callback(clients.stop)
    said = "clients connect and send no request"
    until(lambda: exporter.log_lines(said), 20)
    exporter.scrape()
    (line,) = exporter.log_lines(said)
    assert "level=warn" in line and "peer=127.0.0.1" in line


def test_keep_alive_answers_at_once(exporter):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", exporter.port, timeout=5)
    started = time.monotonic()
    for _ in range(50):
        connection.request("GET", "/-/healthy")
        connection.getresponse().read()
    connection.close()
    assert time.monotonic() - started < 1.5, "Nagle's delay would cost 40 ms each"
