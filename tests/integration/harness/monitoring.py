"""A real Prometheus and a real Alertmanager, and a receiver of what the latter sends."""

import http.server
import json
import pathlib
import threading
import urllib.parse
import urllib.request

import yaml

from .ports import free_port
from .process import Process
from .wait import until

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Receiver:
    """A webhook that keeps the alerts it is sent."""

    def __init__(self):
        self.alerts = []
        receiver = self

        class Hook(Handler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.alerts += json.loads(body)["alerts"]
                self.send_response(200)
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def named(self, name):
        return [alert for alert in self.alerts if alert["labels"]["alertname"] == name]

    def stop(self):
        self.server.shutdown()


class Alertmanager:
    """With the inhibition rules that are shipped."""

    def __init__(self, folder, webhook):
        folder.mkdir(parents=True, exist_ok=True)
        self.address = f"127.0.0.1:{free_port()}"
        inhibition = yaml.safe_load((ROOT / "deploy/alertmanager/inhibition.yaml").read_text(encoding="utf-8"))
        self.config = folder / "alertmanager.yml"
        self.config.write_text(yaml.safe_dump({
            "route": {"receiver": "hook", "group_wait": "1s", "group_interval": "2s", "group_by": ["cluster", "alertname"]},
            "receivers": [{"name": "hook", "webhook_configs": [{"url": webhook}]}],
            **inhibition,
        }))  # fmt: skip
        self.process = Process(
            ["prometheus-alertmanager", f"--config.file={self.config}", f"--storage.path={folder}/data",
             f"--web.listen-address={self.address}", "--cluster.listen-address="], folder / "log")  # fmt: skip

    def ready(self):
        until(lambda: urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=2), 20, "Alertmanager")
        return self

    def alerts(self):
        with urllib.request.urlopen(f"http://{self.address}/api/v2/alerts", timeout=5) as answer:
            return json.load(answer)

    def stop(self):
        self.process.kill()


class Scraper:
    """A Prometheus by `config`."""

    def __init__(self, folder, config, binary="prometheus"):
        folder.mkdir(parents=True, exist_ok=True)
        self.address = f"127.0.0.1:{free_port()}"
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        self.process = Process(
            [binary, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address={self.address}"], folder / "log")  # fmt: skip

    def get(self, path):
        with urllib.request.urlopen(f"http://{self.address}{path}", timeout=10) as answer:
            return json.load(answer)["data"]

    def query(self, expression):
        return self.get(f"/api/v1/query?{urllib.parse.urlencode({'query': expression})}")["result"]

    def query_range(self, expression, start, end, step):
        """Times in seconds since the epoch."""
        parameters = urllib.parse.urlencode({"query": expression, "start": start, "end": end, "step": step})
        return self.get(f"/api/v1/query_range?{parameters}")["result"]

    def ready(self):
        until(lambda: urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=2), 30, "Prometheus")
        return self

    def stop(self):
        self.process.kill()


class Prometheus(Scraper):
    """Scrapes `targets` and evaluates the project's rules, both every `interval`. `rules`: a folder with both files."""

    def __init__(self, folder, targets, labels, alertmanager, interval="1s", binary="prometheus", rules=ROOT / "rules"):
        config = {
            "global": {"scrape_interval": interval, "evaluation_interval": interval},
            "rule_files": [str(rules / name) for name in ("recording.yaml", "alerts.yaml")],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
            "scrape_configs": [{"job_name": "headroom-exporter", "static_configs": [{"targets": targets, "labels": labels}]}],
        }
        super().__init__(folder, config, binary)
