"""An etcd under the load of an imitated API server, with its exporters and a Prometheus: it fills up and is recovered."""

import re

from apiserver import ApiServer
from harness import loadgen
from harness.etcd import Etcd
from harness.exporter import Exporter
from harness.store import file_of
from harness.wait import until
from prometheus import Prometheus

QUOTA = 48 << 20
BUDGETS = "budgets: [{namespace: default, bytes: 1MiB, owner: platform}, {namespace: team-*, share: 1%, owner: teams}]"
MIX = "events=30,leases=20,pods=20,policyreports=20,configmaps=10,secrets=5,jobs=5,replicasets=5,endpointslices=5,nodes=5"


class Cluster:
    """All its processes end with the `stack`."""

    def __init__(self, stack, folder):
        self.etcd = Etcd(folder / "m1", arguments=(f"--quota-backend-bytes={QUOTA}",))
        stack.callback(self.etcd.stop)
        self.etcd.ready()
        # Two that see the same, as on any cluster of more than one control-plane node.
        self.exporters = []
        budgets = folder / "budgets.yaml"
        budgets.write_text(BUDGETS)
        inventory = (f"--inventory.db-file={file_of(self.etcd)}", "--inventory.count-at-start", "--inventory.interval=5s")
        for name in ("a", "b"):
            exporter = Exporter(folder / name, f"--etcd.endpoints={self.etcd.url}", f"--budget.file={budgets}", *inventory)
            stack.callback(exporter.check_and_kill)
            self.exporters.append(exporter.ready())
        apiserver = ApiServer(self.etcd, QUOTA)
        stack.callback(apiserver.stop)
        targets = [*(f"127.0.0.1:{exporter.port}" for exporter in self.exporters), apiserver.address]
        self.prometheus = Prometheus(folder / "prometheus", targets, QUOTA)
        stack.callback(self.prometheus.stop)
        until(lambda: self.prometheus.query("member:etcd_headroom_quota_bytes:min"), 30, "the first evaluation")

    def load(self, *arguments):
        return loadgen.run([self.etcd.url], "--mix", MIX, "--namespaces", 30, "--preload", "pods=50,configmaps=50", *arguments)

    def fill(self):
        """To NOSPACE, until it has been noticed."""
        self.load("--rate", 0, "--size", "policyreports=50000", "--until-nospace", "--compact-interval", 0)
        alert = 'ALERTS{alertname="EtcdHeadroomWritesRefused", alertstate="firing"}'
        until(lambda: len(self.prometheus.query(alert)) == 2, 30, "the alert, with and without a cluster label")

    def recover(self):
        """A larger quota, and the runbook's steps. An exporter restarts besides."""
        self.etcd.process.command = [re.sub(rf"={QUOTA}$", f"={2 * QUOTA}", word) for word in self.etcd.process.command]
        self.etcd.restart()
        until(self.etcd.status, 30, "etcd's answer")
        self.etcd.ctl("compact", self.etcd.status()["header"]["revision"], "--physical")
        self.etcd.ctl("defrag")
        self.etcd.ctl("alarm", "disarm")
        self.exporters[0].process.kill()
        self.exporters[0].process.start()
