"""Where the quota is read from, and what becomes of it when it is unknown or disabled."""

import textwrap

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
    exporter = make_exporter(
        f"--etcd.endpoints={etcd.url}", f"--etcd.config={file}", f"--etcd.quota-bytes={6 * GIB}"
    )
    page = up(exporter)
    assert page.value("quota_source_bytes", source="metrics") == 4 * GIB
    assert page.value("quota_source_bytes", source="manifest") == 8 * GIB
    assert page.value("quota_source_bytes", source="flag") == 6 * GIB
    assert page.has("quota_source_bytes", source="status") == etcd.server.tells_quota
    assert page.value("quota_bytes") == 4 * GIB
    assert page.value("auto_compaction_retention_seconds") == 300
    assert page.value("manifest_info", auto_compaction_mode="periodic", snapshot_count="10000") == 1

    etcd.stop()
    page = until(lambda: (p := exporter.scrape()).value("up") == 0 and p)
    assert {s.labels["source"] for s in page.find("quota_source_bytes")} == {"manifest", "flag"}
    assert not page.has("quota_bytes")
    assert page.value("auto_compaction_retention_seconds") == 300


def test_without_etcds_page_the_manifest_is_believed_then_the_flag(etcd, make_exporter, tmp_path):
    if etcd.server.tells_quota:
        exporter = make_exporter(f"--etcd.endpoints={etcd.url}", "--etcd.metrics-url=http://127.0.0.1:1/metrics", "--etcd.quota-bytes=5")
        assert up(exporter).value("quota_bytes") == 2 * GIB, "Status tells it without the page"
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
