"""Every alert fires when it should and is silent when it should, whatever target labels there are."""

import contextlib
import itertools
import os

import cases
import pytest
from cluster import as_etcd_tells
from promtool import ETCD_ONLY_RULES
from promtool_alerts import DIFFERING, LATE, alert_names, sent

# The target labels that make a cluster of a case. `job` and the like come with any scrape.
SHAPES = (
    lambda name: {"cluster": name, "job": "headroom-exporter"},
    lambda name: {"etcd_cluster": name, "job": "other", "pod": "exporter-x"},
    lambda name: {"cluster": name, "etcd_cluster": "events"},
)


def series_of(case, labels):
    cluster = case.build()
    cluster.labels = labels
    yield from (one for one in cluster.series() if one[0] != case.drop)
    for name, more, value in case.more:
        yield (
            f"etcd_headroom_{name}",
            {**labels, "instance": "10.0.0.1:9379", **more},
            value if isinstance(value, list) else [value] * cluster.minutes,
        )


# Each shape replays everything once more. The last has two labels that a join must keep.
TESTED_SHAPES = range(len(SHAPES)) if os.environ.get("HEADROOM_TEST_ALL") else [len(SHAPES) - 1]


def tries(chosen, shapes, late=(0,)):
    """{case name: [[alerts at each of so many minutes too late] of the cluster of each shape]}, an alert being (labels, annotations).
    All are clusters of one Prometheus."""
    names = {case.name: [f"{case.name}, shape {shape}" for shape in shapes] for case in chosen}
    series = [one for case in chosen for shape, name in zip(shapes, names[case.name]) for one in series_of(case, SHAPES[shape](name))]
    found = sent(series, sorted({case.at + minutes for case in chosen for minutes in late}))

    def of(name, minute):
        return [alert for alert in found[minute] if name in alert[0].values()]

    return {case.name: [[of(name, case.at + minutes) for minutes in late] for name in names[case.name]] for case in chosen}


def replay(chosen, shapes):
    """{case name: [alerts of the cluster of each shape]}"""
    return {name: [alerts for (alerts,) in clusters] for name, clusters in tries(chosen, shapes).items()}


# Promtool refuses queries over more samples than those of about 50 cases. The short ones first: each piece ends with its longest.
PIECE = 35


@pytest.fixture(scope="module")
def replayed():
    ordered = sorted(cases.CASES, key=lambda case: case.at)
    pieces = [ordered[start : start + PIECE] for start in range(0, len(ordered), PIECE)]
    return {name: found for piece in pieces for name, found in tries(piece, TESTED_SHAPES, LATE).items()}


@pytest.fixture(scope="module")
def long_replayed():
    """Days take long: in one shape only."""
    return tries(cases.LONG_CASES, [2])


def name_of(case):
    """With its alerts, so that -k finds the cases of an alert."""
    return f"{case.name} ({', '.join((*case.fires, *case.only, *(f'no {name}' for name in case.silent)))})"


def check(case, clusters):
    for moments in clusters:
        for alerts in moments[:-1]:
            with contextlib.suppress(AssertionError):
                check_one(case, alerts)
                break
        else:
            check_one(case, moments[-1])


def check_one(case, alerts):
    names = {labels["alertname"].removeprefix(cases.PREFIX) for labels, _ in alerts}
    if case.only:
        assert names == set(case.only)
    names |= {f"{labels['alertname'].removeprefix(cases.PREFIX)}/{labels['severity']}" for labels, _ in alerts}
    assert set(case.fires) <= names
    assert not set(case.silent) & names
    if case.nothing:
        assert not names
    for labels, annotations in alerts:
        assert "job" not in labels and "pod" not in labels
        for broken in ("<no value>", "<error", "NaN", "%!"):
            assert broken not in annotations


@pytest.mark.parametrize("case", cases.CASES, ids=name_of)
def test_alert(case, replayed):
    if case.name in DIFFERING:
        pytest.xfail("this engine differs, and the docs say how")
    check(case, replayed[case.name])


@pytest.mark.parametrize("case", cases.LONG_CASES, ids=name_of)
def test_alert_of_days(case, long_replayed):
    check(case, long_replayed[case.name])


def test_every_alert_has_a_case():
    tested = {fires.split("/")[0] for case in (*cases.CASES, *cases.LONG_CASES) for fires in (*case.fires, *case.only)}
    assert {cases.PREFIX + name for name in tested} == set(alert_names())


def refused_with(more, most="policyreports.wgpolicyk8s.io"):
    """The description of EtcdHeadroomWritesRefused where one resource is 90 % of what is written."""
    case = cases.Case("named", 30, lambda: cases.cluster(cases.flat(2045.0, 40), alarm_from=5, writes={
        "pods": cases.flat(1.0, 40), most: cases.flat(9.0, 40)}), more=more)  # fmt: skip
    (alert,) = [one for one in replay([case], [0])["named"][0] if one[0]["alertname"] == "EtcdHeadroomWritesRefused"]
    return alert[1]


def test_the_top_writer_is_named_before_its_resource():
    kyverno = (
        *cases.written_by("kyverno", "policyreports.wgpolicyk8s.io", cases.flat(4.0, 40)),
        *cases.written_by("kyverno", "pods", cases.flat(0.5, 40), subresource="status"),
    )
    another = tuple((name, {**labels, "instance": "10.0.0.2:9379"}, values) for name, labels, values in kyverno)
    nobody = [cases.written_by(name, "policyreports.wgpolicyk8s.io", cases.flat(5.0, 40)) for name in ("none", "ambiguous", "other")]
    named = "Top writer: kyverno, 45%. Top resource: policyreports.wgpolicyk8s.io, 90% of the bytes written in the last 15 minutes."
    assert named in refused_with((*kyverno, *another, *itertools.chain(*nobody)))


def test_what_has_no_name_is_never_the_top_resource():
    assert "Top resource: pods, 10% of the bytes written in the last 15 minutes." in refused_with((), most="other")


def test_without_a_manager_the_resource_is_named():
    description = refused_with(cases.written_by("none", "policyreports.wgpolicyk8s.io", cases.flat(9.0, 40)))
    assert "Top resource: policyreports.wgpolicyk8s.io, 90% of the bytes" in description
    assert "Top writer" not in description


def test_a_surge_of_days_names_its_manager_and_namespace(long_replayed):
    ((alerts,),) = long_replayed["a resource surges"]
    (text,) = [text for labels, text in alerts if labels["alertname"] == "EtcdHeadroomResourceSurge"]
    assert "a surge of writes of policyreports.wgpolicyk8s.io, most by kyverno" in text
    assert "Most are in the namespace shop." in text


def test_the_top_writer_of_a_fill_has_labels_to_route_by(replayed):
    for *_, alerts in replayed["fills, and one writes most"]:
        (labels,) = [labels for labels, _ in alerts if labels["alertname"] == "EtcdHeadroomTopWriter"]
        assert labels["manager"] == "kyverno" and labels["resource"] == cases.REPORTS and labels["object_namespace"] == "shop"


def test_an_open_read_is_named_before_anything_is_deleted():
    def alerts_of(open_reads):
        case = cases.Case("pinned", 30, lambda: cases.cluster(cases.flat(2045.0, 40), alarm_from=25), more=cases.reads(1, open_reads, 40))
        return {labels["alertname"]: text for labels, text in replay([case], [0])["pinned"][0]}

    pinned, at_rest = alerts_of(2), alerts_of(1)
    assert pinned.keys() == at_rest.keys() == {"EtcdHeadroomWritesRefused", "EtcdHeadroomAlmostFull"}
    assert all(
        "A read transaction has been open on m1 for at least 10m 0s: do not delete or defragment, end it first" in text
        for text in pinned.values()
    )
    assert not any("read transaction" in text for text in at_rest.values())


def test_etcds_own_metrics_page_for_a_full_etcd_that_is_silent():
    def names(level, minute):
        cluster = cases.silence(lambda: cases.cluster(cases.flat(level, 30)))
        cluster.labels = {"cluster": "alone"}
        return {labels["alertname"] for labels, _ in sent(list(as_etcd_tells(cluster.series())), [minute], ETCD_ONLY_RULES)[minute]}

    assert names(2010.0, 25) == {"EtcdHeadroomAlmostFull"}
    assert names(2010.0, 45) == names(2048.0, 60) == {"EtcdHeadroomSilentWhenFull"}
    assert names(2048.0, 40) == {"EtcdHeadroomWritesRefused", "EtcdHeadroomAlmostFull"}
    assert not names(1900.0, 45)


def annotations_of(name, case):
    return [text for labels, text in replay([case], [0])[case.name][0] if labels["alertname"] == f"EtcdHeadroom{name}"]


def test_almost_full_names_the_member_and_the_reason():
    def described(**options):
        (text,) = annotations_of(
            "AlmostFull", cases.Case("full", 15, lambda: cases.cluster(**{"levels": cases.flat(200.0, 20), **options}))
        )
        return text

    file = cases.Cluster({"m1": cases.Member(cases.flat(200.0, 20)), "m2": cases.Member(cases.flat(200.0, 20), file=2030.0)})
    (text,) = annotations_of("AlmostFull", cases.Case("one", 15, lambda: file))
    assert "18MiB are left on m2: its file is within 1 % of the quota." in text
    assert "its in-use was within 3 % of the quota this hour" in described(levels=cases.flat(2007.0, 20))
    assert "its file has no room for four of the largest recent writes" in described(member={"file": 2020.0}, largest_write=9e6)


def test_no_negative_room_and_no_time_of_zero_is_printed():
    full = cases.Case("over", 50, lambda: cases.cluster(cases.line(1126.0, 30.0, 55), alarm_from=31))
    texts = [text for _, text in replay([full], [0])["over"][0]]
    assert texts and not any("full in 0s" in text or " -" in text or "0B are left" in text for text in texts)


def test_without_any_target_label():
    case = cases.Case("alone", 30, lambda: cases.cluster(cases.flat(2045.0, 40), alarm_from=5))
    alerts = sent(list(series_of(case, {})), [30])[30]
    assert {labels["alertname"] for labels, _ in alerts} == {"EtcdHeadroomWritesRefused", "EtcdHeadroomAlmostFull"}
    assert all('summary="etcd ' in annotations for _, annotations in alerts)
    assert all("<no value>" not in annotations for _, annotations in alerts)
