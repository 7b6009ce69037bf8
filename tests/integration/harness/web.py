"""An exporter that serves by a web configuration: TLS, passwords, other addresses."""

import base64
import http.client
import socket
import ssl

import yaml

from .exporter import Exporter

# bcrypt of PASSWORD at its least cost, and at one that takes a quarter of a second.
PASSWORD = "open sesame"
HASH = "$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy"
SLOW_HASH = "$2y$12$abcdefghijklmnopqrstuuq2uHH4t8IjTa8PV9VUUF1vssBH6WaR2"


class WebConfig:
    """The file, and the pair beside it: exporter.crt and exporter.key by an authority of scrapers."""

    def __init__(self, folder, authority):
        self.folder = folder
        self.authority = authority
        self.file = folder / "web.yml"
        self.pair = authority.issue("exporter", "serverAuth", "IP:127.0.0.1,IP:::1,DNS:localhost")
        self.scraper = authority.issue("scraper", "clientAuth")

    def write(self, *, tls=None, users=None, headers=None):
        """`tls`: what the section has besides the pair; None for plain HTTP."""
        text = {}
        if tls is not None:
            text["tls_server_config"] = {"cert_file": str(self.pair[0]), "key_file": str(self.pair[1]), **tls}
        if users:
            text["basic_auth_users"] = users
        if headers:
            text["http_server_config"] = {"headers": headers}
        self.file.write_text(yaml.safe_dump(text))
        return self

    def mutual(self):
        return {"client_auth_type": "RequireAndVerifyClientCert", "client_ca_file": str(self.authority.ca)}

    def flag(self):
        return f"--web.config.file={self.file}"

    def client(self, pair=None, version=None):
        """A client's TLS context that trusts the authority."""
        context = ssl.create_default_context(cafile=self.authority.ca)
        if pair:
            context.load_cert_chain(*pair)
        if version:
            context.minimum_version = context.maximum_version = version
        return context


class WebExporter(Exporter):
    """`tls`: the client's context, `user`: its name and password, `host`: the address it goes to."""

    def __init__(self, folder, *arguments, tls=None, user=None, host="127.0.0.1"):
        self.tls, self.user, self.host = tls, user, host
        super().__init__(folder, "--etcd.endpoints=http://127.0.0.1:1", *arguments, env=None)

    def get(self, path, method="GET", headers=None, timeout=15, **other):
        tls, user, host = (other.get(name, getattr(self, name)) for name in ("tls", "user", "host"))
        headers = dict(headers or {})
        if user:
            headers["Authorization"] = "Basic " + base64.b64encode(":".join(user).encode()).decode()
        connection = (
            http.client.HTTPSConnection(host, self.port, timeout=timeout, context=tls)
            if tls
            else http.client.HTTPConnection(host, self.port, timeout=timeout)
        )
        return self.ask(connection, path, method, headers)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=15)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)
