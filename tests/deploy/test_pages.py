"""What the example's receivers show, sent by a real Alertmanager to sinks for Slack, PagerDuty and mail."""

import datetime
import email
import http.server
import json
import shutil
import socketserver
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
import yaml
from tools import ROOT, tool

sys.path.insert(0, str(ROOT / "tests/integration"))
from harness.ports import free_port  # noqa: E402

EXAMPLE = ROOT / "deploy/alertmanager"
RULES = {rule["alert"] + rule["labels"]["severity"]: rule for group in yaml.safe_load((ROOT / "rules/alerts.yaml").read_text())["groups"]
         for rule in group["rules"]}  # fmt: skip


class Sink(http.server.BaseHTTPRequestHandler):
    """Keeps what is posted, by path."""

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.posted.setdefault(self.path, []).append(body)
        self.send_response(202)
        self.end_headers()
        self.wfile.write(b'{"status": "success", "dedup_key": "x"}')


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as one message needs."""

    def handle(self):
        self.wfile.write(b"220 sink\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    text += line[1:] if line.startswith(b"..") else line
                self.server.mails.append(email.message_from_bytes(text))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


class Stack:
    def __init__(self, folder, program):
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
        self.http.posted = {}
        self.smtp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
        self.smtp.mails = []
        for server in (self.http, self.smtp):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        config = yaml.safe_load((EXAMPLE / "alertmanager.yaml").read_text())
        sink = f"http://127.0.0.1:{self.http.server_port}"
        (pages, tickets, team, _) = config["receivers"]
        pages["slack_configs"][0]["api_url"] = f"{sink}/slack"
        pages["pagerduty_configs"][0]["url"] = f"{sink}/pagerduty"
        for mailed in (tickets, team):
            mailed["email_configs"][0]["smarthost"] = f"127.0.0.1:{self.smtp.server_address[1]}"
        # The example's minutes, as seconds.
        config["route"].update(group_wait="1s", group_interval="2s")
        config["route"]["routes"][0].update(group_wait="1s", group_interval="2s")
        (folder / "alertmanager.yml").write_text(yaml.safe_dump(config))
        shutil.copy(EXAMPLE / "etcd-headroom.tmpl", folder)
        self.address = f"127.0.0.1:{free_port()}"
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [program, f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/data",
                 f"--web.listen-address={self.address}", "--cluster.listen-address="], stdout=log, stderr=log)  # fmt: skip
        self.until(lambda: urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=2))

    def until(self, found):
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            try:
                if got := found():
                    return got
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError("not in time")

    def send(self, *alerts, ended=False, more=None):
        """(name, severity) of one cluster; `more` labels of all."""
        now = datetime.datetime.now(datetime.timezone.utc)
        body = []
        for name, severity in alerts:
            annotations = RULES[f"EtcdHeadroom{name}{severity}"]["annotations"]
            body.append({
                "labels": {"alertname": f"EtcdHeadroom{name}", "severity": severity, "cluster": "prod", **(more or {})},
                "annotations": {"summary": f"summary of {name}", "description": f"description of {name}",
                                "runbook_url": annotations["runbook_url"], "dashboard_url": "https://grafana.example/d/etcd-headroom"},
                # Alertmanager flushes an older one at once, perhaps before its inhibitor has seen the others.
                "startsAt": now.isoformat(),
                **({"endsAt": now.isoformat()} if ended else {}),
            })  # fmt: skip
        request = urllib.request.Request(
            f"http://{self.address}/api/v2/alerts", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=10)

    def posted(self, path):
        return self.http.posted.get(path, [])

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.http.shutdown()
        self.smtp.shutdown()


@pytest.fixture
def stack(tmp_path):
    one = Stack(tmp_path, tool("prometheus-alertmanager"))
    yield one
    one.stop()


def parts_of(name):
    return (f"summary of {name}", f"description of {name}", f"/runbooks/EtcdHeadroom{name}.md", "https://grafana.example/d/etcd-headroom")


def test_a_page_shows_summary_description_and_links(stack):
    stack.send(("WritesRefused", "critical"))
    (slack,) = stack.until(lambda: stack.posted("/slack"))
    (attachment,) = slack["attachments"]
    assert attachment["title"] == "[FIRING:1] summary of WritesRefused"
    assert attachment["title_link"].endswith("/EtcdHeadroomWritesRefused.md")
    assert all(part in attachment["text"] for part in parts_of("WritesRefused"))
    (page,) = stack.until(lambda: stack.posted("/pagerduty"))
    assert page["payload"]["summary"] == "[FIRING:1] summary of WritesRefused" and page["payload"]["severity"] == "critical"
    assert all(part in page["payload"]["custom_details"]["text"] for part in parts_of("WritesRefused"))


def test_a_ticket_is_a_mail_with_the_same(stack):
    stack.send(("FullWithinADay", "warning"))
    (mail,) = stack.until(lambda: stack.smtp.mails)
    assert mail["Subject"] == "[FIRING:1] summary of FullWithinADay"
    bodies = {part.get_content_type(): part.get_payload(decode=True).decode() for part in mail.walk() if not part.is_multipart()}
    assert bodies.keys() == {"text/plain", "text/html"}
    assert [part for body in bodies.values() for part in parts_of("FullWithinADay") if part not in body] == [], bodies


@pytest.mark.parametrize("name, severity", [("NamespaceOverBudget", "warning"), ("NamespaceNearBudget", "info")])
def test_a_budget_goes_to_its_owner(stack, name, severity):
    stack.send((name, severity), more={"object_namespace": "shop", "owner": "team-a"})
    (mail,) = stack.until(lambda: stack.smtp.mails)
    assert mail["To"] == "team-a@example.org" and mail["Subject"] == f"[FIRING:1] summary of {name}"


def test_a_fill_goes_to_the_owner_of_the_writer(stack):
    stack.send(("TopWriter", "info"), more={"object_namespace": "shop-test", "resource": "pods"})
    (mail,) = stack.until(lambda: stack.smtp.mails)
    assert mail["To"] == "team-a@example.org" and mail["Subject"] == "[FIRING:1] summary of TopWriter"


@pytest.mark.parametrize("namespace, receiver", [("shop", "team-a"), ("shop-test", "team-a"), ("workshop", "none"), ("", "none")])
def test_a_fill_of_others_is_nobodys_mail(namespace, receiver):
    labels = ("alertname=EtcdHeadroomTopWriter", "severity=info", *([f"object_namespace={namespace}"] if namespace else []))
    command = [tool("amtool"), "config", "routes", "test", f"--config.file={EXAMPLE}/alertmanager.yaml", *labels]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == [receiver]


def test_one_fill_is_one_incident_until_the_disarm(stack):
    stack.send(("CompactionStalled", "critical"), ("FullWithinTheHour", "critical"))
    stack.until(lambda: stack.posted("/pagerduty"))
    stack.send(("AlmostFull", "critical"), ("WritesRefused", "critical"))
    stack.until(lambda: "summary of WritesRefused" in str(stack.posted("/pagerduty")))
    stack.send(("DisarmMissing", "critical"))
    stack.until(lambda: "summary of DisarmMissing" in str(stack.posted("/pagerduty")))
    stack.send(("FullWithinTheHour", "critical"), ("AlmostFull", "critical"), ended=True)
    time.sleep(5)
    pages = stack.posted("/pagerduty")
    assert len({page["dedup_key"] for page in pages}) == 1
    assert {page["event_action"] for page in pages} == {"trigger"}, "nothing is resolved while writes are refused"
    assert "FullWithinTheHour" not in str(pages), "CompactionStalled says both"
    assert "AlmostFull" not in str(pages) and "Resolved" not in str(stack.posted("/slack"))
    assert "summary of WritesRefused" in pages[-1]["payload"]["custom_details"]["text"]
    stack.send(("CompactionStalled", "critical"), ("WritesRefused", "critical"), ("DisarmMissing", "critical"), ended=True)
    stack.until(lambda: stack.posted("/pagerduty")[-1]["event_action"] == "resolve")
