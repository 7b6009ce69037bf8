"""Every query of the boards, against a real Prometheus that scrapes real exporters of an etcd that fills up and is recovered."""

import contextlib
import time

import pytest
from asking import Asked, interpolate
from boards import BOARDS, panels
from cluster import Cluster
from harness.wait import until

ALARM = 'cluster:etcd_headroom_alarm_active:max{alarm="NOSPACE"}'
# Here is one etcd, without the label of a second one in the same cluster.
LABEL_NOT_GIVEN = "$etcd_cluster"
# A forecast needs a fill of minutes, and this one takes seconds: there is one now and then. While writes are refused there is none.
FORETOLD = ("Time to quota, A", "Time to quota by horizon, A", *(f"The next 24 hours, {query}" for query in "CDE"))


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """All boards asked while writes are refused and after the recovery, and what was silent once more."""
    with contextlib.ExitStack() as stack:
        cluster = Cluster(stack, tmp_path_factory.mktemp("live"))
        result = Asked(cluster.prometheus)
        cluster.load("--rate", 200, "--duration", 6, "--compact-interval", 1.5)
        cluster.fill()
        result.ask()

        cluster.recover()
        cluster.load("--rate", 100, "--duration", 5, "--compact-interval", 2)
        result.busy = time.time()
        result.ask()
        # Annotations compare with the minute before; this is the last of them. It may be over by the time all has been asked.
        disarmed = f"count_over_time(({ALARM} == 0 and {ALARM} offset 1m == 1)[5m:1s])"
        until(lambda: len(cluster.prometheus.query(disarmed)) == 2, 75, "a minute since the alarm, with and without a cluster label")
        result.ask(again=True)
        yield result


def test_every_query_has_data(asked):
    print(f"{len(asked.answered)} queries were asked")
    silent = [what for what in asked.silent() if not what.endswith((LABEL_NOT_GIVEN, *FORETOLD))]
    assert not silent, "\n".join(silent)


def test_no_query_is_refused_and_no_series_shown_twice(asked):
    assert not asked.faults, "\n".join(asked.faults)


def test_the_forecast_was_recorded(asked):
    """Its panels may be silent, but the series they ask for exist."""
    for name in ("cluster:etcd_headroom_time_to_quota_seconds:min", "fill:etcd_headroom_time_to_quota_seconds"):
        assert asked.prometheus.get("series", **{"match[]": name}), name


@pytest.mark.parametrize("title", ["Bytes written by manager", "Bytes written by resource", "Bytes written by namespace"])
def test_ten_and_the_others_are_the_total(asked, title):
    panel = next(p for p in panels(BOARDS["who-is-filling"]) if p["title"] == title)
    shown = [f"sum({interpolate(target['expr'], 'demo')})" for target in panel["targets"]]
    total = 'max(sum by (instance) (rate(etcd_headroom_write_bytes_total{cluster="demo"}[15s])))'

    def value(expression):
        (series,) = asked.prometheus.get("query", query=expression, time=asked.busy)["result"]
        return float(series["value"][1])

    assert value(total) > 0
    assert sum(map(value, shown)) == pytest.approx(value(total), rel=0.05)
