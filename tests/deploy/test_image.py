"""The image: built from its Dockerfile without a registry, then run confined as the DaemonSet has it."""

import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import time

import pytest
from harness.wait import until
from nodes import addresses
from pod import Pod
from tools import CACHE, DISTRIBUTIONS, ROOT, require_containers, tool

NAME = "etcd-headroom-exporter"
BASE = "docker.io/library/debian:bookworm-slim"  # as in the Dockerfile, but from debootstrap
LIMIT_BYTES = 60 << 20
REVISION = "tested"
VERSION = (ROOT / "VERSION").read_text().strip()


class Buildah:
    """With storage of its own, in the cache: the layer with the build's packages outlives the test."""

    def __init__(self, runroot):
        self.command = [tool("buildah"), "--root", CACHE / "images", "--runroot", runroot]

    def __call__(self, *arguments):
        done = subprocess.run([str(word) for word in (*self.command, *arguments)], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout.strip()

    def import_base(self):
        tool("debootstrap")
        subprocess.run([pathlib.Path(__file__).parent / "base_image.sh", "base"], check=True, stdout=subprocess.DEVNULL)
        if BASE not in self("images", "--format", "{{.Name}}:{{.Tag}}").splitlines():
            container = self("from", "scratch")
            try:
                self("add", container, CACHE / "debian/base.tar", "/")
                self("commit", container, BASE)
            finally:
                self("rm", container)

    def build(self):
        # With the cache of the build that made the binary under test: the same compiler on the same sources.
        ccache = os.environ.get("CCACHE_DIR") or CACHE / "ccache"
        pathlib.Path(ccache).mkdir(parents=True, exist_ok=True)
        build = ("build", "--isolation", "chroot", "--pull-never", "--layers", "--volume", f"{ccache}:/ccache",
                 "--build-arg", f"VERSION={VERSION}", "--build-arg", f"REVISION={REVISION}", "-f", "deploy/Dockerfile")  # fmt: skip
        # The first stage gets a name, which keeps its layers from being pruned with those of former sources.
        self(*build, "--target", "build", "-t", f"{NAME}-build", ".")
        self(*build, "-t", NAME, ".")
        self("rmi", "--prune")


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """(configuration, folder with what is in it)"""
    require_containers()
    buildah = Buildah(tmp_path_factory.mktemp("runroot"))
    # One storage for all that run on this machine: nobody prunes or names images while another builds.
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "images.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        buildah("rm", "--all")  # of a run that was killed
        buildah.import_base()
        buildah.build()
        container = buildah("from", "--pull-never", NAME)
        try:
            config = json.loads(buildah("inspect", "--type", "image", NAME))["OCIv1"]
            root = shutil.copytree(buildah("mount", container), tmp_path_factory.mktemp("image") / "root", symlinks=True)
            buildah("umount", container)
        finally:
            buildah("rm", container)
    root.chmod(0o755)
    return config, root


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
