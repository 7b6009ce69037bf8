"""The exporter under test and its page."""

import http.client
import os
import pathlib
import re
import signal

from prometheus_client.parser import text_string_to_metric_families

from .ports import free_port
from .process import Process
from .wait import until

BINARY = os.environ["HEADROOM_EXPORTER"]


class Page:
    """One scrape, parsed. Series are found by name and any of their labels."""

    def __init__(self, text):
        self.text = text
        self.families = list(text_string_to_metric_families(text))
        self.samples = [sample for family in self.families for sample in family.samples]

    def find(self, name, **labels):
        name = name if name.startswith("process_") else f"etcd_headroom_{name}"
        return [s for s in self.samples if s.name == name and labels.items() <= s.labels.items()]

    def value(self, name, **labels):
        """The value of the only such series; KeyError when it is absent."""
        found = self.find(name, **labels)
        if not found:
            raise KeyError(f"{name}{labels} is not on the page")
        assert len(found) == 1, f"{name}{labels} is there {len(found)} times"
        return found[0].value

    def has(self, name, **labels):
        return bool(self.find(name, **labels))

    def names(self):
        return {sample.name for sample in self.samples}


class Exporter:
    def __init__(self, folder, *arguments, env=None):
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        command = [BINARY, f"--web.listen-address=127.0.0.1:{self.port}", *arguments]
        self.process = Process(command, folder / "exporter.log", {"NODE_NAME": "node-a", **(env or {})})

    def ready(self):
        until(lambda: self.get("/-/ready")[0] == 200, 10, "the exporter's readiness")
        return self

    def get(self, path, method="GET", headers=None, timeout=15):
        """(status, headers, body) of one request."""
        return self.ask(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout), path, method, headers)

    @staticmethod
    def ask(connection, path, method="GET", headers=None):
        try:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def scrape(self, timeout_header=None):
        headers = {"X-Prometheus-Scrape-Timeout-Seconds": str(timeout_header)} if timeout_header else {}
        status, _, body = self.get("/metrics", headers=headers)
        assert status == 200, status
        return Page(body.decode())

    def is_smaller_than(self, mib):
        """Its resident memory; a sanitizer's own does not count."""
        status = pathlib.Path(f"/proc/{self.process.child.pid}/status").read_text()
        resident = int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024
        print(f"resident: {resident:.1f} MiB")
        return os.environ.get("HEADROOM_SANITIZED") or resident < mib

    def log_lines(self, text):
        return [line for line in self.process.log().splitlines() if text in line]

    def stop(self):
        """SIGTERM; returns the exit code."""
        self.process.signal(signal.SIGTERM)
        return self.process.wait(10)

    def check_and_kill(self):
        """Ends it. Under a sanitizer it ends by itself, so that leaks are found, and must have nothing to report."""
        if os.environ.get("HEADROOM_SANITIZED") and self.process.child.poll() is None:
            assert self.stop() == 0, self.process.log()
        self.process.kill()
        reports = re.findall(r".*(?:Sanitizer:|runtime error:).*", self.process.log())
        assert not reports, reports
