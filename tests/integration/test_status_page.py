"""The page at `/` as a browser shows it: Debian's Chromium, headless."""

import html.parser
import os
import shutil
import subprocess

import pytest
from harness import loadgen
from harness.wait import until

ANY_ETCD = True
# Where to keep the picture, for docs/operations.md.
PICTURE = os.environ.get("HEADROOM_PICTURE")

pytestmark = pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")


def chromium(folder, url, *arguments):
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--hide-scrollbars", f"--user-data-dir={folder}/profile", *arguments, url,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=folder).stdout


class Rendered(html.parser.HTMLParser):
    def __init__(self, document):
        super().__init__()
        self.tags, self.text = set(), ""
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.text += data


def test_it_shows_what_is_full_and_who_writes(make_etcd, make_exporter, tmp_path):
    etcd = make_etcd("--quota-backend-bytes=67108864", name="control-plane-1")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    until(lambda: exporter.scrape().value("watch_connected") == 1)
    result = loadgen.run([etcd.url], "--mix", "policyreports=60,events=30,pods=20,leases=10,configmaps=5", "--writes", 4000, "--rate", 0)
    until(lambda: exporter.scrape().value("watch_revision") >= result["last_revision"])

    url = f"http://127.0.0.1:{exporter.port}/"
    document = chromium(tmp_path, url, "--dump-dom")
    page = Rendered(document)
    for text in (
        "No alarm is armed",
        "control-plane-1",
        "quota 64.0 MiB",
        "reports-controller",
        "policyreports.wgpolicyk8s.io",
        "Connected, at revision",
    ):
        assert text in page.text, text
    assert len(document) < 50_000
    for name, size in (("laptop", "1200,900"), ("phone", "390,900")):
        chromium(tmp_path, url, f"--screenshot={tmp_path}/{name}.png", f"--window-size={size}")
        assert (tmp_path / f"{name}.png").stat().st_size > 10_000
    if PICTURE:
        shutil.copy(tmp_path / "laptop.png", PICTURE)


def test_it_says_that_writes_are_refused_and_names_are_no_markup(make_etcd, make_exporter, tmp_path):
    etcd = make_etcd(f"--quota-backend-bytes={8 << 20}", name="<img>")
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    loadgen.run([etcd.url], "--size", "policyreports=20000", "--mix", "policyreports=1", "--rate", 0, "--until-nospace")
    until(
        lambda: exporter.scrape().has("alarm_active", alarm="NOSPACE")
        and exporter.scrape().find("alarm_active", alarm="NOSPACE")[0].value == 1
    )
    page = Rendered(chromium(tmp_path, f"http://127.0.0.1:{exporter.port}/", "--dump-dom"))
    assert "NOSPACE is armed by <img>: etcd refuses every write" in page.text
    assert "<img>" in page.text and not page.tags & {"img", "script"}
