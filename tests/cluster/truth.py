"""What was really written: etcd's watch from the first revision on, and the API server's audit log."""

import base64
import collections
import dataclasses
import datetime
import json
import pathlib
import re
import subprocess
import urllib.parse

from harness.wait import until


@dataclasses.dataclass(frozen=True)
class Write:
    key: str
    revision: int
    version: int  # 0 of a delete
    value: bytes

    @property
    def size(self):
        """Key and value bytes; a delete has none."""
        return len(self.key.encode()) + len(self.value) if self.version else 0


class Watch:
    """All writes since the first revision, by etcdctl."""

    def __init__(self, plane):
        self.path = plane.folder / "watch.json"
        command = ["etcdctl", f"--endpoints=https://127.0.0.1:{plane.files.etcd_port}", *map(str, plane.files.etcd_flags()),
                   "watch", "", "--prefix", "--rev=1", "--write-out=json"]  # fmt: skip
        with open(self.path, "wb") as out:
            self.child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def writes(self, up_to):
        """Those up to a revision, in order; waits for it."""

        def read():
            found = []
            with open(self.path, encoding="utf-8") as lines:
                for line in lines:
                    if not line.endswith("\n"):
                        break
                    for event in json.loads(line)["Events"] or ():
                        entry = event["kv"]
                        found.append(Write(base64.b64decode(entry["key"]).decode(), entry["mod_revision"], entry.get("version", 0),
                                           base64.b64decode(entry.get("value", ""))))  # fmt: skip
            assert found[-1].revision >= up_to
            return [write for write in found if write.revision <= up_to]

        return until(read, 60, f"etcdctl's watch at {up_to}")

    def stop(self):
        self.child.kill()
        self.child.wait()


@dataclasses.dataclass(frozen=True)
class Request:
    verb: str
    resource: str  # as kubectl names it
    subresource: str
    name: str
    manager: str  # the field manager that the API server takes it for; "none" where the object has none, or for a delete
    left_trace: bool  # the manager's entry has the time of the request; a write that only takes fields away leaves none


def manager_of(entry):
    """The API server's rule: the parameter fieldManager, else the user agent up to its first slash."""
    query = urllib.parse.parse_qs(urllib.parse.urlparse(entry["requestURI"]).query)
    if "fieldManager" in query:
        return query["fieldManager"][0]
    return entry.get("userAgent", "unknown").split("/")[0] or "unknown"


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def left_trace(entry, metadata, subresource):
    """Entries have whole seconds."""
    first, last = (int(seconds(entry[name])) for name in ("requestReceivedTimestamp", "stageTimestamp"))
    own = (manager_of(entry), subresource)
    return any((field["manager"], field.get("subresource", "")) == own and first <= seconds(field["time"]) <= last
               for field in metadata.get("managedFields", ()))  # fmt: skip


def audited(path):
    """{revision: Request} of the requests that changed something, and those whose answers name no revision."""
    by_revision, others = {}, []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["stage"] != "ResponseComplete" or entry["responseStatus"].get("code", 0) >= 300:
                continue
            of = entry.get("objectRef") or {}
            group = of.get("apiGroup", "").replace("events.k8s.io", "")
            metadata = (entry.get("responseObject") or {}).get("metadata") or {}
            # The answer to a change of scale is a Scale, which has no managers.
            has_none = "delete" in entry["verb"] or not (metadata.get("managedFields") or of.get("subresource") == "scale")
            subresource = of.get("subresource", "")
            traced = has_none or subresource == "scale" or left_trace(entry, metadata, subresource)
            request = Request(entry["verb"], of.get("resource", "") + (f".{group}" if group else ""), subresource, of.get("name", ""),
                              "none" if has_none else manager_of(entry), traced)  # fmt: skip
            revision = metadata.get("resourceVersion")
            if revision:
                # A later request with the same revision changed nothing.
                by_revision.setdefault(int(revision), request)
            else:
                others.append(request)
    return by_revision, others


TABLE = pathlib.Path(__file__).parents[2] / "exporter/kubernetes/built_in_resources.h"
# {path: name}; test_names.py compares it with a real server.
BUILT_IN = dict(re.findall(r'\{"([^"]+)",\s*"([^"]+)"\}', TABLE.read_text(encoding="utf-8")))


def resource_of(key):
    """The resource of a key, as kubectl names it."""
    if not key.startswith("/registry/"):
        return key
    first, second = key.split("/")[2:4]
    return BUILT_IN.get(f"{first}/{second}") or BUILT_IN.get(first) or f"{second}.{first}"


def first_revision(exporter):
    """Where the exporter's watch began."""
    until(lambda: exporter.scrape().value("watch_connected") == 1, 30, "the exporter's watch")
    return int(re.search(r"from_revision=(\d+)", exporter.log_lines("msg=watching")[0])[1])


def attributed(writes, by_revision, others):
    """{(resource, manager, subresource): [writes, bytes]} as the audit log has it.

    A binding answers with no revision, and so does a Pod that is marked for deletion; neither has a manager. A delete counts for
    the last manager of its object.
    """
    found = collections.defaultdict(lambda: [0, 0])
    last = {}
    for write in writes:
        request = by_revision.get(write.revision)
        if not write.version:
            labels = last.pop(write.key, (resource_of(write.key), "none", ""))
        elif request is None:
            labels = (resource_of(write.key), "none", "")
        elif request.manager == "none":
            labels = (request.resource, "none", "")
        else:
            labels = (request.resource, request.manager, request.subresource)
            if request.resource != "events":
                last[write.key] = labels
        found[labels][0] += 1
        found[labels][1] += write.size
    bindings = sum(request.subresource == "binding" for request in others)
    if bindings:
        found["pods", "none", ""][0] -= bindings
        found["pods", "none", "binding"][0] += bindings
    return found
