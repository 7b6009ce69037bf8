"""The web configuration of mutualTLS.enabled beside a Secret as the pod has them: no API server is anywhere, as in the outage."""

import ssl

import pytest
from harness.certificates import Authority
from harness.wait import until
from harness.web import WebExporter
from tools import helm, of_kind, pods

MUTUAL_TLS = ("--set", "mutualTLS.enabled=true")
REFUSED = (ssl.SSLError, ConnectionResetError)


class Pod:
    """An exporter with the flag that the pod has, and what the volume holds in a folder."""

    def __init__(self, folder):
        (container,) = pods(helm(*MUTUAL_TLS))[0]["spec"]["containers"]
        (mount,) = (m for m in container["volumeMounts"] if m["name"] == "mutual-tls")
        (flag,) = (a for a in container["args"] if a.startswith("--web.config.file="))
        self.folder = folder / "mounted"
        self.folder.mkdir()
        (config,) = of_kind(helm(*MUTUAL_TLS), "ConfigMap")
        for name, text in config["data"].items():
            (self.folder / name).write_text(text)
        self.authority = Authority(folder / "monitoring")
        self.scraper = self.authority.issue("prometheus", "clientAuth")
        self.renew()
        flag = flag.replace(mount["mountPath"], str(self.folder))
        self.exporter = WebExporter(folder / "exporter", flag, tls=self.client(self.scraper))

    def renew(self):
        """What the Secret holds, made again."""
        certificate, key = self.authority.issue("exporter", "serverAuth")
        for name, file in {"tls.crt": certificate, "tls.key": key, "ca.crt": self.authority.ca}.items():
            (self.folder / name).write_text(file.read_text())
        return certificate.read_text()

    def client(self, pair=None):
        context = ssl.create_default_context(cafile=self.authority.ca)
        if pair:
            context.load_cert_chain(*pair)
        return context

    def certificate(self):
        """That it shows; without one of ours the handshake ends later, after it was seen."""
        return ssl.get_server_certificate(("127.0.0.1", self.exporter.port))


@pytest.fixture
def pod(tmp_path, cleanup):
    made = Pod(tmp_path)
    cleanup.callback(made.exporter.process.kill)
    made.exporter.ready()
    return made


def test_a_scraper_with_a_certificate_is_let_in(pod):
    assert pod.exporter.scrape().value("endpoints") == 1


def test_one_without_or_with_a_stranger_s_is_not(pod, tmp_path):
    stranger = Authority(tmp_path / "stranger").issue("prometheus", "clientAuth")
    for pair in (None, stranger):
        with pytest.raises(REFUSED):
            pod.exporter.get("/metrics", tls=pod.client(pair))


def test_a_renewed_certificate_is_shown_without_a_restart(pod):
    renewed = pod.renew()
    assert pod.certificate().split() != renewed.split()
    until(lambda: pod.certificate().split() == renewed.split(), 20, "the new certificate")
    assert pod.exporter.scrape()


def test_the_kubelet_probes_without_a_certificate():
    (container,) = pods(helm(*MUTUAL_TLS))[0]["spec"]["containers"]
    assert container["livenessProbe"] == container["readinessProbe"] == {"tcpSocket": {"port": 9379}}
