"""The image: built from its Dockerfile without a registry, then run confined as the DaemonSet has it."""

import time

import pytest
from harness.wait import until
from nodes import addresses
from oci import unpack
from pod import Pod
from tools import DISTRIBUTIONS, ROOT, require_containers, run, tool

LIMIT_BYTES = 60 << 20
REVISION = "tested"
SECONDS = 1700000000
VERSION = (ROOT / "VERSION").read_text().strip()


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """(configuration, folder with what is in it)"""
    require_containers()
    tool("buildah")
    tool("debootstrap")
    folder = tmp_path_factory.mktemp("image")
    code, out, error = run(ROOT / "deploy/release/image.sh", folder, REVISION, SECONDS)
    assert code == 0, out[-2000:] + error[-2000:]
    config = unpack(folder / "image", folder / "root")
    (folder / "root").chmod(0o755)
    return config, folder / "root"


def test_it_holds_the_program_its_libraries_and_certificates_only(image):
    _, root = image
    files = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    licences = {f.parent.name for f in files if f.name == "copyright"}
    assert {"etcd-headroom-exporter", "libc6", "libstdc++6"} <= licences
    assert "Linked statically: civetweb" in (root / "usr/share/doc/etcd-headroom-exporter/copyright").read_text()
    libraries = [f for f in files if f.name.startswith(("lib", "ld-linux")) and ".so" in f.name]
    strangers = sorted(str(f) for f in files if f not in libraries and f.name != "copyright")
    assert strangers == ["etc/ssl/certs/ca-certificates.crt", "usr/bin/etcd-headroom-exporter"]
    size = sum((root / f).stat().st_size for f in files)
    print(f"image: {size / (1 << 20):.1f} MiB")
    assert size < LIMIT_BYTES


def test_it_says_what_it_is_and_runs_as_nobody(image):
    config, _ = image
    assert config["config"]["User"] == "65534:65534"
    labels = config["config"]["Labels"]
    assert labels["org.opencontainers.image.revision"] == REVISION
    assert labels["org.opencontainers.image.version"] == VERSION
    assert labels["org.opencontainers.image.created"] == config["created"] == "2023-11-14T22:13:20Z"
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert labels["org.opencontainers.image.source"].startswith("https://github.com/etcd-headroom/")
    assert "Healthcheck" not in config["config"]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_it_runs_as_the_manifest_confines_it(distribution, image, start_nodes, overlay_pod, tmp_path, cleanup):
    config, root = image
    ((node, member),) = start_nodes(distribution, 1)
    began = time.monotonic()
    pod = Pod(tmp_path / "pod", overlay_pod(distribution), node, *addresses(1), root, config["config"]["Entrypoint"])
    cleanup.callback(pod.stop)
    pod.ready()
    page = until(lambda: (p := pod.scrape()).value("up", member=member.name) == 1 and p, 20)
    took = time.monotonic() - began
    until(lambda: pod.scrape().value("watch_connected") == 1, 20)
    memory = pod.memory()
    print(f"{distribution}: {took:.2f} s to the first good scrape, {memory / (1 << 20):.1f} MiB of {pod.memory_limit >> 20} MiB")
    assert page.find("build_info")[0].labels["revision"] == REVISION
    assert memory < pod.memory_limit
    status = dict(line.split(":\t", 1) for line in pod.proc("status").splitlines())
    readers = 1 << 2 if distribution == "rke2" else 0  # CAP_DAC_READ_SEARCH
    assert {int(status[f"Cap{of}"], 16) for of in ("Prm", "Eff", "Bnd")} == {readers} and status["NoNewPrivs"] == "1"
    for mount in (line.split() for line in pod.proc("mountinfo").splitlines()):
        if mount[4] == "/" or mount[4].startswith("/host"):
            assert mount[5].split(",")[0] == "ro", mount[4]
