"""The alerts of rules/managed.yaml fire when they should and are silent when they should."""

import subprocess

import managed_cases as cases
import pytest
from promtool import MANAGED_RULES, RULES
from promtool_alerts import LATE, alert_names, sent
from scenarios import flat

PREFIX = "EtcdHeadroomManaged"


def alerts_of(name, minute, series, rules=MANAGED_RULES):
    return sent([(metric, {"cluster": name, **labels}, values) for metric, labels, values in series], [minute], rules)[minute]


@pytest.fixture(scope="module")
def replayed():
    """Clusters of like length share a replay."""
    found = {}
    for days in (False, True):
        chosen = [case for case in cases.CASES if (case.at > 150) == days]
        series = [(metric, {"cluster": case.name, **labels}, values) for case in chosen for metric, labels, values in case.series]
        sent_at = sent(series, sorted({case.at + late for case in chosen for late in LATE}), MANAGED_RULES)
        for case in chosen:
            found[case.name] = [[one for one in sent_at[case.at + late] if one[0]["cluster"] == case.name] for late in LATE]
    return found


@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: f"{case.name} ({', '.join(case.fires) or 'silent'})")
def test_managed(case, replayed):
    moments = []
    for alerts in replayed[case.name]:
        names = [(labels["alertname"].removeprefix(PREFIX), labels["severity"]) for labels, _ in alerts]
        moments.append({f"{name}/{severity}" if name == "HighUse" else name for name, severity in names})
        for broken in ("<no value>", "<error", "NaN", "%!", "full in 0s"):
            assert not any(broken in annotations for _, annotations in alerts)
    assert set(case.fires) in moments


def test_every_alert_has_a_case():
    tested = {fires.split("/")[0] for case in cases.CASES for fires in case.fires}
    assert {PREFIX + name for name in tested} == set(alert_names(MANAGED_RULES))


def test_a_storage_of_its_own_has_its_own_name(replayed):
    ((labels, annotations),) = replayed["an etcd of its own for Events"][-1]
    assert labels["etcd_cluster"] == "etcd-1"
    assert "etcd of an etcd of its own for Events (etcd-1) has a file of 86% of its quota" in annotations


def counts(metric, resource, values, group=None):
    return (metric, {"instance": "a", "resource": resource, **({} if group is None else {"group": group})}, values)


def described(*counted):
    ((_, annotations),) = alerts_of("one", 40, (cases.size(flat(0.86, 50)), *counted))
    return annotations


def test_what_grew_is_named():
    grown = flat(1000, 20) + flat(9000, 30)
    text = described(
        counts("apiserver_resource_objects", "pods", flat(50, 50), ""),
        counts("apiserver_resource_objects", "jobs", grown, "batch"),
        counts("apiserver_resource_size_estimate_bytes", "secrets", [size * 1000 for size in grown], ""),
        counts("apiserver_resource_size_estimate_bytes", "jobs", [size * 9 for size in grown], "batch"),
    )
    assert "Grew most within the hour: secrets, by 7.629MiB. Most new objects: jobs.batch, 8k more." in text


def test_what_grew_is_named_before_kubernetes_1_34():
    text = described(counts("apiserver_storage_objects", "jobs.batch", flat(10, 20) + flat(300, 30)))
    assert "Most new objects: jobs.batch, 290 more." in text
    assert "Grew most" not in text


def test_a_count_that_failed_is_no_growth():
    text = described(counts("apiserver_resource_size_estimate_bytes", "events", flat(-1, 20) + flat(1000, 30), ""))
    assert "Grew most" not in text
    assert "No resource is known to have more objects than an hour ago" in text


def test_a_cluster_has_the_quota_of_its_name(tmp_path):
    subprocess.run([RULES / "render.py", tmp_path, '{ _config+:: { managedQuotaByCluster: { "ovh-.*": 4e8 } } }'], check=True)
    small = cases.size(flat(0.043, 50))

    def names(cluster):
        return {labels["alertname"] for labels, _ in alerts_of(cluster, 40, [small], (tmp_path / "managed.yaml",))}

    assert names("ovh-1") == {"EtcdHeadroomManagedHighUse"}
    assert names("eks-1") == set()
