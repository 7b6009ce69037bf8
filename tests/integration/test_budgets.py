"""Budgets of namespaces: the file, its errors and its changes, the metric, and what `report` makes of them."""

import subprocess

import pytest
from harness import report
from harness.exporter import BINARY
from harness.store import apply, file_of
from harness.wait import until

ANY_ETCD = True

QUOTA = 64 << 20
BUDGETS = """
budgets:
  - {namespace: team-*, bytes: 10KiB, owner: team-a}
  - {namespace: shop, share: 25%}
  - {namespace: empty, bytes: 1MiB}
"""


@pytest.fixture
def budgets(tmp_path):
    file = tmp_path / "budgets.yaml"
    file.write_text(BUDGETS)
    return file


@pytest.fixture
def etcd(make_etcd):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}")
    pods = [(f"/registry/pods/{namespace}/p{i}", "x" * 1000) for namespace in ("team-a", "shop", "free") for i in range(20)]
    apply(etcd, [*pods, ("/registry/minions/n1", "x")])
    return etcd


@pytest.fixture
def exporter(etcd, budgets, make_exporter):
    flags = (f"--inventory.db-file={file_of(etcd)}", "--inventory.count-at-start", "--inventory.interval=1s")
    return make_exporter(f"--etcd.endpoints={etcd.url}", f"--budget.file={budgets}", *flags)


def served(exporter):
    return {s.labels["object_namespace"]: (s.value, s.labels["owner"]) for s in exporter.scrape().find("namespace_budget_bytes")}


def test_each_namespace_with_a_budget_that_stores_something_has_it(etcd, exporter):
    expected = {"team-a": (10240, "team-a"), "shop": (QUOTA / 4, "")}
    until(lambda: served(exporter) == expected)
    apply(etcd, [(f"/registry/pods/shop/p{i}", None) for i in range(20)])
    apply(etcd, [("/registry/minions/n1", "y")])  # etcd keeps a delete that is its newest revision
    etcd.ctl("compact", etcd.status()["header"]["revision"], "--physical")
    until(lambda: served(exporter).keys() == {"team-a"}, 20, "the namespace to vanish")


def test_the_file_is_read_again_and_the_last_good_one_kept(exporter, budgets):
    until(lambda: served(exporter))
    budgets.write_text(BUDGETS.replace("10KiB", "20KiB"))
    until(lambda: served(exporter)["team-a"][0] == 20480, 30, "the change")
    assert len(exporter.log_lines("the budgets are read again")) == 1
    budgets.write_text("budgets:\n  - {namespace: shop, bites: 1MiB}\n")
    until(lambda: exporter.scrape() and exporter.log_lines("the budget file is not usable"), 40, "the complaint")
    assert served(exporter)["team-a"][0] == 20480
    (line,) = exporter.log_lines("the budget file is not usable")
    assert f"{budgets}: line 2: " in line and "bites" in line


@pytest.mark.parametrize(
    "text, words",
    [
        ("", ["line 1: "]),
        ("budgets:\n  - {namespace: a, bytes: 1MiB, colour: red}", ["line 2: ", "colour"]),
        ("budgets:\n  - {namespace: 'a*', bytes: 1MiB}\n  - {namespace: '*b', bytes: 1MiB}", ["line 3: ", '"*b"', '"a*"']),
        ("budgets:\n  - {namespace: a, bytes: -1MiB}", ["line 2: ", "-1MiB"]),
        ("budgets:\n  - {namespace: a, bytes: 99999TiB}", ["line 2: ", "99999TiB"]),
        ("budgets: [", ["line "]),
    ],
)
def test_a_bad_file_ends_the_start_in_one_line(text, words, budgets):
    budgets.write_text(text)
    for command in ((), ("report",)):
        done = subprocess.run([BINARY, *command, f"--budget.file={budgets}"], capture_output=True, text=True, timeout=20, check=False)
        (line,) = done.stderr.splitlines()
        assert done.returncode != 0 and f"--budget.file: {budgets}: " in line
        assert all(word in line for word in words)


def test_the_report_prints_what_stops_a_namespace_over_its_budget(etcd, budgets):
    flags = (f"--etcd.endpoints={etcd.url}", f"--inventory.db-file={file_of(etcd)}", f"--budget.file={budgets}", "--sample=0s")
    code, found = until(lambda: (asked := report.ask(*flags))[1]["limits"] and asked, 20, "a limit")
    assert code == report.HEALTHY
    (limit,) = found["limits"]
    assert (limit["namespace"], limit["resource"]) == ("team-a", "pods")
    assert 'count/pods: "20"' in limit["manifest"]
    text = report.run(*flags).stdout
    assert "What would stop namespace team-a" in text
    assert all(line.strip() in text for line in limit["manifest"].splitlines())
