"""The life of a cluster whose policies and short-lived Jobs fill etcd, as its operator sees it."""

import dataclasses
import json
import os
import pathlib
import shlex
import shutil
import time

import kyverno
import recordings
from harness import report
from harness.exporter import Exporter, Page
from harness.monitoring import ROOT, Alertmanager, Prometheus, Receiver
from harness.wait import until
from programs import etcd, program
from storm import Storm
from truth import Watch, first_revision

QUOTA = 88 << 20
IDLE_SECONDS = 60
YOUNG = "time() - member:etcd_headroom_member_start_time_seconds:max < 10 * 60"
NAMESPACE = "batch-jobs"
SHOP = "shop"
FILLS_FAST = "EtcdHeadroomFillsFast"
FORECAST = "EtcdHeadroomFullWithinTheHour"
WRITES_REFUSED = "EtcdHeadroomWritesRefused"
CONTROLLERS = ("kube-controller-manager", "kube-scheduler", "kyverno", "reports-controller")


@dataclasses.dataclass
class Story:
    """What was seen. Times are seconds since the epoch."""

    first_revision: int = 0  # that the exporter's watch began at
    storm_began: float = 0
    storm_revision: int = 0  # etcd's at that time
    refused_at: float = 0  # NOSPACE was armed
    foretold: list = dataclasses.field(default_factory=list)  # (time, seconds to the quota)
    fired: dict = dataclasses.field(default_factory=dict)  # {alert: when it fired first}
    pages: list = dataclasses.field(default_factory=list)  # the alerts that Alertmanager sent
    reports: dict = dataclasses.field(default_factory=dict)  # {stage: (exit code, report)}
    ended: set = dataclasses.field(default_factory=set)  # the programs that exited under NOSPACE
    refusal: str = ""  # what kubectl said to it
    page: Page | None = None  # the exporter's, under NOSPACE
    writes: list = dataclasses.field(default_factory=list)  # truth.Write, those of the page
    events: list = dataclasses.field(default_factory=list)  # the live Events under NOSPACE
    before: dict = dataclasses.field(default_factory=dict)  # {key: value} under NOSPACE
    after: dict = dataclasses.field(default_factory=dict)  # the same after the printed commands
    printed: str = ""  # by those commands
    size_after: int = 0


class Run:
    """Runs the story on a control plane that was just started."""

    def __init__(self, plane, stack):
        self.plane, self.stack, self.story, self.began = plane, stack, Story(), time.time()
        self.exporter = Exporter(plane.folder / "exporter", self.rootfs).ready()
        stack.callback(self.exporter.check_and_kill)
        self.story.first_revision = first_revision(self.exporter)
        self.watch = Watch(plane)
        stack.callback(self.watch.stop)
        self.receiver = Receiver()
        stack.callback(self.receiver.stop)
        alertmanager = Alertmanager(plane.folder / "alertmanager", self.receiver.url)
        stack.callback(alertmanager.stop)
        self.prometheus = Prometheus(plane.folder / "prometheus", [f"127.0.0.1:{self.exporter.port}"], {"cluster": "demo"},
                                     alertmanager.ready().address, interval="5s", binary=program("prometheus"),
                                     rules=rules_of_an_old_etcd(plane.folder / "rules"))  # fmt: skip
        stack.callback(self.prometheus.stop)
        self.prometheus.ready()

    @property
    def rootfs(self):
        return f"--path.rootfs={self.plane.files.root}"

    def say(self, text):
        print(f"{time.time() - self.began:6.0f} s  {text}", flush=True)

    def revision(self):
        return json.loads(self.plane.etcdctl("endpoint", "status", "--write-out=json"))[0]["Status"]["header"]["revision"]

    def report(self, stage):
        self.story.reports[stage] = code, found = report.ask(self.rootfs, timeout=120)
        self.say(f"report, {stage}: {code} {found['headline']}")
        return found

    def is_firing(self, alert):
        return self.prometheus.query(f'ALERTS{{alertname="{alert}",alertstate="firing"}}')

    def play(self):
        self.settle()
        self.fill()
        self.recover()
        self.look_back()
        return self.story

    def settle(self):
        """A cluster that lives: nodes, ConfigMaps and Deployments, and Kyverno without policies."""
        plane = self.plane
        # `kubeadm init` does the same. The printed commands need it.
        plane.kubectl(
            "create", "clusterrolebinding", "kubeadm:cluster-admins", "--clusterrole=cluster-admin", "--group=kubeadm:cluster-admins"
        )
        plane.start_controllers()
        plane.start_nodes(60)
        for namespace in (SHOP, NAMESPACE):
            plane.kubectl("create", "namespace", namespace)
        plane.apply(*living())
        kyverno.install(plane)
        kyverno.start(plane)
        until(lambda: plane.kubectl("-n", SHOP, "rollout", "status", "deployment/web-0", "--timeout=60s"), 90, "a Deployment")
        began = time.time()
        until(lambda: time.time() - began > IDLE_SECONDS, 2 * IDLE_SECONDS, "an idle time")
        self.report("calm")

    def fill(self):
        plane, story = self.plane, self.story
        plane.apply(*kyverno.audit_policies())
        story.storm_began, story.storm_revision = time.time(), self.revision()
        self.say("policies are on, Jobs begin")
        storm = Storm(plane, NAMESPACE)
        self.stack.callback(storm.stop)
        until(lambda: self.is_firing(FORECAST), 1200, "the forecast")
        self.say(f"{FORECAST} fires")
        # A compaction during the sample hides the growth.
        until(lambda: self.report("filling")["headline"].startswith("Full in "), 120, "readings that agree")
        until(lambda: self.exporter.scrape().value("alarm_active", alarm="NOSPACE") == 1, 1800, "NOSPACE")
        story.refused_at = time.time()
        self.say("NOSPACE")
        story.refusal = until(lambda: storm.refusal, 60, "a refused Job")
        until(lambda: self.is_firing(WRITES_REFUSED), 30, "the page for it")
        until(lambda: self.ended() == set(CONTROLLERS), 90, "the end of all that hold leases")
        story.ended = self.ended()
        self.say(f"ended: {sorted(story.ended)}")

    def ended(self):
        return {pathlib.Path(process.command[0]).name for process in self.plane.processes if process.child.poll() is not None}

    def recover(self):
        plane, story = self.plane, self.story
        revision = self.revision()
        story.page = until(lambda: (p := self.exporter.scrape()).value("watch_revision") >= revision and p, 30, "the last revision")
        story.writes = [write for write in self.watch.writes(story.page.value("watch_revision")) if write.revision >= story.first_revision]
        story.events = plane.get("/api/v1/events")["items"]
        found = self.report("full")
        (plane.folder / "full.json").write_text(json.dumps(found, indent=1))
        story.before = dict(plane.everything())
        path = f"{node_programs(plane)}:/usr/bin:/bin"
        (asks_kubernetes,) = [step for step in found["steps"] if "kubectl" in step.get("command", "")]
        position = found["steps"].index(asks_kubernetes)
        story.printed = report.follow({"steps": found["steps"][:position]}, plane.folder, path=path)
        self.say("the printed etcdctl commands are done")
        story.after = dict(plane.everything())
        plane.kubectl("create", "configmap", "written", "--namespace", SHOP)
        # That step's text says so. Until then Kyverno's webhooks refuse Pods.
        plane.restart_ended()
        preparation = found["steps"][0]
        until(lambda: report.follow({"steps": [preparation, asks_kubernetes]}, plane.folder, path=path), 120, "Kubernetes' answer")
        self.report("after")

    def look_back(self):
        """Controllers and Kyverno work again, and the alarm stays off."""
        plane, story = self.plane, self.story
        until(lambda: plane.kubectl("-n", SHOP, "create", "job", "later", "--image=work", check=False), 120, "a Job after it")
        until(lambda: plane.get(f"/apis/batch/v1/namespaces/{SHOP}/jobs/later").get("status", {}).get("succeeded"), 180, "its end")
        until(lambda: not self.is_firing(WRITES_REFUSED), 60, "the end of the alert")
        self.say("all is back")
        story.size_after = self.exporter.scrape().value("db_size_bytes")
        assert self.exporter.scrape().value("alarm_active", alarm="NOSPACE") == 0
        story.pages = list(self.receiver.alerts)
        now = time.time()
        for series in self.prometheus.query_range('ALERTS{alertstate="firing"}', self.began, now, 5):
            name, first = series["metric"]["alertname"], series["values"][0][0]
            story.fired[name] = min(first, story.fired.get(name, first))
        for series in self.prometheus.query_range("cluster:etcd_headroom_time_to_quota_seconds:min", self.began, now, 5):
            story.foretold += [(at, float(value)) for at, value in series["values"]]
        if os.environ.get("HEADROOM_RECORD"):
            recordings.write_trace(self.prometheus, QUOTA, story.storm_began, story.refused_at)
            storm = [write for write in story.writes if write.revision > story.storm_revision]
            recordings.write_sums(storm, story.refused_at - story.storm_began)


def rules_of_an_old_etcd(folder):
    """Ours, but for what they ignore of an etcd in its first ten minutes: here it catches up with nobody."""
    folder.mkdir()
    for name in ("recording.yaml", "alerts.yaml"):
        text = (ROOT / "rules" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(YOUNG, YOUNG.replace("10 * 60", "0")), encoding="utf-8")
        assert text.count(YOUNG) == 2 * (name == "recording.yaml")
    return folder


def living():
    """What must outlive the storm."""
    label = {"app": "web"}
    pod = {"metadata": {"labels": label}, "spec": {"containers": [{"name": "web", "image": "web"}]}}
    return [
        *({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"settings-{i}", "namespace": SHOP},
           "data": {"number": str(i), "text": "x" * 500}} for i in range(50)),
        *({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": f"web-{i}", "namespace": SHOP},
           "spec": {"replicas": 2, "selector": {"matchLabels": label}, "template": pod}} for i in range(10)),
    ]  # fmt: skip


def node_programs(plane):
    """A folder with the `crictl` and `kubectl` of the node, on which this folder is /."""
    etcdctl = pathlib.Path(etcd().binary).parent / "etcdctl"
    programs = {"etcdctl": etcdctl if etcdctl.exists() else shutil.which("etcdctl"), "kubectl": program("kubectl")}
    folder = plane.folder / "bin"
    folder.mkdir()
    for name, start in (("crictl", '[ "$1" = exec ] || { echo etcd; exit; }\nshift 2'), ("kubectl", 'set -- kubectl "$@"')):
        script = folder / name
        cases = "".join(f"{known}) program={shlex.quote(str(path))} ;;\n" for known, path in programs.items())
        script.write_text(f"""#!/bin/sh
{start}
case $1 in
{cases}esac
shift
for word; do
  set -- "$@" "$(echo "$word" | sed 's|/etc/kubernetes/|{plane.files.root}&|; s|^/var/lib/etcd|{plane.files.root}&|')"
  shift
done
exec "$program" "$@"
""")
        script.chmod(0o755)
    return folder


def markdown(story):
    """A table of what fired when, for people."""
    lines = ["| After the start of the storm | |", "|---|---|"]
    moments = sorted([(at, name) for name, at in story.fired.items()] + [(story.refused_at, "**NOSPACE**")])
    for at, name in moments:
        known = [left for when, left in story.foretold if abs(when - at) <= 5]
        foretold = f", {known[0]:.0f} s foretold, {story.refused_at - at:.0f} s real" if known and at < story.refused_at else ""
        lines.append(f"| {at - story.storm_began:.0f} s | {name}{foretold} |")
    return "\n".join(lines)
