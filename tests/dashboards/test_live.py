"""Every query of the boards, against a real Prometheus that scrapes real exporters of an etcd that fills up and is recovered."""

import contextlib
import re
import time

import pytest
from harness import loadgen
from harness.etcd import Etcd
from harness.exporter import Exporter
from harness.wait import until

from asking import Asked, interpolate
from boards import BOARDS, panels
from prometheus import Prometheus

QUOTA = 48 << 20
ALARM = 'cluster:etcd_headroom_alarm_active:max{cluster="demo", alarm="NOSPACE"}'
# Here is one etcd, with no label that tells it from another of the same cluster.
LABEL_NOT_GIVEN = "$etcd_cluster"
MIX = "events=30,leases=20,pods=20,policyreports=20,configmaps=10,secrets=5,jobs=5,replicasets=5,endpointslices=5,nodes=5"


def load(etcd, *arguments):
    return loadgen.run([etcd.url], "--mix", MIX, "--namespaces", 30, "--preload", "pods=50,configmaps=50", *arguments)


def fill(etcd):
    """To NOSPACE; before that, as a cluster that is well: with compactions."""
    load(etcd, "--rate", 200, "--duration", 6, "--compact-interval", 1.5)
    load(etcd, "--rate", 0, "--size", "policyreports=50000", "--until-nospace", "--compact-interval", 0)


def recover(etcd):
    """A larger quota, and the runbook's steps."""
    etcd.process.command = [re.sub(rf"={QUOTA}$", f"={2 * QUOTA}", word) for word in etcd.process.command]
    etcd.restart()
    until(etcd.status, 30, "etcd's answer")
    etcd.ctl("compact", etcd.status()["header"]["revision"], "--physical")
    etcd.ctl("defrag")
    etcd.ctl("alarm", "disarm")


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """All boards asked twice: while writes are refused, and after the recovery."""
    folder = tmp_path_factory.mktemp("live")
    with contextlib.ExitStack() as stack:

        def keep(process):
            stack.callback(process.check_and_kill if isinstance(process, Exporter) else process.stop)
            return process

        etcd = keep(Etcd(folder / "m1", arguments=(f"--quota-backend-bytes={QUOTA}",))).ready()
        # Two that see the same, as on any cluster of more than one control-plane node.
        exporters = [
            keep(Exporter(folder / name, f"--etcd.endpoints={etcd.url}", "--inventory.count-at-start")).ready() for name in ("a", "b")
        ]
        prometheus = keep(Prometheus(folder / "prometheus", [f"127.0.0.1:{exporter.port}" for exporter in exporters], QUOTA))
        result = Asked(prometheus)
        until(lambda: prometheus.query("member:etcd_headroom_quota_bytes:min"), 30, "the first evaluation")

        fill(etcd)
        until(lambda: len(prometheus.query('ALERTS{alertname="EtcdHeadroomWritesRefused", alertstate="firing"}')) == 2, 30, "the alert")
        result.ask()

        recover(etcd)
        exporters[0].process.kill()
        exporters[0].process.start()
        load(etcd, "--rate", 100, "--duration", 5, "--compact-interval", 2)
        result.ask()
        result.busy = time.time()
        # Annotations compare with the minute before; this is the last of them.
        until(lambda: prometheus.query(f"{ALARM} == 0 and {ALARM} offset 1m == 1"), 75, "a minute since the alarm")
        result.ask(again=True)
        yield result


def test_every_query_has_data(asked):
    print(f"{len(asked.answered)} queries were asked")
    silent = [what for what in asked.silent() if not what.endswith(LABEL_NOT_GIVEN)]
    assert not silent, "\n".join(silent)


def test_no_query_is_refused_and_no_series_shown_twice(asked):
    assert not asked.faults, "\n".join(asked.faults)


@pytest.mark.parametrize("title", ["Bytes written by resource", "Bytes written by namespace"])
def test_ten_and_the_others_are_the_total(asked, title):
    panel = next(p for p in panels(BOARDS["who-is-filling"]) if p["title"] == title)
    shown = [f"sum({interpolate(target['expr'], 'demo')})" for target in panel["targets"]]
    total = 'max(sum by (instance) (rate(etcd_headroom_write_bytes_total{cluster="demo"}[15s])))'

    def value(expression):
        (series,) = asked.prometheus.get("query", query=expression, time=asked.busy)["result"]
        return float(series["value"][1])

    assert value(total) > 0
    assert sum(map(value, shown)) == pytest.approx(value(total), rel=0.05)
