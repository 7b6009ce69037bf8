"""The Debian package in a booted Debian 12: it installs, starts, upgrades and is removed cleanly."""

import os
import pathlib
import shutil
import subprocess

import pytest
from tools import CACHE, ROOT, require_containers, run, tool

HERE = pathlib.Path(__file__).parent
# systemd to boot with, and what the package depends on.
PACKAGES = "systemd,systemd-sysv,libfmt9,libprometheus-cpp-core1.0,libstdc++6,zlib1g"
UNIT = """\
[Service]
Type=oneshot
ExecStart=/bin/bash /package_life.sh
ExecStopPost=/bin/systemctl poweroff --no-block
StandardOutput=null
"""


def make_package(folder, name, version):
    build = pathlib.Path(os.environ["HEADROOM_EXPORTER"]).parents[1]
    code, out, error = run("cpack", "-G", "DEB", "-B", folder / version, "-R", version, cwd=build)
    assert code == 0, out + error
    (made,) = (folder / version).glob("*.deb")
    return shutil.move(made, folder / name)


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """{fact: what package_life.sh saw}"""
    require_containers()
    tool("debootstrap")
    nspawn = tool("systemd-nspawn")
    subprocess.run(
        [ROOT / "deploy/release/base_image.sh", "booted", "bookworm", f"--include={PACKAGES}"], check=True, stdout=subprocess.DEVNULL
    )
    folder = tmp_path_factory.mktemp("debian")
    root = folder / "root"
    root.mkdir()
    try:
        subprocess.run(["tar", "-xf", CACHE / "debian/booted.tar", "-C", root], check=True)
        (root / "packages").mkdir()
        for name, version in (("first.deb", "0.1.0"), ("second.deb", "0.1.1")):
            make_package(root / "packages", name, version)
        shutil.copy(HERE / "package_life.sh", root)
        (root / "etc/systemd/system/package-life.service").write_text(UNIT)
        wants = root / "etc/systemd/system/multi-user.target.wants"
        wants.mkdir(parents=True, exist_ok=True)
        (wants / "package-life.service").symlink_to("/etc/systemd/system/package-life.service")
        # No --register: there may be no systemd outside. A network of its own, so that nobody has the port.
        booted = subprocess.run([nspawn, "--register=no", "--keep-unit", "--private-network", "--boot", "--quiet", "--directory", root,
                                 "--console=pipe"], capture_output=True, text=True, timeout=180, stdin=subprocess.DEVNULL)  # fmt: skip
        assert (root / "result").exists(), booted.stdout[-3000:] + booted.stderr[-1000:]
        facts = dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in (root / "result").read_text().splitlines())
        facts["errors"] = (root / "result.errors").read_text()
        return facts
    finally:
        shutil.rmtree(root)


def test_it_starts_when_installed_and_serves(life):
    assert life["installed"] == "active enabled restarts=0", life
    assert life["ready"].endswith("200 OK") and life["page"] == "1"
    assert life["start"] == "1", "the service hides nothing that a metric needs"


def test_it_has_its_licence_and_those_of_what_is_linked_statically(life):
    assert int(life["licences"]) > 10


def test_it_is_confined(life):
    assert float(life["exposure"]) < 2.0
    assert life["cap"] == "CapEff: 0000000000000004", "CAP_DAC_READ_SEARCH alone"
    print(f"systemd-analyze security: {life['exposure']}")


def test_an_upgrade_restarts_it_and_keeps_its_settings(life):
    assert life["upgraded"] == "active enabled restarts=0" and life["restarted"] == "yes"
    assert life["flags"].strip().endswith("--log.level=debug")


def test_what_the_administrator_has_switched_off_stays_off(life):
    assert life["left_off"] == "inactive disabled"


def test_after_a_removal_it_starts_as_at_first(life):
    assert life["again"] == "active enabled restarts=0", life


def test_it_leaves_nothing_behind(life):
    assert life["removed"].strip() == "inactive" and life["purged"].strip() == "" and life["failed"] == "0"


def test_the_unit_is_valid():
    code, out, error = run(tool("systemd-analyze"), "verify", ROOT / "deploy/systemd/etcd-headroom-exporter.service")
    complaints = [line for line in (out + error).splitlines() if "etcd-headroom" in line and "is not executable" not in line]
    assert complaints == []
