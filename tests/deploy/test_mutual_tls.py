"""The proxy of the mutual-tls component, with the exporter behind it: no API server is anywhere, as in the outage."""

import random
import signal
import ssl
import urllib.request

import pytest
from harness.certificates import Authority
from harness.exporter import Exporter, Page
from harness.process import Process
from harness.wait import until
from tools import helm, of_kind, tool


class Proxy:
    def __init__(self, folder, port):
        self.address = f"127.{random.randint(10, 250)}.{random.randint(1, 250)}.1"
        self.url = f"https://{self.address}:{port}/metrics"
        self.secret = folder / "secret"
        self.secret.mkdir()
        self.authority = Authority(folder / "monitoring")
        self.renew()
        self.authority.issue("prometheus", "clientAuth")
        (config,) = of_kind(helm("--set", "mutualTLS.enabled=true"), "ConfigMap")
        text = config["data"]["haproxy.cfg"]
        assert text.count("/etc/mutual-tls/") == 2
        assert "\n  maxconn " in text, "else as many as files may be open, and a table for them that the limit of memory does not hold"
        (folder / "haproxy.cfg").write_text(text.replace("/etc/mutual-tls", str(self.secret)))
        self.process = Process([tool("haproxy"), "-W", "-f", folder / "haproxy.cfg"], folder / "log",
                               {"HOST_IP": self.address, "PORT": str(port)})  # fmt: skip

    def renew(self):
        """What the Secret holds, made again."""
        certificate, key = self.authority.issue("exporter", "serverAuth", names=f"IP:{self.address}")
        for name, file in {"tls.crt": certificate, "tls.key": key, "ca.crt": self.authority.ca}.items():
            (self.secret / name).write_text(file.read_text())
        return certificate.read_text()

    def scrape(self, client=None):
        context = ssl.create_default_context(cafile=self.authority.ca)
        if client:
            context.load_cert_chain(client.folder / "prometheus.crt", client.folder / "prometheus.key")
        with urllib.request.urlopen(self.url, timeout=5, context=context) as answer:
            return Page(answer.read().decode())

    def certificate(self):
        """That it shows; without one of ours the handshake ends later, after it was seen."""
        return ssl.get_server_certificate((self.address, int(self.url.split(":")[2].split("/")[0])))


@pytest.fixture
def proxy(tmp_path, cleanup):
    exporter = Exporter(tmp_path / "exporter", f"--path.rootfs={tmp_path}", env={"KUBERNETES_SERVICE_HOST": "10.96.0.1"})
    cleanup.callback(exporter.process.kill)
    exporter.ready()
    made = Proxy(tmp_path, exporter.port)
    cleanup.callback(made.process.kill)
    cleanup.callback(lambda: made.process.child.poll() is None and (made.process.signal(signal.SIGTERM), made.process.wait(10)))
    until(lambda: made.scrape(made.authority), 10, "the proxy")
    return made


def test_a_scraper_with_a_certificate_is_let_in(proxy):
    assert proxy.scrape(proxy.authority).value("datastore_info", kind="none") == 1


def test_one_without_or_with_a_stranger_s_is_not(proxy, tmp_path):
    with pytest.raises(OSError):
        proxy.scrape()
    stranger = Authority(tmp_path / "stranger")
    stranger.issue("prometheus", "clientAuth")
    with pytest.raises(OSError):
        proxy.scrape(stranger)


def test_a_renewed_certificate_is_shown_after_the_hourly_reload(proxy):
    (daemonset,) = of_kind(helm("--set", "mutualTLS.enabled=true"), "DaemonSet")
    (sidecar,) = (c for c in daemonset["spec"]["template"]["spec"]["containers"] if c["name"] == "mutual-tls")
    assert "while sleep 3600; do kill -USR2 1; done & exec haproxy -W" in sidecar["command"][2]
    renewed = proxy.renew()
    assert proxy.certificate().split() != renewed.split()
    proxy.process.signal(signal.SIGUSR2)
    until(lambda: proxy.certificate().split() == renewed.split(), 20, "the new certificate")
    assert proxy.scrape(proxy.authority)
