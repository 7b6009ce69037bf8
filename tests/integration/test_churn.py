"""Who writes: every counter equals what the load tool knows it wrote, through restarts, compactions, leader moves and gaps."""

import itertools
import json
import re
import subprocess
import time

import pytest
from harness import loadgen
from harness.certificates import flags
from harness.wait import until

NEWEST_FIRST = True

# All that the load tool knows: the heaviest as in a cluster, and a few writes of each of the others.
HEAVY = {"pods": 30, "events": 30, "policyreports": 20, "leases": 10, "configmaps": 10}
LIGHT = (
    "secrets replicasets jobs services endpointslices nodes certificates deployments daemonsets statefulsets controllerrevisions cronjobs"
    " serviceaccounts persistentvolumeclaims persistentvolumes namespaces resourcequotas limitranges roles rolebindings clusterroles"
    " clusterrolebindings horizontalpodautoscalers poddisruptionbudgets networkpolicies storageclasses volumeattachments priorityclasses"
    " validatingwebhookconfigurations ephemeralreports certificaterequests orders virtualservices applications ciliumendpoints"
    " ciliumidentities servicemonitors"
).split()
MIX = ",".join(f"{name}={weight}" for name, weight in {**HEAVY, **dict.fromkeys(LIGHT, 2)}.items())
# Where the key does not say what the label says.
PATHS = {"services": "services/specs", "nodes": "minions"}
# Kubernetes' own groups, which keys leave out.
BUILT_IN = re.compile(r"apps|batch|autoscaling|policy|.+\.k8s\.io")
COUNT_AT_START = "--inventory.count-at-start"


def watching(exporter):
    return until(lambda: (p := exporter.scrape()).value("watch_connected") == 1 and p, 15, "a watch")


def caught_up(exporter, revision, timeout=30):
    return until(lambda: (p := exporter.scrape()).value("watch_revision") >= revision and p, timeout, f"revision {revision}")


def write(endpoints, *arguments, **options):
    return loadgen.run(endpoints, "--mix", MIX, "--namespaces", 300, "--rate", 0, *arguments, **options)


def totals(page):
    """{resource: {creates, updates, deletes, put_bytes}} of what was written at all."""
    names = {"create": "creates", "update": "updates", "delete": "deletes"}
    found = {}
    for sample in page.find("writes_total"):
        found.setdefault(sample.labels["resource"], {})[names[sample.labels["op"]]] = sample.value
    for sample in page.find("write_bytes_total"):
        found[sample.labels["resource"]]["put_bytes"] = sample.value
    return {resource: counts for resource, counts in found.items() if any(counts.values())}


def truth(*results):
    summed = {}
    for result in results:
        for resource, counts in result["resources"].items():
            own = summed.setdefault(resource, dict.fromkeys(("creates", "updates", "deletes", "put_bytes"), 0))
            for name in own:
                own[name] += counts[name]
    return {resource: counts for resource, counts in summed.items() if any(counts.values())}


def assert_managers(page, *results):
    """Every put is under its manager. Of deletes a few may be of keys that gave way to others."""
    written, put_bytes = {}, {}
    for one in itertools.chain.from_iterable(result["managers"] for result in results):
        if one["manager"] == "none":
            continue
        who = (one["resource"], one["manager"])
        written[who] = written.get(who, 0) + one["creates"] + one["updates"] + one["deletes"]
        put_bytes[who] = put_bytes.get(who, 0) + one["put_bytes"]

    def by_manager(family):
        return {(s.labels["resource"], s.labels["manager"]): s.value for s in page.find(family) if s.labels["manager"] != "none"}

    assert by_manager("manager_write_bytes_total") == put_bytes
    found = by_manager("manager_writes_total")
    assert found.keys() == written.keys()
    forgotten = [writes - found[who] for who, writes in written.items()]
    assert min(forgotten) >= 0 and sum(forgotten) <= 3


def assert_families_add_up(page):
    """The capped families hold the same writes as the totals."""
    families = (
        ("namespace_writes_total", "writes_total"), ("namespace_write_bytes_total", "write_bytes_total"),
        ("manager_writes_total", "writes_total"), ("manager_write_bytes_total", "write_bytes_total"),
    )  # fmt: skip
    for family, of in families:
        for resource in {s.labels["resource"] for s in page.find(of)}:
            assert sum(s.value for s in page.find(family, resource=resource)) == sum(s.value for s in page.find(of, resource=resource))
    events = page.find("writes_total", resource="events")
    assert sum(s.value for s in page.find("event_object_writes_total")) == sum(s.value for s in events if s.labels["op"] != "delete")
    assert sum(s.value for s in page.find("event_object_write_bytes_total")) == page.value("write_bytes_total", resource="events")


def keys_under(etcd, prefix):
    answer = json.loads(etcd.ctl("get", prefix, "--prefix", "--keys-only", "--limit=1", "--write-out=json"))
    return answer.get("count", 0)


def path_of(resource):
    plural, _, group = resource.partition(".")
    return PATHS.get(resource) or (f"{group}/{plural}" if group and not BUILT_IN.fullmatch(group) else plural)


def counted(etcd, exporter):
    """The page once the objects on it are what etcd has under each prefix."""

    def equal():
        page = exporter.scrape()
        assert page.has("objects")
        keys = etcd.ctl("get", "/registry/", "--prefix", "--keys-only").split()
        for resource in {s.labels["resource"] for s in (*page.find("writes_total"), *page.find("objects"))} - {"compact_rev_key"}:
            stored = sum(key.startswith(f"/registry/{path_of(resource)}/") for key in keys)
            assert page.value("objects", resource=resource) == stored, resource
        return page

    return until(equal, 180, "the count of objects")


def test_every_counter_equals_what_was_written(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", COUNT_AT_START, "--churn.max-pairs=5000")
    watching(exporter)

    first = write([etcd.url], "--preload", "pods=200,secrets=100,policyreports=100", "--writes", 4000)
    page = caught_up(exporter, first["last_revision"])
    assert totals(page) == truth(first)
    assert_managers(page, first)
    assert len(truth(first)) >= 40 and len(first["managers"]) >= 45
    assert_families_add_up(page)
    counted(etcd, exporter)

    etcd.ctl("compact", first["last_revision"] - 500)
    second = write([etcd.url], "--preload", "pods=200,secrets=100,policyreports=100", "--writes", 4000)
    page = caught_up(exporter, second["last_revision"])
    assert totals(page) == truth(first, second)
    assert_managers(page, first, second)
    assert_families_add_up(page)
    assert page.value("watch_missed_revisions_total") == 0
    counted(etcd, exporter)


def test_a_delete_counts_for_the_last_manager_that_is_known(etcd, make_exporter):
    jobs = ("--mix", "jobs=100", "--ops", "create=100", "--rate", 0)
    before = loadgen.run([etcd.url], *jobs, "--writes", 50)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    watching(exporter)
    seen = loadgen.run([etcd.url], *jobs, "--writes", 20, "--seed", 2)
    etcd.ctl("del", "--prefix", "/registry/jobs/")
    page = caught_up(exporter, etcd.status()["header"]["revision"])
    assert page.value("manager_writes_total", resource="jobs.batch", manager="kube-controller-manager") == 2 * seen["writes"]
    assert page.value("manager_writes_total", resource="jobs.batch", manager="none") == before["writes"]


def test_objects_that_were_there_before_are_counted(etcd, make_exporter):
    write([etcd.url], "--preload", "pods=500,configmaps=300", "--writes", 1000)
    etcd.ctl("put", "/registry/newthings/ns/one", "x")
    etcd.ctl("put", "compact_rev_key", "0")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", COUNT_AT_START)
    page = counted(etcd, exporter)
    assert page.value("objects", resource="newthings") == 1
    assert page.value("objects", resource="compact_rev_key") == 1
    assert sum(s.value for s in page.find("objects")) == keys_under(etcd, "")


def test_other_users_of_etcd_count_by_their_prefix(etcd, make_exporter):
    for key in ("/calico/ipam/v2/host", "by-dev/meta/1", "by-dev/meta/2", "alone"):
        etcd.ctl("put", key, "x")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", COUNT_AT_START)
    until(lambda: exporter.scrape().has("objects"), 60, "the count")
    etcd.ctl("put", "/calico/ipam/v2/other", "xyz")
    page = caught_up(exporter, etcd.status()["header"]["revision"])
    assert {s.labels["resource"]: s.value for s in page.find("objects") if s.value} == {"/calico": 2, "by-dev": 2, "other": 1}
    assert page.value("write_bytes_total", resource="/calico") == len("/calico/ipam/v2/otherxyz")
    assert page.value("manager_writes_total", resource="/calico", manager="none") == 1


def test_a_restart_of_etcd_loses_and_repeats_nothing(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", COUNT_AT_START)
    watching(exporter)
    first = write([etcd.url], "--writes", 2000)
    counted(etcd, exporter)
    etcd.process.kill()
    until(lambda: exporter.scrape().value("watch_connected") == 0, 10)
    etcd.restart().ready()
    second = write([etcd.url], "--writes", 2000)
    page = caught_up(exporter, second["last_revision"])
    assert totals(page) == truth(first, second)
    assert page.value("watch_missed_revisions_total") == 0
    assert page.value("watch_restarts_total", reason="unavailable") == 1
    counted(etcd, exporter)


def test_writes_while_the_watch_is_away_are_caught_up_with(make_cluster, make_exporter):
    members = make_cluster(3)
    exporter = make_exporter("--etcd.endpoints=" + ",".join(m.url for m in members))
    watching(exporter)
    served_by = next(m for m in members if m.url in exporter.log_lines("watching")[0])
    others = [m for m in members if m is not served_by]
    served_by.process.kill()
    result = write([m.url for m in others], "--writes", 3000)
    page = caught_up(exporter, result["last_revision"])
    assert totals(page) == truth(result)
    assert page.value("watch_missed_revisions_total") == 0
    assert served_by.url not in exporter.log_lines("msg=watching")[-1]


def test_a_leader_that_moves_is_followed(make_cluster, make_exporter):
    members = make_cluster(3)
    exporter = make_exporter("--etcd.endpoints=" + ",".join(m.url for m in members))
    watching(exporter)
    first = write([m.url for m in members], "--writes", 1000)
    leader = next(m for m in members if m.status()["leader"] == m.status()["header"]["member_id"])
    target = next(m for m in members if m is not leader).status()["header"]["member_id"]
    leader.ctl("move-leader", f"{target:x}")
    second = write([m.url for m in members], "--writes", 1000)
    page = caught_up(exporter, second["last_revision"])
    assert totals(page) == truth(first, second)
    assert page.value("watch_missed_revisions_total") == 0


def test_a_member_that_hangs_is_left_for_another(make_cluster, make_exporter):
    members = make_cluster(3)
    exporter = make_exporter("--etcd.endpoints=" + ",".join(m.url for m in members))
    watching(exporter)
    served_by = next(m for m in members if m.url in exporter.log_lines("watching")[0])
    served_by.process.pause()
    try:
        result = write([m.url for m in members if m is not served_by], "--writes", 1000)
        page = caught_up(exporter, result["last_revision"], 60)
    finally:
        served_by.process.resume()
    assert totals(page) == truth(result)
    assert page.value("watch_missed_revisions_total") == 0


def test_a_gap_is_counted_and_the_objects_are_counted_again(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", COUNT_AT_START)
    watching(exporter)
    first = write([etcd.url], "--writes", 500)
    counted(etcd, exporter)
    exporter.process.pause()
    try:
        # The watch is cut where it cannot see it, and what it needs is compacted before it is back.
        etcd.process.kill()
        etcd.restart().ready()
        missed = write([etcd.url], "--writes", 3000)
        etcd.ctl("compact", missed["last_revision"])
    finally:
        exporter.process.resume()
    until(lambda: exporter.scrape().value("watch_missed_revisions_total") > 0, 30)
    watching(exporter)
    second = write([etcd.url], "--writes", 500)
    page = caught_up(exporter, second["last_revision"])

    assert page.value("watch_missed_revisions_total") == missed["last_revision"] - first["last_revision"]
    written = sum(sum(counts[op] for op in ("creates", "updates", "deletes")) for counts in totals(page).values())
    assert written == first["writes"] + second["writes"]
    counted(etcd, exporter)


def test_uncompacted_bytes_shrink_with_compaction_alone(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    watching(exporter)
    start = write([etcd.url], "--writes", 100)
    assert not caught_up(exporter, start["last_revision"]).has("uncompacted_write_bytes"), "unknown before the first compaction"
    etcd.ctl("compact", start["last_revision"])
    until(lambda: exporter.scrape().has("uncompacted_write_bytes"), 15)

    first = write([etcd.url], "--writes", 2000)
    second = write([etcd.url], "--writes", 2000)
    everything = first["put_bytes"] + second["put_bytes"]
    page = caught_up(exporter, second["last_revision"])
    held = sum(s.value for s in page.find("uncompacted_write_bytes"))
    assert everything <= held <= everything + 0.1 * start["put_bytes"]

    # Amid what is kept: some bucket holds revisions of both sides.
    etcd.ctl("compact", first["last_revision"])
    until(lambda: exporter.scrape().value("compact_revision") == first["last_revision"], 15)
    page = exporter.scrape()
    held = sum(s.value for s in page.find("uncompacted_write_bytes"))
    assert second["put_bytes"] <= held <= second["put_bytes"] + 0.1 * first["put_bytes"]
    for resource, counts in second["resources"].items():
        assert page.value("uncompacted_write_bytes", resource=resource) >= counts["put_bytes"]

    etcd.ctl("compact", second["last_revision"])
    until(lambda: sum(s.value for s in exporter.scrape().find("uncompacted_write_bytes")) == 0, 15)


def test_large_values_and_large_transactions_are_measured(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    watching(exporter)
    value = "v" * 1_400_000
    subprocess.run([*"etcdctl --endpoints".split(), etcd.url, "put", "/registry/secrets/a/large"], input=value, text=True,
                   check=True, capture_output=True)  # fmt: skip
    puts = "".join(f'put /registry/pods/ns/{i} "x"\n' for i in range(100))
    subprocess.run([*"etcdctl --endpoints".split(), etcd.url, "txn"], input=f"\n{puts}\n\n", text=True, check=True,
                   capture_output=True)  # fmt: skip
    page = caught_up(exporter, etcd.status()["header"]["revision"])
    assert page.value("largest_write_bytes", resource="secrets") == len("/registry/secrets/a/large") + len(value)
    assert page.value("writes_total", resource="pods", op="create") == 100


def test_keys_of_a_lease_that_expires_are_deletes(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    watching(exporter)
    lease = etcd.ctl("lease", "grant", 15).split()[1]
    for i in range(20):
        etcd.ctl("put", f"/registry/events/ns/{i}", "x", f"--lease={lease}")
    until(lambda: exporter.scrape().value("writes_total", resource="events", op="delete") == 20, 60)


def test_pairs_past_the_cap_are_other_and_nothing_is_lost(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--churn.max-pairs=20")
    pages = [watching(exporter)]
    for _ in range(3):
        result = write([etcd.url], "--writes", 1500)
        while pages[-1].value("watch_revision") < result["last_revision"]:
            pages.append(exporter.scrape())
    for before, after in itertools.pairwise(pages):
        assert_increases_add_up(before, after)
    assert pages[-1].has("namespace_writes_total", object_namespace="other")


def assert_increases_add_up(before, after):
    """Over the interval the capped family grew by what the total grew; series that are new began at 0."""
    was = {tuple(s.labels.items()): s.value for s in before.find("namespace_writes_total")}
    grown = {}
    for sample in after.find("namespace_writes_total"):
        increase = sample.value - was.get(tuple(sample.labels.items()), 0)
        assert increase >= 0, sample
        grown[sample.labels["resource"]] = grown.get(sample.labels["resource"], 0) + increase
    for resource, increase in grown.items():
        total = sum(s.value for s in after.find("writes_total", resource=resource))
        total -= sum(s.value for s in before.find("writes_total", resource=resource))
        assert increase == total, resource


def test_the_watch_runs_over_tls(make_etcd, make_exporter, authority):
    etcd = make_etcd(authority=authority)
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", *flags(authority))
    watching(exporter)
    result = write([etcd.url], *loadgen.tls(authority), "--writes", 1000)
    assert totals(caught_up(exporter, result["last_revision"])) == truth(result)


def test_it_can_be_switched_off(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--no-collector.churn")
    page = until(lambda: (p := exporter.scrape()).value("up") == 1 and p)
    assert not page.has("writes_total") and not page.has("watch_connected")
    assert etcd.page()["etcd_debugging_mvcc_watcher_total"] == 0


def test_no_counting_while_nospace_is_armed(make_etcd, make_exporter):
    etcd = make_etcd(f"--quota-backend-bytes={16 << 20}")
    write([etcd.url], "--size", "policyreports=20000", "--until-nospace")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", COUNT_AT_START)
    page = until(lambda: exporter.log_lines("not counted yet") and exporter.scrape(), 15)
    assert "NOSPACE" in exporter.log_lines("not counted yet")[0]
    assert not page.has("objects") and page.value("watch_connected") == 1


@pytest.mark.parametrize("state", ["starting", "watching", "hung"])
def test_stops_quickly_whatever_becomes_of_the_watch(etcd, make_exporter, state):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--etcd.timeout=30s", COUNT_AT_START)
    if state != "starting":
        watching(exporter)
    if state == "hung":
        etcd.process.pause()
    started = time.monotonic()
    try:
        assert exporter.stop() == 0
    finally:
        etcd.process.resume()
    assert time.monotonic() - started < 5
