"""Where the quota is read from, and what becomes of it when it is unknown or disabled."""

import textwrap

import pytest
from harness.ports import free_port
from harness.process import Process
from harness.wait import until

GIB = 1 << 30


def up(exporter):
    return until(lambda: (p := exporter.scrape()).value("up") == 1 and p)


def manifest(tmp_path, *flags):
    path = tmp_path / "etcd.yaml"
    items = "\n".join(f"        - {flag}" for flag in ("etcd", "--name=from-manifest", *flags))
    path.write_text(
        textwrap.dedent(
            """\
            apiVersion: v1
            kind: Pod
            metadata:
              name: etcd
            spec:
              containers:
              - name: etcd
                command:
            """
        )
        + items
        + "\n"
    )
    return path


def test_a_disabled_quota_is_minus_one(make_etcd, make_exporter):
    etcd = make_etcd("--quota-backend-bytes=-7")
    page = up(make_exporter(f"--etcd.endpoints={etcd.url}"))
    assert page.value("quota_bytes") == -1
    assert page.value("quota_source_bytes", source="metrics") == -1
    assert not page.has("quota_headroom_bytes") and not page.has("quota_headroom_ratio")


def test_every_source_is_shown_and_the_server_wins(make_etcd, make_exporter, tmp_path):
    etcd = make_etcd(f"--quota-backend-bytes={4 * GIB}")
    file = manifest(tmp_path, f"--quota-backend-bytes={8 * GIB}", "--auto-compaction-retention=5m", "--snapshot-count=10000")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", f"--etcd.config={file}", f"--etcd.quota-bytes={6 * GIB}")
    page = up(exporter)
    assert page.value("quota_source_bytes", source="metrics") == 4 * GIB
    assert page.value("quota_source_bytes", source="manifest") == 8 * GIB
    assert page.value("quota_source_bytes", source="flag") == 6 * GIB
    assert page.has("quota_source_bytes", source="status") == etcd.server.reports_quota
    assert page.value("quota_bytes") == 4 * GIB
    assert page.value("auto_compaction_retention_seconds") == 300
    assert page.value("manifest_info", auto_compaction_mode="periodic", snapshot_count="10000") == 1

    etcd.stop()
    page = until(lambda: (p := exporter.scrape()).value("up") == 0 and p)
    assert {s.labels["source"] for s in page.find("quota_source_bytes")} == {"manifest", "flag"}
    assert not page.has("quota_bytes") and not page.has("quota_headroom_bytes")
    assert page.value("auto_compaction_retention_seconds") == 300
    assert "GiB" not in exporter.get("/")[2].decode(), "no quota of a member that is down on the status page"


def test_without_etcds_page_the_manifest_is_believed_then_the_flag(etcd, make_exporter, tmp_path):
    if etcd.server.reports_quota:
        exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--etcd.metrics-url=http://127.0.0.1:1/metrics", "--etcd.quota-bytes=5")
        assert up(exporter).value("quota_bytes") == 2 * GIB, "Status has it without the page"
        return
    nowhere = "--etcd.metrics-url=http://127.0.0.1:1/metrics"
    file = manifest(tmp_path, f"--quota-backend-bytes={8 * GIB}")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", nowhere, f"--etcd.config={file}", "--etcd.quota-bytes=5")
    assert up(exporter).value("quota_bytes") == 8 * GIB

    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", nowhere, f"--etcd.quota-bytes={3 * GIB}")
    assert up(exporter).value("quota_bytes") == 3 * GIB

    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", nowhere)
    page = up(exporter)
    assert not page.has("quota_bytes") and not page.has("quota_headroom_bytes"), "unknown is absent, not the default"
    assert page.value("metrics_page_read_failures_total") >= 1
    assert len(exporter.log_lines("metrics page cannot be read")) == 1


def test_a_manifest_names_the_member_until_etcd_does(make_exporter, tmp_path):
    exporter = make_exporter("--etcd.endpoints=http://127.0.0.1:1", f"--etcd.config={manifest(tmp_path)}")
    assert [s.labels["member"] for s in exporter.scrape().find("up")] == ["from-manifest"]


def test_garbage_in_the_manifest_is_a_warning(etcd, make_exporter, tmp_path):
    file = tmp_path / "garbage.yaml"
    file.write_text("kind: Pod\n\t: [\n")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}", f"--etcd.config={file}")
    page = up(exporter)
    assert page.value("quota_bytes") == 2 * GIB
    assert not page.has("manifest_info")
    assert len(exporter.log_lines(str(file))) == 1


def configured_etcd(tmp_path, cleanup, server, *lines):
    """Starts an etcd with a configuration file of these lines besides what it needs: its process, client URL and the file."""
    url, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    file = tmp_path / "etcd.conf"
    file.write_text(
        f"name: m1\ndata-dir: {tmp_path}/data\nlisten-client-urls: {url}\nadvertise-client-urls: {url}\n"
        f"listen-peer-urls: {peer}\ninitial-advertise-peer-urls: {peer}\ninitial-cluster: m1={peer}\nlogger: zap\n"
        + "\n".join(lines)
        + "\n"
    )
    process = Process([server.binary, "--config-file", file], tmp_path / "etcd.log")
    cleanup.callback(process.kill)
    return process, url, file


@pytest.mark.parametrize(
    "written, quota",
    [
        ("8.589934592e+09", 8 * GIB),
        ("8589934592.0", 8 * GIB),
        ("0x200000000", 8 * GIB),
        ("8_589_934_592", 8 * GIB),
        ("-1.0", -1),
        ('"8589934592"', None),
        ("8589934592.5", None),
        ("8Gi", None),
    ],
)
def test_a_configuration_file_is_read_as_etcd_reads_it(tmp_path, cleanup, server, make_exporter, written, quota):
    """What etcd makes of a number in YAML, and what it refuses to start with."""
    etcd, url, file = configured_etcd(tmp_path, cleanup, server, f"quota-backend-bytes: {written}")
    exporter = make_exporter(f"--etcd.endpoints={url}", f"--etcd.config={file}")
    if quota is None:
        assert etcd.wait(10) != 0, "etcd does not start with it"
        assert not exporter.scrape().has("quota_source_bytes")
        assert len(exporter.log_lines("quota-backend-bytes: can not be read")) == 1
        return
    page = until(lambda: (p := exporter.scrape()).has("quota_source_bytes", source="metrics") and p)
    assert page.value("quota_source_bytes", source="metrics") == quota, "etcd's own"
    assert page.value("quota_source_bytes", source="manifest") == quota
    assert page.value("data_disk_free_bytes", member="m1") > 0, "its data-dir is known"


def test_a_misspelt_key_of_the_configuration_file_is_pointed_out(tmp_path, cleanup, server, make_exporter):
    _, url, file = configured_etcd(tmp_path, cleanup, server, f"quota-backend-byte: {8 * GIB}")
    exporter = make_exporter(f"--etcd.endpoints={url}", f"--etcd.config={file}")
    page = until(lambda: (p := exporter.scrape()).has("quota_source_bytes", source="metrics") and p)
    assert page.value("quota_bytes") == page.value("quota_source_bytes", source="manifest") == 2 * GIB, "etcd ignores it"
    (line,) = exporter.log_lines("unknown setting")
    assert f"unknown setting quota-backend-byte in {file}: etcd ignores it; did you mean quota-backend-bytes?" in line
