"""The mixin: the committed YAML is what it renders, and its configuration reaches every rule."""

import functools
import pathlib
import re
import subprocess

import pytest
import yaml

RULES = pathlib.Path(__file__).resolve().parents[2] / "rules"
FILES = ("recording.yaml", "alerts.yaml", "etcd-only.yaml", "managed.yaml")
OTHER = """{ _config+:: {
  clusterLabel: 'k8s_cluster', matchers: 'env="prod"', etcdMatchers: 'job="etcd"', apiserverMatchers: 'job="apiserver"',
  runbookBaseUrl: 'https://wiki.example/runbooks',
  dashboardBaseUrl: 'https://grafana.example', severities+: { critical: 'page' }, pageWithin: '60 * 60',
} }"""


@functools.cache
def made(folder, more="{}"):
    subprocess.run([RULES / "render.py", folder, more], check=True)
    return {name: (folder / name).read_text(encoding="utf-8") for name in FILES}


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return made(tmp_path_factory.mktemp("other"), OTHER)


def test_the_committed_files_are_what_the_mixin_renders(tmp_path):
    committed = {name: (RULES / name).read_text(encoding="utf-8") for name in FILES}
    assert made(tmp_path) == committed, "run make rules"


def test_the_source_is_formatted():
    sources = [*RULES.glob("*.libsonnet"), *RULES.glob("*/*.libsonnet")]
    subprocess.run(["jsonnetfmt", "--test", *sources], check=True)


@pytest.mark.parametrize("name", FILES)
def test_another_configuration_is_in_every_rule(name, other, tmp_path):
    text = other[name]
    # The level of a record is no label.
    assert not re.search(r"(?<!k8s_)\bcluster\b(?!:|[-=]\{)(?=[,)}=]| \|)", text)
    read = re.findall(
        r"(?<![:\w])(?:etcd_(?:headroom|mvcc|server|debugging|requests?|db)|apiserver)_\w+\b(.{0,12})",
        re.sub(r"(record|description|summary): .*", "", text),
    )
    assert all(rest.startswith("{") for rest in read), [rest for rest in read if not rest.startswith("{")]
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(["promtool", "check", "rules", tmp_path / name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", FILES[1:])
def test_another_configuration_is_in_every_annotation(name, other):
    alerts = [rule for group in yaml.safe_load(other[name])["groups"] for rule in group["rules"] if "alert" in rule]
    for alert in alerts:
        assert alert["labels"]["severity"] in ("page", "warning", "info")
        assert alert["annotations"]["runbook_url"] == f"https://wiki.example/runbooks/{alert['alert']}.md"
        assert alert["annotations"]["dashboard_url"].startswith("https://grafana.example/d/etcd-headroom?")
        assert "{cluster=" not in str(alert) and "$labels.cluster" not in str(alert)
    (page,) = [alert["expr"] for alert in alerts if alert["alert"].endswith("FullWithinTheHour")]
    assert "< 60 * 60" in page


def test_the_boards_are_those_of_the_repository():
    code = "local mixin = import 'mixin.libsonnet'; { [name]: mixin.grafanaDashboards[name].uid for name in std.objectFields(mixin.grafanaDashboards) }"
    done = subprocess.run(["jsonnet", "--jpath", RULES, "--exec", code], stdout=subprocess.PIPE, check=True)
    boards = {path.name for path in (RULES.parent / "dashboards").glob("*.json")}
    assert set(yaml.safe_load(done.stdout)) == boards
