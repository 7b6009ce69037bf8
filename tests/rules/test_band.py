"""The band of the forecast: how early and how late a member may be full."""

import pytest
from cluster import Cluster, Member
from promtool import RULES, query
from random_fills import QUIET

QUANTILES = ("p10", "p50", "p90")
GROWTH = 4.0  # MiB a minute
FILL = 150
PACES = {"even": lambda _: 1.0, "uneven": lambda minute: 1.8 if minute // 15 % 2 else 0.2, "none": lambda _: 0.0}


def levels(pace):
    level, found = 1000.0, [1000.0] * QUIET
    for minute in range(FILL):
        level += GROWTH * pace(minute)
        found.append(level)
    return found


@pytest.fixture(scope="module")
def bands():
    """{pace: {quantile: minutes that the rules foretell at the end}}"""
    clusters = [Cluster({"m1": Member(levels(pace), file=1100.0)}, labels={"cluster": name}) for name, pace in PACES.items()]
    asked = [(f"cluster:etcd_headroom_time_to_quota_seconds:{quantile}", QUIET + FILL - 1) for quantile in QUANTILES]
    answers = query([one for cluster in clusters for one in cluster.series()], asked, (RULES / "recording.yaml",))
    found = {name: {} for name in PACES}
    for quantile, answer in zip(QUANTILES, answers):
        for labels, seconds in answer:
            found[labels["cluster"]][quantile] = seconds / 60
    return found


def test_an_even_growth_has_a_middle_that_is_true_and_a_band_around_it(bands):
    even = bands["even"]
    assert even["p50"] == pytest.approx((2048 - 1000 - GROWTH * FILL) / GROWTH, rel=0.01)
    assert even["p10"] < 0.8 * even["p50"]
    assert 1.5 * even["p50"] < even["p90"] < 2 * even["p50"]


def test_an_uneven_growth_may_be_full_earlier(bands):
    even, uneven = bands["even"], bands["uneven"]
    assert uneven["p10"] / uneven["p50"] < even["p10"] / even["p50"] - 0.05


def test_without_growth_there_is_no_band(bands):
    assert not bands["none"]
