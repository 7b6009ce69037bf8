"""Bad input ends the start with one clear line; good input is taken from flags, then file."""

import re
import socket
import subprocess

import pytest
from harness.exporter import BINARY

ANY_ETCD = True


def run(*arguments, timeout=10):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=timeout)


def refused(*arguments):
    """Runs the exporter with arguments it must refuse and returns its one line."""
    done = run(*arguments)
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("etcd-headroom-exporter: error: ")
    return lines[0]


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--no-such-flag"], ["--no-such-flag"]),
        (["stray"], ["stray"]),
        (["--etcd.endpoints=ftp://h:1"], ["ftp://h:1", "scheme"]),
        (["--etcd.endpoints=http://h:99999"], ["http://h:99999", "port"]),
        (["--etcd.endpoints=http://"], ["host"]),
        (["--etcd.endpoints="], ["--etcd.endpoints"]),
        (["--etcd.endpoints=http://a:1,http://a:1"], ["http://a:1", "twice"]),
        (["--etcd.endpoints=fd00::1:2379"], ["brackets"]),
        (["--etcd.endpoints=http://a:1,http://b:1", "--etcd.metrics-url=http://a:2"], ["metrics-url", "2 endpoints"]),
        (["--etcd.endpoints=https://a:1"], ["--etcd.cacert"]),
        (["--etcd.cert=/a"], ["--etcd.key"]),
        (["--etcd.username=me"], ["--etcd.password-file"]),
        (["--etcd.endpoints=http://a:1", "--etcd.username=me", "--etcd.password-file=/p"], ["--etcd.username", "https"]),
        (["--etcd.timeout=soon"], ["--etcd.timeout", "soon"]),
        (["--etcd.quota-bytes=2Gxb"], ["--etcd.quota-bytes", "2Gxb"]),
        (["--etcd.cacert=", "--etcd.cert=/a"], ["--etcd.cacert", "empty"]),
        (["--etcd.timeout=1s", "--etcd.timeout=2s"], ["--etcd.timeout"]),
        (["--etcd.quota-bytes=0"], ["--etcd.quota-bytes"]),
        (["--web.listen-address=::1:9379"], ["IPv6", "brackets"]),
        (["--web.listen-address=https://0.0.0.0:9379"], ["--web.config.file"]),
        (["--web.listen-address=9379"], ["port is missing"]),
        (["--web.telemetry-path=metrics"], ["--web.telemetry-path"]),
        (["--log.level=loud"], ["--log.level", "loud"]),
        (["--inventory.interval=0s"], ["--inventory.interval", "0s"]),
        (["--inventory.max-keys=1"], ["--inventory.max-keys"]),
        (["--churn.max-pairs=0"], ["--churn.max-pairs"]),
        (["--config.file=/nonexistent.yaml"], ["/nonexistent.yaml"]),
        (["--etcd.cacert=/nonexistent.crt"], ["/nonexistent.crt"]),
    ],
)
def test_bad_flags(arguments, words):
    line = refused(*arguments)
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    "text, words",
    [
        ("etcd.endpoint: http://a:1\n", ["line 1", "etcd.endpoint", "no such option"]),
        ("log.level: info\nweb:\n  listen-address: ':1'\n", ["line 2", "web"]),
        ("log.level: info\nlog.level: warn\n", ["line 2", "log.level", "twice"]),
        ("# note\netcd.timeout: soon\n", ["line 2", "etcd.timeout", "soon"]),
        ("etcd.quota-bytes: [1, 2]\n", ["line 1", "etcd.quota-bytes", "one value"]),
        ("collector.member: maybe\n", ["line 1", "collector.member", "maybe"]),
        ("etcd.endpoints:\n  - http://a:1\n  - {b: 1}\n", ["line 3", "etcd.endpoints"]),
        ("log.level: 'info\n", ["line"]),
        ("- a\n- b\n", ["key: value"]),
    ],
)
def test_bad_files(tmp_path, text, words):
    file = tmp_path / "config.yaml"
    file.write_text(text)
    line = refused(f"--config.file={file}")
    for word in [str(file), *words]:
        assert word in line


def test_file_is_read_and_flags_win(tmp_path, etcd, make_exporter):
    file = tmp_path / "config.yaml"
    file.write_text(f"etcd.endpoints: [{etcd.url}]\nlog.format: json\netcd.quota-bytes: 1000\nno-collector.node: true\n")
    line = refused(f"--config.file={file}")
    assert "no-collector.node" in line, "a switch has one name in the file"
    file.write_text(f"etcd.endpoints: [{etcd.url}]\nlog.format: json\netcd.quota-bytes: 1000\ncollector.node: false\n")
    exporter = make_exporter(f"--config.file={file}", "--etcd.quota-bytes=2000")
    page = exporter.scrape()
    assert page.value("quota_source_bytes", source="flag") == 2000
    assert re.search(r'"msg":"serving"', exporter.process.log())


def test_flags_win_over_variables_over_the_file_over_what_is_found(tmp_path, monkeypatch):
    file = tmp_path / "config.yaml"
    file.write_text("etcd.timeout: 3s\nchurn.max-pairs: 30\nchurn.max-resources: 31\n")
    monkeypatch.setenv("ETCD_HEADROOM_ETCD_TIMEOUT", "4s")
    monkeypatch.setenv("ETCD_HEADROOM_CHURN_MAX_PAIRS", "40")
    done = run("--config.check", f"--config.file={file}", "--etcd.timeout=5s")
    assert done.returncode == 0, done.stderr
    for line in ("etcd.timeout: 5s  # flag", "churn.max-pairs: 40  # ETCD_HEADROOM_CHURN_MAX_PAIRS",
                 f"churn.max-resources: 31  # {file}", "log.level: info  # default"):  # fmt: skip
        assert line in done.stdout.splitlines()
    monkeypatch.setenv("ETCD_HEADROOM_CHURN_MAX_PAIRS", "many")
    assert "ETCD_HEADROOM_CHURN_MAX_PAIRS: " in refused("--config.check")


def test_config_check_validates_and_exits(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("etcd.timeout: 3s\n")
    done = run("--config.check", f"--config.file={file}")
    assert done.returncode == 0 and "valid" in done.stdout
    again = tmp_path / "again.yaml"
    again.write_text(done.stdout)
    assert run("--config.check", f"--config.file={again}").returncode == 0, "it prints a configuration file"
    assert "/nonexistent" in refused("--config.check", "--config.file=/nonexistent")


def test_listen_address_in_use():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refused(f"--web.listen-address=127.0.0.1:{port}")
    assert f"127.0.0.1:{port}" in line and "in use" in line


def test_version_and_help():
    version = run("--version")
    assert version.returncode == 0 and "gRPC 1." in version.stdout and "OpenSSL 3." in version.stdout
    assert "CivetWeb 1.16" in version.stdout
    shown = run("--help")
    assert shown.returncode == 0
    for flag in ("--etcd.endpoints", "--web.listen-address", "--collector.member", "--log.format", "--config.file", "--budget.file"):
        assert flag in shown.stdout


def test_collectors_switch_off(etcd, make_exporter):
    page = make_exporter(f"--etcd.endpoints={etcd.url}", "--no-collector.member", "--no-collector.node", "--no-collector.churn").scrape()
    assert not any(name.startswith("etcd_headroom_") for name in page.names() - {"etcd_headroom_build_info"})
    assert page.value("build_info") == 1
    assert page.value("process_resident_memory_bytes") > 0


def test_the_binary_knows_no_method_that_changes_anything():
    with open(BINARY, "rb") as binary:
        content = binary.read()
    assert b"/etcdserverpb.Maintenance/Status" in content
    methods = set(re.findall(rb"/etcdserverpb\.(\w+/\w+)", content))
    assert methods == {b"Maintenance/Status", b"Cluster/MemberList", b"KV/Range", b"Watch/Watch", b"Auth/Authenticate"}
    for word in (b"DeleteRange", b"PutRequest", b"LeaseGrant", b"LeaseRevoke", b"CompactionRequest", b"AlarmRequest",
                 b"DefragmentRe", b"MemberAdd", b"MemberRemove", b"MoveLeader", b"TxnRequest"):  # fmt: skip
        assert word not in content, word
