"""Short-lived Jobs."""

import json
import threading
import time


def job(name, namespace, pods=2):
    container = {"name": "work", "image": "work", "resources": {"requests": {"cpu": "10m"}}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name, "namespace": namespace},
            "spec": {"completions": pods, "parallelism": pods, "ttlSecondsAfterFinished": 2, "backoffLimit": 0,
                     "template": {"spec": {"containers": [container], "restartPolicy": "Never"}}}}  # fmt: skip


def run_jobs(plane, count, namespace="batch-jobs", at_once=25, timeout=300):
    """Creates Jobs a few at a time and waits until all are finished and gone."""
    for first in range(0, count, at_once):
        items = [job(f"job-{i}", namespace) for i in range(first, min(count, first + at_once))]
        plane.kubectl("create", "-f", "-", text=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    deadline = time.monotonic() + timeout
    while plane.get(f"/apis/batch/v1/namespaces/{namespace}/jobs?limit=1")["items"]:
        assert plane.is_ready() and time.monotonic() < deadline, plane.kubectl("get", "jobs", "-A")[:3000]
        time.sleep(1)


class Storm:
    """Creates Jobs at a steady pace, whatever becomes of them, until it is stopped or refused."""

    def __init__(self, plane, namespace, at_once=2, every_seconds=4):
        self.refusal = ""
        self.created = 0
        self._plane, self._namespace, self._at_once, self._pace = plane, namespace, at_once, every_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self):
        self._stopped.set()
        self._thread.join()

    def _run(self):
        due = time.monotonic()
        while not self._stopped.wait(max(0, due - time.monotonic())):
            due += self._pace
            items = [job(f"job-{self.created + i}", self._namespace) for i in range(self._at_once)]
            text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
            try:
                self._plane.kubectl("create", "-f", "-", text=text)
            except AssertionError as error:
                self.refusal = str(error)
                return
            self.created += self._at_once
