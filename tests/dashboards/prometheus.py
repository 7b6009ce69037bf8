"""A Prometheus with the project's rules that knows a past, and is asked as Grafana asks."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request

import history
import yaml
from boards import ROOT
from harness.ports import free_port
from harness.process import Process
from harness.wait import until

# The rules wait until an etcd is ten minutes old; this test does not.
AT_ONCE = [{"source_labels": ["__name__"], "regex": "etcd_headroom_member_start_time_seconds", "action": "drop"}]


class Prometheus:
    """Scrapes and evaluates every second. Everything is there twice: with the label cluster="demo" and without any."""

    def __init__(self, folder, targets, quota):
        folder.mkdir()
        history.write(folder, quota, ('cluster="demo"', ""))
        files = ["recording.yaml", "alerts.yaml", "managed.yaml"]
        for name in files:
            rules = (ROOT / "rules" / name).read_text(encoding="utf-8")
            (folder / name).write_text(re.sub(r"^(  - |    )interval: .*$", r"\1interval: 1s", rules, flags=re.MULTILINE))
        jobs = [
            {
                "job_name": f"headroom-exporter-{number}",
                "static_configs": [{"targets": targets, "labels": labels}],
                "metric_relabel_configs": AT_ONCE,
            }
            for number, labels in enumerate(({"cluster": "demo"}, {}))
        ]
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": files,
            "scrape_configs": jobs,
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        self.address = f"127.0.0.1:{free_port()}"
        self.process = Process(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address={self.address}"], folder / "log")  # fmt: skip
        until(lambda: urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=2), 30, "Prometheus")

    def get(self, path, **parameters):
        """What Prometheus answers; AssertionError with its words when it refuses."""
        try:
            with urllib.request.urlopen(f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=20) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["error"]) from error

    def query(self, expression):
        return self.get("query", query=expression)["result"]

    def stop(self):
        self.process.kill()
