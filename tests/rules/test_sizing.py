"""The quota that a week of life asks for."""

from cluster import Cluster, Member
from promtool import RULES, query

GIB = 1 << 30
DAY = 1440
BURST = 300.0
STEP = 15  # minutes between evaluations; at others there is nothing to ask for
ADVISED = "cluster:etcd_headroom_advised_quota_bytes:max1w"


def life(name, level, days):
    """In-use at `level` MiB, with a burst of half an hour a day."""
    in_use = [level + (BURST if 600 <= minute % DAY < 630 else 0.0) for minute in range(days * DAY)]
    return Cluster({"m1": Member(in_use, quota=8192.0)}, labels={"cluster": name})


def test_the_peak_of_a_week_and_its_burst_once_more_fit_with_a_fifth_to_spare():
    clusters = [life("large", 3000.0, 8), life("small", 100.0, 8), life("new", 3000.0, 5)]
    series = [one for cluster in clusters for one in cluster.series()]
    asked = [
        (f'{ADVISED}{{cluster="{name}"}}', minute)
        for name, minute in (("large", 8 * DAY - STEP), ("small", 8 * DAY - STEP), ("new", 5 * DAY - STEP))
    ]
    large, small, new = query(series, asked, (RULES / "recording.yaml",), step=STEP)
    assert large[0][1] == 5 * GIB, "(3,300 + 300) / 0.8 = 4,500 MiB"
    assert small[0][1] == 2 * GIB, "etcd's default"
    assert not new, "less than a week"
