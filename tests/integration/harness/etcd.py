"""Real etcd members, alone or as a cluster, and etcdctl to ask them."""

import json
import socket
import ssl
import subprocess
import urllib.parse
import urllib.request

from .ports import free_port
from .process import Process
from .servers import servers
from .wait import until


def etcdctl(endpoints, *arguments, timeout=60, check=True, authority=None):
    """Runs etcdctl and returns its standard output."""
    command = ["etcdctl", "--endpoints", ",".join(endpoints), *map(str, arguments)]
    if authority:
        command += ["--cacert", authority.ca, "--cert", authority.folder / "client.crt", "--key", authority.folder / "client.key"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise AssertionError(f"{command}: {done.stderr.strip()}")
    return done.stdout


class Etcd:
    """One member. Its data live in `folder`, so that it can be restarted."""

    def __init__(self, folder, name="m1", cluster=None, arguments=(), env=None, peer_port=None, state="new", authority=None,
                 server=None):  # fmt: skip
        """With an `authority` the client side is TLS with client certificates; it must have issued `server` and `client`.

        `server` is the one to run, Debian's if not given.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.folder = folder
        self.server = server or servers()[0]
        self.authority = authority
        self.url = f"{'https' if authority else 'http'}://127.0.0.1:{free_port()}"
        self.peer_url = f"http://127.0.0.1:{peer_port or free_port()}"
        command = [
            self.server.binary,
            "--name",
            name,
            "--data-dir",
            folder / "data",
            "--unsafe-no-fsync",
            "--logger=zap",
            "--log-level=warn",
            "--listen-client-urls",
            self.url,
            "--advertise-client-urls",
            self.url,
            "--listen-peer-urls",
            self.peer_url,
            "--initial-advertise-peer-urls",
            self.peer_url,
            "--initial-cluster",
            cluster or f"{name}={self.peer_url}",
            "--initial-cluster-state",
            state,
            *arguments,
        ]
        if authority:
            command += [f"--trusted-ca-file={authority.ca}", f"--cert-file={authority.folder}/server.crt",
                        f"--key-file={authority.folder}/server.key", "--client-cert-auth"]  # fmt: skip
        self.process = Process(command, folder / "etcd.log", env)

    def get(self, path):
        """The body of a GET at the client URL."""
        context = None
        if self.authority:
            context = ssl.create_default_context(cafile=self.authority.ca)
            context.load_cert_chain(self.authority.folder / "client.crt", self.authority.folder / "client.key")
        with urllib.request.urlopen(f"{self.url}{path}", timeout=5, context=context) as answer:
            return answer.read().decode()

    def accepts(self):
        """True once it takes connections; for servers that would refuse the harness itself."""
        with socket.create_connection(("127.0.0.1", urllib.parse.urlparse(self.url).port), 1):
            return True

    def ready(self):
        until(self._healthy, 30, f"health of {self.name}")
        return self

    def _healthy(self):
        if self.process.child.poll() is not None:
            raise RuntimeError(f"{self.name} has ended: {self.process.log()[-2000:]}")
        return json.loads(self.get("/health"))["health"] in ("true", True)

    def ctl(self, *arguments, **options):
        return etcdctl([self.url], *arguments, authority=self.authority, **options)

    def status(self):
        """The Status fields as etcdctl shows them."""
        return json.loads(self.ctl("endpoint", "status", "-w", "json"))[0]["Status"]

    def page(self):
        """etcd's own metrics page: {name: value} of series without labels."""
        lines = self.get("/metrics").splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if line and line[0] != "#" and "{" not in line)
        return {name: float(value) for name, value in pairs}

    def restart(self):
        self.process.kill()
        self.process.start()
        return self

    def stop(self):
        self.process.kill()


def start_cluster(folder, size=3, arguments=(), **options):
    """Starts `size` voting members that know each other and waits until all are healthy."""
    names = [f"m{i + 1}" for i in range(size)]
    ports = {name: free_port() for name in names}
    cluster = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in ports.items())
    members = [Etcd(folder / name, name, cluster, arguments, peer_port=ports[name], **options) for name in names]
    for member in members:
        member.ready()
    return members
