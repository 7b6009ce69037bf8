"""A short life of a cluster with many writers, and what the exporter, etcd and the API server each say of it."""

import dataclasses
import json
import os
import pathlib
import ssl
import subprocess
import urllib.request

from harness.exporter import Exporter, Page
from harness.wait import until
from objects import CRD, many_kinds, widget
from storm import run_jobs
from truth import Watch, audited, first_revision

ROOT = pathlib.Path(__file__).resolve().parents[2]
HELM = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "etcd-headroom/tools/helm"


@dataclasses.dataclass
class Recording:
    writes: list  # truth.Write, of those that the exporter saw
    page: Page  # the exporter's, at the last of them
    audited: tuple  # as truth.audited gives it
    live: dict  # {key: value bytes} of all keys, by etcdctl


def patch(plane, path, body, agent, kind="application/merge-patch+json"):
    """A client of another language: a PATCH with its own user agent."""
    context = ssl.create_default_context(cafile=plane.files.root / "etc/kubernetes/pki/ca.crt")
    context.load_cert_chain(plane.files.admin_pair())
    request = urllib.request.Request(f"https://127.0.0.1:{plane.files.api_port}{path}", json.dumps(body).encode(), method="PATCH",
                                     headers={"Content-Type": kind, "User-Agent": agent})  # fmt: skip
    with urllib.request.urlopen(request, context=context, timeout=10) as answer:
        return json.load(answer)


def write_as_many(plane):
    """kubectl in its ways, Helm, and clients of other languages."""
    plane.kubectl("create", "namespace", "team-a")
    until(lambda: plane.kubectl("-n", "team-a", "get", "serviceaccount", "default", check=False), 60, "a service account")
    plane.apply(CRD)
    plane.kubectl("wait", "--for=condition=Established", "crd/widgets.example.com")
    plane.apply(*many_kinds("team-a"))
    plane.apply(*(widget(f"w{i}", size=i) for i in range(20)), server_side=True)
    for i in range(20):
        path = f"/apis/example.com/v1/namespaces/team-a/widgets/w{i}"
        patch(plane, path + "/status", {"status": {"seen": i}}, "widget-controller/1.0 (python)")
        patch(plane, path, {"spec": {"owner": "me"}}, "python-client/2.1")
    plane.kubectl("-n", "team-a", "annotate", "configmap", "x", "a=b")
    plane.kubectl("-n", "team-a", "scale", "deployment", "x", "--replicas=3")
    plane.kubectl("-n", "team-a", "label", "widget", "w1", "w2", "a=b")
    plane.kubectl("-n", "team-a", "delete", "secret", "x")
    subprocess.run([HELM, f"--kubeconfig={plane.files.kubeconfig}", "install", "headroom", ROOT / "deploy/helm/etcd-headroom",
                    "--namespace=monitoring", "--create-namespace", "--set=image.repository=etcd-headroom"], check=True, capture_output=True)  # fmt: skip
    plane.kubectl("create", "namespace", "batch-jobs")
    until(lambda: plane.kubectl("-n", "batch-jobs", "get", "serviceaccount", "default", check=False), 60, "a service account")


def record(plane, jobs=40):
    watch = Watch(plane)
    exporter = Exporter(plane.folder / "exporter", f"--path.rootfs={plane.files.root}", "--churn.max-pairs=5000",
                        "--inventory.count-at-start").ready()  # fmt: skip
    try:
        first = first_revision(exporter)
        plane.start_controllers()
        plane.start_nodes(20)
        write_as_many(plane)
        run_jobs(plane, jobs)
        plane.stop_all_but_etcd()
        last = json.loads(plane.etcdctl("endpoint", "status", "--write-out=json"))[0]["Status"]["header"]["revision"]
        page = until(lambda: (p := exporter.scrape()).value("watch_revision") >= last and p.has("objects") and p, 30, "the last revision")
        # Leases of the API server expire now, too.
        writes = [write for write in watch.writes(page.value("watch_revision")) if write.revision >= first]
        live = {key.decode(): len(value) for key, value in plane.everything()}
        return Recording(writes, page, audited(plane.audit_log), live)
    finally:
        watch.stop()
        exporter.check_and_kill()
